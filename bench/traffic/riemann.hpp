// Realistic Riemann events: host, service, state, description, two tags, two attributes, a metric,
// a time and a ttl, about 150 bytes.
#pragma once

#include <cstddef>
#include <random>

#include "tocsin/event.hpp"

namespace tocsin::traffic {

// The event number `i`; its metric is an integer.
[[nodiscard]] Event riemann_event(std::size_t i);

// The same with a service of its own, and with fields missing, of other types and of other lengths
// here and there, which no branch predictor remembers.
[[nodiscard]] Event vary(Event event, std::mt19937& random);

}  // namespace tocsin::traffic
