#include "ingest/riemann/event_reader.hpp"

#include <bit>
#include <chrono>
#include <cstdint>
#include <limits>

#include "ingest/riemann/usual_fields.hpp"

namespace tocsin::riemann {
namespace {

using std::chrono::nanoseconds;

constexpr std::size_t kOwnAttributes = 3;  // ingest, peer, auth_user

constexpr std::int64_t kMaxNanoseconds = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;
constexpr std::int64_t kNanosecondsPerMicrosecond = 1'000;

constexpr std::uint32_t kTime = wire_tag(1, WireType::kVarint);
constexpr std::uint32_t kState = wire_tag(2, WireType::kBytes);
constexpr std::uint32_t kService = wire_tag(3, WireType::kBytes);
constexpr std::uint32_t kHost = wire_tag(4, WireType::kBytes);
constexpr std::uint32_t kDescription = wire_tag(5, WireType::kBytes);
constexpr std::uint32_t kTag = wire_tag(7, WireType::kBytes);
constexpr std::uint32_t kTtl = wire_tag(8, WireType::kFixed32);
constexpr std::uint32_t kAttribute = wire_tag(9, WireType::kBytes);
constexpr std::uint32_t kTimeMicros = wire_tag(10, WireType::kVarint);
constexpr std::uint32_t kMetricSint64 = wire_tag(13, WireType::kVarint);
constexpr std::uint32_t kMetricD = wire_tag(14, WireType::kFixed64);
constexpr std::uint32_t kMetricF = wire_tag(15, WireType::kFixed32);

constexpr std::int64_t unzigzag(std::uint64_t value) noexcept {
  return static_cast<std::int64_t>(value >> 1 ^ (0 - (value & 1)));
}

std::string_view between(const char* begin, const char* end) noexcept {
  return {begin, static_cast<std::size_t>(end - begin)};
}

// The number in the field that begins at `field` of `record`, which was seen to be one.
std::uint64_t varint_of(std::string_view record, const char* field) noexcept {
  Refusal refusal;
  WireReader reader(between(field, record.data() + record.size()), refusal);
  std::uint32_t tag = 0;
  std::uint64_t number = 0;
  return reader.read_tag(tag) && reader.read_varint(number) ? number : 0;
}

// std::llround without the call, for numbers from 0 to below 2^63.
std::int64_t rounded(double number) noexcept {
  const auto whole = static_cast<std::int64_t>(number);
  return whole + static_cast<std::int64_t>(number - static_cast<double>(whole) >= 0.5);
}

}  // namespace

// What is decided only when all fields are known.
struct EventReader::Numbers {
  const char* time_at =
      nullptr;  // not read yet, because time_micros nearly always stands behind it
  FoundNumber<std::uint64_t> time_micros;
  FoundNumber<std::uint64_t> metric_sint64;
  FoundNumber<std::uint64_t> metric_d;
  FoundNumber<std::uint32_t> metric_f;
  FoundNumber<std::uint32_t> ttl;
};

EventReader::EventReader(const Options& options)
    : options_(options),
      tags_(options.max_tags + 1),
      attributes_(options.max_attributes + kOwnAttributes) {}

inline void EventReader::clear() noexcept {
  // One by one: to assign them along a chain reads back what has not left the store buffer.
  event_.host = {};
  event_.service = {};
  event_.state = {};
  event_.description = {};
  event_.metric.emplace<std::monostate>();
  event_.ttl.reset();
  tag_count_ = 0;
  attribute_count_ = 0;
}

// All fields in the order of their numbers, up to one that is unusual. Returns what is left, and
// whether the texts are known to be ASCII.
[[gnu::always_inline]] inline EventReader::Usual EventReader::read_usual_fields(
    std::string_view record, Numbers& numbers) {
  UsualFields fields(record);
  fields.skip_varint(kTime, numbers.time_at);
  const char* const texts = fields.position();
  fields.take_bytes(kState, event_.state);
  fields.take_bytes(kService, event_.service);
  fields.take_bytes(kHost, event_.host);
  fields.take_bytes(kDescription, event_.description);
  while (tag_count_ < options_.max_tags && fields.take_bytes(kTag, tags_[tag_count_])) ++tag_count_;
  const char* const texts_end = fields.position();
  fields.take_fixed(kTtl, numbers.ttl);
  const char* const attributes = fields.position();
  while (attribute_count_ < options_.max_attributes &&
         fields.take_pair(kAttribute, attributes_[attribute_count_])) {
    ++attribute_count_;
  }
  const char* const attributes_end = fields.position();
  fields.take_varint(kTimeMicros, numbers.time_micros);
  fields.take_varint(kMetricSint64, numbers.metric_sint64);
  fields.take_fixed(kMetricD, numbers.metric_d);
  fields.take_fixed(kMetricF, numbers.metric_f);
  // Tags and short lengths are ASCII too. So two looks are enough for all texts.
  return {fields.rest(),
          is_ascii(between(texts, texts_end)) && is_ascii(between(attributes, attributes_end))};
}

inline bool EventReader::set_time(std::string_view record, const Numbers& numbers,
                                  TimePoint received) {
  const bool in_micros = numbers.time_micros.at != nullptr;
  const char* const at = in_micros ? numbers.time_micros.at : numbers.time_at;
  if (at == nullptr) {
    event_.time = received;
    return true;
  }
  const std::uint64_t time = in_micros ? numbers.time_micros.value : varint_of(record, at);
  const std::int64_t unit = in_micros ? kNanosecondsPerMicrosecond : kNanosecondsPerSecond;
  // Negative numbers are above any.
  if (time > static_cast<std::uint64_t>(kMaxNanoseconds / unit)) {
    return refuse(RejectCause::kTimestamp, at, "a time outside of the years 1970 to 2262");
  }
  event_.time = TimePoint(nanoseconds(static_cast<std::int64_t>(time) * unit));
  return true;
}

inline bool EventReader::set_ttl(const Numbers& numbers) {
  if (numbers.ttl.at == nullptr) return true;
  const double ttl = static_cast<double>(std::bit_cast<float>(numbers.ttl.value)) * 1e9;
  // Whoever adds it to the time must not pass the end of time. NaN fails the first comparison.
  const std::int64_t room = kMaxNanoseconds - event_.time.time_since_epoch().count();
  if (!(ttl >= 0) || ttl >= static_cast<double>(room)) {
    return refuse(RejectCause::kValue, numbers.ttl.at,
                  "a ttl that is negative, not a number or ends after the year 2262");
  }
  event_.ttl = nanoseconds(rounded(ttl));
  return true;
}

inline void EventReader::set_metric(const Numbers& numbers) {
  if (numbers.metric_sint64.at != nullptr) {
    event_.metric = unzigzag(numbers.metric_sint64.value);
  } else if (numbers.metric_d.at != nullptr) {
    event_.metric = std::bit_cast<double>(numbers.metric_d.value);
  } else if (numbers.metric_f.at != nullptr) {
    event_.metric = static_cast<double>(std::bit_cast<float>(numbers.metric_f.value));
  }
}

const EventView* EventReader::read(std::string_view record, const Origin& origin,
                                   std::string_view peer) {
  clear();
  Numbers numbers;
  const Usual usual = read_usual_fields(record, numbers);
  if (!usual.rest.empty() && !read_fields(usual.rest, numbers)) return nullptr;
  if (!set_time(record, numbers, origin.received) || !set_ttl(numbers)) return nullptr;
  set_metric(numbers);
  if (!usual.rest.empty() || !usual.is_ascii) mend_texts(record.size());
  // Behind the client's own, so that these count.
  add_attribute("ingest", "riemann");
  if (!peer.empty()) add_attribute("peer", peer);
  if (!origin.user.empty()) add_attribute("auth_user", origin.user);
  event_.tags = {tags_.data(), tag_count_};
  event_.attributes = {attributes_.data(), attribute_count_};
  return &event_;
}

// Any fields, in any order.
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
      case kTime:
        numbers.time_at = field;
        good = reader.skip(tag);
        break;
      case kState:
        place = &event_.state;
        break;
      case kService:
        place = &event_.service;
        break;
      case kHost:
        place = &event_.host;
        break;
      case kDescription:
        place = &event_.description;
        break;
      case kTag:
        // A place more than the limit: one for the tag that is too many.
        place = &tags_[tag_count_++];
        break;
      case kTtl:
        numbers.ttl.at = field;
        good = reader.read_fixed32(numbers.ttl.value);
        break;
      case kAttribute: {
        std::string_view attribute;
        if (!reader.read_bytes(attribute)) return false;
        if (attribute_count_ == options_.max_attributes) {
          return refuse(RejectCause::kTags, field, "more attributes than max_attributes");
        }
        good = read_attribute(attribute);
        break;
      }
      case kTimeMicros:
        numbers.time_micros.at = field;
        good = reader.read_varint(numbers.time_micros.value);
        break;
      case kMetricSint64:
        numbers.metric_sint64.at = field;
        good = reader.read_varint(numbers.metric_sint64.value);
        break;
      case kMetricD:
        numbers.metric_d.at = field;
        good = reader.read_fixed64(numbers.metric_d.value);
        break;
      case kMetricF:
        numbers.metric_f.at = field;
        good = reader.read_fixed32(numbers.metric_f.value);
        break;
      default:
        good = reader.skip(tag);
    }
    if (place != nullptr) {
      if (!reader.read_bytes(*place)) return false;
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
  add_attribute(key, value);
  return true;
}

void EventReader::mend_texts(std::size_t record_bytes) {
  mender_.begin_record(record_bytes);
  const auto mend = [this](std::string_view& text) { text = mender_.mend(text); };
  for (auto* text : {&event_.state, &event_.service, &event_.host, &event_.description})
    mend(*text);
  for (std::size_t i = 0; i < tag_count_; ++i) mend(tags_[i]);
  for (std::size_t i = 0; i < attribute_count_; ++i) {
    mend(attributes_[i].key);
    mend(attributes_[i].value);
  }
}

}  // namespace tocsin::riemann
