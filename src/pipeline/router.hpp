// The end of an ingest thread: gives every sample the number of its series and puts it into the
// batch of the shard that owns the series.
//
// A spelling (kind, raw name, raw tags) that is known costs a hash and a look-up. One that is not
// is resolved into an identity; the identity's hash chooses the shard; a free number is taken, and
// the definition "number = identity" travels ahead of its first sample in the same batch. Numbers
// belong to this router alone: no table is shared with other threads (docs/decisions/0001).
//
// Threads: one ingest thread. Counters and lane depths may be read by others.
// Cost:    no allocation for a known spelling; look-ups of a group of samples overlap in memory.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "src/pipeline/batch.hpp"
#include "src/pipeline/counters.hpp"
#include "src/pipeline/lane.hpp"
#include "src/pipeline/spelling_cache.hpp"
#include "tocsin/intake.hpp"

namespace tocsin::pipeline {

// A refused record, kept so that somebody can be told what was wrong with it.
struct RejectSample {
  InputId input;
  RejectCause cause;
  std::string record;  // at most 256 bytes of it
  std::size_t offset;
  std::string text;
};

struct RouterOptions {
  std::uint64_t hash_seed = 0;          // of identities and spellings; secret
  std::size_t max_spellings = 1 << 21;  // per generation; more than twice max_series is waste
  std::size_t batch_samples = 1024;
  // How often unused spellings age. A spelling falls out after one to two of these; every series
  // must live longer than three, or its number could be used after its end.
  std::chrono::nanoseconds rotation = std::chrono::minutes(10);
  // An event whose time is further ahead of the last tick is taken, counted, and has the attribute
  // clock=ahead: its sender's clock is wrong, and it will seem fresh for long.
  std::chrono::nanoseconds max_ahead = std::chrono::hours(24);
};

class Router {
 public:
  // One lane per shard, in shard order; at most 64. They must outlive the router.
  Router(const std::vector<Lane*>& lanes, const RouterOptions& options);
  ~Router();
  Router(const Router&) = delete;
  Router& operator=(const Router&) = delete;

  // The Intake of one input on this thread. Valid as long as the router.
  [[nodiscard]] Intake& intake(InputId input);

  // Counts an event of `input` that ends here: digested, when rules took from it all that they
  // want; else dropped by one.
  void end_event(InputId input, bool digested);

  // Further than RouterOptions::max_ahead: such an event is marked and counted as it is routed.
  [[nodiscard]] bool is_ahead(TimePoint time) const noexcept;

  // Sends off what waits in half-filled batches. Called every 20 ms.
  void publish();
  // Says to every shard that everything before `now` was sent. False: a lane was full; say it again
  // later (ticks are never skipped, they merge into the next).
  [[nodiscard]] bool tick(TimePoint now);
  // The last word: publishes everything and marks the end. False: a lane was full; try again.
  [[nodiscard]] bool close();

  // Readable from any thread.
  [[nodiscard]] const IngestCounters& counters(InputId input) const { return counters_[input]; }
  [[nodiscard]] std::uint64_t spellings() const noexcept { return spellings_.get(); }
  [[nodiscard]] std::uint64_t batches_sent() const noexcept { return batches_sent_.get(); }

  // Called for a refused record, at most a few times a second per input. Set before traffic.
  void on_reject_sample(std::function<void(RejectSample)> callback) {
    on_reject_ = std::move(callback);
  }

 private:
  class InputIntake;

  std::size_t samples(InputId input, std::span<const RawSample> samples,
                      const IdentityResolver& resolver);
  bool event(InputId input, const EventView& event);
  bool route(InputId input, const EventView& event);
  void reject(InputId input, RejectCause cause, std::string_view record, std::size_t offset,
              std::string_view text);

  // The shard and number of a spelling seen for the first time; kAbsent when the pipeline is full,
  // kRefused when the resolver refused it (and it was counted).
  std::uint32_t resolve(InputId input, const RawSample& sample, const IdentityResolver& resolver,
                        SpellingCache::Key key);
  // The same once the identity is known; never kRefused.
  std::uint32_t define(const Identity& identity, SpellingCache::Key key);
  void rotate();
  // The batch being filled towards `shard`; null when the lane is full.
  Batch* open_batch(std::size_t shard);
  void send(std::size_t shard);

  static constexpr std::uint32_t kRefused = SpellingCache::kAbsent - 1;
  // A routed number: shard in the upper bits, wire id in the lower.
  static constexpr unsigned kWireBits = 26;
  static constexpr std::uint32_t kWireMask = (1u << kWireBits) - 1;

  struct Target {
    Lane* lane;
    Batch* open = nullptr;
    WireId next_wire = 0;
    std::vector<WireId> free_wires;
  };

  RouterOptions options_;
  std::vector<Target> targets_;
  SpellingCache spellings_cache_;
  std::vector<std::uint32_t> dropped_;  // scratch of rotate()
  std::string identity_bytes_;          // scratch of define()
  TimePoint last_rotation_{};
  std::array<std::uint32_t, kMaxInputs> reject_samples_left_{};
  std::array<std::unique_ptr<InputIntake>, kMaxInputs> intakes_;
  std::function<void(RejectSample)> on_reject_;
  std::array<IngestCounters, kMaxInputs> counters_;
  TimePoint now_{};                    // the last tick
  std::vector<AttributeView> marked_;  // attributes of an event that is marked
  Counter spellings_;
  Counter batches_sent_;
};

}  // namespace tocsin::pipeline
