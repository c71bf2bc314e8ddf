#include "src/series/distribution.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>
#include <limits>
#include <new>

namespace tocsin::series {
namespace {

constexpr std::uint8_t kFirstRoomLog2 = 2;

std::size_t room_bytes(unsigned room_log2) noexcept {
  return sizeof(double) << room_log2;
}

}  // namespace

DistributionPool::DistributionPool(Arena& arena, double relative_error) noexcept
    : arena_(arena), relative_error_(relative_error) {}

bool DistributionPool::SketchedWindow::add(std::span<const double> more) noexcept {
  if (!sketch.add(more)) return false;
  add_moments(more);
  return true;
}

void DistributionPool::SketchedWindow::add_nearest(std::span<const double> more) noexcept {
  sketch.add_nearest(more);
  add_moments(more);
}

// Two passes over the few new values, then the rule for uniting two sets (Chan, Golub, LeVeque,
// "Updating formulae and a pairwise algorithm for computing sample variances", 1979).
void DistributionPool::SketchedWindow::add_moments(std::span<const double> more) noexcept {
  if (more.empty()) return;
  const auto added = static_cast<double>(more.size());
  double sum = 0;
  for (const double value : more) {
    sum += value;
    squares.add(value * value);
  }
  const double mean_of_added = sum / added;
  double m2_of_added = 0;
  for (const double value : more) {
    m2_of_added += (value - mean_of_added) * (value - mean_of_added);
  }
  const auto before = static_cast<double>(values);
  const double distance = mean_of_added - mean;
  mean += distance * (added / (before + added));
  m2 += m2_of_added + distance * distance * (before * added / (before + added));
  values += more.size();
}

bool DistributionPool::add(Distribution& window, double value, double weight) noexcept {
  if (!std::isfinite(value) || !std::isfinite(weight) || weight <= 0) return false;
  if (!window.sketched_ && window.values_ == kMaxExactValues && !become_sketch(window))
    return false;
  const bool kept = window.sketched_ ? keep_waiting(window, value) : keep(window, value);
  if (kept) window.weight_ += weight;
  return kept;
}

// Stores a value as it came: the first in the handle, more in a block that doubles.
bool DistributionPool::keep(Distribution& window, double value) noexcept {
  if (window.values_ == 0) {
    window.first_ = value;
    window.values_ = 1;
    return true;
  }
  const std::size_t room = window.block_ == Arena::kNone ? 1 : std::size_t{1} << window.room_log2_;
  if (window.values_ == room) {
    const auto log2 = static_cast<std::uint8_t>(
        window.block_ == Arena::kNone ? kFirstRoomLog2 : window.room_log2_ + 1);
    const Arena::Ref block = arena_.allocate(room_bytes(log2));
    if (block == Arena::kNone) return false;
    const void* const from =
        window.block_ == Arena::kNone ? &window.first_ : arena_.as<double>(window.block_);
    std::memcpy(arena_.at(block), from, window.values_ * sizeof(double));
    release_block(window);
    window.block_ = block;
    window.room_log2_ = log2;
  }
  arena_.as<double>(window.block_)[window.values_++] = value;
  return true;
}

bool DistributionPool::keep_waiting(Distribution& window, double value) noexcept {
  auto& sketched = *arena_.as<SketchedWindow>(window.block_);
  if (window.values_ == kMaxWaiting) {
    if (!sketched.add(sketched.waiting)) return false;
    window.values_ = 0;
  }
  sketched.waiting[window.values_++] = value;
  return true;
}

const DistributionPool::SketchedWindow& DistributionPool::settled(Distribution& window) noexcept {
  auto& sketched = *arena_.as<SketchedWindow>(window.block_);
  const std::span waiting = std::span(sketched.waiting).first(window.values_);
  // They were taken, so they count, even if memory has run out since.
  if (!sketched.add(waiting)) sketched.add_nearest(waiting);
  window.values_ = 0;
  return sketched;
}

bool DistributionPool::become_sketch(Distribution& window) noexcept {
  const Arena::Ref block = arena_.allocate(sizeof(SketchedWindow));
  if (block == Arena::kNone) return false;
  auto* const sketched = new (arena_.at(block)) SketchedWindow(arena_, relative_error_);
  if (!sketched->add(values(window))) {
    sketched->~SketchedWindow();
    arena_.release(block, sizeof(SketchedWindow));
    return false;
  }
  release_block(window);
  window.block_ = block;
  window.values_ = 0;
  window.sketched_ = true;
  return true;
}

void DistributionPool::release_block(Distribution& window) noexcept {
  if (window.block_ == Arena::kNone) return;
  if (window.sketched_) {
    arena_.as<SketchedWindow>(window.block_)->~SketchedWindow();
    arena_.release(window.block_, sizeof(SketchedWindow));
  } else {
    arena_.release(window.block_, room_bytes(window.room_log2_));
  }
  window.block_ = Arena::kNone;
}

void DistributionPool::clear(Distribution& window) noexcept {
  release_block(window);
  window = {};
}

double DistributionPool::values_below(const Distribution& window, double bound) const noexcept {
  double below = 0;
  if (!window.sketched_) {
    const std::span<const double> kept = values(window);
    const auto smaller = [bound](double value) { return value < bound; };
    return static_cast<double>(std::count_if(kept.begin(), kept.end(), smaller));
  }
  assert(window.values_ == 0);
  arena_.as<SketchedWindow>(window.block_)
      ->sketch.visit_ascending([&](double value, double weight) {
        if (value >= bound) return false;
        below += weight;
        return true;
      });
  return below;
}

std::span<const double> DistributionPool::values(const Distribution& window) const noexcept {
  if (window.sketched_) return {};
  const double* const values =
      window.block_ == Arena::kNone ? &window.first_ : arena_.as<double>(window.block_);
  return {values, window.values_};
}

std::span<double> DistributionPool::sorted_values(Distribution& window) noexcept {
  double* const values =
      window.block_ == Arena::kNone ? &window.first_ : arena_.as<double>(window.block_);
  std::sort(values, values + window.values_);
  return {values, window.values_};
}

void DistributionPool::summarise(Distribution& window, std::span<const double> thresholds,
                                 double window_seconds, TimerSummary& out) {
  out.thresholds.clear();
  out.count = window.weight_;
  out.count_ps = window.weight_ / window_seconds;
  out.values = window.values_;
  if (window.empty()) return;
  if (window.sketched_) {
    summarise_sketch(settled(window), thresholds, out);
  } else {
    summarise_exact(sorted_values(window), thresholds, out);
  }
}

double DistributionPool::quantile(Distribution& window, double q) noexcept {
  if (window.empty()) return std::numeric_limits<double>::quiet_NaN();
  if (window.sketched_) return settled(window).sketch.quantile(q);
  const std::span<const double> sorted = sorted_values(window);
  const double rank = std::clamp(q, 0.0, 1.0) * static_cast<double>(sorted.size() - 1);
  return sorted[static_cast<std::size_t>(rank)];
}

std::size_t DistributionPool::memory_bytes(const Distribution& window) const noexcept {
  if (window.block_ == Arena::kNone) return 0;
  if (!window.sketched_) return room_bytes(window.room_log2_);
  return Arena::rounded_bytes(sizeof(SketchedWindow)) +
         arena_.as<SketchedWindow>(window.block_)->sketch.memory_bytes();
}

}  // namespace tocsin::series
