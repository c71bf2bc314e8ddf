// One ingest thread: its event loop, its listeners, its router, and the clock that ticks.
// Ticks fall on whole seconds. What waits in half-filled batches is sent every 20 ms.
// Threads: made and started by one thread; everything else inside is the ingest thread's own.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "ingest/listen/datagram_listener.hpp"
#include "ingest/listen/loop.hpp"
#include "ingest/listen/stream_listener.hpp"
#include "src/app/body_job.hpp"
#include "src/app/event_rules.hpp"
#include "src/app/inputs/inputs.hpp"
#include "src/pipeline/router.hpp"
#include "src/settings/places.hpp"
#include "tocsin/result.hpp"

namespace tocsin::app {

// One way in, for counters and messages: "statsd.udp" at "127.0.0.1:8125".
struct Input {
  std::string name;
  std::string address;
};

struct IngestOptions {
  pipeline::RouterOptions router;
  // Only one thread listens where ports cannot be shared (unix sockets).
  bool first = true;
};

class IngestThread {
 public:
  static constexpr std::chrono::seconds kTick{1};  // from one to the next

  IngestThread(const std::vector<pipeline::Lane*>& lanes, const IngestOptions& options);
  ~IngestThread();
  IngestThread(const IngestThread&) = delete;
  IngestThread& operator=(const IngestThread&) = delete;

  // Opens the sockets of all specs; `inputs` gets one entry for each, the same on every thread.
  // Errors are complaints about the setting of a spec, at its place.
  [[nodiscard]] Result<void> listen(Specs specs, const settings::Places& places,
                                    std::vector<Input>& inputs);
  // What becomes of events from now on. Before start() on any thread; then on this one (post()).
  void adopt(EventProgramPtr program) { rules_.adopt(std::move(program)); }
  void start();
  // Stops listening, takes what the kernel and the connections still hold, sends it on with the
  // mark of the end, and joins the thread. Nothing that was received is lost.
  void stop();

  [[nodiscard]] pipeline::Router& router() noexcept { return router_; }
  // From any thread: calls `fn` on this one, unless it has stopped.
  void post(std::function<void()> fn) { loop_.post(std::move(fn)); }

  // From any thread. Whether records may be posted to `path`.
  [[nodiscard]] bool takes_bodies(std::string_view path) const noexcept;
  // From any thread: decodes a body that was posted to such a path; `done` hears on this thread
  // what became of it.
  void take_body(std::string_view path, std::string body, const Peer& peer, BodyJob::Done done);

  // Readable from any thread; null for inputs of the other kind or of another thread.
  [[nodiscard]] const listen::DatagramCounters* datagrams(std::size_t input) const noexcept;
  [[nodiscard]] const listen::ConnectionCounters* connections(std::size_t input) const noexcept;
  [[nodiscard]] const tail::Counters* files(std::size_t input) const noexcept;
  [[nodiscard]] const nagios::RunnerCounters* checks(std::size_t input) const noexcept;
  [[nodiscard]] const collectd::Counters* collectd(std::size_t input) const noexcept;

 private:
  struct Socket {
    std::unique_ptr<listen::DatagramListener> datagram;
    std::unique_ptr<listen::StreamListener> stream;
    std::unique_ptr<listen::FileListener> files;
    std::unique_ptr<nagios::CheckRunner> checks;
  };
  // A body that waits for the pipeline, and how many beats more it may.
  struct WaitingBody {
    std::unique_ptr<BodyJob> job;
    int beats = 0;
  };

  Result<Socket> open(const InputSpec& spec, Intake& intake);
  [[nodiscard]] std::size_t find_body(std::string_view path) const noexcept;
  void start_body(std::unique_ptr<BodyJob> job);
  void try_bodies();
  void beat();
  void announce(const pipeline::RejectSample& sample);
  void close_listeners();
  void finish();

  IngestOptions options_;
  listen::Loop loop_;
  pipeline::Router router_;
  EventRules rules_;
  Specs specs_;                           // by input
  std::vector<Socket> sockets_;           // by input
  std::vector<std::string> input_names_;  // by input
  std::vector<WaitingBody> bodies_;
  TimePoint last_tick_{};
  std::size_t closing_ = 0;  // inputs that are not closed yet
  bool finishing_ = false;
  std::thread thread_;
};

}  // namespace tocsin::app
