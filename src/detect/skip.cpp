#include "src/detect/skip.hpp"

#include <algorithm>
#include <cstddef>

namespace tocsin::detect {
namespace {

constexpr double kStaleAfter_s = 500;
constexpr std::size_t kBoredomPoints = 100;

}  // namespace

std::string_view to_string(Skip skip) noexcept {
  switch (skip) {
    case Skip::kNone:
      return "";
    case Skip::kTooShort:
      return "TooShort";
    case Skip::kStale:
      return "Stale";
    case Skip::kBoring:
      return "Boring";
  }
  return "";
}

Skip skip_of(const Window& window) {
  if (window.values.empty()) return Skip::kTooShort;
  if (window.now_s - window.times_s.back() > kStaleAfter_s) return Skip::kStale;
  const auto recent = window.values.last(std::min(window.values.size(), kBoredomPoints));
  const bool one_value = std::all_of(recent.begin(), recent.end(),
                                     [&](double value) { return value == recent.front(); });
  return one_value ? Skip::kBoring : Skip::kNone;
}

}  // namespace tocsin::detect
