// Fuzzes the settings loader, and with it the YAML reader under the rule files.
// Properties: never crashes; gives settings or errors, not both and not neither; every error is
// placed inside of the file; what loads is shown as text that loads to the same settings.
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "src/settings/load.hpp"
#include "src/settings/show.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

std::optional<std::string> environment(std::string_view name) {
  if (name == "SET") return "value";
  if (name == "EMPTY") return "";
  return std::nullopt;
}

// `where` is "f:LINE:COLUMN" and the line exists in `text`.
void require_position(std::string_view where, std::string_view text) {
  require(where.substr(0, 2) == "f:");
  where.remove_prefix(2);
  int line = 0;
  int column = 0;
  const char* end = where.data() + where.size();
  const auto first = std::from_chars(where.data(), end, line);
  require(first.ec == std::errc{} && first.ptr != end && *first.ptr == ':');
  const auto second = std::from_chars(first.ptr + 1, end, column);
  require(second.ec == std::errc{} && second.ptr == end);
  require(line >= 1 && line <= 1 + std::count(text.begin(), text.end(), '\n'));
  require(column >= 1 && column <= static_cast<int>(text.size()) + 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto loaded = tocsin::settings::parse_settings(text, "f", environment);
  require(loaded.value.has_value() == loaded.errors.empty());
  for (const tocsin::Error& error : loaded.errors) {
    require(!error.text.empty());
    require_position(error.where, text);
  }
  if (loaded && loaded.value->results.redis.password.empty()) {
    const std::string shown = tocsin::settings::show_settings(*loaded.value);
    const auto again = tocsin::settings::parse_settings(shown, "f", environment);
    require(again && *again.value == *loaded.value);
  }
  return 0;
}
