#include "src/detect/grubbs_critical.hpp"

#include <array>
#include <atomic>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/policies/policy.hpp>
#include <cmath>
#include <limits>

namespace tocsin::detect {
namespace {

constexpr std::size_t kRemembered = 16384;  // a day of 10 s points, twice

double compute(std::size_t n) {
  // The arguments are always in the domain, so no error may be raised; double is precise enough.
  namespace policies = boost::math::policies;
  using Policy = policies::policy<policies::domain_error<policies::ignore_error>,
                                  policies::overflow_error<policies::ignore_error>,
                                  policies::evaluation_error<policies::ignore_error>,
                                  policies::promote_double<false>>;
  const auto count = static_cast<double>(n);
  const boost::math::students_t_distribution<double, Policy> student(count - 2);
  const double q = boost::math::quantile(boost::math::complement(student, 0.05 / (2 * count)));
  return (count - 1) / std::sqrt(count) * std::sqrt(q * q / (count - 2 + q * q));
}

}  // namespace

double grubbs_critical(std::size_t n) {
  if (n < 3) return std::numeric_limits<double>::quiet_NaN();
  if (n >= kRemembered) return compute(n);
  // 0 means not yet computed. Any thread may fill an entry, always with the same value, and nothing
  // else hangs on seeing it: relaxed is enough.
  static std::array<std::atomic<double>, kRemembered> table{};
  double critical = table[n].load(std::memory_order_relaxed);
  if (critical == 0) {
    critical = compute(n);
    table[n].store(critical, std::memory_order_relaxed);
  }
  return critical;
}

}  // namespace tocsin::detect
