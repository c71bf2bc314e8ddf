// For tests that run Asio's loop on their own thread.
#pragma once

#include <chrono>

#include <boost/asio/io_context.hpp>

#include "ingest/listen/loop_context.hpp"

namespace tocsin::listen::testing {

// Runs handlers until `condition` holds; false after ten seconds.
template <class Condition>
[[nodiscard]] bool run_until(asio::io_context& io, Condition condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    io.restart();
    io.run_one_for(std::chrono::milliseconds(10));
  }
  return true;
}

inline void run_for(asio::io_context& io, std::chrono::milliseconds span) {
  io.restart();
  io.run_for(span);
}

}  // namespace tocsin::listen::testing
