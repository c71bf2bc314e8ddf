// DatagramListener: receives datagrams over UDP or a unix socket and hands them to a Decoder.
// It never waits for the pipeline: what a full pipeline does not take is dropped and counted.
// How:     up to 64 datagrams per system call. When a call brings fewer, the listener naps before
//          it looks again, so that under load the datagrams of a millisecond share one wake-up; a
//          nap that found nothing sends it back to waiting, so that an idle daemon sleeps.
// Threads: everything on the loop's thread (or before the loop runs), counters() from any.
// Errors:  truncated datagrams are rejected as oversized through Intake; the rest is the decoder's.
// Cost:    no allocation per datagram; a few ns on top of the system call (bench/flow).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "ingest/listen/counters.hpp"
#include "ingest/listen/endpoint.hpp"
#include "ingest/listen/loop.hpp"
#include "src/base/clock.hpp"
#include "tocsin/decoder.hpp"
#include "tocsin/intake.hpp"
#include "tocsin/result.hpp"

namespace tocsin::listen {

struct DatagramOptions {
  Endpoint endpoint{};
  // Longer datagrams are rejected. Lower it to save address space, not memory: only bytes that
  // datagrams really reached are resident.
  std::size_t max_datagram_bytes = 64 * 1024;
  // What the kernel may hold while the loop is busy; 0 keeps the system's default. Beyond
  // net.core.rmem_max only with CAP_NET_ADMIN. Raise it when kernel_drops grows in bursts.
  int receive_buffer_bytes = 16 * 1024 * 1024;
  // How long to rest after a batch that was not full. Longer saves wake-ups and needs more receive
  // buffer; 0 wakes for every datagram.
  std::chrono::nanoseconds nap = std::chrono::milliseconds(1);
  // Whether Origin says who sent a datagram. Turn it off where no decoder asks: the kernel takes
  // about 70 ns longer per datagram, a tenth of the whole cost. Unix senders have no address.
  bool with_peers = true;
  base::Clock clock = base::wall_clock;  // read once per batch
};

class DatagramListener {
 public:
  // Binds and starts to wait. `loop` and `intake` outlive the listener.
  [[nodiscard]] static Result<std::unique_ptr<DatagramListener>> open(
      Loop& loop, const DatagramOptions& options, std::unique_ptr<Decoder> decoder, Intake& intake);

  ~DatagramListener();  // as close(), without the draining
  DatagramListener(const DatagramListener&) = delete;
  DatagramListener& operator=(const DatagramListener&) = delete;

  // Takes what the kernel already holds (no more than fits the receive buffer, so that busy senders
  // cannot keep it open), flushes the decoder and closes the socket. May be called twice.
  void close();

  // Brings counters().kernel_drops up to date; happens by itself whenever the socket runs empty.
  void refresh_kernel_drops();

  [[nodiscard]] std::uint16_t port() const noexcept;        // 0 for a unix socket
  [[nodiscard]] int receive_buffer_bytes() const noexcept;  // granted, by the kernel's own count
  [[nodiscard]] const DatagramCounters& counters() const noexcept;

 private:
  class Impl;
  explicit DatagramListener(std::shared_ptr<Impl> impl) noexcept;

  // Shared with the handlers that Asio still holds: they end after the listener does.
  std::shared_ptr<Impl> impl_;
};

}  // namespace tocsin::listen
