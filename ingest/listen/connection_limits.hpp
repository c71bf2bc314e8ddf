// What one listening stream socket grants its clients.
#pragma once

#include <chrono>
#include <cstddef>

namespace tocsin::listen {

struct ConnectionLimits {
  // One more is accepted and closed at once, so that the client learns of it.
  std::size_t max_connections = 1024;
  // A connection on which nothing moved for this long (up to an eighth longer) is closed; 0: never.
  // Time during which a full pipeline kept us from reading does not count.
  std::chrono::nanoseconds idle_timeout = std::chrono::minutes(5);
};

}  // namespace tocsin::listen
