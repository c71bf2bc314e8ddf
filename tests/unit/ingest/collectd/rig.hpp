// What the tests of collectd's decoders share.
#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "ingest/collectd/auth_file.hpp"
#include "ingest/collectd/options.hpp"
#include "ingest/collectd/rate_table.hpp"
#include "ingest/collectd/types_db.hpp"
#include "tests/unit/ingest/captures.hpp"
#include "tocsin/decoder.hpp"
#include "tocsin/event.hpp"
#include "tocsin/intake.hpp"

namespace tocsin::collectd::testing {

inline constexpr std::int64_t kNow = 1795229300;  // seconds; about when the captures were made

inline TimePoint at_second(std::int64_t second) {
  return TimePoint(std::chrono::seconds(second));
}

// From 192.0.2.7 at `second`.
inline Origin origin_at(std::int64_t second = kNow) {
  Origin origin;
  origin.received = at_second(second);
  origin.peer.family = Peer::Family::kIpv4;
  origin.peer.address = {192, 0, 2, 7};
  return origin;
}

inline std::shared_ptr<const TypesDb> captured_types() {
  Result<TypesDb> types =
      TypesDb::parse(tocsin::testing::read_capture("collectd/types.db"), "types.db");
  REQUIRE(types);
  return std::make_shared<const TypesDb>(*std::move(types));
}

inline std::shared_ptr<const Users> parse_users(std::string_view text) {
  Result<Users> users = Users::parse(text, "authfile");
  REQUIRE(users);
  return std::make_shared<const Users>(*std::move(users));
}

inline std::string attribute(const Event& event, std::string_view key) {
  for (const Attribute& attribute : event.attributes) {
    if (attribute.key == key) return attribute.value;
  }
  return "(none)";
}

// The metric as a double; NaN for none.
inline double metric(const Event& event) {
  return as_double(event.metric).value_or(std::numeric_limits<double>::quiet_NaN());
}

// An intake with room for a few events, until more is made.
class LimitedIntake final : public Intake {
 public:
  explicit LimitedIntake(Intake& behind) : behind_(behind) {}

  void make_room(std::size_t events) { room_ = events; }

  [[nodiscard]] std::size_t samples(std::span<const RawSample> samples,
                                    const IdentityResolver&) override {
    return samples.size();
  }
  [[nodiscard]] bool event(const EventView& event) override {
    if (room_ == 0) return false;
    --room_;
    return behind_.event(event);
  }
  void drop(std::size_t records) override { behind_.drop(records); }
  void reject(RejectCause cause, std::string_view record, std::size_t offset,
              std::string_view text) override {
    behind_.reject(cause, record, offset, text);
  }

 private:
  Intake& behind_;
  std::size_t room_ = 0;
};

// Decodes all of `bytes` with room for `room` events in each call. What is left lies in other
// memory each time.
inline void decode_in_steps(Decoder& decoder, LimitedIntake& intake, std::string_view bytes,
                            std::size_t room) {
  std::string rest(bytes);
  for (std::size_t calls = 0; !rest.empty(); ++calls) {
    REQUIRE(calls <= bytes.size());
    intake.make_room(room);
    rest = std::string(rest.substr(decoder.decode(rest, origin_at())));
  }
}

// As a listener that never waits: what is left after drop() moves on with each call. Each call has
// room for `room` events, and those after a drop for none.
inline void decode_or_drop(Decoder& decoder, LimitedIntake& intake, std::string_view bytes,
                           std::size_t room) {
  std::string rest(bytes);
  bool has_dropped = false;
  for (std::size_t calls = 0; !rest.empty(); ++calls) {
    REQUIRE(calls <= 2 * bytes.size());
    intake.make_room(has_dropped ? 0 : room);
    const std::size_t taken = decoder.decode(rest, origin_at());
    if (has_dropped) REQUIRE(taken > 0);
    rest = std::string(rest.substr(taken));
    has_dropped = !has_dropped && !rest.empty();
    if (has_dropped) decoder.drop();
  }
}

}  // namespace tocsin::collectd::testing
