// The publisher thread: takes results from the other stages and gives them to the result store. It
// owns the store and the connections behind it; nobody else touches them.
// Threads: put() belongs to one thread per producer; the rest says what is safe from any.
// Full:    put() refuses when a producer's ring is full; the batch stays with the producer, who
//          sleeps and tries again. The store itself never makes the thread wait: it keeps or
//          drops, and counts.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "src/publish/embedded/embedded_store.hpp"
#include "src/publish/redis/options.hpp"
#include "tocsin/event.hpp"
#include "tocsin/result.hpp"
#include "tocsin/store.hpp"

namespace tocsin::publish {

using StoreOptions = std::variant<EmbeddedOptions, RedisOptions>;

// Results of one tick on their way to the store.
struct Batch {
  TimePoint tick{};  // not zero: the store is told that the present has come here
  std::vector<Record> records;
};
using BatchPtr = std::unique_ptr<Batch>;

struct PublisherStatus {
  StoreStatus store;
  StoreCounters counters;
  std::vector<StoreCause> causes;
};

// What the end of a publisher leaves undone.
struct Unstored {
  std::uint64_t records = 0;  // that waited for the store and are lost
  // The store's place and fault in its own words, when records are lost or stored results are not
  // kept over a restart; else empty.
  std::string why;
};

class Publisher {
 public:
  // Opens the store; kIo and others when that fails. The thread runs from here on.
  [[nodiscard]] static Result<std::unique_ptr<Publisher>> open(const StoreOptions& options,
                                                               std::size_t producers,
                                                               TimePoint now);
  ~Publisher();
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;

  // Producer `producer`'s thread. False: its ring is full, `batch` stays with the caller.
  [[nodiscard]] bool put(std::size_t producer, BatchPtr& batch);

  // Any thread; about a second old.
  [[nodiscard]] PublisherStatus status() const;

  // After the producers have stopped: stores what is pending, for at most `grace`; then ends. A
  // second call says the same again.
  Unstored close(std::chrono::milliseconds grace);

 private:
  class Impl;
  explicit Publisher(std::unique_ptr<Impl> impl) noexcept;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tocsin::publish
