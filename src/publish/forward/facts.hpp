// What is forwarded, besides being stored: points of series and events, each with the destinations
// it is for. Who fills these decides once per series where its points go.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "tocsin/event.hpp"

namespace tocsin::publish {

// Destinations by their place in the settings: bit n stands for the n-th.
using DestinationSet = std::uint32_t;
inline constexpr std::size_t kMaxDestinations = 32;

[[nodiscard]] constexpr bool holds(DestinationSet set, std::size_t destination) noexcept {
  return (set >> destination & 1U) != 0;
}

// For destinations that speak Graphite's protocols.
struct ForwardedPoint {
  DestinationSet to = 0;
  std::string name;  // whole, with tags (graphite/encoder.hpp), but for a destination's prefix
  double value = 0;
  TimePoint time{};
};

// For destinations that speak Riemann's.
struct ForwardedEvent {
  DestinationSet to = 0;
  Event event;
};

}  // namespace tocsin::publish
