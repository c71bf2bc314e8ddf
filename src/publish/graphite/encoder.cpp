#include "src/publish/graphite/encoder.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <variant>
#include <vector>

namespace tocsin::publish::graphite {
namespace {

// What ends a word in some reader: blanks, control characters and DEL.
constexpr bool ends_word(char c) noexcept {
  return static_cast<unsigned char>(c) <= ' ' || c == '\x7F';
}

// `strange` names the other bytes that may not stand in this part of a name.
void append_cleaned(std::string_view text, std::string_view strange, std::string& out) {
  for (const char c : text) {
    out += ends_word(c) || strange.find(c) != std::string_view::npos ? '_' : c;
  }
}

void append_tag(std::string_view key, std::string_view value, std::string& out) {
  out += ';';
  append_cleaned(key, ";!^=", out);
  out += '=';
  const bool tilde = value.front() == '~';
  if (tilde) out += '_';
  append_cleaned(value.substr(tilde ? 1 : 0), ";", out);
}

bool is_writable(const Point& point) noexcept {
  if (point.name.empty() || point.value.index() == 0) return false;
  const auto* real = std::get_if<double>(&point.value);
  return real == nullptr || !std::isnan(*real);
}

template <class T>
void append_number(T number, std::string& out) {
  std::array<char, 32> text{};
  const auto [end, status] = std::to_chars(text.data(), text.data() + text.size(), number);
  out.append(text.data(), end);
}

template <class T>
void append_bytes(T bits, std::endian order, std::string& out) {
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    const std::size_t place = order == std::endian::little ? i : sizeof(T) - 1 - i;
    out += static_cast<char>(bits >> (8 * place));
  }
}

void append_real(double real, std::string& out) {
  out += 'G';
  append_bytes(std::bit_cast<std::uint64_t>(real), std::endian::big, out);
}

// BININT where 32 bits do, else LONG1 of eight bytes.
void append_integer(std::int64_t integer, std::string& out) {
  if (integer >= std::numeric_limits<std::int32_t>::min() &&
      integer <= std::numeric_limits<std::int32_t>::max()) {
    out += 'J';
    append_bytes(static_cast<std::uint32_t>(integer), std::endian::little, out);
    return;
  }
  out += "\x8a\x08";
  append_bytes(static_cast<std::uint64_t>(integer), std::endian::little, out);
}

void append_time(TimePoint time, std::string& out) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  if (seconds == time) return append_integer(seconds.time_since_epoch().count(), out);
  // Apart, because a double does not hold today's time in nanoseconds.
  const auto decimals = std::chrono::duration<double>(time - seconds);
  append_real(static_cast<double>(seconds.time_since_epoch().count()) + decimals.count(), out);
}

constexpr std::size_t kLength = sizeof(std::uint32_t);
// PROTO 2, EMPTY_LIST, MARK, then (name, (time, value)) each, then APPENDS, STOP. Nothing is
// remembered, because nothing is used twice.
constexpr std::string_view kPickleHead = "\x80\x02](";
constexpr std::string_view kPickleTail = "e.";

}  // namespace

void append_name(std::string_view service, std::string_view host,
                 std::span<const AttributeView> tags, std::string& out) {
  if (service.empty()) return;
  // A '{' or ';' would begin tags.
  append_cleaned(service, ";{}", out);
  std::vector<AttributeView> sorted;
  sorted.reserve(tags.size() + 1);
  if (!host.empty()) sorted.push_back({"host", host});
  for (const AttributeView& tag : tags) {
    if (!tag.key.empty() && !tag.value.empty()) sorted.push_back(tag);
  }
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const AttributeView& a, const AttributeView& b) { return a.key < b.key; });
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const bool last = i + 1 == sorted.size() || sorted[i + 1].key != sorted[i].key;
    if (last) append_tag(sorted[i].key, sorted[i].value, out);
  }
}

bool append_line(const Point& point, std::string& out) {
  if (!is_writable(point)) return false;
  out += point.name;
  out += ' ';
  std::visit(
      [&](auto number) {
        if constexpr (!std::is_same_v<decltype(number), std::monostate>) append_number(number, out);
      },
      point.value);
  out += ' ';
  const auto seconds = std::chrono::floor<std::chrono::seconds>(point.time);
  append_number(static_cast<std::int64_t>(seconds.time_since_epoch().count()), out);
  out += '\n';
  return true;
}

bool append_pickle_point(const Point& point, std::string& out) {
  if (!is_writable(point)) return false;
  out += 'X';
  append_bytes(static_cast<std::uint32_t>(point.name.size()), std::endian::little, out);
  out += point.name;
  append_time(point.time, out);
  if (const auto* integer = std::get_if<std::int64_t>(&point.value)) {
    append_integer(*integer, out);
  } else {
    append_real(*as_double(point.value), out);
  }
  out += "\x86\x86";
  return true;
}

void append_pickle_frame(std::string_view points, std::string& out) {
  const std::size_t length = kPickleHead.size() + points.size() + kPickleTail.size();
  append_bytes(static_cast<std::uint32_t>(length), std::endian::big, out);
  out += kPickleHead;
  out += points;
  out += kPickleTail;
}

PickleFrame::PickleFrame(std::string& out) : out_(out), begin_(out.size()) {
  out_.append(kLength, '\0');
  out_ += kPickleHead;
}

bool PickleFrame::append(const Point& point) {
  if (!append_pickle_point(point, out_)) return false;
  ++size_;
  return true;
}

void PickleFrame::finish() {
  if (size_ == 0) {
    out_.resize(begin_);
    return;
  }
  out_ += kPickleTail;
  const std::size_t length = out_.size() - begin_ - kLength;
  for (std::size_t i = 0; i < kLength; ++i) {
    out_[begin_ + i] = static_cast<char>(length >> (8 * (kLength - 1 - i)));
  }
}

}  // namespace tocsin::publish::graphite
