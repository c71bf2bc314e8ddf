#include "src/base/clock.hpp"

namespace tocsin::base {

TimePoint wall_clock() noexcept {
  return std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now());
}

}  // namespace tocsin::base
