// An Intake that takes everything and keeps only numbers: what decoding costs is then the decoder's
// own.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "tocsin/intake.hpp"

namespace tocsin::testing {

class CountingIntake final : public Intake {
 public:
  [[nodiscard]] std::size_t samples(std::span<const RawSample> offered,
                                    const IdentityResolver&) override {
    count += offered.size();
    return offered.size();
  }
  [[nodiscard]] bool event(const EventView& event) override {
    ++events;
    attributes += event.attributes.size();
    return true;
  }
  void drop(std::size_t records) override { lost += records; }
  void reject(RejectCause, std::string_view, std::size_t, std::string_view) override { ++lost; }

  std::size_t count = 0;  // of samples
  std::size_t events = 0;
  std::size_t attributes = 0;  // of all events
  std::size_t lost = 0;        // dropped or rejected
};

}  // namespace tocsin::testing
