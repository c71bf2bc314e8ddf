// The course of a series: the shape and the levels of its last eight steps, as 32 bytes.
// Idea:    sixteen features of 0..1, then each again as what it lacks of 1 (complement coding), so
//          that the byte-wise minimum of many courses is the box around them: its low corners, and
//          of its high corners what they lack of 1.
// Layout:  bytes 0..7 shape: the Haar transform of the steps, free of level and size; 8..15 the
//          steps themselves, oldest first; 16..31 the complements. A byte is 1/240, of which a
//          level (1/80) is three.
// Source:  A. Haar, Math. Annalen 69 (1910); complement coding: G. A. Carpenter, S. Grossberg,
//          D. B. Rosen, "Fuzzy ART", Neural Networks 4 (1991).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "src/detect/deep/level_scale.hpp"

namespace tocsin::detect {

inline constexpr std::size_t kCourseSteps = 8;
inline constexpr std::size_t kFeatures = 2 * kCourseSteps;
inline constexpr std::size_t kCourseBytes = 2 * kFeatures;
inline constexpr std::size_t kFirstStep = kCourseSteps;  // the oldest step's feature
inline constexpr std::size_t kNewestStep = kFeatures - 1;
inline constexpr std::uint8_t kWhole = 240;

// Of a box the same: byte i the low corner, byte i + kFeatures what the high corner lacks of
// kWhole.
using CourseBytes = std::array<std::uint8_t, kCourseBytes>;
struct alignas(16) Course : CourseBytes {};

// `steps`: positions of 0..1, oldest first.
[[nodiscard]] Course course_of(std::span<const float, kCourseSteps> steps);

// The box after its level features were moved by `shift`; shapes stay.
void move_levels(std::span<std::uint8_t, kCourseBytes> box, const LevelShift& shift);

}  // namespace tocsin::detect
