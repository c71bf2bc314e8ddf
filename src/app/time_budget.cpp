#include "src/app/time_budget.hpp"

namespace tocsin::app {
namespace {

constexpr std::uint32_t kLookEvery = 16;

}  // namespace

std::chrono::nanoseconds TimeBudget::steady_clock() {
  return std::chrono::steady_clock::now().time_since_epoch();
}

void TimeBudget::begin_tick() {
  began_ = clock_();
  until_look_ = kLookEvery;
  has_time_ = true;
}

bool TimeBudget::has_time() {
  if (!has_time_) return false;
  if (until_look_ > 0) {
    --until_look_;
    return true;
  }
  until_look_ = kLookEvery - 1;
  has_time_ = spent() < per_tick_;
  return has_time_;
}

}  // namespace tocsin::app
