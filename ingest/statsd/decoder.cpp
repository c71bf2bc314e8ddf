#include "ingest/statsd/decoder.hpp"

#include <utility>
#include <variant>

#include "ingest/statsd/byte_scan.hpp"
#include "ingest/statsd/datadog_message.hpp"
#include "ingest/statsd/etsy_line.hpp"
#include "ingest/statsd/line_output.hpp"
#include "ingest/statsd/metric_line.hpp"
#include "ingest/statsd/number.hpp"

namespace tocsin::statsd {
namespace {

constexpr std::string_view view(const char* begin, const char* end) noexcept {
  return {begin, static_cast<std::size_t>(end - begin)};
}

constexpr bool ends_field(const char* at, const char* end) noexcept {
  return at == end || *at == '|' || *at == '\n';
}

}  // namespace

Decoder::Decoder(Options options, Intake& intake)
    : options_(std::move(options)),
      resolver_(options_),
      intake_(intake),
      strict_(options_.dialect == Dialect::kEtsyStrict),
      signed_gauges_adjust_(gauge_sign(options_) == GaugeSign::kDelta),
      negative_timers_(options_.dialect == Dialect::kDogstatsd) {}

std::size_t Decoder::decode(std::string_view bytes, const Origin& origin) {
  const char* const base = bytes.data();
  const char* const end = base + bytes.size();
  const char* at = base;
  event_waits_ = false;
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

bool Decoder::flush() {
  return batch_.hand_over(intake_, resolver_);
}

void Decoder::drop() {
  if (!batch_.empty()) intake_.drop(batch_.size());
  batch_.cut(0);
  event_may_go_ = event_waits_;
}

// The shapes of nearly all traffic: one short decimal number, or one member of a set, then any of
// @rate, #tags and fields to skip. Returns the start of the next line; nullptr, having done
// nothing, when the line has any other shape or any fault: decode_metric_line then sees to it.
// Both must agree on every line that is taken here; the tests compare them.
inline const char* Decoder::take_plain_line(const char* line, const char* end) {
  // "_e{" and "_sc" are not metrics; other names with '_' in front are rare enough to go with them.
  if (*line == '_') return nullptr;
  const char* const colon = find_any<':', '|', '\n'>(line, end);
  if (colon == end || *colon != ':' || colon == line) return nullptr;
  RawSample& sample = batch_.begin_sample(view(line, colon));

  const char* const value = colon + 1;
  const ShortDecimal number = read_short_decimal(value, end);
  const bool is_number = number.next != nullptr && number.next != end && *number.next == '|';
  const char* const bar = is_number ? number.next : find_any<'|', '\n'>(value, end);
  if (end - bar < 2 || *bar != '|') return nullptr;
  const char* at = bar + 2;
  if (bar[1] == 's') {
    if (bar == value) return nullptr;
    sample.member = view(value, bar);
    sample.kind = SeriesKind::kSet;
    sample.op = SampleOp::kUnique;
  } else {
    if (!is_number) return nullptr;
    sample.value = number.value;
    switch (bar[1]) {
      case 'c':
        break;
      case 'g': {
        const bool is_signed = *value == '-' || *value == '+';
        sample.kind = SeriesKind::kGauge;
        sample.op =
            is_signed && signed_gauges_adjust_ ? SampleOp::kAdjustGauge : SampleOp::kSetGauge;
        break;
      }
      case 'm':
        if (at == end || *at++ != 's' || (number.value < 0 && !negative_timers_)) return nullptr;
        sample.kind = SeriesKind::kTimer;
        sample.op = SampleOp::kObserve;
        break;
      case 'h':
        sample.kind = SeriesKind::kHistogram;
        sample.op = SampleOp::kObserve;
        break;
      case 'd':
        sample.kind = SeriesKind::kDistribution;
        sample.op = SampleOp::kObserve;
        break;
      default:
        return nullptr;
    }
  }
  if (at != end && *at != '\n') {
    at = read_plain_fields(at, end, sample);
    if (at == nullptr) return nullptr;
  }
  if (static_cast<std::size_t>(at - line) > options_.max_record_bytes) return nullptr;
  if (!options_.telemetry_prefix.empty() && sample.name.starts_with(options_.telemetry_prefix)) {
    return nullptr;
  }
  batch_.commit();
  return at == end ? end : at + 1;
}

// The fields from `at`, where a '|' must stand, to the end of the line. Returns the line's end, or
// nullptr as take_plain_line does.
const char* Decoder::read_plain_fields(const char* at, const char* end, RawSample& sample) const {
  while (at != end && *at != '\n') {
    if (*at != '|' || ++at == end) return nullptr;
    const char* const field = at;
    if (*field == '@') {
      const ShortDecimal rate = read_short_decimal(field + 1, end);
      if (rate.next == nullptr || !ends_field(rate.next, end)) return nullptr;
      if (!(rate.value > 0) || rate.value > 1) return nullptr;
      if (is_weighted(sample.kind)) sample.weight = 1 / rate.value;
      at = rate.next;
      continue;
    }
    const bool skipped =
        (*field == 'c' || *field == 'e') && options_.container == Container::kIgnore;
    if (*field != '#' && !skipped) return nullptr;
    at = find_any<'|', '\n'>(field, end);
    if (at[-1] == '\r') return nullptr;
    if (*field == '#') sample.tags = view(field + 1, at);
  }
  return at;
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
  if (intake_.event(std::get<Event>(message))) return true;
  if (!event_may_go_) return false;
  event_may_go_ = false;
  intake_.drop(1);
  return true;
}

}  // namespace tocsin::statsd
