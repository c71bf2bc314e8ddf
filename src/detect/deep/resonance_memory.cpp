#include "src/detect/deep/resonance_memory.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "src/detect/deep/first_vigilance.hpp"

namespace tocsin::detect {

namespace {

// Levels nearer to the median than this (.075 of the range) are taken for it.
constexpr int kDeadZone = 6;

}  // namespace

void ResonanceMemory::start(std::span<const double> warm_up, double pad, WarmUp trust) {
  scale_ = LevelScale(warm_up, pad, trust);
  std::vector<Course> courses;
  for (const double value : warm_up) {
    if (push(value)) courses.push_back(course_of(window_));
  }
  vigilance_ = Vigilance(first_vigilance(courses));
  CategoryMemory::Matches matches;
  for (const Course& course : courses) {
    categories_.compare(course, matches);
    categories_.learn(course, matches, vigilance_.upper(), step_++);
  }
  started_ = true;
}

bool ResonanceMemory::push(double value) {
  int level = scale_.level_of(value);
  const int median = median_.add(level);
  if (std::abs(level - median) < kDeadZone) level = median;
  std::copy(window_.begin() + 1, window_.end(), window_.begin());
  window_.back() = static_cast<float>(level) / LevelScale::kTopLevel;
  if (filled_ < kCourseSteps) ++filled_;
  return filled_ == kCourseSteps;
}

bool ResonanceMemory::add(double value) {
  if (const auto shift = scale_.take_in(value)) {
    median_.move(*shift);
    categories_.move(*shift);
    for (float& position : window_) position = static_cast<float>(shift->moved(position));
  }
  ++step_;
  if (!push(value)) return false;
  const Course course = course_of(window_);
  CategoryMemory::Matches matches;
  categories_.compare(course, matches);
  const float similarity = matches.similarity;
  const bool rings = mask_.observe(similarity < vigilance_.lower(), similarity);
  if (rings) novelty_ = describe(course, matches);
  categories_.learn(course, matches, vigilance_.upper(), step_);
  vigilance_.observe(similarity);
  if (rings) vigilance_.alarmed(similarity);
  return rings;
}

Novelty ResonanceMemory::describe(const Course& course,
                                  const CategoryMemory::Matches& matches) const {
  Novelty novelty;
  novelty.similarity = matches.similarity;
  novelty.needed = vigilance_.lower();
  const std::size_t nearest = matches.nearest();
  if (nearest == CategoryMemory::kNone) return novelty;
  novelty.nearest_uses = categories_.uses(nearest);
  novelty.nearest_age_steps = step_ - categories_.last_use(nearest);
  const auto box = categories_.box(nearest);
  const auto low_of = [&box](std::size_t i) { return int{box[i]}; };
  const auto high_of = [&box](std::size_t i) { return kWhole - int{box[i + kFeatures]}; };
  std::size_t worst = kNewestStep;
  int farthest = 0;
  for (std::size_t i = kNewestStep; i >= kFirstStep; --i) {
    const int distance = std::max(low_of(i) - course[i], course[i] - high_of(i));
    if (distance <= farthest) continue;
    farthest = distance;
    worst = i;
  }
  const auto value_at = [this](int position) {
    return scale_.value_at(static_cast<double>(position) / kWhole);
  };
  novelty.steps_ago = static_cast<std::uint32_t>(kNewestStep - worst);
  novelty.value = value_at(course[worst]);
  novelty.known_low = value_at(low_of(worst));
  novelty.known_high = value_at(high_of(worst));
  novelty.expected_low = value_at(low_of(kNewestStep));
  novelty.expected_high = value_at(high_of(kNewestStep));
  return novelty;
}

}  // namespace tocsin::detect
