// statsd lines with names of 20 to 60 bytes; types, sample rates and tags in no order.
#pragma once

#include <random>
#include <string>

namespace tocsin::traffic {

struct StatsdLine {
  std::string text;         // without LF
  unsigned long value = 0;  // below 1000
};
[[nodiscard]] StatsdLine statsd_line(std::mt19937& random);

}  // namespace tocsin::traffic
