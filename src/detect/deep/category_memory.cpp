#include "src/detect/deep/category_memory.hpp"

#include <algorithm>
#include <limits>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace tocsin::detect {

namespace {

// A box that is everywhere whole has the sum 0, and all courses fit it: 0 of 0 must be 1.
constexpr float kTiny = 1e-6F;

#if defined(__SSE2__)

__m128i load(const std::uint8_t* bytes) {
  return _mm_load_si128(reinterpret_cast<const __m128i*>(bytes));
}

// The sum of all bytes, as two halves, in words 0 and 2.
__m128i sum_of(__m128i low, __m128i lack) {
  const __m128i zero = _mm_setzero_si128();
  return _mm_add_epi32(_mm_sad_epu8(low, zero), _mm_sad_epu8(lack, zero));
}

// The sum of the two bytes of the newest step, in word 0.
__m128i newest_of(__m128i low, __m128i lack) {
  static_assert(kNewestStep == 15 && kFeatures == 16);
  return _mm_add_epi32(_mm_srli_si128(low, 15), _mm_srli_si128(lack, 15));
}

struct Four {
  __m128i a, b, c, d;
};

// Words 0 + 2 of each, as floats.
__m128 gather_halves(const Four& from) {
  const __m128i ab =
      _mm_add_epi32(_mm_unpacklo_epi32(from.a, from.b), _mm_unpackhi_epi32(from.a, from.b));
  const __m128i cd =
      _mm_add_epi32(_mm_unpacklo_epi32(from.c, from.d), _mm_unpackhi_epi32(from.c, from.d));
  return _mm_cvtepi32_ps(_mm_unpacklo_epi64(ab, cd));
}

// Word 0 of each, as floats.
__m128 gather_first(const Four& from) {
  return _mm_cvtepi32_ps(
      _mm_unpacklo_epi64(_mm_unpacklo_epi32(from.a, from.b), _mm_unpacklo_epi32(from.c, from.d)));
}

__m128 ratio_of(__m128 part, __m128 whole) {
  const __m128 tiny = _mm_set1_ps(kTiny);
  return _mm_div_ps(_mm_add_ps(part, tiny), _mm_add_ps(whole, tiny));
}

struct Overlap {
  __m128i shared, whole, shared_newest, whole_newest;
};

Overlap overlap_of(__m128i course_low, __m128i course_lack, const Course& box) {
  const __m128i low = load(box.data());
  const __m128i lack = load(box.data() + kFeatures);
  const __m128i shared_low = _mm_min_epu8(course_low, low);
  const __m128i shared_lack = _mm_min_epu8(course_lack, lack);
  return {sum_of(shared_low, shared_lack), sum_of(low, lack), newest_of(shared_low, shared_lack),
          newest_of(low, lack)};
}

// `count` boxes, rounded up to the next four.
void compare_all(const Course& course, const Course* boxes, std::size_t count, float* matches) {
  const __m128i low = load(course.data());
  const __m128i lack = load(course.data() + kFeatures);
  for (std::size_t i = 0; i < count; i += 4) {
    const Overlap a = overlap_of(low, lack, boxes[i]);
    const Overlap b = overlap_of(low, lack, boxes[i + 1]);
    const Overlap c = overlap_of(low, lack, boxes[i + 2]);
    const Overlap d = overlap_of(low, lack, boxes[i + 3]);
    const __m128 all = ratio_of(gather_halves({a.shared, b.shared, c.shared, d.shared}),
                                gather_halves({a.whole, b.whole, c.whole, d.whole}));
    const __m128 newest =
        ratio_of(gather_first({a.shared_newest, b.shared_newest, c.shared_newest, d.shared_newest}),
                 gather_first({a.whole_newest, b.whole_newest, c.whole_newest, d.whole_newest}));
    _mm_store_ps(matches + i,
                 _mm_mul_ps(_mm_mul_ps(_mm_mul_ps(all, all), all), _mm_mul_ps(newest, newest)));
  }
}

void take_minimum(Course& box, const Course& course) {
  for (const std::size_t half : {std::size_t{0}, kFeatures}) {
    const __m128i both = _mm_min_epu8(load(box.data() + half), load(course.data() + half));
    _mm_store_si128(reinterpret_cast<__m128i*>(box.data() + half), both);
  }
}

float largest_of(const float* matches) {
  __m128 largest = _mm_load_ps(matches);
  for (std::size_t i = 4; i < CategoryMemory::kMaxCategories; i += 4) {
    largest = _mm_max_ps(largest, _mm_load_ps(matches + i));
  }
  largest = _mm_max_ps(largest, _mm_movehl_ps(largest, largest));
  return std::max(_mm_cvtss_f32(largest), _mm_cvtss_f32(_mm_shuffle_ps(largest, largest, 1)));
}

bool any_reaches(const float* four, float vigilance) {
  return _mm_movemask_ps(_mm_cmpge_ps(_mm_load_ps(four), _mm_set1_ps(vigilance))) != 0;
}

#else

float ratio_of(std::uint32_t part, std::uint32_t whole) {
  return (static_cast<float>(part) + kTiny) / (static_cast<float>(whole) + kTiny);
}

void compare_all(const Course& course, const Course* boxes, std::size_t count, float* matches) {
  for (std::size_t i = 0; i < count; ++i) {
    std::uint32_t shared = 0;
    std::uint32_t whole = 0;
    for (std::size_t k = 0; k < kCourseBytes; ++k) {
      shared += std::min(course[k], boxes[i][k]);
      whole += boxes[i][k];
    }
    std::uint32_t shared_newest = 0;
    std::uint32_t whole_newest = 0;
    for (const std::size_t k : {kNewestStep, kNewestStep + kFeatures}) {
      shared_newest += std::min(course[k], boxes[i][k]);
      whole_newest += boxes[i][k];
    }
    const float all = ratio_of(shared, whole);
    const float newest = ratio_of(shared_newest, whole_newest);
    matches[i] = all * all * all * (newest * newest);
  }
}

void take_minimum(Course& box, const Course& course) {
  for (std::size_t i = 0; i < kCourseBytes; ++i) box[i] = std::min(box[i], course[i]);
}

float largest_of(const float* matches) {
  return *std::max_element(matches, matches + CategoryMemory::kMaxCategories);
}

bool any_reaches(const float* four, float vigilance) {
  return std::any_of(four, four + 4, [vigilance](float match) { return match >= vigilance; });
}

#endif

}  // namespace

void CategoryMemory::compare(const Course& course, Matches& matches) const {
  static_assert(kMaxCategories % 4 == 0);
  compare_all(course, boxes_.data(), size_, matches.each.data());
  std::fill(matches.each.begin() + size_, matches.each.end(), 0.0F);
  matches.count = size_;
  matches.similarity = largest_of(matches.each.data());
}

std::size_t CategoryMemory::Matches::nearest() const {
  if (count == 0) return kNone;
  const auto end = each.begin() + static_cast<std::ptrdiff_t>(count);
  return static_cast<std::size_t>(std::max_element(each.begin(), end) - each.begin());
}

void CategoryMemory::learn(const Course& course, const Matches& matches, float vigilance,
                           std::uint32_t step) {
  if (matches.count > 0 && matches.similarity >= vigilance) {
    for (std::size_t four = 0; four < size_; four += 4) {
      if (!any_reaches(&matches.each[four], vigilance)) continue;
      for (std::size_t i = four; i < std::min<std::size_t>(four + 4, size_); ++i) {
        if (matches.each[i] >= vigilance) grow(i, course, step);
      }
    }
    return;
  }
  const std::size_t place = free_place();
  if (place == size_) ++size_;
  boxes_[place] = course;
  last_uses_[place] = step;
  uses_[place] = 1;
}

void CategoryMemory::grow(std::size_t index, const Course& course, std::uint32_t step) {
  take_minimum(boxes_[index], course);
  last_uses_[index] = step;
  if (uses_[index] < std::numeric_limits<std::uint16_t>::max()) ++uses_[index];
}

std::size_t CategoryMemory::free_place() const {
  if (size_ < kMaxCategories) return size_;
  const auto oldest = std::min_element(last_uses_.begin(), last_uses_.end());
  return static_cast<std::size_t>(oldest - last_uses_.begin());
}

void CategoryMemory::move(const LevelShift& shift) {
  for (std::size_t i = 0; i < size_; ++i) move_levels(boxes_[i], shift);
}

void CategoryMemory::save(StateWriter& out) const {
  out.integer(size_);
  for (std::size_t i = 0; i < size_; ++i) {
    out.bytes(boxes_[i]);
    out.integer(last_uses_[i]);
    out.integer(uses_[i]);
  }
}

void CategoryMemory::restore(StateReader& in) {
  size_ = in.integer<std::uint32_t>(kMaxCategories);
  for (std::size_t i = 0; i < size_; ++i) {
    in.bytes(boxes_[i], kWhole);
    for (std::size_t k = 0; k < kFeatures; ++k) {
      in.require(boxes_[i][k] + boxes_[i][k + kFeatures] <= kWhole);
    }
    last_uses_[i] = in.integer(~std::uint32_t{0});
    uses_[i] = in.integer<std::uint16_t>(~std::uint16_t{0});
  }
}

}  // namespace tocsin::detect
