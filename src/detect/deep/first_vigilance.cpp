#include "src/detect/deep/first_vigilance.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "src/detect/deep/category_memory.hpp"
#include "src/detect/deep/pace.hpp"

namespace tocsin::detect {

namespace {

constexpr float kScratchVigilance = 0.8F;

double cosine_of(const Course& a, const Course& b) {
  double product = 0;
  double a_square = 0;
  double b_square = 0;
  for (std::size_t i = 0; i < kCourseBytes; ++i) {
    product += a[i] * b[i];
    a_square += a[i] * a[i];
    b_square += b[i] * b[i];
  }
  // Complement coding leaves no course without length.
  return product / std::sqrt(a_square * b_square);
}

}  // namespace

float first_vigilance(std::span<const Course> courses) {
  struct Entry {
    const Course* course;
    double likeness;  // to all the others together
  };
  std::vector<Entry> entries;
  for (const Course& course : courses) {
    double likeness = 0;
    for (const Course& other : courses) likeness += cosine_of(course, other);
    entries.push_back({&course, likeness});
  }
  std::stable_sort(entries.begin(), entries.end(),
                   [](const Entry& a, const Entry& b) { return a.likeness < b.likeness; });

  CategoryMemory scratch;
  CategoryMemory::Matches matches;
  float sum = 0;
  float count = 0;
  const std::size_t half = std::min<std::size_t>(kWarmUpSteps / 2, entries.size() - 1);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    scratch.compare(*entries[i].course, matches);
    scratch.learn(*entries[i].course, matches, kScratchVigilance, static_cast<std::uint32_t>(i));
    if (i < half) continue;
    sum += matches.similarity;
    ++count;
  }
  return sum / count;
}

}  // namespace tocsin::detect
