#include "ingest/json/level.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "ingest/syslog/priority.hpp"
#include "tocsin/event.hpp"

namespace tocsin::json_lines {
namespace {

struct Word {
  std::string_view word;
  std::string_view state;
};

// What is frequent comes first.
constexpr Word kWords[] = {
    {"info", state::kOk},          {"error", state::kCritical},
    {"debug", state::kOk},         {"warn", state::kWarning},
    {"warning", state::kWarning},  {"notice", state::kOk},
    {"err", state::kCritical},     {"trace", state::kOk},
    {"crit", state::kCritical},    {"critical", state::kCritical},
    {"fatal", state::kCritical},   {"alert", state::kCritical},
    {"emerg", state::kCritical},   {"emergency", state::kCritical},
    {"panic", state::kCritical},   {"severe", state::kCritical},
    {"verbose", state::kOk},       {"information", state::kOk},
    {"informational", state::kOk}, {"ok", state::kOk},
};
constexpr std::size_t kLongestWord = 13;

std::string_view state_of_number(std::string_view level) noexcept {
  if (level.size() == 1 && level[0] <= '7') {
    return syslog::state_of(static_cast<std::uint8_t>(level[0] - '0'));
  }
  if (level.size() != 2 || level[1] != '0' || level[0] < '1' || level[0] > '6') return {};
  return level[0] >= '5' ? state::kCritical : level[0] == '4' ? state::kWarning : state::kOk;
}

}  // namespace

std::string_view state_of_level(std::string_view level) noexcept {
  if (level.empty() || level.size() > kLongestWord) return {};
  if (level[0] >= '0' && level[0] <= '9') return state_of_number(level);
  std::array<char, kLongestWord> lower{};
  std::transform(level.begin(), level.end(), lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  const std::string_view word(lower.data(), level.size());
  for (const Word& known : kWords) {
    if (known.word == word) return known.state;
  }
  return {};
}

}  // namespace tocsin::json_lines
