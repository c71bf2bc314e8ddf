// The example of docs/adding-a-detector.md: a value that does not move for longer than it ever has.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "tocsin/stream_detector.hpp"

namespace tocsin::example {

class StuckValue final : public StreamDetector {
 public:
  Vote update(const Point& point) override;
  [[nodiscard]] std::string reason() const override;
  void save(std::string& out) const override;
  [[nodiscard]] Result<void> restore(std::string_view state) override;
  [[nodiscard]] std::size_t memory_bytes() const override { return sizeof *this; }

 private:
  struct State {
    double value = 0;
    std::uint32_t run = 0;      // how many points have had this value
    std::uint32_t longest = 0;  // that any value has had before
    std::uint32_t runs = 0;     // that have ended; stays at kFewestRuns
  };
  static constexpr std::uint32_t kFewestRuns = 20;

  State state_;
};

}  // namespace tocsin::example
