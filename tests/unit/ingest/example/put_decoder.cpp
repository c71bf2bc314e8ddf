#include "tests/unit/ingest/example/put_decoder.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

namespace tocsin::example {
namespace {

// Up to the next blank, which goes too. Empty at the end.
std::string_view next_word(std::string_view& rest) {
  const std::string_view word = rest.substr(0, rest.find(' '));
  rest.remove_prefix(std::min(word.size() + 1, rest.size()));
  return word;
}

template <class Number>
bool read_number(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

std::size_t PutDecoder::decode(std::string_view bytes, const Origin& origin) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    const std::string_view line = bytes.substr(at, bytes.find('\n', at) - at);
    if (!line.empty() && !take(line, at, origin)) return at;
    at = std::min(at + line.size() + 1, bytes.size());
  }
  return at;
}

// False: the pipeline is full, and the line must come again.
bool PutDecoder::take(std::string_view line, std::size_t offset, const Origin& origin) {
  const auto refuse = [&](RejectCause cause, std::string_view at, std::string_view text) {
    intake_.reject(cause, line, offset + static_cast<std::size_t>(at.data() - line.data()), text);
    return true;
  };
  std::string_view rest = line;
  const std::string_view command = next_word(rest);
  if (command != "put") return refuse(RejectCause::kSyntax, command, "expected put");
  EventView event;
  event.service = next_word(rest);
  if (event.service.empty()) return refuse(RejectCause::kName, rest, "expected a metric");

  // Seconds since 1970 that fit nanoseconds in 64 bits.
  constexpr std::int64_t kMostSeconds = 9'000'000'000;
  std::int64_t seconds = 0;
  const std::string_view time = next_word(rest);
  if (!read_number(time, seconds) || seconds < 0 || seconds > kMostSeconds) {
    return refuse(RejectCause::kTimestamp, time, "expected seconds since 1970");
  }
  event.time = TimePoint(std::chrono::seconds(seconds));

  const std::string_view value = next_word(rest);
  std::int64_t integer = 0;
  double real = 0;
  if (read_number(value, integer)) {
    event.metric = integer;
  } else if (read_number(value, real)) {
    event.metric = real;
  } else {
    return refuse(RejectCause::kValue, value, "expected a number");
  }

  attributes_.assign({{"ingest", "opentsdb"}});
  while (!rest.empty()) {
    const std::string_view tag = next_word(rest);
    const std::size_t equals = tag.find('=');
    if (equals == 0 || equals == std::string_view::npos) {
      return refuse(RejectCause::kTags, tag, "expected key=value");
    }
    if (tag.substr(0, equals) == "host") {
      event.host = tag.substr(equals + 1);
    } else {
      attributes_.push_back({tag.substr(0, equals), tag.substr(equals + 1)});
    }
  }
  event.attributes = attributes_;

  (void)origin;  // OpenTSDB's lines always have a time, and a host if they want one
  const bool may_give_up = std::exchange(may_give_up_, false);
  waits_ = !intake_.event(event);
  if (!waits_) return true;
  if (!may_give_up) return false;
  waits_ = false;
  intake_.drop(1);
  return true;
}

}  // namespace tocsin::example
