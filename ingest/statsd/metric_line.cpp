#include "ingest/statsd/metric_line.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>

#include "ingest/statsd/byte_scan.hpp"
#include "ingest/statsd/number.hpp"

namespace tocsin::statsd {
namespace {

struct MetricType {
  SeriesKind kind;
  SampleOp op;
};

std::optional<MetricType> find_type(std::string_view word) noexcept {
  if (word == "c") return MetricType{SeriesKind::kCounter, SampleOp::kAdd};
  if (word == "g") return MetricType{SeriesKind::kGauge, SampleOp::kSetGauge};
  if (word == "ms") return MetricType{SeriesKind::kTimer, SampleOp::kObserve};
  if (word == "h") return MetricType{SeriesKind::kHistogram, SampleOp::kObserve};
  if (word == "d") return MetricType{SeriesKind::kDistribution, SampleOp::kObserve};
  if (word == "s") return MetricType{SeriesKind::kSet, SampleOp::kUnique};
  return std::nullopt;
}

// Where the first of kWanted stands at or behind `from`; text.size() if nowhere.
template <char... kWanted>
std::size_t find_from(std::string_view text, std::size_t from) noexcept {
  const char* const end = text.data() + text.size();
  return static_cast<std::size_t>(find_any<kWanted...>(text.data() + from, end) - text.data());
}

constexpr bool may_have_timestamp(SeriesKind kind) noexcept {
  return kind == SeriesKind::kCounter || kind == SeriesKind::kGauge;
}

// 1 / rate for a rate in (0, 1].
std::optional<double> parse_weight(std::string_view rate) noexcept {
  const std::optional<double> value = parse_decimal(rate);
  if (!value || !(*value > 0) || *value > 1 || !std::isfinite(1 / *value)) return std::nullopt;
  return 1 / *value;
}

constexpr std::string_view kRateText = "sample rate is not a number in (0, 1]";

class MetricLine {
 public:
  MetricLine(std::string_view line, const Options& options, const LineOutput& output)
      : line_(line), options_(options), output_(output), first_(output.batch.size()) {}

  void decode() {
    const std::size_t colon = find_from<':', '|'>(line_, 0);
    if (colon == line_.size() || line_[colon] == '|') {
      reject(RejectCause::kSyntax, line_, "no value: expected name:value|type");
      return;
    }
    name_ = line_.substr(0, colon);
    rest_ = line_.substr(colon + 1);
    if (name_.empty()) fault(RejectCause::kName, name_, "the name is empty");
    if (!options_.telemetry_prefix.empty() && name_.starts_with(options_.telemetry_prefix)) {
      fault(RejectCause::kUnsupported, name_, "client telemetry, refused by setting");
    }
    while (decode_group()) {
    }
    finish();
  }

 private:
  // Takes one group from rest_. True: another one follows.
  bool decode_group() {
    const std::size_t bar = find_from<'|'>(rest_, 0);
    if (bar == rest_.size()) {
      reject_values(RejectCause::kSyntax, rest_, "no type: expected value|type");
      return false;
    }
    const std::string_view values = rest_.substr(0, bar);
    std::size_t end = find_from<':', '|'>(rest_, bar + 1);
    const std::string_view type = rest_.substr(bar + 1, end - bar - 1);

    std::optional<double> weight = 1;
    if (rest_.substr(end).starts_with("|@")) {
      const std::size_t rate = end + 2;
      end = find_from<':', '|'>(rest_, rate);
      weight = parse_weight(rest_.substr(rate, end - rate));
    }
    decode_values(values, type, weight);

    const bool again = end < rest_.size() && rest_[end] == ':';
    const std::string_view behind = rest_.substr(std::min(end + 1, rest_.size()));
    if (again) {
      rest_ = behind;
    } else {
      decode_fields(behind);
    }
    return again;
  }

  void decode_values(std::string_view values, std::string_view word, std::optional<double> weight) {
    const std::optional<MetricType> type = find_type(word);
    if (!type) {
      reject_values(RejectCause::kType, values, "unknown type: expected c, g, ms, h, d or s");
    } else if (!weight) {
      reject_values(RejectCause::kRate, values, kRateText);
    } else if (type->kind == SeriesKind::kSet) {
      append_member(values);
    } else {
      for_each_value(values, [&](std::string_view value) { append_number(value, *type, *weight); });
    }
  }

  void append_member(std::string_view member) {
    if (member.empty()) {
      reject(RejectCause::kValue, member, "the member of the set is empty");
      return;
    }
    RawSample& sample = output_.batch.begin_sample(name_);
    sample.member = member;
    sample.kind = SeriesKind::kSet;
    sample.op = SampleOp::kUnique;
    output_.batch.commit();
  }

  void append_number(std::string_view text, MetricType type, double weight) {
    const std::optional<double> value = parse_decimal(text);
    if (!value) {
      reject(RejectCause::kValue, text, "the value is not a finite decimal number");
      return;
    }
    if (type.kind == SeriesKind::kTimer && *value < 0 && options_.dialect == Dialect::kStatsd) {
      reject(RejectCause::kValue, text, "a timer cannot be negative");
      return;
    }
    const bool is_signed = text.front() == '-' || text.front() == '+';
    RawSample& sample = output_.batch.begin_sample(name_);
    sample.value = *value;
    sample.weight = is_weighted(type.kind) ? weight : 1;
    sample.kind = type.kind;
    sample.op = type.op;
    if (type.kind == SeriesKind::kGauge && is_signed && gauge_sign(options_) == GaugeSign::kDelta) {
      sample.op = SampleOp::kAdjustGauge;
    }
    output_.batch.commit();
  }

  // `text` is what stands behind the first '|' after the last group.
  void decode_fields(std::string_view text) {
    while (!text.empty()) {
      const std::size_t end = find_from<'|'>(text, 0);
      if (end != 0) decode_field(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
  }

  void decode_field(std::string_view field) {
    const std::string_view body = field.substr(1);
    switch (field.front()) {
      case '#':
        tags_ = body;
        tag_field_ = field;
        break;
      case '@':
        line_weight_ = parse_weight(body);
        if (!line_weight_) fault(RejectCause::kRate, field, kRateText);
        break;
      case 'T':
        timestamp_ = parse_digits(body, kLastSecond).value_or(0);
        if (timestamp_ == 0) {
          fault(RejectCause::kTimestamp, field, "timestamp is not a number of seconds");
        }
        break;
      case 'c':
        if (field.starts_with("c:")) container_field_ = field;
        break;
      default:
        // Etsy refuses a third field without '@'. No field known or to come begins like a number,
        // so that a forgotten '@' is told from a future extension.
        if (options_.dialect == Dialect::kStatsd &&
            std::string_view("0123456789.+-").find(field.front()) != std::string_view::npos) {
          fault(RejectCause::kRate, field, "expected '@' before the sample rate");
        }
    }
  }

  // Completes the samples of this line, or turns them into rejects.
  void finish() {
    const std::string_view tags = tag_text();
    for (RawSample& sample : output_.batch.since(first_)) {
      if (timestamp_ != 0 && !may_have_timestamp(sample.kind)) {
        fault(RejectCause::kTimestamp, line_, "only counters and gauges may carry a timestamp");
      }
      if (timestamp_ != 0 && sample.op == SampleOp::kAdjustGauge) {
        fault(RejectCause::kTimestamp, line_, "a gauge is not adjusted at another time than now");
      }
      sample.tags = tags;
      sample.timestamp_s = timestamp_;
      if (line_weight_ && is_weighted(sample.kind)) sample.weight = *line_weight_;
    }
    if (!fault_) return;
    const std::size_t lost = output_.batch.size() - first_;
    output_.batch.cut(first_);
    for (std::size_t i = 0; i < lost; ++i) output_.reject(line_, *fault_);
  }

  // What the resolver gets: the text behind '#'; or, when a container counts as well, everything
  // from the '|' before the first to the end of the last of both fields.
  std::string_view tag_text() const noexcept {
    if (options_.container == Container::kIgnore || container_field_.empty()) return tags_;
    const char* begin = container_field_.data();
    const char* end = begin + container_field_.size();
    if (!tag_field_.empty()) {
      begin = std::min(begin, tag_field_.data());
      end = std::max(end, tag_field_.data() + tag_field_.size());
    }
    --begin;
    return {begin, static_cast<std::size_t>(end - begin)};
  }

  template <class Function>
  static void for_each_value(std::string_view values, const Function& function) {
    for (;;) {
      const std::size_t colon = find_from<':'>(values, 0);
      function(values.substr(0, colon));
      if (colon == values.size()) return;
      values.remove_prefix(colon + 1);
    }
  }

  // The first fault is the one that is told.
  void fault(RejectCause cause, std::string_view where, std::string_view text) {
    if (!fault_) fault_ = Refusal{cause, where.data(), text};
  }

  void reject(RejectCause cause, std::string_view where, std::string_view text) const {
    output_.reject(line_, {cause, where.data(), text});
  }

  void reject_values(RejectCause cause, std::string_view values, std::string_view text) const {
    for_each_value(values, [&](std::string_view value) { reject(cause, value, text); });
  }

  // Fixed after construction.
  std::string_view line_;
  const Options& options_;
  const LineOutput& output_;
  std::size_t first_;  // where the samples of this line begin in the batch

  // Filled while reading.
  std::string_view name_;
  std::string_view rest_;  // what is still to be read
  std::string_view tags_;
  std::string_view tag_field_;
  std::string_view container_field_;
  std::optional<double> line_weight_;
  std::int64_t timestamp_ = 0;
  std::optional<Refusal> fault_;
};

}  // namespace

void decode_metric_line(std::string_view line, const Options& options, const LineOutput& output) {
  MetricLine(line, options, output).decode();
}

}  // namespace tocsin::statsd
