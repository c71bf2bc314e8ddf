// `tocsin demo`: a small shop's traffic, sent through real UDP to a running daemon.
// The story: customers check out; after a while the payment provider slows down, checkouts take ten
// times as long and fail; later it recovers. Hosts app-1..3 report themselves throughout.
#pragma once

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <string>

namespace tocsin::app {

struct DemoOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8125;
  std::chrono::seconds duration{0};  // 0: until it is stopped
  std::chrono::seconds calm{80};     // before the trouble
  std::chrono::seconds trouble{60};  // and after it, as long as it lasts
  std::uint64_t seed = 7;
};

// Returns when the time is over or `stop_demo` was called; nobody listening is no error, because
// UDP does not know.
int run_demo(const DemoOptions& options, std::ostream& out, std::ostream& err);
// Safe from a signal handler.
void stop_demo() noexcept;

}  // namespace tocsin::app
