// A slow reading of the same page of the documentation, for comparison: takes a message apart into
// a list of fields first, copies everything, throws at the first fault, and counts in 128 bits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/riemann/options.hpp"
#include "ingest/statsd/text.hpp"
#include "src/event/event_access.hpp"
#include "tocsin/event.hpp"
#include "tocsin/intake.hpp"

namespace tocsin::riemann::testing {

struct NaiveFault {
  RejectCause cause;
};

struct NaiveField {
  std::uint64_t number = 0;
  unsigned type = 0;
  std::uint64_t value = 0;  // types 0, 1, 5
  std::string bytes;        // type 2
};

struct NaiveOutcome {
  std::vector<Event> events;
  std::vector<RejectCause> causes;  // of what was refused, in order
  std::optional<std::string> query;
};

class NaiveParser {
 public:
  explicit NaiveParser(std::string bytes) : bytes_(std::move(bytes)) {}

  [[nodiscard]] bool done() const { return at_ == bytes_.size(); }

  NaiveField next(std::vector<std::uint64_t> groups = {}) {
    const std::uint64_t tag = varint();
    if (tag > 0xffffffffU) throw NaiveFault{RejectCause::kSyntax};
    NaiveField field{tag / 8, static_cast<unsigned>(tag % 8), 0, {}};
    if (field.number == 0 || field.type > 5) throw NaiveFault{RejectCause::kSyntax};
    if (field.type == 0) field.value = varint();
    if (field.type == 1) field.value = fixed(8);
    if (field.type == 5) field.value = fixed(4);
    if (field.type == 2) {
      const std::uint64_t length = varint();
      if (length > bytes_.size() - at_) throw NaiveFault{RejectCause::kTruncated};
      field.bytes = take(static_cast<std::size_t>(length));
    }
    if (field.type == 4 && (groups.empty() || groups.back() != field.number)) {
      throw NaiveFault{RejectCause::kSyntax};
    }
    if (field.type == 3) {
      if (groups.size() == 16) throw NaiveFault{RejectCause::kSyntax};
      groups.push_back(field.number);
      for (;;) {
        if (done()) throw NaiveFault{RejectCause::kTruncated};
        const NaiveField inner = next(groups);
        if (inner.type == 4) break;
      }
    }
    return field;
  }

 private:
  std::string take(std::size_t size) {
    if (size > bytes_.size() - at_) throw NaiveFault{RejectCause::kTruncated};
    at_ += size;
    return bytes_.substr(at_ - size, size);
  }
  std::uint64_t fixed(std::size_t size) {
    const std::string bytes = take(size);
    std::uint64_t value = 0;
    for (std::size_t i = size; i-- > 0;) value = value * 256 + static_cast<unsigned char>(bytes[i]);
    return value;
  }
  std::uint64_t varint() {
    __extension__ using Wide = unsigned __int128;
    Wide value = 0;
    for (unsigned i = 0; i < 10; ++i) {
      const auto byte = static_cast<unsigned char>(take(1)[0]);
      value += static_cast<Wide>(byte % 128) << 7 * i;
      if (value > UINT64_MAX) break;
      if (byte < 128) return static_cast<std::uint64_t>(value);
    }
    throw NaiveFault{RejectCause::kSyntax};
  }

  std::string bytes_;
  std::size_t at_ = 0;
};

template <class To, class From>
To naive_bits(From value) {
  To to;
  static_assert(sizeof to == sizeof value);
  std::memcpy(&to, &value, sizeof to);
  return to;
}

inline Attribute naive_attribute(const std::string& bytes) {
  std::optional<std::string> key;
  std::string value;
  for (NaiveParser parser(bytes); !parser.done();) {
    const NaiveField field = parser.next();
    if (field.type == 2 && field.number == 1) key = field.bytes;
    if (field.type == 2 && field.number == 2) value = field.bytes;
  }
  if (!key) throw NaiveFault{RejectCause::kTags};
  return {statsd::to_utf8(*key), statsd::to_utf8(value)};
}

inline Event naive_event(const std::string& bytes, const Options& options) {
  if (bytes.size() > options.max_event_bytes) throw NaiveFault{RejectCause::kOversized};
  Event event;
  // The last of each: by field number, if the type is the one that this field has.
  static const std::map<std::uint64_t, unsigned> kTypes = {{1, 0},  {2, 2},  {3, 2},  {4, 2},
                                                           {5, 2},  {7, 2},  {8, 5},  {9, 2},
                                                           {10, 0}, {13, 0}, {14, 1}, {15, 5}};
  std::map<std::uint64_t, NaiveField> last;
  for (NaiveParser parser(bytes); !parser.done();) {
    const NaiveField field = parser.next();
    const auto known = kTypes.find(field.number);
    if (known == kTypes.end() || known->second != field.type) continue;
    if (field.number == 7) {
      if (event.tags.size() == options.max_tags) throw NaiveFault{RejectCause::kTags};
      event.tags.push_back(statsd::to_utf8(field.bytes));
    } else if (field.number == 9) {
      if (event.attributes.size() == options.max_attributes) throw NaiveFault{RejectCause::kTags};
      event.attributes.push_back(naive_attribute(field.bytes));
    } else {
      last[field.number] = field;
    }
  }
  event.state = statsd::to_utf8(last[2].bytes);
  event.service = statsd::to_utf8(last[3].bytes);
  event.host = statsd::to_utf8(last[4].bytes);
  event.description = statsd::to_utf8(last[5].bytes);
  __extension__ using Wide = __int128;
  constexpr Wide kMax = INT64_MAX;
  Wide time = 0;
  if (last.count(10) != 0) {
    time = static_cast<Wide>(naive_bits<std::int64_t>(last[10].value)) * 1000;
  } else if (last.count(1) != 0) {
    time = static_cast<Wide>(naive_bits<std::int64_t>(last[1].value)) * 1000000000;
  }
  if (time < 0 || time > kMax) throw NaiveFault{RejectCause::kTimestamp};
  event.time = TimePoint(std::chrono::nanoseconds(static_cast<std::int64_t>(time)));
  if (last.count(8) != 0) {
    const double ttl =
        double{naive_bits<float>(static_cast<std::uint32_t>(last[8].value))} * 1000000000.0;
    if (!(ttl >= 0 && ttl < static_cast<double>(kMax - time)))
      throw NaiveFault{RejectCause::kValue};
    event.ttl =
        std::chrono::nanoseconds(static_cast<std::int64_t>(static_cast<long double>(ttl) + 0.5L));
  }
  if (last.count(13) != 0) {
    const std::uint64_t zigzag = last[13].value;
    const auto half = static_cast<std::int64_t>(zigzag / 2);
    event.metric = zigzag % 2 == 0 ? half : -half - 1;
  } else if (last.count(14) != 0) {
    event.metric = naive_bits<double>(last[14].value);
  } else if (last.count(15) != 0) {
    event.metric = double{naive_bits<float>(static_cast<std::uint32_t>(last[15].value))};
  }
  event.attributes.push_back({"ingest", "riemann"});
  event::normalise(event);
  return event;
}

inline std::string naive_query(const std::string& bytes) {
  std::string text;
  for (NaiveParser parser(bytes); !parser.done();) {
    const NaiveField field = parser.next();
    if (field.type == 2 && field.number == 1) text = field.bytes;
  }
  return text;
}

// As a decoder reads `msg` that came at time 0 from nobody. `answered`: whether queries are.
inline NaiveOutcome naive_decode(std::string_view msg, const Options& options, bool answered) {
  NaiveOutcome outcome;
  const auto refusing = [&](auto&& act) {
    try {
      act();
      return true;
    } catch (const NaiveFault& fault) {
      outcome.causes.push_back(fault.cause);
      return false;
    }
  };
  NaiveParser parser{std::string(msg)};
  while (!parser.done()) {
    NaiveField field;
    if (!refusing([&] { field = parser.next(); })) break;
    if (field.type != 2) continue;
    if (field.number == 4 || field.number == 6) {
      refusing([&] { outcome.events.push_back(naive_event(field.bytes, options)); });
    } else if (field.number == 5) {
      refusing([&] {
        const std::string text = naive_query(field.bytes);
        if (!answered) throw NaiveFault{RejectCause::kUnsupported};
        if (text.size() > options.max_query_bytes) throw NaiveFault{RejectCause::kOversized};
        outcome.query = statsd::to_utf8(text);
      });
    }
  }
  return outcome;
}

}  // namespace tocsin::riemann::testing
