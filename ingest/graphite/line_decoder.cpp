#include "ingest/graphite/line_decoder.hpp"

#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "ingest/graphite/number.hpp"
#include "ingest/graphite/word_scan.hpp"

namespace tocsin::graphite {
namespace {

constexpr std::string_view view(const char* begin, const char* end) noexcept {
  return {begin, static_cast<std::size_t>(end - begin)};
}

constexpr bool is_blank(char c) noexcept {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

// The words of a line without its LF; `count` may tell of one more than are kept.
struct Words {
  std::array<std::string_view, 3> kept;
  std::size_t count = 0;
};

Words words_of(std::string_view line) noexcept {
  Words words;
  for (std::size_t at = 0; at < line.size() && words.count <= words.kept.size();) {
    if (is_blank(line[at])) {
      ++at;
      continue;
    }
    const std::size_t begin = at;
    while (at < line.size() && !is_blank(line[at])) ++at;
    if (words.count < words.kept.size()) words.kept[words.count] = line.substr(begin, at - begin);
    ++words.count;
  }
  return words;
}

bool is_nan(const Metric& number) noexcept {
  const auto* real = std::get_if<double>(&number);
  return real != nullptr && std::isnan(*real);
}

}  // namespace

LineDecoder::LineDecoder(const Options& options, Intake& intake)
    : max_line_bytes_(options.max_line_bytes), intake_(intake), event_(options) {}

std::size_t LineDecoder::decode(std::string_view bytes, const Origin& origin) {
  const char* const base = bytes.data();
  const char* const end = base + bytes.size();
  const char* at = base;
  event_.set_origin(origin);
  Point point;
  // At the top of the loop `at` is the first byte of a line, and all lines before it are accounted
  // for: taken by the intake, rejected, or given up.
  while (at != end) {
    const char* next = read_plain_line(at, end, point);
    if (next == nullptr) {
      const void* const lf = std::memchr(at, '\n', static_cast<std::size_t>(end - at));
      const char* const line_end = lf != nullptr ? static_cast<const char*>(lf) : end;
      next = lf != nullptr ? line_end + 1 : end;
      const std::string_view line = view(at, line_end);
      point.name = {};
      if (const auto refusal = read_any_line(line, origin.received, point)) {
        intake_.reject(refusal->cause, line, static_cast<std::size_t>(at - base) + refusal->offset,
                       refusal->text);
        at = next;
        continue;
      }
      if (point.name.empty()) {  // no word at all
        at = next;
        continue;
      }
    }
    const EventView* const event = event_.make(point);
    if (event == nullptr) {
      const Refusal& refusal = event_.refusal();
      const auto name_at = static_cast<std::size_t>(point.name.data() - base);
      const char* const line_end = next[-1] == '\n' ? next - 1 : next;
      intake_.reject(refusal.cause, view(at, line_end), name_at + refusal.offset, refusal.text);
    } else if (!intake_.event(*event)) {
      waits_ = !may_give_up_;
      if (waits_) return static_cast<std::size_t>(at - base);
      may_give_up_ = false;
      intake_.drop(1);
    }
    at = next;
  }
  waits_ = false;
  may_give_up_ = false;
  return bytes.size();
}

// The shape of nearly all traffic: a name, a number and a time of ten digits, single spaces between
// them. Returns the start of the next line; nullptr when the line has any other
// shape or any fault: read_any_line then sees to it. Both must agree on every line that is taken
// here; the tests compare them.
const char* LineDecoder::read_plain_line(const char* line, const char* end, Point& point) const {
  constexpr std::ptrdiff_t kTimeDigits = 10;
  const Word name = scan_word(line, end);
  if (name.end == line || name.end == end || *name.end != ' ') return nullptr;
  const char* const value = name.end + 1;
  const char* value_end = read_short_number(value, end, point.value);
  if (value_end == nullptr || value_end == end || *value_end != ' ') {
    value_end = scan_word(value, end).end;
    if (value_end == end || *value_end != ' ') return nullptr;
    point.value = parse_long_number(view(value, value_end));
    if (point.value.index() == 0 || is_nan(point.value)) return nullptr;
  }
  const char* const time = value_end + 1;
  std::int64_t seconds = 0;
  if (end - time < kTimeDigits || !read_ten_digits(time, seconds)) return nullptr;
  const char* const line_end = time + kTimeDigits;
  if (line_end != end && *line_end != '\n') return nullptr;
  if (seconds > kLastSecond || static_cast<std::size_t>(line_end - line) > max_line_bytes_) {
    return nullptr;
  }
  point.name = view(line, name.end);
  point.plain_name = name.plain;
  point.time = TimePoint(std::chrono::seconds(seconds));
  return line_end == end ? end : line_end + 1;
}

// Leaves the name empty when there is no word in the line. `line` is without its LF.
std::optional<Refusal> LineDecoder::read_any_line(std::string_view line, TimePoint received,
                                                  Point& point) const {
  if (line.size() > max_line_bytes_) {
    return Refusal{RejectCause::kOversized, 0, "the line is longer than the limit"};
  }
  const Words words = words_of(line);
  if (words.count == 0) return std::nullopt;
  const auto [name, value, time] = words.kept;
  const auto offset = [&](std::string_view word) {
    return static_cast<std::size_t>(word.data() - line.data());
  };
  if (words.count != words.kept.size()) {
    return Refusal{RejectCause::kSyntax, offset(name),
                   words.count < words.kept.size()
                       ? "fewer than three words, a name, a value and a time were expected"
                       : "more than three words, a name, a value and a time were expected"};
  }
  point.value = parse_number(value);
  if (point.value.index() == 0) {
    return Refusal{RejectCause::kValue, offset(value), "the value is not a number"};
  }
  if (is_nan(point.value)) {
    return Refusal{RejectCause::kValue, offset(value), "the value is NaN: nothing was measured"};
  }
  const auto at = parse_time(time, received);
  if (!at) {
    return Refusal{RejectCause::kTimestamp, offset(time),
                   "not a time: seconds from 1970 to 2262, or -1 for now, were expected"};
  }
  point.name = name;
  point.plain_name = false;
  point.time = *at;
  return std::nullopt;
}

}  // namespace tocsin::graphite
