// CountingIntake: takes everything and remembers enough of it to tell that it is what was sent.
// Threads: one owner.
#pragma once

#include <bit>
#include <cstdint>

#include "tocsin/intake.hpp"

namespace tocsin::sockets {

// What is to arrive, or did; exact, and whatever the order.
struct Sums {
  std::uint64_t items = 0;
  std::uint64_t metrics = 0;     // the bits of every metric as a double, added modulo 2^64
  std::uint64_t text_bytes = 0;  // of the descriptions

  void add(const Metric& metric) {
    if (const auto real = as_double(metric)) metrics += std::bit_cast<std::uint64_t>(*real);
  }

  friend bool operator==(const Sums&, const Sums&) = default;
};

[[nodiscard]] inline Sums operator*(const Sums& sums, std::uint64_t times) {
  return {sums.items * times, sums.metrics * times, sums.text_bytes * times};
}

class CountingIntake final : public Intake {
 public:
  [[nodiscard]] std::size_t samples(std::span<const RawSample> samples,
                                    const IdentityResolver& resolver) override;
  [[nodiscard]] bool event(const EventView& event) override;
  void drop(std::size_t records) override { lost += records; }
  void reject(RejectCause cause, std::string_view record, std::size_t offset,
              std::string_view text) override;

  Sums sums;
  std::uint64_t lost = 0;  // refused or dropped
};

}  // namespace tocsin::sockets
