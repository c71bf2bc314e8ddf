// How alike the courses of a warm-up are to one another: the vigilance that a memory starts with.
// Idea:    a scratch memory reads them, the odd ones first; how well the second half fits what the
//          first taught is what may be asked of later courses.
// Cost:    quadratic in the courses, once.
#pragma once

#include <span>

#include "src/detect/deep/course.hpp"

namespace tocsin::detect {

// `courses`: at least one.
[[nodiscard]] float first_vigilance(std::span<const Course> courses);

}  // namespace tocsin::detect
