#include "bench/votes/sources.hpp"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>

#include "tests/unit/series/series_families.hpp"

namespace tocsin::bench {
namespace {

using series::Family;

std::vector<Family> statsd_families() {
  std::vector<Family> all;
  for (const series::FamilyName& family : series::kFamilies) {
    if (family.statsd_like) all.push_back(family.family);
  }
  return all;
}

std::vector<Points> series_of(const std::vector<Family>& families, std::size_t count,
                              std::size_t points) {
  std::vector<Points> all;
  for (std::size_t i = 0; i < count; ++i) {
    all.push_back(series::make_family(families[i % families.size()], points, i + 1));
  }
  return all;
}

// As a sender would write it, where it has few decimals.
double decimal(double value) {
  return std::round(value * 1000) / 1000;
}

std::vector<double> numbers_of(const std::string& path) {
  std::ifstream file(path);
  std::vector<double> numbers;
  for (std::string line; std::getline(file, line);) {
    const std::size_t comma = line.find(',');
    if (comma == std::string::npos) continue;
    double number = 0;
    const char* const end = line.data() + line.size();
    if (std::from_chars(line.data() + comma + 1, end, number).ec == std::errc{}) {
      numbers.push_back(number);
    }
  }
  return numbers;
}

}  // namespace

std::vector<Points> statsd_series(std::size_t count, std::size_t points) {
  return series_of(statsd_families(), count, points);
}

std::vector<Points> ordinary_series(std::size_t count, std::size_t points) {
  std::vector<Family> families = statsd_families();
  families.insert(families.end(), {Family::kNoise, Family::kRatio});
  return series_of(families, count, points);
}

std::vector<Points> eventful_series(std::size_t count, std::size_t points) {
  constexpr std::size_t kShiftPoints = 720;
  std::vector<Points> all = ordinary_series(count, points);
  for (std::size_t i = 0; i < count; ++i) {
    std::mt19937_64 random(i);
    const std::size_t shift = random() % points;
    for (std::size_t k = 0; k < points; ++k) {
      double& value = all[i][k];
      if (random() % 4000 == 0) value = decimal(20 * value + 100);
      if (k >= shift && k < shift + kShiftPoints) value = decimal(1.5 * value + 1);
    }
  }
  return all;
}

std::vector<Points> series_of_files(const std::vector<std::string>& paths, std::size_t points) {
  std::vector<Points> all;
  for (const std::string& path : paths) {
    Points values = numbers_of(path);
    const std::size_t own = values.size();
    if (own == 0) {
      std::fprintf(stderr, "%s: expected lines \"timestamp,value\"\n", path.c_str());
      std::exit(2);
    }
    while (values.size() < points) values.push_back(values[values.size() - own]);
    values.resize(points);
    all.push_back(std::move(values));
  }
  return all;
}

}  // namespace tocsin::bench
