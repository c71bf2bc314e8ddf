// A slow reading of docs/formats/statsd.md, written without the decoder's code: the oracle of the
// mutation test and of the fuzz target. It copies freely and converts numbers with strtod.
// Events and service checks are only counted.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/statsd/options.hpp"
#include "tests/unit/ingest/recording_intake.hpp"

namespace tocsin::statsd::testing {

using tocsin::testing::KeptReject;
using tocsin::testing::KeptSample;
using tocsin::testing::RecordingIntake;

struct NaiveOutcome {
  std::vector<KeptSample> samples;
  std::vector<RejectCause> rejects;  // of metric lines
  std::size_t messages = 0;          // events and checks, good or bad

  [[nodiscard]] std::size_t pieces() const { return samples.size() + rejects.size() + messages; }
};

namespace naive {

using Strings = std::vector<std::string>;

inline Strings split(const std::string& text, char separator) {
  Strings parts(1);
  for (const char c : text) {
    if (c == separator) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

inline bool consists_of(const std::string& text, const char* allowed) {
  return !text.empty() && text.find_first_not_of(allowed) == std::string::npos;
}

inline std::optional<double> decimal(const std::string& text) {
  if (!consists_of(text, "0123456789+-.eE")) return std::nullopt;
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (end != text.c_str() + text.size()) return std::nullopt;
  return value;
}

inline std::optional<double> finite_decimal(const std::string& text) {
  const auto value = decimal(text);
  return value && std::isfinite(*value) ? value : std::nullopt;
}

inline std::optional<double> javascript_number(std::string text) {
  if (text.empty()) return std::nullopt;
  const auto is_blank = [](char c) { return c == ' ' || (c >= 9 && c <= 13); };
  while (!text.empty() && is_blank(text.front())) text.erase(text.begin());
  while (!text.empty() && is_blank(text.back())) text.pop_back();
  if (text.empty()) return 0;
  if (text == "Infinity" || text == "+Infinity") return HUGE_VAL;
  if (text == "-Infinity") return -HUGE_VAL;
  static const std::map<std::string, int> kRadixes = {{"0x", 16}, {"0X", 16}, {"0o", 8},
                                                      {"0O", 8},  {"0b", 2},  {"0B", 2}};
  const auto radix = kRadixes.find(text.substr(0, 2));
  if (radix == kRadixes.end()) return decimal(text);
  double value = 0;
  if (text.size() == 2) return std::nullopt;
  for (const char c : text.substr(2)) {
    const std::string kDigits = "0123456789abcdef";
    const auto digit = kDigits.find(c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c);
    if (digit >= static_cast<std::size_t>(radix->second)) return std::nullopt;
    value = value * radix->second + static_cast<double>(digit);
  }
  return value;
}

inline std::optional<double> weight_in_unit(const std::string& rate) {
  const auto value = finite_decimal(rate);
  if (!value || *value <= 0 || *value > 1 || std::isinf(1 / *value)) return std::nullopt;
  return 1 / *value;
}

inline bool adjusts(const Options& options) {
  if (options.gauge_sign) return *options.gauge_sign == GaugeSign::kDelta;
  return options.dialect != Dialect::kDogstatsd;
}

inline bool is_signed(const std::string& text) {
  return text[0] == '-' || text[0] == '+';
}

// Kind and operation of a type word, in the dialects with known types.
inline bool set_type(const std::string& word, KeptSample& sample) {
  static const std::map<std::string, SeriesKind> kKinds = {
      {"c", SeriesKind::kCounter},   {"g", SeriesKind::kGauge},        {"ms", SeriesKind::kTimer},
      {"h", SeriesKind::kHistogram}, {"d", SeriesKind::kDistribution}, {"s", SeriesKind::kSet}};
  const auto kind = kKinds.find(word);
  if (kind == kKinds.end()) return false;
  sample.kind = kind->second;
  sample.op = SampleOp::kObserve;
  if (word == "c") sample.op = SampleOp::kAdd;
  if (word == "g") sample.op = SampleOp::kSetGauge;
  if (word == "s") sample.op = SampleOp::kUnique;
  return true;
}

class Line {
 public:
  Line(const std::string& line, const Options& options, NaiveOutcome& outcome)
      : line_(line), options_(options), outcome_(outcome) {}

  void decode() {
    const auto mark = line_.find_first_of(":|");
    if (mark == std::string::npos || line_[mark] == '|') {
      outcome_.rejects.push_back(RejectCause::kSyntax);
      return;
    }
    name_ = line_.substr(0, mark);
    if (name_.empty()) fault(RejectCause::kName);
    if (!options_.telemetry_prefix.empty() && name_.find(options_.telemetry_prefix) == 0) {
      fault(RejectCause::kUnsupported);
    }
    std::string rest = line_.substr(mark + 1);
    while (group(rest)) {
    }
    for (KeptSample& sample : good_) {
      const bool timed = sample.kind == SeriesKind::kCounter || sample.kind == SeriesKind::kGauge;
      if (timestamp_ != 0 && (!timed || sample.op == SampleOp::kAdjustGauge)) {
        fault(RejectCause::kTimestamp);
      }
    }
    for (KeptSample& sample : good_) {
      if (fault_) {
        outcome_.rejects.push_back(*fault_);
        continue;
      }
      sample.tags = tags_;
      sample.timestamp_s = timestamp_;
      if (line_weight_ && sample.kind != SeriesKind::kGauge && sample.kind != SeriesKind::kSet) {
        sample.weight = *line_weight_;
      }
      outcome_.samples.push_back(sample);
    }
  }

 private:
  bool group(std::string& rest) {
    const auto bar = rest.find('|');
    const std::string values = rest.substr(0, bar);
    if (bar == std::string::npos) {
      for (std::size_t i = split(values, ':').size(); i > 0; --i) {
        outcome_.rejects.push_back(RejectCause::kSyntax);
      }
      return false;
    }
    auto end = rest.find_first_of(":|", bar + 1);
    const std::string type = rest.substr(bar + 1, end == std::string::npos ? end : end - bar - 1);
    std::optional<double> weight = 1;
    if (end != std::string::npos && rest.compare(end, 2, "|@") == 0) {
      const auto rate = end + 2;
      end = rest.find_first_of(":|", rate);
      weight = weight_in_unit(rest.substr(rate, end == std::string::npos ? end : end - rate));
    }
    add(values, type, weight);
    if (end == std::string::npos) return false;
    const bool again = rest[end] == ':';
    rest = rest.substr(end + 1);
    if (!again) fields(rest);
    return again;
  }

  void add(const std::string& values, const std::string& type, std::optional<double> weight) {
    KeptSample sample;
    sample.name = name_;
    const bool known = set_type(type, sample);
    const Strings texts = known && weight && type == "s" ? Strings{values} : split(values, ':');
    for (const std::string& text : texts) {
      if (!known) {
        outcome_.rejects.push_back(RejectCause::kType);
      } else if (!weight) {
        outcome_.rejects.push_back(RejectCause::kRate);
      } else {
        add_one(text, type, *weight, sample);
      }
    }
  }

  void add_one(const std::string& text, const std::string& type, double weight, KeptSample sample) {
    if (type == "s") {
      sample.member = text;
    } else {
      sample.value = finite_decimal(text).value_or(0);
      sample.weight = type == "g" ? 1 : weight;
    }
    const bool bad_number = type != "s" && !finite_decimal(text);
    const bool bad_timer = type == "ms" && sample.value < 0 && options_.dialect == Dialect::kStatsd;
    if (text.empty() || bad_number || bad_timer) {
      outcome_.rejects.push_back(RejectCause::kValue);
      return;
    }
    if (type == "g" && is_signed(text) && adjusts(options_)) sample.op = SampleOp::kAdjustGauge;
    good_.push_back(sample);
  }

  void fields(const std::string& text) {
    for (const std::string& field : split(text, '|')) {
      if (field.empty()) continue;
      const std::string body = field.substr(1);
      if (field[0] == '#') {
        tags_ = body;
      } else if (field[0] == '@') {
        line_weight_ = weight_in_unit(body);
        if (!line_weight_) fault(RejectCause::kRate);
      } else if (field[0] == 'T') {
        const bool digits = consists_of(body, "0123456789");
        const double seconds = digits ? std::strtod(body.c_str(), nullptr) : 0;
        timestamp_ = seconds <= 9'223'372'036.0 ? static_cast<std::int64_t>(seconds) : 0;
        if (timestamp_ == 0) fault(RejectCause::kTimestamp);
      } else if (options_.dialect == Dialect::kStatsd &&
                 consists_of(field.substr(0, 1), "0123456789.+-")) {
        fault(RejectCause::kRate);
      }
    }
  }

  void fault(RejectCause cause) {
    if (!fault_) fault_ = cause;
  }

  const std::string& line_;
  const Options& options_;
  NaiveOutcome& outcome_;
  std::string name_;
  std::string tags_;
  std::vector<KeptSample> good_;
  std::optional<double> line_weight_;
  std::int64_t timestamp_ = 0;
  std::optional<RejectCause> fault_;
};

inline std::optional<double> etsy_weight(const std::string& field) {
  if (field.size() < 2 || field[0] != '@' || field[1] == '-') return std::nullopt;
  const std::string rate = field.substr(1);
  if (!javascript_number(rate)) return std::nullopt;
  const auto value = finite_decimal(rate.substr(0, rate.find_first_not_of("0123456789.")));
  if (!value || *value <= 0 || std::isinf(1 / *value)) return std::nullopt;
  return 1 / *value;
}

inline std::string trimmed(std::string text) {
  const char* const kBlanks = " \t\n\v\f\r";
  text.erase(0, std::min(text.find_first_not_of(kBlanks), text.size()));
  text.erase(text.find_last_not_of(kBlanks) + 1);
  return text;
}

inline std::optional<RejectCause> etsy_piece(const std::string& piece, const Options& options,
                                             KeptSample& sample) {
  const Strings fields = split(piece, '|');
  if (fields.size() < 2) return RejectCause::kSyntax;
  const std::string type = trimmed(fields[1]);
  const std::optional<double> weight = fields.size() > 2 ? etsy_weight(fields[2]) : 1;
  if (!weight) return RejectCause::kRate;
  if (type == "s") {
    sample.kind = SeriesKind::kSet;
    sample.op = SampleOp::kUnique;
    sample.member = fields[0].empty() ? "0" : fields[0];
    return std::nullopt;
  }
  const auto value = javascript_number(fields[0]);
  if (!value || (type == "ms" && *value < 0)) return RejectCause::kValue;
  sample.value = *value;
  if (type == "ms") {
    sample.kind = SeriesKind::kTimer;
    sample.op = SampleOp::kObserve;
  } else if (type == "g") {
    sample.kind = SeriesKind::kGauge;
    sample.op =
        is_signed(fields[0]) && adjusts(options) ? SampleOp::kAdjustGauge : SampleOp::kSetGauge;
    return std::nullopt;
  }
  sample.weight = *weight;
  return std::nullopt;
}

inline void etsy_line(const std::string& line, const Options& options, NaiveOutcome& outcome) {
  const auto mark = line.find("|#");
  Strings pieces = split(line.substr(0, mark), ':');
  if (pieces.size() == 1) pieces.emplace_back("1");
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    KeptSample sample;
    sample.name = pieces[0];
    sample.tags = mark == std::string::npos ? "" : line.substr(mark + 2);
    auto cause = etsy_piece(pieces[i], options, sample);
    const std::string& prefix = options.telemetry_prefix;
    if (!cause && !prefix.empty() && sample.name.find(prefix) == 0) {
      cause = RejectCause::kUnsupported;
    }
    if (cause) {
      outcome.rejects.push_back(*cause);
    } else {
      outcome.samples.push_back(sample);
    }
  }
}

}  // namespace naive

[[nodiscard]] inline NaiveOutcome naive_decode(std::string_view datagram, const Options& options) {
  NaiveOutcome outcome;
  for (std::string line : naive::split(std::string(datagram), '\n')) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.empty()) continue;
    if (line.size() > options.max_record_bytes) {
      outcome.rejects.push_back(RejectCause::kOversized);
    } else if (options.dialect == Dialect::kEtsyStrict) {
      naive::etsy_line(line, options, outcome);
    } else if (line.find("_e{") == 0 || line.find("_sc|") == 0) {
      ++outcome.messages;
    } else {
      naive::Line(line, options, outcome).decode();
    }
  }
  return outcome;
}

}  // namespace tocsin::statsd::testing
