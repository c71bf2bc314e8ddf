// The priority in front of a syslog message: "<34>" is facility 4, severity 2.
// Source: RFC 5424 section 6.2.1: 0 to 191, one to three digits without a leading zero.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tocsin/event.hpp"

namespace tocsin::syslog {

struct Priority {
  std::uint8_t value =
      13;                // user.notice: what RFC 3164 section 4.3.3 says of a message without one
  std::size_t size = 0;  // bytes; 0: there is none, or it is none

  [[nodiscard]] std::uint8_t facility() const noexcept { return value / 8; }
  [[nodiscard]] std::uint8_t severity() const noexcept { return value % 8; }
};

// The priority at the front of `text`.
[[nodiscard]] inline Priority read_priority(std::string_view text) noexcept {
  constexpr unsigned kLast = 191;
  if (!text.starts_with('<')) return {};
  unsigned value = 0;
  for (std::size_t i = 1; i < text.size() && i <= 4; ++i) {
    const char c = text[i];
    if (c == '>' && i > 1) return {static_cast<std::uint8_t>(value), i + 1};
    if (c < '0' || c > '9' || (i > 1 && value == 0)) return {};
    value = value * 10 + static_cast<unsigned>(c - '0');
    if (value > kLast) return {};
  }
  return {};
}

// Emergency to error are critical, warning is warning, notice to debug are ok.
[[nodiscard]] constexpr std::string_view state_of(std::uint8_t severity) noexcept {
  constexpr std::array<std::string_view, 8> kStates = {
      state::kCritical, state::kCritical, state::kCritical, state::kCritical,
      state::kWarning,  state::kOk,       state::kOk,       state::kOk};
  return kStates[severity % kStates.size()];
}

}  // namespace tocsin::syslog
