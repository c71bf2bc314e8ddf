#include "ingest/nagios/plugin_output.hpp"

#include <algorithm>

namespace tocsin::nagios {
namespace {

// What is in front of the first "|" and what is behind it.
std::array<std::string_view, 2> cut_at_bar(std::string_view text) noexcept {
  const std::size_t bar = std::min(text.find('|'), text.size());
  return {trimmed(text.substr(0, bar)), trimmed(text.substr(std::min(bar + 1, text.size())))};
}

}  // namespace

std::string_view trimmed(std::string_view text) noexcept {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

PluginOutput split_output(std::string_view output) noexcept {
  const std::size_t line_end = std::min(output.find('\n'), output.size());
  const auto first = cut_at_bar(output.substr(0, line_end));
  const auto rest = cut_at_bar(output.substr(std::min(line_end + 1, output.size())));
  return {first[0], rest[0], {first[1], rest[1]}};
}

std::string_view service_state(int code, std::string_view otherwise) noexcept {
  constexpr std::array<std::string_view, 4> kStates = {state::kOk, state::kWarning,
                                                       state::kCritical, state::kUnknown};
  return code >= 0 && code < 4 ? kStates[static_cast<std::size_t>(code)] : otherwise;
}

std::string_view host_state(int code, std::string_view otherwise) noexcept {
  return code == 1 ? state::kCritical : service_state(code, otherwise);
}

}  // namespace tocsin::nagios
