#include "src/publish/publisher.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <mutex>
#include <thread>

#include "src/pipeline/spsc_ring.hpp"
#include "src/publish/redis/redis_store.hpp"

namespace tocsin::publish {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kRingBatches = 256;
constexpr auto kStatusInterval = std::chrono::milliseconds(500);
constexpr auto kDrainStep = std::chrono::milliseconds(10);

}  // namespace

class Publisher::Impl {
 public:
  explicit Impl(std::size_t producers) : status_timer_(context_), work_(context_.get_executor()) {
    for (std::size_t i = 0; i < producers; ++i) {
      rings_.push_back(std::make_unique<pipeline::SpscRing<BatchPtr>>(kRingBatches));
    }
  }
  ~Impl() { stop(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Result<void> open_store(const StoreOptions& options, TimePoint now) {
    if (const auto* redis = std::get_if<RedisOptions>(&options)) {
      store_ = make_redis_store(context_, *redis, now);
      return {};
    }
    auto opened = open_embedded_store(std::get<EmbeddedOptions>(options), now);
    if (!opened) return opened.error();
    store_ = std::move(*opened);
    return {};
  }

  void add_forwarder(const ForwardOptions& options) {
    assert(forwarders_.size() < kMaxDestinations);
    forwarders_.push_back(make_forwarder(context_, options));
  }

  void start() {
    publish_status();
    thread_ = std::thread([this] { context_.run(); });
  }

  bool put(std::size_t producer, BatchPtr& batch) {
    if (!rings_[producer]->try_push(batch)) return false;
    // One wake-up on the way is enough for any number of batches: drain() clears the mark before it
    // looks into the rings.
    if (!waking_.exchange(true, std::memory_order_acq_rel)) {
      asio::post(context_, [this] { drain(); });
    }
    return true;
  }

  PublisherStatus status() const {
    const std::lock_guard lock(status_mutex_);
    return status_;
  }

  Unstored close(std::chrono::milliseconds grace) {
    if (!thread_.joinable()) return unstored_;
    asio::post(context_, [this, deadline = std::chrono::steady_clock::now() + grace] {
      drain();
      finish(deadline);
    });
    thread_.join();
    store_.reset();
    forwarders_.clear();
    return unstored_;
  }

 private:
  void drain() {
    // An exchange, not a store: a store could become visible after the look into the rings, and a
    // batch put in between would wait for the next one. Pairs with the exchange in put().
    (void)waking_.exchange(false, std::memory_order_acq_rel);
    BatchPtr batch;
    for (const auto& ring : rings_) {
      while (ring->try_pop(batch)) {
        store_->put(batch->records);
        forward(batch->points);
        forward(batch->events);
        if (batch->tick > now_) {
          now_ = batch->tick;
          store_->tick(now_);
        }
      }
    }
    for (const auto& forwarder : forwarders_) forwarder->pump();
  }

  template <class Fact>
  void forward(const std::vector<Fact>& facts) {
    for (const Fact& fact : facts) {
      for (std::size_t i = 0; i < forwarders_.size(); ++i) {
        if (holds(fact.to, i)) forwarders_[i]->put(fact);
      }
    }
  }

  [[nodiscard]] bool all_done() const {
    return store_->counters().pending == 0 &&
           std::all_of(forwarders_.begin(), forwarders_.end(), [](const auto& forwarder) {
             return forwarder->status().counters.pending == 0;
           });
  }

  // Looks again and again, because it is the peers that have to answer.
  void finish(std::chrono::steady_clock::time_point deadline) {
    drain();
    if (all_done() || std::chrono::steady_clock::now() >= deadline) {
      // Asked before the end: a closed store has forgotten its fault.
      const StoreStatus status = store_->status();
      unstored_.records = store_->counters().pending;
      if (unstored_.records > 0 || status.state == StoreState::kDegraded) {
        unstored_.why = status.text;
      }
      for (const auto& forwarder : forwarders_) {
        ForwardStatus left = forwarder->status();
        if (left.counters.pending == 0) continue;
        unstored_.forwards.push_back({std::move(left.name), left.counters.pending});
      }
      store_->close();
      publish_snapshot();
      context_.stop();
      return;
    }
    status_timer_.expires_after(kDrainStep);
    status_timer_.async_wait(
        [this, deadline](const boost::system::error_code&) { finish(deadline); });
  }

  void publish_status() {
    publish_snapshot();
    status_timer_.expires_after(kStatusInterval);
    status_timer_.async_wait([this](const boost::system::error_code& error) {
      if (!error) publish_status();
    });
  }
  void publish_snapshot() {
    PublisherStatus now{store_->status(), store_->counters(), store_->causes(), {}};
    for (const auto& forwarder : forwarders_) now.forwards.push_back(forwarder->status());
    const std::lock_guard lock(status_mutex_);
    status_ = std::move(now);
  }

  void stop() {
    context_.stop();
    if (thread_.joinable()) thread_.join();
  }

  asio::io_context context_{1};
  asio::steady_timer status_timer_;
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  std::vector<std::unique_ptr<pipeline::SpscRing<BatchPtr>>> rings_;  // by producer
  std::atomic<bool> waking_{false};  // set by producers, cleared by the publisher
  std::unique_ptr<ResultStore> store_;
  std::vector<std::unique_ptr<Forwarder>> forwarders_;  // by destination
  TimePoint now_{};
  Unstored unstored_;  // written by the thread before it ends, read after it was joined
  mutable std::mutex status_mutex_;
  PublisherStatus status_;  // guarded by status_mutex_
  std::thread thread_;
};

Publisher::Publisher(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
Publisher::~Publisher() = default;

Result<std::unique_ptr<Publisher>> Publisher::open(const StoreOptions& options,
                                                   const std::vector<ForwardOptions>& forwards,
                                                   std::size_t producers, TimePoint now) {
  auto impl = std::make_unique<Impl>(producers);
  if (auto opened = impl->open_store(options, now); !opened) return opened.error();
  for (const ForwardOptions& forward : forwards) impl->add_forwarder(forward);
  impl->start();
  return std::unique_ptr<Publisher>(new Publisher(std::move(impl)));
}

bool Publisher::put(std::size_t producer, BatchPtr& batch) {
  return impl_->put(producer, batch);
}
PublisherStatus Publisher::status() const {
  return impl_->status();
}
Unstored Publisher::close(std::chrono::milliseconds grace) {
  return impl_->close(grace);
}

}  // namespace tocsin::publish
