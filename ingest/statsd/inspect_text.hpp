// Writes numbers and collections as Node's util.inspect does, because that is what the admin port
// of Etsy's statsd answers with and what scripts around it read.
// Source:  observed output of Node 18 and 20 (break length 80, compact 3, at most 100 elements of
//          an array); ECMAScript Number::toString.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tocsin::statsd {

struct NamedNumber {
  std::string name;
  double value = 0;
};

struct NamedNumbers {
  std::string name;
  std::vector<double> values;
};

// 1, 0.5, 1e+21, 1e-7, Infinity, NaN, -0.
[[nodiscard]] std::string inspect_number(double number);

// { a: 1, 'b.c': 2 }
[[nodiscard]] std::string inspect(const std::vector<NamedNumber>& members);

// { a: [ 1, 2 ], 'b.c': [] }
[[nodiscard]] std::string inspect(const std::vector<NamedNumbers>& members);

}  // namespace tocsin::statsd
