// ResultStore: where Tocsin's results go. An author of another store implements this interface;
// the embedded store and the Redis store are two that exist.
//
// A result is an absolute value under a deterministic key: the same fact has the same key, and
// writing it twice is the same as writing it once. Nothing is ever incremented. So a store may
// coalesce (only the newest value of a key matters), resend after a lost connection, and replay
// after a restart.
//
// put() never blocks on a peer and never fails: while a store is down it keeps the newest values in
// memory up to a cap, and counts what the cap turned away. At every moment
//     accepted = stored + superseded + dropped + refused + pending.
// Threads: all members belong to one thread, the publisher's. Handlers run on it too.
// Time:    a store reads no clock to decide about results; time comes with tick().
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tocsin/event.hpp"
#include "tocsin/result.hpp"

namespace tocsin {

// One result: a value under a key, or a name in an index (a list of names, for finding keys).
struct Record {
  enum class Kind : std::uint8_t { kValue, kMember };

  Kind kind = Kind::kValue;
  bool urgent = false;  // kept in reserved room when a store is down for long, and sent first
  std::string key;      // of the value or of the index
  std::string member;   // kMember: the name that is listed; else empty
  std::string value;    // kValue: MessagePack; else empty
  std::chrono::milliseconds ttl{0};  // since it was stored; 0: stays until replaced

  friend bool operator==(const Record&, const Record&) = default;
};

enum class StoreState : std::uint8_t {
  kDown,      // results wait in memory
  kReady,     // results are stored as they come
  kDegraded,  // results are served, but not kept over a restart
  kClosed,    // after close()
};

[[nodiscard]] constexpr std::string_view to_string(StoreState state) noexcept {
  constexpr std::string_view kNames[] = {"down", "ready", "degraded", "closed"};
  return kNames[static_cast<std::uint8_t>(state)];
}

struct StoreStatus {
  StoreState state = StoreState::kDown;
  std::string text;  // for people: why, and since which fault; never holds a secret
};

struct StoreCounters {
  std::uint64_t accepted = 0;    // records given to put()
  std::uint64_t stored = 0;      // acknowledged by the store
  std::uint64_t superseded = 0;  // a newer value of the same key came before this one was stored
  std::uint64_t dropped = 0;     // turned away by a cap
  std::uint64_t refused = 0;     // the store said no, for good
  std::uint64_t pending = 0;     // now waiting or under way
  std::uint64_t bytes = 0;       // now held in memory for the above, or as the store's content
};

// How often something happened, under a stable name: the `cause` label in /metrics.
struct StoreCause {
  std::string_view name;
  std::uint64_t count = 0;
};

class ResultStore {
 public:
  using GetHandler = std::function<void(Result<std::optional<std::string>>)>;
  using ListHandler = std::function<void(Result<std::vector<std::string>>)>;
  using ScanHandler = std::function<void(Result<std::vector<Record>>)>;

  virtual ~ResultStore() = default;

  // Takes copies of all records.
  virtual void put(std::span<const Record> records) = 0;
  // The present has come to `now`. Calls with ascending times, about once a second.
  virtual void tick(TimePoint now) = 0;

  [[nodiscard]] virtual StoreStatus status() const = 0;
  [[nodiscard]] virtual StoreCounters counters() const = 0;
  // Faults and events besides the counters. The names live as long as the program.
  [[nodiscard]] virtual std::vector<StoreCause> causes() const = 0;

  // Reading, for the command line and for tests: sees what is stored, not what is pending. The
  // handler is called exactly once, perhaps before the call returns; kUnavailable when the store is
  // down, kLimit when too many reads wait.
  virtual void get(std::string key, GetHandler handler) = 0;
  // Names in an index that have not expired, sorted.
  virtual void list(std::string index, ListHandler handler) = 0;
  // Values (not indexes) whose key starts with `prefix`, sorted by key, at most `limit`; their ttl
  // is not told. May be slow: it walks all keys.
  virtual void scan(std::string prefix, std::size_t limit, ScanHandler handler) = 0;

  // Ends the store's work; what is pending stays undone. For an orderly stop, wait until
  // counters().pending is 0 first.
  virtual void close() = 0;
};

}  // namespace tocsin
