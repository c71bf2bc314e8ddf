// SampleBatch: the samples that a decoder has read but not yet handed over.
// Threads: one owner.
// Cost:    appending writes in place; memory grows only for packed lines longer than any before.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "tocsin/intake.hpp"

namespace tocsin::statsd {

class SampleBatch {
 public:
  // A line is begun only below this many samples, so that it need never stop in the middle: a
  // packed line may take the batch beyond it.
  static constexpr std::size_t kFull = 256;

  SampleBatch() : slots_(kFull + kUsualLine) {}

  [[nodiscard]] bool full() const noexcept { return size_ >= kFull; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

  // A counter sample of value 0 in the slot behind the last one, to be filled in place. It becomes
  // part of the batch with commit(), and may as well be left alone.
  [[nodiscard]] RawSample& begin_sample(std::string_view name) {
    if (size_ == slots_.size()) slots_.resize(slots_.size() * 2);
    RawSample& sample = slots_[size_];
    // Field by field: g++ 12 builds a whole RawSample on the stack and copies it in blocks that
    // straddle what it has just stored, and the copy then waits; half of a plain line's time.
    sample.name = name;
    sample.tags = {};
    sample.member = {};
    sample.value = 0;
    sample.weight = 1;
    sample.timestamp_s = 0;
    sample.kind = SeriesKind::kCounter;
    sample.op = SampleOp::kAdd;
    return sample;
  }
  void commit() noexcept { ++size_; }

  // The samples from `first` on, to be completed.
  [[nodiscard]] std::span<RawSample> since(std::size_t first) noexcept {
    assert(first <= size_);
    return std::span(slots_).subspan(first, size_ - first);
  }
  // Forgets the samples from `first` on.
  void cut(std::size_t first) noexcept {
    assert(first <= size_);
    size_ = first;
  }

  // Offers everything to `intake` and keeps what it does not take. True: nothing is left.
  [[nodiscard]] bool hand_over(Intake& intake, const IdentityResolver& resolver) {
    if (size_ == 0) return true;
    const std::size_t taken = intake.samples(since(0), resolver);
    assert(taken <= size_);
    std::copy(slots_.begin() + static_cast<std::ptrdiff_t>(taken),
              slots_.begin() + static_cast<std::ptrdiff_t>(size_), slots_.begin());
    size_ -= taken;
    return size_ == 0;
  }

 private:
  static constexpr std::size_t kUsualLine =
      64;  // values that a line has at most, but for rare ones

  std::vector<RawSample> slots_;  // the first size_ are in use
  std::size_t size_ = 0;
};

}  // namespace tocsin::statsd
