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
  const auto digit = [text](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) - unsigned{'0'} : 10;
  };
  unsigned value = digit(1);
  if (value > 9) return {};
  std::size_t size = 2;
  // Behind a leading zero nothing but the end may come.
  for (; size < 4 && value != 0 && digit(size) <= 9; ++size) value = value * 10 + digit(size);
  if (size == text.size() || text[size] != '>' || value > kLast) return {};
  return {static_cast<std::uint8_t>(value), size + 1};
}

inline constexpr std::array<std::string_view, 8> kStatesBySeverity = {
    state::kCritical, state::kCritical, state::kCritical, state::kCritical,
    state::kWarning,  state::kOk,       state::kOk,       state::kOk};

// Emergency to error are critical, warning is warning, notice to debug are ok.
[[nodiscard]] constexpr std::string_view state_of(std::uint8_t severity) noexcept {
  return kStatesBySeverity[severity % kStatesBySeverity.size()];
}

}  // namespace tocsin::syslog
