// How long to wait before the next attempt: doubling, capped, and not in step with others.
// Output: the n-th wait is first * 2^n, at most longest, times a random factor between 0.5 and 1.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <random>

namespace tocsin::publish {

class Backoff {
 public:
  Backoff(std::chrono::milliseconds first, std::chrono::milliseconds longest, std::uint64_t seed)
      : first_(std::max(first, std::chrono::milliseconds(1))),
        longest_(std::max(longest, first_)),
        next_(first_),
        random_(seed) {}

  [[nodiscard]] std::chrono::milliseconds next() {
    const auto whole = next_;
    next_ = std::min(next_ * 2, longest_);
    // The raw generator is specified to the bit; std's distributions are not.
    const auto half = std::chrono::milliseconds((whole.count() + 1) / 2);
    const auto span = static_cast<std::uint64_t>(whole.count() - half.count() + 1);
    return half + std::chrono::milliseconds(static_cast<std::int64_t>(random_() % span));
  }

  // The last attempt worked.
  void reset() noexcept { next_ = first_; }

 private:
  const std::chrono::milliseconds first_;
  const std::chrono::milliseconds longest_;
  std::chrono::milliseconds next_;
  std::mt19937_64 random_;
};

}  // namespace tocsin::publish
