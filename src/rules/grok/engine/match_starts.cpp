#include "src/rules/grok/engine/match_starts.hpp"

#include <algorithm>

#include <string.h>

namespace tocsin::rules::grok::engine {
namespace {

unsigned char index_of(char byte) {
  return static_cast<unsigned char>(byte);
}

bool is_continuation(char byte) {
  return (index_of(byte) & 0xC0) == 0x80;
}

// From `from` on; kNone: not there.
std::size_t find_byte(std::string_view text, char byte, std::size_t from) {
  if (from >= text.size()) return MatchStarts::kNone;
  const void* const found = ::memchr(text.data() + from, byte, text.size() - from);
  return found == nullptr ? MatchStarts::kNone
                          : static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

std::size_t find_last_byte(std::string_view text, char byte) {
  if (text.empty()) return MatchStarts::kNone;
  const void* const found = ::memrchr(text.data(), byte, text.size());
  return found == nullptr ? MatchStarts::kNone
                          : static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

}  // namespace

std::array<char, 2> MatchStarts::both_cases(char byte) {
  const bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
  return {byte, letter ? static_cast<char>(byte ^ 0x20) : byte};
}

void MatchStarts::only_before(const Bytes& bytes) {
  bytes_ = bytes;
  if (utf_) std::fill(bytes_.begin() + 0x80, bytes_.begin() + 0xC0, false);
  const auto count = std::count(bytes_.begin(), bytes_.end(), true);
  where_ = count == 1 ? Where::kOneByte : Where::kBytes;
  one_ = static_cast<char>(std::find(bytes_.begin(), bytes_.end(), true) - bytes_.begin());
}

void MatchStarts::require(char byte) {
  requires_ = true;
  required_ = both_cases(byte);
}

std::size_t MatchStarts::next(std::string_view text, std::size_t from) const noexcept {
  switch (where_) {
    case Where::kTextStart:
      return from == 0 ? 0 : kNone;
    case Where::kLineStarts: {
      if (from == 0) return 0;
      const std::size_t newline = find_byte(text, '\n', from - 1);
      return newline == kNone ? kNone : newline + 1;
    }
    case Where::kOneByte:
      return find_byte(text, one_, from);
    case Where::kBytes: {
      std::size_t at = from;
      while (at < text.size() && !bytes_[index_of(text[at])]) ++at;
      return at < text.size() ? at : kNone;
    }
    case Where::kAnywhere:
      break;
  }
  std::size_t at = from;
  while (utf_ && at < text.size() && is_continuation(text[at])) ++at;
  return at <= text.size() ? at : kNone;
}

std::size_t MatchStarts::last(std::string_view text) const noexcept {
  if (!requires_) return text.size();
  const std::size_t one = find_last_byte(text, required_[0]);
  const std::size_t other =
      required_[1] == required_[0] ? kNone : find_last_byte(text, required_[1]);
  if (one == kNone || other == kNone) return std::min(one, other);
  return std::max(one, other);
}

}  // namespace tocsin::rules::grok::engine
