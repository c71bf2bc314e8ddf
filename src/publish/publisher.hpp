// The publisher thread: takes results from the other stages and gives them to the result store and
// to the destinations they are forwarded to. It owns the store, the forwarders and the connections
// behind them; nobody else touches them.
// Threads: put() belongs to one thread per producer; the rest says what is safe from any.
// Full:    put() refuses when a producer's ring is full; the batch stays with the producer, who
//          sleeps and tries again. Neither store nor forwarder makes the thread wait: they keep
//          or drop, and count.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "src/publish/embedded/embedded_store.hpp"
#include "src/publish/forward/facts.hpp"
#include "src/publish/forward/forwarder.hpp"
#include "src/publish/forward/options.hpp"
#include "src/publish/redis/options.hpp"
#include "tocsin/event.hpp"
#include "tocsin/result.hpp"
#include "tocsin/store.hpp"

namespace tocsin::publish {

using StoreOptions = std::variant<EmbeddedOptions, RedisOptions>;

// Results of one tick, or a part of them.
struct Batch {
  TimePoint tick{};  // not zero: the store is told that the present has come here
  std::vector<Record> records;
  std::vector<ForwardedPoint> points;
  std::vector<ForwardedEvent> events;

  [[nodiscard]] bool empty() const noexcept {
    return records.empty() && points.empty() && events.empty();
  }
};
using BatchPtr = std::unique_ptr<Batch>;

struct PublisherStatus {
  StoreStatus store;
  StoreCounters counters;
  std::vector<StoreCause> causes;
  std::vector<ForwardStatus> forwards;  // in the order of the options
};

// Items that a destination did not take before the end.
struct Unforwarded {
  std::string destination;
  std::uint64_t items = 0;
};

// What the end of a publisher leaves undone.
struct Unstored {
  std::uint64_t records = 0;  // that waited for the store and are lost
  // The store's place and fault in its own words, when records are lost or stored results are not
  // kept over a restart; else empty.
  std::string why;
  std::vector<Unforwarded> forwards;  // only those with any
};

class Publisher {
 public:
  // Opens the store; kIo and others when that fails. The thread runs from here on. `forwards`: at
  // most kMaxDestinations, each meant by the bit of its place.
  [[nodiscard]] static Result<std::unique_ptr<Publisher>> open(
      const StoreOptions& options, const std::vector<ForwardOptions>& forwards,
      std::size_t producers, TimePoint now);
  ~Publisher();
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;

  // Producer `producer`'s thread. False: its ring is full, `batch` stays with the caller.
  [[nodiscard]] bool put(std::size_t producer, BatchPtr& batch);

  // Any thread; about a second old.
  [[nodiscard]] PublisherStatus status() const;

  // After the producers have stopped: stores and forwards what is pending, for at most `grace`;
  // then ends. A second call says the same again.
  Unstored close(std::chrono::milliseconds grace);

 private:
  class Impl;
  explicit Publisher(std::unique_ptr<Impl> impl) noexcept;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tocsin::publish
