#include "src/app/series_file.hpp"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <system_error>
#include <utility>

#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include "src/app/timestamp.hpp"

namespace tocsin::app {
namespace {

constexpr std::size_t kMaxDepth = 16;

// The whole text as one finite number.
std::optional<double> to_number(std::string_view text) {
  double number = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, number);
  if (error != std::errc() || end != last || !std::isfinite(number)) return std::nullopt;
  return number;
}

// The fields of a series that are read; the names are those of the line.
enum class Field : std::uint8_t { kName, kStart, kStep, kNow, kTimes, kValues, kIgnored };
constexpr std::size_t kFields = static_cast<std::size_t>(Field::kIgnored);
constexpr std::string_view kFieldNames[kFields] = {"name", "t0",         "step",
                                                   "now",  "timestamps", "values"};

constexpr std::size_t index_of(Field field) {
  return static_cast<std::size_t>(field);
}

bool is_list(Field field) {
  return field == Field::kTimes || field == Field::kValues;
}

// Receives the line token by token. The line is one object: depth 1 is inside it, depth 2 inside
// one of its lists or inside something ignored. A false stops the reader; `error` then says why.
class SeriesHandler : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, SeriesHandler> {
 public:
  bool StartObject() { return depth_ == 0 ? enter() : skip_or_refuse("an object") && enter(); }
  bool EndObject(rapidjson::SizeType) { return leave(); }
  bool StartArray() {
    if (depth_ == 1 && is_list(field_)) return enter();
    return skip_or_refuse("a list") && enter();
  }
  bool EndArray(rapidjson::SizeType) { return leave(); }

  bool Key(const char* text, rapidjson::SizeType length, bool) {
    if (depth_ != 1) return true;
    const std::string_view name(text, length);
    field_ = Field::kIgnored;
    for (std::size_t i = 0; i < kFields; ++i) {
      if (name == kFieldNames[i]) field_ = static_cast<Field>(i);
    }
    if (field_ == Field::kIgnored) return true;
    if (std::exchange(seen_[index_of(field_)], true)) {
      return refuse(Errc::kDuplicate, "'" + std::string(name) + "' given twice, expected once");
    }
    return true;
  }

  bool String(const char* text, rapidjson::SizeType length, bool) {
    if (depth_ == 1 && field_ == Field::kName) {
      series_.name.assign(text, length);
      return true;
    }
    return skip_or_refuse("a string");
  }
  bool Bool(bool) { return skip_or_refuse("a boolean"); }
  bool Null() { return skip_or_refuse("null"); }

  bool RawNumber(const char* text, rapidjson::SizeType length, bool) {
    if (depth_ == 0 || field_ == Field::kName) return skip_or_refuse("a number");
    if (field_ == Field::kIgnored) return true;
    const std::string_view digits(text, length);
    const std::optional<double> number = to_number(digits);
    if (!number) {
      return refuse(Errc::kRange, "the number " + std::string(digits.substr(0, 40)) +
                                      ", expected one that a double can hold");
    }
    if (!is_list(field_)) {
      scalars_[index_of(field_)] = *number;
      return true;
    }
    if (depth_ != 2) return skip_or_refuse("a number");
    std::vector<double>& list = field_ == Field::kTimes ? series_.times_s : series_.values;
    if (list.size() == kMaxSeriesPoints) {
      return refuse(Errc::kLimit, "more than " + std::to_string(kMaxSeriesPoints) +
                                      " points, expected a shorter series");
    }
    list.push_back(*number);
    return true;
  }

  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

  // After the whole line was read.
  Result<Series> finish() {
    if (!seen(Field::kName)) return lacking("no 'name'", "a string");
    if (!seen(Field::kValues)) return lacking("no 'values'", "a list of numbers");
    if (seen(Field::kTimes)) {
      if (seen(Field::kStart) || seen(Field::kStep)) {
        return lacking("'timestamps' beside 't0' or 'step'", "one or the other");
      }
      if (series_.times_s.size() != series_.values.size()) {
        return lacking(std::to_string(series_.times_s.size()) + " timestamps for " +
                           std::to_string(series_.values.size()) + " values",
                       "as many");
      }
    } else {
      if (!seen(Field::kStart) || !seen(Field::kStep)) {
        return lacking("no times", "'t0' and 'step', or 'timestamps'");
      }
      series_.times_s.resize(series_.values.size());
      for (std::size_t i = 0; i < series_.times_s.size(); ++i) {
        series_.times_s[i] = scalars_[index_of(Field::kStart)] +
                             static_cast<double>(i) * scalars_[index_of(Field::kStep)];
      }
    }
    if (seen(Field::kNow)) {
      series_.now_s = scalars_[index_of(Field::kNow)];
    } else if (!series_.times_s.empty()) {
      series_.now_s = series_.times_s.back();
    }
    if (!series_.times_s.empty() && !std::isfinite(series_.times_s.back())) {
      return Error{Errc::kRange, "", "times beyond what a double can hold, expected epoch seconds"};
    }
    return std::move(series_);
  }

 private:
  [[nodiscard]] bool seen(Field field) const { return seen_[index_of(field)]; }

  static Error lacking(std::string found, std::string expected) {
    return {Errc::kSyntax, "", std::move(found) + ", expected " + std::move(expected)};
  }

  bool enter() {
    if (++depth_ <= kMaxDepth) return true;
    return refuse(Errc::kLimit, "lists and objects nested deeper than " +
                                    std::to_string(kMaxDepth) + ", expected a flat object");
  }
  bool leave() {
    --depth_;
    return true;
  }

  // For a token that no field we read can take.
  bool skip_or_refuse(std::string_view found) {
    if (depth_ > 0 && field_ == Field::kIgnored) return true;
    std::string text(found);
    if (depth_ == 0) return refuse(Errc::kSyntax, text + ", expected an object");
    text += " in '";
    text += kFieldNames[index_of(field_)];
    text += field_ == Field::kName ? "', expected a string"
            : is_list(field_)      ? "', expected a list of numbers"
                                   : "', expected a number";
    return refuse(Errc::kSyntax, std::move(text));
  }
  bool refuse(Errc code, std::string text) {
    error_ = Error{code, "", std::move(text)};
    return false;
  }

  Series series_;
  double scalars_[kFields] = {};
  bool seen_[kFields] = {};
  Field field_ = Field::kIgnored;  // whose value comes next, at depth 1 and below
  std::size_t depth_ = 0;
  std::optional<Error> error_;
};

struct CsvFields {
  std::string_view timestamp;
  std::string_view value;
};

std::optional<CsvFields> split(std::string_view line) {
  const std::size_t comma = line.find(',');
  if (comma == std::string_view::npos) return std::nullopt;
  return CsvFields{line.substr(0, comma), line.substr(comma + 1)};
}

}  // namespace

std::string LinePlace::column(std::size_t column) const {
  return std::string(file) + ":" + std::to_string(line) + ":" + std::to_string(column);
}

Result<Series> parse_series(std::string_view line, const LinePlace& place) {
  // The reader takes a NUL for the end of the text and would not see what follows.
  if (const std::size_t nul = line.find('\0'); nul != std::string_view::npos) {
    return Error{Errc::kSyntax, place.column(nul + 1), "a NUL byte, expected JSON"};
  }
  // Iterative, so that hostile nesting costs no stack; numbers as text, since the library's own
  // conversion is not exact.
  constexpr unsigned kFlags = rapidjson::kParseIterativeFlag |
                              rapidjson::kParseNumbersAsStringsFlag |
                              rapidjson::kParseValidateEncodingFlag;
  SeriesHandler handler;
  rapidjson::MemoryStream stream(line.data(), line.size());
  rapidjson::Reader reader;
  const rapidjson::ParseResult parsed = reader.Parse<kFlags>(stream, handler);
  if (parsed.IsError()) {
    const std::string where = place.column(parsed.Offset() + 1);
    if (handler.error()) return Error{handler.error()->code, where, handler.error()->text};
    std::string_view reason = rapidjson::GetParseError_En(parsed.Code());
    if (reason.ends_with('.')) reason.remove_suffix(1);
    return Error{Errc::kSyntax, where,
                 "not JSON (" + std::string(reason) + "), expected one object a line"};
  }
  Result<Series> series = handler.finish();
  if (!series) return Error{series.error().code, place.column(1), series.error().text};
  return series;
}

Result<CsvPoint> parse_csv_point(std::string_view line, const LinePlace& place) {
  const std::optional<CsvFields> fields = split(line);
  if (!fields) {
    return Error{Errc::kSyntax, place.column(line.size() + 1),
                 "one field, expected timestamp,value"};
  }
  const Result<double> time_s = parse_timestamp(fields->timestamp);
  if (!time_s) return Error{time_s.error().code, place.column(1), time_s.error().text};
  const std::optional<double> value = to_number(fields->value);
  if (!value) {
    return Error{Errc::kSyntax, place.column(fields->timestamp.size() + 2),
                 "found '" + std::string(fields->value.substr(0, 80)) +
                     "', expected a finite number and nothing more"};
  }
  return CsvPoint{fields->timestamp, fields->value, *time_s, *value};
}

bool looks_like_csv_header(std::string_view line) {
  const std::optional<CsvFields> fields = split(line);
  return fields && !to_number(fields->value) && !parse_timestamp(fields->timestamp);
}

}  // namespace tocsin::app
