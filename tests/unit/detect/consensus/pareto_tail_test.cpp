#include "src/detect/consensus/pareto_tail.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace tocsin::detect::consensus {
namespace {

// The definition, with the threshold kept as a logarithm and all first scores kept.
class NaiveTail {
 public:
  explicit NaiveTail(const TailShape& shape) : shape_(shape) {}

  double judge(double score) {
    const double z = std::log(score + static_cast<double>(shape_.floor));
    const auto q = static_cast<double>(shape_.share);
    if (first_.size() < ParetoTail::kWarm) {
      first_.push_back(score + static_cast<double>(shape_.floor));
      std::sort(first_.begin(), first_.end());
      const double rank = (1 - q) * static_cast<double>(first_.size() - 1);
      const auto below = static_cast<std::size_t>(rank);
      const std::size_t above = std::min(below + 1, first_.size() - 1);
      u_ = std::log(first_[below] +
                    (rank - static_cast<double>(below)) * (first_[above] - first_[below]));
      return 0;
    }
    if (z <= u_) {
      u_ -= 0.005 * q;
      return 0;
    }
    const double surprise = -std::log10(q * std::pow(1 + (z - u_) / b_, -a_));
    a_ += 1;
    b_ += std::min(z - u_, 3.0);
    u_ += 0.005 * (1 - q);
    return surprise;
  }

 private:
  TailShape shape_;
  std::vector<double> first_;
  double u_ = 0;
  double a_ = 2;
  double b_ = 1;
};

struct Tail {
  ParetoTail all;
  ParetoTail::First first{};

  float judge(float score, const TailShape& shape) { return all.judge(score, shape, first); }
};

TEST_CASE("surprises are those of the definition") {
  for (const TailShape& shape : {kMemberTail, kJointTail}) {
    Tail tail;
    NaiveTail naive(shape);
    std::mt19937 random(4);
    std::exponential_distribution<double> scores(1);
    int compared = 0;
    for (int i = 0; i < 4000; ++i) {
      const double score = scores(random);
      const auto surprise = static_cast<double>(tail.judge(static_cast<float>(score), shape));
      const double expected = naive.judge(score);
      if ((surprise > 0) != (expected > 0)) continue;  // within rounding of the threshold
      ++compared;
      REQUIRE(surprise == doctest::Approx(expected).epsilon(0.002));
    }
    CHECK(compared >= 3995);
  }
}

TEST_CASE("the first hundred scores are no surprise, whatever they are") {
  Tail tail;
  for (int i = 0; i < 100; ++i) REQUIRE(tail.judge(static_cast<float>(i * i), kMemberTail) == 0);
}

TEST_CASE("about one in a thousand scores has a surprise of three") {
  Tail tail;
  std::mt19937 random(5);
  std::lognormal_distribution<float> scores(0, 1);
  int rare = 0;
  constexpr int kRounds = 200000;
  for (int i = 0; i < kRounds; ++i) rare += tail.judge(scores(random), kMemberTail) > 3 ? 1 : 0;
  CHECK(rare < kRounds / 500);
}

TEST_CASE("scores that are always nothing are at most as rare as the tail is wide") {
  Tail tail;
  int surprised = 0;
  for (int i = 0; i < 10000; ++i) {
    const float surprise = tail.judge(0, kMemberTail);
    REQUIRE(surprise < 1.5F);
    surprised += surprise > 0 ? 1 : 0;
  }
  CHECK(surprised < 700);
}

}  // namespace
}  // namespace tocsin::detect::consensus
