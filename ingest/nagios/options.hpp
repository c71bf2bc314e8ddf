// What a Nagios listener can be told about the results it receives.
// Threads: a plain value; read-only once a decoder was made from it.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "tocsin/event.hpp"

namespace tocsin::nagios {

struct Options {
  std::size_t max_line_bytes = 64 * 1024;  // a longer command line is refused as kOversized
  std::size_t max_perfdata =
      512;  // of one result; what comes behind is refused as kOversized, once

  // How often the senders run their checks; events live for twice as long. Empty: no ttl.
  std::optional<std::chrono::nanoseconds> check_interval = std::chrono::minutes(5);
  // The service of a result that concerns the host itself.
  std::string host_service = "host";
  // Of exit codes that mean nothing: above 3. Set kCritical where a broken check must wake
  // somebody.
  std::string_view failure_state = state::kUnknown;
};

// How long the events of a check live that runs every `interval`.
[[nodiscard]] constexpr std::optional<std::chrono::nanoseconds> ttl_of(
    std::optional<std::chrono::nanoseconds> interval) noexcept {
  if (!interval) return std::nullopt;
  return *interval * 2;
}

}  // namespace tocsin::nagios
