#include "src/detect/deep/category_memory.hpp"

#include <algorithm>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace tocsin::detect {

namespace {

// A box that is everywhere whole has the sum 0, and all courses fit it: 0 of 0 must be 1.
constexpr float kTiny = 1e-6F;

// A tally, in one word from its foot: the sum of all bytes of a box (13 bits), that of the two of
// the newest step (9), and its uses (10).
constexpr int kNewestShift = 13;
constexpr int kUsesShift = 22;
constexpr std::uint32_t kAllMask = (1U << kNewestShift) - 1;
constexpr std::uint32_t kNewestMask = (1U << (kUsesShift - kNewestShift)) - 1;
static_assert(kCourseBytes * kWhole <= kAllMask && 2 * kWhole <= kNewestMask);
static_assert(CategoryMemory::kMostUses == (1U << (32 - kUsesShift)) - 1);

std::uint32_t sums_of(const Course& box) {
  std::uint32_t all = 0;
  for (const std::uint8_t byte : box) all += byte;
  const std::uint32_t newest = box[kNewestStep] + std::uint32_t{box[kNewestStep + kFeatures]};
  return all | newest << kNewestShift;
}

#if defined(__SSE2__)

__m128i load(const std::uint8_t* bytes) {
  return _mm_load_si128(reinterpret_cast<const __m128i*>(bytes));
}

// Of the bytes that a course and a box share: the sum of all as two halves in words 0 and 2, that
// of the newest step in word 3.
__m128i shared_of(__m128i course_low, __m128i course_lack, const Course& box) {
  static_assert(kNewestStep == 15 && kFeatures == 16);
  const __m128i zero = _mm_setzero_si128();
  const __m128i low = _mm_min_epu8(course_low, load(box.data()));
  const __m128i lack = _mm_min_epu8(course_lack, load(box.data() + kFeatures));
  const __m128i halves = _mm_add_epi32(_mm_sad_epu8(low, zero), _mm_sad_epu8(lack, zero));
  // Byte 15, the topmost of its lane, falls to the foot of word 3; what falls into the others goes.
  const __m128i newest = _mm_add_epi32(_mm_srli_epi64(low, 24), _mm_srli_epi64(lack, 24));
  return _mm_add_epi32(halves, _mm_and_si128(newest, _mm_set_epi32(-1, 0, 0, 0)));
}

__m128 ratio_of(__m128i part, __m128i whole) {
  const __m128 tiny = _mm_set1_ps(kTiny);
  return _mm_div_ps(_mm_add_ps(_mm_cvtepi32_ps(part), tiny),
                    _mm_add_ps(_mm_cvtepi32_ps(whole), tiny));
}

// `count` boxes, rounded up to the next four, with their tallies.
void compare_all(const Course& course, const Course* boxes, const std::uint32_t* tallies,
                 std::size_t count, float* matches) {
  const __m128i low = load(course.data());
  const __m128i lack = load(course.data() + kFeatures);
  for (std::size_t i = 0; i < count; i += 4) {
    const __m128i a = shared_of(low, lack, boxes[i]);
    const __m128i b = shared_of(low, lack, boxes[i + 1]);
    const __m128i c = shared_of(low, lack, boxes[i + 2]);
    const __m128i d = shared_of(low, lack, boxes[i + 3]);
    // The sums of a and b, then their newest; the same of c and d.
    const __m128i ab = _mm_add_epi32(_mm_unpacklo_epi32(a, b), _mm_unpackhi_epi32(a, b));
    const __m128i cd = _mm_add_epi32(_mm_unpacklo_epi32(c, d), _mm_unpackhi_epi32(c, d));
    const __m128i four = _mm_load_si128(reinterpret_cast<const __m128i*>(tallies + i));
    const __m128 all =
        ratio_of(_mm_unpacklo_epi64(ab, cd), _mm_and_si128(four, _mm_set1_epi32(kAllMask)));
    const __m128 newest =
        ratio_of(_mm_unpackhi_epi64(ab, cd),
                 _mm_and_si128(_mm_srli_epi32(four, kNewestShift), _mm_set1_epi32(kNewestMask)));
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

std::uint32_t all_of(std::uint32_t tally) {
  return tally & kAllMask;
}
std::uint32_t newest_of(std::uint32_t tally) {
  return tally >> kNewestShift & kNewestMask;
}

float ratio_of(std::uint32_t part, std::uint32_t whole) {
  return (static_cast<float>(part) + kTiny) / (static_cast<float>(whole) + kTiny);
}

void compare_all(const Course& course, const Course* boxes, const std::uint32_t* tallies,
                 std::size_t count, float* matches) {
  for (std::size_t i = 0; i < count; ++i) {
    Course shared = boxes[i];
    for (std::size_t k = 0; k < kCourseBytes; ++k) shared[k] = std::min(shared[k], course[k]);
    const std::uint32_t part = sums_of(shared);
    const float all = ratio_of(all_of(part), all_of(tallies[i]));
    const float newest = ratio_of(newest_of(part), newest_of(tallies[i]));
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
  compare_all(course, boxes_.data(), tallies_.data(), size_, matches.each.data());
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
  set_tally(place, 1);
  last_uses_[place] = step;
}

void CategoryMemory::grow(std::size_t index, const Course& course, std::uint32_t step) {
  take_minimum(boxes_[index], course);
  set_tally(index, std::min(uses(index) + 1, kMostUses));
  last_uses_[index] = step;
}

void CategoryMemory::set_tally(std::size_t index, std::uint32_t uses) {
  tallies_[index] = sums_of(boxes_[index]) | uses << kUsesShift;
}

std::uint32_t CategoryMemory::uses(std::size_t index) const {
  return tallies_[index] >> kUsesShift;
}

std::size_t CategoryMemory::free_place() const {
  if (size_ < kMaxCategories) return size_;
  const auto oldest = std::min_element(last_uses_.begin(), last_uses_.end());
  return static_cast<std::size_t>(oldest - last_uses_.begin());
}

void CategoryMemory::move(const LevelShift& shift) {
  for (std::size_t i = 0; i < size_; ++i) {
    move_levels(boxes_[i], shift);
    set_tally(i, uses(i));
  }
}

}  // namespace tocsin::detect
