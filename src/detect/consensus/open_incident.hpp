// Tells a new alarm from one that goes on: an incident opens with the first point that fires and
// stays open until 72 points in a row did not.
// Counted in points, as it was measured; at five minutes they are six hours.
#pragma once

#include <cstdint>

namespace tocsin::detect::consensus {

class OpenIncident {
 public:
  static constexpr std::uint32_t kQuietPoints = 72;

  // One point. True when an incident opened with it.
  bool update(bool fired) {
    const bool was_open = open();
    if (fired) {
      quiet_left_ = kQuietPoints;
    } else if (was_open) {
      --quiet_left_;
    }
    return fired && !was_open;
  }

  [[nodiscard]] bool open() const { return quiet_left_ > 0; }

  template <class Self, class State>
  static void visit_state(Self& self, State& state) {
    state.count(self.quiet_left_, kQuietPoints);
  }

 private:
  std::uint32_t quiet_left_ = 0;  // points until it closes
};

}  // namespace tocsin::detect::consensus
