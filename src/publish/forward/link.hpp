// Link: the way to one peer of a destination, for as long as the daemon runs. Written items wait in
// its spool; it keeps a connection, sends parcels, waits for answers where the protocol has them,
// and comes back with growing waits when the connection is lost.
//
// Without answers (Graphite) a parcel counts as sent when the kernel has all of it; one that was
// not yet written whole is written again over the next connection. With answers (Riemann) it counts
// as sent when the peer has said so; what has no answer is sent again. Either way a peer may see an
// item twice, never half of one as a whole.
// Threads: the thread that runs the io_context.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "src/publish/backoff.hpp"
#include "src/publish/forward/options.hpp"
#include "src/publish/forward/parcel_spool.hpp"
#include "src/publish/forward/peer_connection.hpp"
#include "src/publish/news.hpp"

namespace tocsin::publish {

struct LinkOptions {
  PeerAddress peer;
  ParcelSpool::Limits limits;
  // Writes what goes over the wire for the items of one parcel.
  void (*append_frame)(std::string_view body, std::string& out) = nullptr;
  // Reads an answer, which has its length before it, u32 big-endian; null: there are none.
  Result<RiemannCodec::Answer> (*parse_answer)(std::string_view msg) = nullptr;
  std::size_t max_under_way = 1;  // parcels
  std::chrono::milliseconds connect_timeout{};
  std::chrono::milliseconds progress_timeout{};
  std::chrono::milliseconds backoff_first{};
  std::chrono::milliseconds backoff_longest{};
  std::uint64_t jitter_seed = 1;
  std::function<void(News news, std::string_view line)> log;  // never empty
};

class Link final : private PeerListener {
 public:
  using Causes = std::map<std::string_view, std::uint64_t>;  // names are constants

  // Starts to connect at once.
  Link(boost::asio::io_context& context, LinkOptions options);
  ~Link() override;
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  // Sent with the next pump().
  void put(std::string_view item) { spool_.put(item); }
  // Sends what waits, as far as the peer takes it.
  void pump();

  [[nodiscard]] const LinkOptions& options() const noexcept { return options_; }
  [[nodiscard]] bool connected() const noexcept { return connected_; }
  [[nodiscard]] const ParcelCounters& counters() const noexcept { return spool_.counters(); }
  [[nodiscard]] const Causes& causes() const noexcept { return causes_; }

 private:
  class RetryTimer;

  void on_connected() override;
  void on_written() override;
  void on_bytes(std::string_view bytes) override;
  void on_ended(std::string_view cause, std::string text) override;

  void connect();
  // What is wrong with the answers, if anything; the connection is then of no more use.
  std::optional<std::string> take_answers();
  void take_answer(const RiemannCodec::Answer& answer);
  void lose(std::string_view cause, const std::string& text);
  void note_progress();
  void say_bad(const std::string& text);

  boost::asio::io_context& context_;
  const LinkOptions options_;
  ParcelSpool spool_;
  Backoff backoff_;
  std::unique_ptr<RetryTimer> retry_timer_;
  std::unique_ptr<PeerConnection> connection_;  // null: between attempts
  bool connected_ = false;
  std::chrono::steady_clock::time_point connected_since_;
  std::string output_;  // scratch
  std::string input_;   // of an answer that is not whole yet
  std::string last_bad_;
  Causes causes_;
};

}  // namespace tocsin::publish
