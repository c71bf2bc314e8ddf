// An intake that takes as many samples as it is told to, and writes down of which series.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "tocsin/intake.hpp"

namespace tocsin::rules::derive::test {

// "name on host key=value ...", value
using Taken = std::vector<std::pair<std::string, double>>;

class TakingIntake final : public Intake {
 public:
  std::size_t samples(std::span<const RawSample> samples,
                      const IdentityResolver& resolver) override {
    ++calls;
    std::size_t done = 0;
    for (const RawSample& sample : samples) {
      if (room == 0) break;
      --room;
      ++done;
      sum += sample.value;
      if (keeps) keep(sample, resolver);
    }
    return done;
  }
  bool event(const EventView&) override { return false; }
  void drop(std::size_t) override {}
  void reject(RejectCause, std::string_view, std::size_t, std::string_view) override {}

  std::size_t room = 1'000'000;
  bool keeps = true;
  int calls = 0;
  double sum = 0;
  Taken taken;

 private:
  void keep(const RawSample& sample, const IdentityResolver& resolver) {
    const auto identity = resolver.resolve(sample);
    REQUIRE(identity);
    std::string text = identity->service;
    if (!identity->host.empty()) text += " on " + identity->host;
    for (const Attribute& attribute : identity->attributes) {
      text += " " + attribute.key + "=" + attribute.value;
    }
    taken.emplace_back(text, sample.value);
  }
};

}  // namespace tocsin::rules::derive::test
