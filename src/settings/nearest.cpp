#include "src/settings/nearest.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace tocsin::settings {
namespace {

constexpr std::size_t kMaxName = 64;

// Optimal string alignment: Levenshtein's table plus the swap of two neighbours. Three rows are
// enough, since a swap looks back two.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  using Row = std::array<std::size_t, kMaxName + 1>;
  Row before{};
  Row previous{};
  Row current{};
  for (std::size_t j = 0; j <= b.size(); ++j) previous[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      current[j] = std::min({previous[j] + 1, current[j - 1] + 1, change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        current[j] = std::min(current[j], before[j - 2] + 1);
      }
    }
    before = previous;
    previous = current;
  }
  return previous[b.size()];
}

}  // namespace

std::string_view nearest(std::string_view name, std::span<const std::string> candidates) {
  if (name.size() > kMaxName) return {};
  std::string_view best;
  std::size_t best_distance = kMaxName + 1;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > kMaxName) continue;
    const std::size_t distance = edit_distance(name, candidate);
    const std::size_t allowed =
        std::max<std::size_t>(1, std::max(name.size(), candidate.size()) / 3);
    if (distance <= allowed && distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view name, std::span<const std::string> candidates) {
  const std::string_view best = nearest(name, candidates);
  if (best.empty()) return {};
  return ", did you mean '" + std::string(best) + "'?";
}

}  // namespace tocsin::settings
