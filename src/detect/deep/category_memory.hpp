// The categories of a fuzzy adaptive-resonance memory: boxes around courses that were alike.
// Idea:    each course is compared with each box; the share of the box that it leaves untouched
//          says how well it fits. Every box that fits well enough grows to take it in; where none
//          does, a box of its own is made. So what comes again is soon recognised, and what never
//          came fits no box.
//          The match is (|min(course, box)| / |box|)^3 * E^2, where |.| is the sum of bytes and E
//          the same ratio of the newest step alone: the newest value counts most. Both are 1 inside
//          the box.
// Bounds:  kMaxCategories; beyond, the one not used for longest goes.
// Cost:    one pass over the boxes, four at a time on x86-64; no allocation.
// Source:  G. A. Carpenter, S. Grossberg, D. B. Rosen, "Fuzzy ART", Neural Networks 4 (1991), fast
//          learning; there one category resonates, here all that match do, as in L. E. Brito da
//          Silva, I. Elnabarawy, D. C. Wunsch, "Dual vigilance fuzzy ART", Neural Networks 109
//          (2019), clusters are of several. The exponents and E are measured, not theirs.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "src/detect/deep/course.hpp"

namespace tocsin::detect {

class CategoryMemory {
 public:
  // Thirty memories of so many stay below 100 KB; a multiple of four suits the comparison.
  static constexpr std::size_t kMaxCategories = 64;
  static constexpr std::uint32_t kMostUses = 1023;
  static constexpr std::size_t kNone = kMaxCategories;

  // How a course compares with the categories there are. Of no use once the memory has learned.
  struct Matches {
    alignas(16) std::array<float, kMaxCategories> each;
    std::size_t count = 0;  // how many of `each` are of categories
    float similarity = 0;   // the largest of them; 0 without any

    // The first of the largest, or kNone.
    [[nodiscard]] std::size_t nearest() const;
  };

  void compare(const Course& course, Matches& matches) const;

  // Every category that matches at least `vigilance` grows; if none does, a new one is made.
  // `matches` is of this course; `step` rises from call to call.
  void learn(const Course& course, const Matches& matches, float vigilance, std::uint32_t step);

  // The level features of all boxes were moved by `shift`.
  void move(const LevelShift& shift);

  [[nodiscard]] std::size_t size() const { return size_; }
  // Of category `index` < size().
  [[nodiscard]] std::span<const std::uint8_t, kCourseBytes> box(std::size_t index) const {
    return boxes_[index];
  }
  // At most kMostUses, where it stays.
  [[nodiscard]] std::uint32_t uses(std::size_t index) const;
  [[nodiscard]] std::uint32_t last_use(std::size_t index) const { return last_uses_[index]; }

  template <class Self, class State>
  static void visit_state(Self& self, State& state) {
    state.count(self.size_, kMaxCategories);
    for (std::size_t i = 0; i < self.size_; ++i) {
      state.bytes(self.boxes_[i], kWhole);
      for (std::size_t k = 0; k < kFeatures; ++k) {
        state.require(self.boxes_[i][k] + self.boxes_[i][k + kFeatures] <= kWhole);
      }
      state.count(self.last_uses_[i], UINT32_MAX);
      auto uses = static_cast<std::uint16_t>(self.uses(i));
      state.count(uses, kMostUses);
      if constexpr (State::kReads) self.set_tally(i, uses);
    }
  }

 private:
  void grow(std::size_t index, const Course& course, std::uint32_t step);
  void set_tally(std::size_t index, std::uint32_t uses);
  [[nodiscard]] std::size_t free_place() const;

  alignas(16) std::array<Course, kMaxCategories> boxes_{};
  // The sums of its box that comparing needs, and its uses: category_memory.cpp.
  alignas(16) std::array<std::uint32_t, kMaxCategories> tallies_{};
  std::array<std::uint32_t, kMaxCategories> last_uses_{};  // steps
  std::uint32_t size_ = 0;
};

}  // namespace tocsin::detect
