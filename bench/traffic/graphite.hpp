// Graphite points with dotted names of 40 to 60 bytes and float values, as lines and as pickles.
#pragma once

#include <cstddef>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::traffic {

struct GraphitePoint {
  std::string name;
  double value = 0;
  std::string text;  // the value as the client wrote it
};

// What clients send: a few decimals, or repr() of a double.
enum class Digits { kThreeDecimals, kSeventeen };

// `count` different points, the same in every run: more than a branch predictor remembers.
[[nodiscard]] std::vector<GraphitePoint> graphite_points(std::size_t count, Digits digits);

// The line of the point number `i`, with LF. `tags`: ";name=value", or empty.
[[nodiscard]] std::string graphite_line(const GraphitePoint& point, std::string_view tags,
                                        std::size_t i);

// As carbon-relay sends it: protocol 2, everything remembered by number. Without its length.
[[nodiscard]] std::string graphite_pickle(const GraphitePoint* first, std::size_t count);

}  // namespace tocsin::traffic
