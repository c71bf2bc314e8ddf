// Streams of values as timers bring them, and as they should not, for the tests of sketches.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <vector>

namespace tocsin::series {

struct Source {
  std::string name;
  std::function<double(std::mt19937_64&)> draw;
};

inline const std::vector<Source>& sources() {
  const auto uniform = [](std::mt19937_64& random) {
    return std::uniform_real_distribution<double>(0, 1)(random);
  };
  static const std::vector<Source> all = {
      {"uniform", [=](auto& random) { return 100 * uniform(random); }},
      {"lognormal", [](auto& random) { return std::lognormal_distribution<double>(3, 1)(random); }},
      {"Pareto", [=](auto& random) { return std::pow(1 - uniform(random), -1.0); }},
      {"constant", [](auto&) { return 42.5; }},
      {"tiny", [=](auto& random) { return 1e-300 * (1 + uniform(random)); }},
      {"huge", [=](auto& random) { return 1e303 * (1 + uniform(random)); }},
      {"negative", [](auto& random) { return -std::lognormal_distribution<double>(0, 2)(random); }},
      {"both signs and zeros",
       [](auto& random) {
         return random() % 4 == 0 ? 0.0 : std::normal_distribution<double>(0, 50)(random);
       }},
      {"integers", [](auto& random) { return static_cast<double>(random() % 20); }},
  };
  return all;
}

[[nodiscard]] inline std::vector<double> draw(const Source& source, std::size_t count,
                                              std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<double> values(count);
  for (double& value : values) value = source.draw(random);
  return values;
}

}  // namespace tocsin::series
