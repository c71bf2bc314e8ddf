#include "ingest/statsd/etsy_line.hpp"

#include <cstddef>
#include <optional>

#include "ingest/statsd/etsy_number.hpp"

namespace tocsin::statsd {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

// What stands before the first `delimiter`; `text` becomes what stands behind it, or empty without
// a place when there is none.
std::string_view take_until(std::string_view& text, char delimiter) noexcept {
  const std::size_t end = text.find(delimiter);
  const std::string_view head = text.substr(0, end);
  text = end == kNone ? std::string_view() : text.substr(end + 1);
  return head;
}

std::string_view trim(std::string_view word) noexcept {
  constexpr std::string_view kBlanks = " \t\n\v\f\r";
  const std::size_t first = word.find_first_not_of(kBlanks);
  if (first == kNone) return {};
  return word.substr(first, word.find_last_not_of(kBlanks) - first + 1);
}

// Fills kind, op, value, member and weight of `sample` from one piece.
std::optional<Refusal> read_piece(std::string_view piece, GaugeSign sign, RawSample& sample) {
  std::string_view rest = piece;
  const std::string_view value = take_until(rest, '|');
  if (value.size() == piece.size()) {
    return Refusal{RejectCause::kSyntax, piece.data(), "no type: expected value|type"};
  }
  const std::string_view type = trim(take_until(rest, '|'));
  if (rest.data() != nullptr) {
    const std::string_view rate = take_until(rest, '|');
    const bool marked = rate.size() > 1 && rate.front() == '@';
    const std::optional<double> weight =
        marked ? parse_etsy_weight(rate.substr(1)) : std::optional<double>();
    if (!weight) {
      return Refusal{RejectCause::kRate, rate.data(), "expected '@' and a rate above 0"};
    }
    sample.weight = *weight;
  }
  if (type == "s") {
    sample.kind = SeriesKind::kSet;
    sample.op = SampleOp::kUnique;
    sample.member = value.empty() ? std::string_view("0") : value;
    sample.weight = 1;
    return std::nullopt;
  }
  const std::optional<double> number = parse_etsy_number(value);
  if (!number) return Refusal{RejectCause::kValue, value.data(), "the value is not a number"};
  sample.value = *number;
  if (type == "ms") {
    if (*number < 0) {
      return Refusal{RejectCause::kValue, value.data(), "a timer cannot be negative"};
    }
    sample.kind = SeriesKind::kTimer;
    sample.op = SampleOp::kObserve;
  } else if (type == "g") {
    const bool is_signed = value.front() == '-' || value.front() == '+';
    sample.kind = SeriesKind::kGauge;
    sample.op =
        is_signed && sign == GaugeSign::kDelta ? SampleOp::kAdjustGauge : SampleOp::kSetGauge;
    sample.weight = 1;
  } else {
    sample.kind = SeriesKind::kCounter;
    sample.op = SampleOp::kAdd;
  }
  return std::nullopt;
}

}  // namespace

void decode_etsy_line(std::string_view line, const Options& options, const LineOutput& output) {
  const std::size_t mark = line.find("|#");
  std::string_view pieces = line.substr(0, mark);
  const std::string_view tags = mark == kNone ? std::string_view() : line.substr(mark + 2);
  const std::string_view name = take_until(pieces, ':');
  if (pieces.data() == nullptr) {
    output.reject(line, {RejectCause::kSyntax, line.data(), "no value: expected key:value|type"});
    return;
  }
  const bool telemetry =
      !options.telemetry_prefix.empty() && name.starts_with(options.telemetry_prefix);
  while (pieces.data() != nullptr) {
    const std::string_view piece = take_until(pieces, ':');
    RawSample& sample = output.batch.begin_sample(name);
    sample.tags = tags;
    std::optional<Refusal> refusal = read_piece(piece, gauge_sign(options), sample);
    if (!refusal && telemetry) {
      refusal =
          Refusal{RejectCause::kUnsupported, line.data(), "client telemetry, refused by setting"};
    }
    if (refusal) {
      output.reject(line, *refusal);
    } else {
      output.batch.commit();
    }
  }
}

}  // namespace tocsin::statsd
