#include "ingest/statsd/decoder.hpp"

#include <array>
#include <cstdint>
#include <utility>
#include <variant>

#include "ingest/statsd/byte_scan.hpp"
#include "ingest/statsd/datadog_message.hpp"
#include "ingest/statsd/delimiter_map.hpp"
#include "ingest/statsd/etsy_line.hpp"
#include "ingest/statsd/line_output.hpp"
#include "ingest/statsd/metric_line.hpp"
#include "ingest/statsd/number.hpp"
#include "tocsin/event_viewer.hpp"

namespace tocsin::statsd {
namespace {

constexpr std::string_view view(const char* begin, const char* end) noexcept {
  return {begin, static_cast<std::size_t>(end - begin)};
}

// What the first letter of a type says. A table and not a switch: types come in no order that a
// branch predictor could learn.
struct PlainType {
  SeriesKind kind = SeriesKind::kCounter;
  SampleOp op = SampleOp::kAdd;
  std::uint8_t letters = 0;  // of the type; 0: not one of these
  char last = '\0';          // letter
};

constexpr std::array<PlainType, 256> kPlainTypes = [] {
  std::array<PlainType, 256> types{};
  types['c'] = {SeriesKind::kCounter, SampleOp::kAdd, 1, 'c'};
  types['g'] = {SeriesKind::kGauge, SampleOp::kSetGauge, 1, 'g'};
  types['s'] = {SeriesKind::kSet, SampleOp::kUnique, 1, 's'};
  types['h'] = {SeriesKind::kHistogram, SampleOp::kObserve, 1, 'h'};
  types['d'] = {SeriesKind::kDistribution, SampleOp::kObserve, 1, 'd'};
  types['m'] = {SeriesKind::kTimer, SampleOp::kObserve, 2, 's'};
  return types;
}();

}  // namespace

Decoder::Decoder(Options options, Intake& intake)
    : options_(std::move(options)),
      resolver_(options_),
      intake_(intake),
      strict_(options_.dialect == Dialect::kEtsyStrict),
      signed_gauges_adjust_(gauge_sign(options_) == GaugeSign::kDelta),
      negative_timers_(options_.dialect == Dialect::kDogstatsd) {}

bool Decoder::flush() {
  return batch_.hand_over(intake_, resolver_);
}

void Decoder::drop() {
  if (!batch_.empty()) intake_.drop(batch_.size());
  batch_.cut(0);
  event_may_go_ = event_waits_;
}

// A value with a sign, a point or many digits. False as take_plain_line's nullptr.
bool Decoder::read_plain_value(const char* begin, const char* end, RawSample& sample) const {
  const ShortDecimal number = read_short_decimal(begin, end);
  if (number.next != end) return false;
  if (number.value < 0 && sample.kind == SeriesKind::kTimer && !negative_timers_) return false;
  const bool is_signed = *begin == '-' || *begin == '+';
  if (is_signed && sample.op == SampleOp::kSetGauge && signed_gauges_adjust_) {
    sample.op = SampleOp::kAdjustGauge;
  }
  sample.value = number.value;
  return true;
}

// The fields from `at`, where a '|' must stand, to the end of the line. False as take_plain_line's
// nullptr.
[[gnu::always_inline]] inline bool Decoder::read_plain_fields(const char* at, const char* line_end,
                                                              const LineScan& scan,
                                                              RawSample& sample) const {
  while (at != line_end) {
    if (*at != '|' || ++at == line_end) return false;
    const char* const field = at;
    at = scan.next_bar(field);
    switch (*field) {
      case '@': {
        const ShortDecimal rate = read_short_decimal(field + 1, at);
        if (rate.next != at || !(rate.value > 0) || rate.value > 1) return false;
        if (is_weighted(sample.kind)) sample.weight = 1 / rate.value;
        break;
      }
      case '#':
        sample.tags = view(field + 1, at);
        break;
      case 'c':
      case 'e':
        if (options_.container != Container::kIgnore) return false;
        break;
      default:
        return false;
    }
    if (at[-1] == '\r') return false;
  }
  return true;
}

// The shapes of nearly all traffic: one short decimal number, or one member of a set, then any of
// @rate, #tags and fields to skip. Returns the start of the next line; nullptr, having done
// nothing, when the line has any other shape or any fault: decode_metric_line then sees to it.
// Both must agree on every line that is taken here; the tests compare them.
[[gnu::always_inline]] inline const char* Decoder::take_plain_line(const char* line,
                                                                   const char* end) {
  // "_e{" and "_sc" are not metrics; other names with '_' in front are rare enough to go with them.
  if (*line == '_') return nullptr;
  const LineScan scan(map_, line, end);
  const char* const line_end = scan.line_end();
  const char* const colon = scan.first_delimiter();
  if (colon == line_end || *colon != ':' || colon == line) return nullptr;
  const char* const value = colon + 1;
  const char* const bar = scan.next_bar(value);
  if (line_end - bar < 2 || bar == value) return nullptr;

  const PlainType type = kPlainTypes[static_cast<unsigned char>(bar[1])];
  const char* const at = bar + 1 + type.letters;
  if (at > line_end || bar[type.letters] != type.last) return nullptr;
  RawSample& sample = batch_.begin_sample(view(line, colon));
  sample.kind = type.kind;
  sample.op = type.op;
  if (type.op == SampleOp::kUnique) {
    sample.member = view(value, bar);
  } else if (!read_few_digits(line, value, bar, sample.value) &&
             !read_plain_value(value, bar, sample)) {
    return nullptr;
  }
  if (at != line_end && !read_plain_fields(at, line_end, scan, sample)) return nullptr;
  if (static_cast<std::size_t>(line_end - line) > options_.max_record_bytes) return nullptr;
  if (!options_.telemetry_prefix.empty() && sample.name.starts_with(options_.telemetry_prefix)) {
    return nullptr;
  }
  batch_.commit();
  return line_end == end ? end : line_end + 1;
}

std::size_t Decoder::decode(std::string_view bytes, const Origin& origin) {
  const char* const base = bytes.data();
  const char* const end = base + bytes.size();
  const char* at = base;
  event_waits_ = false;
  if (!strict_) map_.scan(at, end);
  // At the top of the loop `at` is the first byte of a line, and all lines before it are accounted
  // for: in the batch, taken by the intake, or rejected.
  while (at != end) {
    if (batch_.full() && !batch_.hand_over(intake_, resolver_)) break;
    if (!strict_) {
      if (const char* const next = take_plain_line(at, end); next != nullptr) {
        at = next;
        continue;
      }
    }
    const char* const line_end = find_any<'\n'>(at, end);
    const char* const text_end = line_end != at && line_end[-1] == '\r' ? line_end - 1 : line_end;
    if (!take_any_line(view(at, text_end), base, origin)) {
      event_waits_ = true;
      break;
    }
    at = line_end == end ? end : line_end + 1;
  }
  event_may_go_ = false;
  return static_cast<std::size_t>(at - base);
}

// False: the line is an event that the intake does not take now.
bool Decoder::take_any_line(std::string_view line, const char* base, const Origin& origin) {
  if (line.empty()) return true;
  const LineOutput output{batch_, intake_, base};
  if (line.size() > options_.max_record_bytes) {
    output.reject(line,
                  {RejectCause::kOversized, line.data(), "the line is longer than the limit"});
    return true;
  }
  if (strict_) {
    decode_etsy_line(line, options_, output);
    return true;
  }
  if (line.starts_with("_e{") || line.starts_with("_sc|")) return take_message(line, base, origin);
  decode_metric_line(line, options_, output);
  return true;
}

bool Decoder::take_message(std::string_view line, const char* base, const Origin& origin) {
  const EventOrRefusal message = line.starts_with("_e{")
                                     ? decode_datadog_event(line, options_, origin)
                                     : decode_service_check(line, options_, origin);
  if (const auto* refusal = std::get_if<Refusal>(&message)) {
    LineOutput{batch_, intake_, base}.reject(line, *refusal);
    return true;
  }
  EventViewer viewer;
  if (intake_.event(viewer.view(std::get<Event>(message)))) return true;
  if (!event_may_go_) return false;
  event_may_go_ = false;
  intake_.drop(1);
  return true;
}

}  // namespace tocsin::statsd
