#include "src/detect/consensus/row_step.hpp"

#include <algorithm>

namespace tocsin::detect::consensus {
namespace {

constexpr float kLeastStep_s = 1e-3F;  // rows closer than that are taken as so far apart

}  // namespace

void RowStep::add(double time_s) {
  if (known()) return;
  if (rows_ > 0) {
    steps_s_[rows_ - 1U] = std::max(kLeastStep_s, static_cast<float>(time_s - last_s_));
  }
  last_s_ = time_s;
  if (++rows_ < kRows) return;
  std::sort(steps_s_.begin(), steps_s_.end());
  step_s_ = static_cast<double>(steps_s_[steps_s_.size() / 2]);
}

}  // namespace tocsin::detect::consensus
