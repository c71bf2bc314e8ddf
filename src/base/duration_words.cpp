#include "src/base/duration_words.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace tocsin::base {
namespace {

struct Unit {
  std::int64_t length_s;
  std::string_view name;
};
constexpr std::array<Unit, 4> kUnits{{{86400, " d"}, {3600, " h"}, {60, " min"}, {1, " s"}}};

}  // namespace

std::string in_words(std::chrono::nanoseconds duration) {
  const std::int64_t seconds = std::chrono::floor<std::chrono::seconds>(duration).count();
  std::size_t unit = 0;
  while (unit + 1 < kUnits.size() && seconds < kUnits[unit].length_s) ++unit;
  std::string words = std::to_string(seconds / kUnits[unit].length_s);
  words += kUnits[unit].name;
  if (unit + 1 == kUnits.size()) return words;
  const Unit& next = kUnits[unit + 1];
  const std::int64_t rest = seconds % kUnits[unit].length_s / next.length_s;
  if (rest == 0) return words;
  words += ' ';
  words += std::to_string(rest);
  words += next.name;
  return words;
}

}  // namespace tocsin::base
