// Receiver: something that listens on loopback on a thread of its own, and what that thread costs.
#pragma once

#include <cstdint>
#include <memory>

#include "bench/sockets/intake.hpp"
#include "src/app/inputs/inputs.hpp"

namespace tocsin::sockets {

class Receiver {
 public:
  virtual ~Receiver() = default;

  [[nodiscard]] virtual std::uint16_t port() const = 0;
  // From any thread: datagrams, or bytes of streams, since the beginning.
  [[nodiscard]] virtual std::uint64_t received() const = 0;
  // CPU time of the receiving thread, nanoseconds.
  [[nodiscard]] virtual std::uint64_t cpu_ns() const = 0;
  // Once all is received: what was made of it since the last call. Ends the program with a message
  // when something was refused or dropped.
  [[nodiscard]] virtual Sums take() = 0;
};

// The input as the daemon opens it, with a CountingIntake behind it.
[[nodiscard]] std::unique_ptr<Receiver> open_real(const app::InputSpec& spec);

// The cheapest receiver there can be for the same traffic, with the same buffers, batches and naps;
// it decodes and answers nothing.
[[nodiscard]] std::unique_ptr<Receiver> open_bare(const app::InputSpec& spec);

[[noreturn]] void fail(const std::string& what);
[[noreturn]] void fail_errno(const char* what);

// Where receivers run, and where senders do: the first and the last processor that we may use.
enum class Side { kReceiver, kSender };
void pin_this_thread(Side side);

}  // namespace tocsin::sockets
