// An Intake for tests: keeps copies of what it is given, and can be made to refuse.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/event/event_access.hpp"
#include "tocsin/intake.hpp"

namespace tocsin::testing {

// A sample that owns its text.
struct KeptSample {
  std::string name;
  std::string tags;
  std::string member;
  double value = 0;
  double weight = 1;
  std::int64_t timestamp_s = 0;
  SeriesKind kind = SeriesKind::kCounter;
  SampleOp op = SampleOp::kAdd;

  friend bool operator==(const KeptSample&, const KeptSample&) = default;
};

struct KeptReject {
  RejectCause cause;
  std::string record;
  std::size_t offset;
  std::string text;
};

class RecordingIntake final : public Intake {
 public:
  static constexpr std::size_t kNoLimit = static_cast<std::size_t>(-1);

  [[nodiscard]] std::size_t samples(std::span<const RawSample> offered,
                                    const IdentityResolver& resolver) override {
    std::size_t taken = 0;
    for (const RawSample& sample : offered.first(std::min(offered.size(), samples_per_call))) {
      KeptSample copy{std::string(sample.name),
                      std::string(sample.tags),
                      std::string(sample.member),
                      sample.value,
                      sample.weight,
                      sample.timestamp_s,
                      sample.kind,
                      sample.op};
      if (keep_identities) {
        Result<Identity> identity = resolver.resolve(sample);
        if (identity) identities.push_back(*std::move(identity));
      }
      kept.push_back(std::move(copy));
      ++taken;
    }
    ++calls;
    return taken;
  }
  [[nodiscard]] bool event(const EventView& event) override {
    if (events_to_refuse > 0) {
      --events_to_refuse;
      return false;
    }
    events.push_back(event::to_event(event));
    return true;
  }
  void drop(std::size_t records) override { dropped += records; }
  void reject(RejectCause cause, std::string_view record, std::size_t offset,
              std::string_view text) override {
    rejects.push_back({cause, std::string(record), offset, std::string(text)});
  }

  // Behaviour, set by the test.
  std::size_t samples_per_call = kNoLimit;
  std::size_t events_to_refuse = 0;
  bool keep_identities = false;

  // What happened.
  std::vector<KeptSample> kept;
  std::vector<Identity> identities;
  std::vector<Event> events;
  std::vector<KeptReject> rejects;
  std::size_t dropped = 0;
  std::size_t calls = 0;
};

}  // namespace tocsin::testing
