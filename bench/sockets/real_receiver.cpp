#include <pthread.h>
#include <time.h>

#include <future>
#include <string>
#include <thread>
#include <utility>
#include <variant>

#include "bench/sockets/receiver.hpp"
#include "ingest/listen/loop.hpp"

namespace tocsin::sockets {
namespace {

class RealReceiver final : public Receiver {
 public:
  explicit RealReceiver(const app::InputSpec& spec) {
    if (const auto* datagrams = std::get_if<app::DatagramInput>(&spec.way)) {
      auto opened = listen::DatagramListener::open(loop_, datagrams->options,
                                                   datagrams->decoder(intake_), intake_);
      if (!opened) fail(opened.error().message());
      datagrams_ = std::move(*opened);
    } else {
      const auto& streams = std::get<app::StreamInput>(spec.way);
      auto opened = listen::StreamListener::open(loop_, streams.options, streams.sessions(intake_));
      if (!opened) fail(opened.error().message());
      streams_ = std::move(*opened);
    }
    thread_ = std::thread([this] {
      pin_this_thread(Side::kReceiver);
      loop_.run();
    });
    if (::pthread_getcpuclockid(thread_.native_handle(), &clock_) != 0)
      fail("no clock of a thread");
  }
  ~RealReceiver() override {
    loop_.stop();
    thread_.join();
  }

  std::uint16_t port() const override { return datagrams_ ? datagrams_->port() : streams_->port(); }

  std::uint64_t received() const override {
    return datagrams_ ? datagrams_->counters().datagrams.get() : streams_->counters().bytes.get();
  }

  std::uint64_t cpu_ns() const override {
    timespec now{};
    (void)::clock_gettime(clock_, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 +
           static_cast<std::uint64_t>(now.tv_nsec);
  }

  // What is counted as received when this is called has been decoded when the loop gets to it: both
  // happen in one turn.
  Sums take() override {
    std::promise<Sums> taken;
    loop_.post([&] {
      if (intake_.lost != 0) fail(std::to_string(intake_.lost) + " records were refused");
      taken.set_value(std::exchange(intake_.sums, {}));
    });
    return taken.get_future().get();
  }

 private:
  listen::Loop loop_;
  CountingIntake intake_;
  std::unique_ptr<listen::DatagramListener> datagrams_;
  std::unique_ptr<listen::StreamListener> streams_;
  std::thread thread_;
  clockid_t clock_{};
};

}  // namespace

std::unique_ptr<Receiver> open_real(const app::InputSpec& spec) {
  return std::make_unique<RealReceiver>(spec);
}

}  // namespace tocsin::sockets
