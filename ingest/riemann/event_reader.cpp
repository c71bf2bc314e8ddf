#include "ingest/riemann/event_reader.hpp"

#include <bit>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>

namespace tocsin::riemann {
namespace {

using std::chrono::nanoseconds;

constexpr std::size_t kOwnAttributes = 3;  // ingest, peer, auth_user

constexpr std::int64_t kMaxNanoseconds = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;
constexpr std::int64_t kNanosecondsPerMicrosecond = 1'000;

constexpr std::int64_t unzigzag(std::uint64_t value) noexcept {
  return static_cast<std::int64_t>(value >> 1 ^ (0 - (value & 1)));
}

}  // namespace

// What is decided only when all fields are known. `at` of a field that was not there is null.
struct EventReader::Numbers {
  std::uint64_t time = 0;
  std::uint64_t time_micros = 0;
  std::uint64_t metric_sint64 = 0;
  std::uint64_t metric_d = 0;
  std::uint32_t metric_f = 0;
  std::uint32_t ttl = 0;
  const char* time_at = nullptr;
  const char* time_micros_at = nullptr;
  const char* ttl_at = nullptr;
  bool has_sint64 = false;
  bool has_d = false;
  bool has_f = false;
};

EventReader::EventReader(const Options& options)
    : options_(options),
      tags_(options.max_tags + 1),
      attributes_(options.max_attributes + kOwnAttributes) {}

const EventView* EventReader::read(std::string_view record, TimePoint received,
                                   std::string_view peer, std::string_view user) {
  event_ = {};
  tag_count_ = 0;
  attribute_count_ = 0;
  mender_.begin_record(record.size());
  Numbers numbers;
  if (!read_fields(record, numbers)) return nullptr;
  if (!set_time(numbers, received) || !set_ttl(numbers)) return nullptr;
  set_metric(numbers);
  // Behind the client's own, so that these count.
  add_attribute("ingest", "riemann");
  if (!peer.empty()) add_attribute("peer", peer);
  if (!user.empty()) add_attribute("auth_user", user);
  event_.tags = {tags_.data(), tag_count_};
  event_.attributes = {attributes_.data(), attribute_count_};
  return &event_;
}

// A view that is stored as two words and loaded as one wide one at once waits for the stores to end.
// So views go from registers to their place, and are copied nowhere.
bool EventReader::read_fields(std::string_view record, Numbers& numbers) {
  WireReader reader(record, refusal_);
  // At the top of the loop all fields before position() are in event_, tags_, attributes_ and
  // `numbers`.
  while (!reader.at_end()) {
    const char* const field = reader.position();
    std::uint32_t tag = 0;
    if (!reader.read_tag(tag)) return false;
    std::string_view* place = nullptr;
    bool good = true;
    switch (tag) {
      case wire_tag(1, WireType::kVarint):
        good = reader.read_varint(numbers.time);
        numbers.time_at = field;
        break;
      case wire_tag(2, WireType::kBytes):
        place = &event_.state;
        break;
      case wire_tag(3, WireType::kBytes):
        place = &event_.service;
        break;
      case wire_tag(4, WireType::kBytes):
        place = &event_.host;
        break;
      case wire_tag(5, WireType::kBytes):
        place = &event_.description;
        break;
      case wire_tag(7, WireType::kBytes):
        // A place more than the limit: one for the tag that is too many.
        place = &tags_[tag_count_++];
        break;
      case wire_tag(8, WireType::kFixed32):
        good = reader.read_fixed32(numbers.ttl);
        numbers.ttl_at = field;
        break;
      case wire_tag(9, WireType::kBytes): {
        std::string_view attribute;
        if (!reader.read_bytes(attribute)) return false;
        if (attribute_count_ == options_.max_attributes) {
          return refuse(RejectCause::kTags, field, "more attributes than max_attributes");
        }
        good = read_attribute(attribute);
        break;
      }
      case wire_tag(10, WireType::kVarint):
        good = reader.read_varint(numbers.time_micros);
        numbers.time_micros_at = field;
        break;
      case wire_tag(13, WireType::kVarint):
        good = reader.read_varint(numbers.metric_sint64);
        numbers.has_sint64 = true;
        break;
      case wire_tag(14, WireType::kFixed64):
        good = reader.read_fixed64(numbers.metric_d);
        numbers.has_d = true;
        break;
      case wire_tag(15, WireType::kFixed32):
        good = reader.read_fixed32(numbers.metric_f);
        numbers.has_f = true;
        break;
      default:
        good = reader.skip(tag);
    }
    if (place != nullptr) {
      std::string_view text;
      if (!reader.read_bytes(text)) return false;
      *place = mender_.mend(text);
      if (tag_count_ > options_.max_tags) {
        return refuse(RejectCause::kTags, field, "more tags than max_tags");
      }
    }
    if (!good) return false;
  }
  return true;
}

bool EventReader::read_attribute(std::string_view record) {
  constexpr std::uint32_t kKey = wire_tag(1, WireType::kBytes);
  constexpr std::uint32_t kValue = wire_tag(2, WireType::kBytes);
  WireReader reader(record, refusal_);
  std::string_view key;
  std::string_view value;
  bool has_key = false;
  while (!reader.at_end()) {
    std::uint32_t tag = 0;
    if (!reader.read_tag(tag)) return false;
    if (tag == kKey) {
      if (!reader.read_bytes(key)) return false;
      has_key = true;
    } else if (tag == kValue) {
      if (!reader.read_bytes(value)) return false;
    } else if (!reader.skip(tag)) {
      return false;
    }
  }
  if (!has_key) return refuse(RejectCause::kTags, record.data(), "an attribute without a key");
  add_attribute(mender_.mend(key), mender_.mend(value));
  return true;
}

bool EventReader::set_time(const Numbers& numbers, TimePoint received) {
  const bool in_micros = numbers.time_micros_at != nullptr;
  if (!in_micros && numbers.time_at == nullptr) {
    event_.time = received;
    return true;
  }
  const auto unit = in_micros ? kNanosecondsPerMicrosecond : kNanosecondsPerSecond;
  const auto value = static_cast<std::int64_t>(in_micros ? numbers.time_micros : numbers.time);
  if (value < 0 || value > kMaxNanoseconds / unit) {
    return refuse(RejectCause::kTimestamp, in_micros ? numbers.time_micros_at : numbers.time_at,
                  "a time outside of the years 1970 to 2262");
  }
  event_.time = TimePoint(nanoseconds(value * unit));
  return true;
}

bool EventReader::set_ttl(const Numbers& numbers) {
  if (numbers.ttl_at == nullptr) return true;
  const double ttl = static_cast<double>(std::bit_cast<float>(numbers.ttl)) * 1e9;
  // Whoever adds it to the time must not pass the end of time. NaN fails the first comparison.
  const std::int64_t room = kMaxNanoseconds - event_.time.time_since_epoch().count();
  if (!(ttl >= 0) || ttl >= static_cast<double>(room)) {
    return refuse(RejectCause::kValue, numbers.ttl_at,
                  "a ttl that is negative, not a number or ends after the year 2262");
  }
  event_.ttl = nanoseconds(std::llround(ttl));
  return true;
}

void EventReader::set_metric(const Numbers& numbers) {
  if (numbers.has_sint64) {
    event_.metric = unzigzag(numbers.metric_sint64);
  } else if (numbers.has_d) {
    event_.metric = std::bit_cast<double>(numbers.metric_d);
  } else if (numbers.has_f) {
    event_.metric = static_cast<double>(std::bit_cast<float>(numbers.metric_f));
  }
}

}  // namespace tocsin::riemann
