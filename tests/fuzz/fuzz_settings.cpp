// Fuzzes the settings loader, and with it the YAML reader under the rule files.
// Properties: never crashes; gives settings or errors, not both and not neither; every error is
// placed inside of the file and fit to be printed; what loads is shown as text that loads to the
// same settings.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "src/settings/load.hpp"
#include "src/settings/show.hpp"
#include "tests/fuzz/positions.hpp"

namespace {

using tocsin::fuzz::parse_place;
using tocsin::fuzz::require;
using tocsin::fuzz::require_inside;
using tocsin::fuzz::require_printable;

std::optional<std::string> environment(std::string_view name) {
  if (name == "SET") return "value";
  if (name == "EMPTY") return "";
  return std::nullopt;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto loaded = tocsin::settings::parse_settings(text, "f", environment);
  require(loaded.value.has_value() == loaded.errors.empty());
  for (const tocsin::Error& error : loaded.errors) {
    require_printable(error.text);
    require_inside(parse_place(error.where, "f"), text);
  }
  if (loaded && loaded.value->results.redis.password.empty()) {
    const std::string shown = tocsin::settings::show_settings(*loaded.value);
    const auto again = tocsin::settings::parse_settings(shown, "f", environment);
    require(again && *again.value == *loaded.value);
  }
  return 0;
}
