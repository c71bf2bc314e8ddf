#include "src/pipeline/router.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <cassert>

#include "src/event/compact_form.hpp"
#include "src/event/event_access.hpp"
#include "src/event/identity_hash.hpp"

namespace tocsin::pipeline {
namespace {

// How many samples are hashed and prefetched before the first is looked up: enough to hide a trip
// to memory, few enough to stay in the first-level cache.
constexpr std::size_t kGroup = 64;
// Samples ahead at which the memory of a batch is asked for.
constexpr std::size_t kFillAhead = 8;
// A batch whose definitions or events are this large is sent, however few samples it has.
constexpr std::size_t kMaxTextBytes = 256 * 1024;
constexpr std::size_t kMaxTimed = 1024;
constexpr std::size_t kMaxRejectText = 256;
constexpr std::uint32_t kRejectSamplesPerTick = 2;

SpellingCache::Key spelling_key(const RawSample& sample, std::uint64_t seed) noexcept {
  // Tags go into the seed of the name's hash: one short hash each, and no copying together.
  seed += static_cast<std::uint64_t>(sample.kind) * 0x9e37'79b9'7f4a'7c15u;
  if (!sample.tags.empty()) {
    seed ^= XXH3_64bits_withSeed(sample.tags.data(), sample.tags.size(), seed) | 1u;
  }
  return XXH3_64bits_withSeed(sample.name.data(), sample.name.size(), seed);
}

SpellingCache::Key spelling_key(const EventView& event, std::uint64_t seed) noexcept {
  const auto mix = [&seed](std::string_view text) {
    seed = XXH3_64bits_withSeed(text.data(), text.size(), seed);
  };
  // Not the seed of any sample: kinds are small numbers.
  seed += 0x9e37'79b9'7f4a'7c15u * 0xff;
  for (const std::string_view tag : event.tags) mix(tag);
  mix(event.host);
  mix(event.service);
  return seed;
}

}  // namespace

class Router::InputIntake final : public Intake {
 public:
  InputIntake(Router& router, InputId input) : router_(&router), input_(input) {}

  std::size_t samples(std::span<const RawSample> samples,
                      const IdentityResolver& resolver) override {
    return router_->samples(input_, samples, resolver);
  }
  bool event(const EventView& event) override { return router_->event(input_, event); }
  void drop(std::size_t records) override {
    IngestCounters& counters = router_->counters_[input_];
    counters.received.add(records);
    counters.dropped_full.add(records);
  }
  void reject(RejectCause cause, std::string_view record, std::size_t offset,
              std::string_view text) override {
    router_->reject(input_, cause, record, offset, text);
  }

 private:
  Router* router_;
  InputId input_;
};

Router::Router(const std::vector<Lane*>& lanes, const RouterOptions& options)
    : options_(options), spellings_cache_(options.max_spellings) {
  assert(!lanes.empty() && lanes.size() <= 64);
  for (Lane* lane : lanes) targets_.push_back({lane, nullptr, 0, {}});
  reject_samples_left_.fill(kRejectSamplesPerTick);
  for (std::size_t i = 0; i < kMaxInputs; ++i) {
    intakes_[i] = std::make_unique<InputIntake>(*this, static_cast<InputId>(i));
  }
}

Router::~Router() = default;

Intake& Router::intake(InputId input) {
  return *intakes_[input];
}

Batch* Router::open_batch(std::size_t shard) {
  Target& target = targets_[shard];
  if (target.open == nullptr) target.open = target.lane->take();
  return target.open;
}

void Router::send(std::size_t shard) {
  Target& target = targets_[shard];
  target.lane->send(std::exchange(target.open, nullptr));
  batches_sent_.add(1);
}

std::size_t Router::samples(InputId input, std::span<const RawSample> samples,
                            const IdentityResolver& resolver) {
  const std::uint64_t seed = options_.hash_seed ^ resolver.seed();
  IngestCounters& counters = counters_[input];
  std::array<SpellingCache::Key, kGroup> keys;
  std::size_t done = 0;
  // On entry of each round: everything before `done` is in a batch or was refused, and counted.
  while (done < samples.size()) {
    const std::size_t group = std::min(kGroup, samples.size() - done);
    for (std::size_t i = 0; i < group; ++i) {
      keys[i] = spelling_key(samples[done + i], seed);
      spellings_cache_.prefetch(keys[i]);
    }
    std::size_t refused = 0;  // of this group; reject() counted them
    for (std::size_t i = 0; i < group; ++i) {
      const RawSample& raw = samples[done + i];
      std::uint32_t routed = spellings_cache_.find(keys[i]);
      if (routed == SpellingCache::kAbsent) [[unlikely]] {
        routed = resolve(input, raw, resolver, keys[i]);
        if (routed == SpellingCache::kAbsent) {
          counters.received.add(i - refused);
          return done + i;
        }
        if (routed == kRefused) {
          ++refused;
          continue;
        }
      }
      const std::size_t shard = routed >> kWireBits;
      Batch* batch = open_batch(shard);
      if (batch == nullptr) [[unlikely]] {
        counters.received.add(i - refused);
        return done + i;
      }
      const double value =
          raw.op == SampleOp::kUnique
              ? std::bit_cast<double>(static_cast<std::uint64_t>(
                    XXH3_64bits_withSeed(raw.member.data(), raw.member.size(), options_.hash_seed)))
              : raw.value;
      const WireId wire = routed & kWireMask;
      ++batch->records[input];
      if (raw.timestamp_s != 0) [[unlikely]] {
        batch->timed.push_back({{wire, raw.op, input, 0, value, raw.weight}, raw.timestamp_s});
        if (batch->timed.size() == kMaxTimed) send(shard);
      } else {
        // Field by field, for the reason given in statsd's SampleBatch::begin_sample.
        Sample& sample = batch->samples.emplace_back();
        sample.wire = wire;
        sample.op = raw.op;
        sample.input = input;
        sample.value = value;
        sample.weight = raw.weight;
        const std::size_t filled = batch->samples.size();
        if (filled == options_.batch_samples) {
          send(shard);
        } else if (filled + kFillAhead < options_.batch_samples) {
          // What comes next belongs to the shard's core still; ask for it while others are filled.
          __builtin_prefetch(batch->samples.data() + filled + kFillAhead, 1);
        }
      }
    }
    counters.received.add(group - refused);
    done += group;
  }
  return done;
}

std::uint32_t Router::resolve(InputId input, const RawSample& sample,
                              const IdentityResolver& resolver, SpellingCache::Key key) {
  Result<Identity> identity = resolver.resolve(sample);
  if (!identity) {
    const RejectCause cause =
        identity.error().where == "tags" ? RejectCause::kTags : RejectCause::kName;
    reject(input, cause, sample.name, 0, identity.error().text);
    return kRefused;
  }
  return define(*identity, key);
}

std::uint32_t Router::define(const Identity& identity, SpellingCache::Key key) {
  identity_bytes_.clear();
  event::append_identity(identity, identity_bytes_);
  const event::Hash128 hash = event::hash_bytes(identity_bytes_, options_.hash_seed);
  const std::size_t shard = hash.high % targets_.size();
  Batch* batch = open_batch(shard);
  if (batch == nullptr) return SpellingCache::kAbsent;

  if (spellings_cache_.full()) {
    rotate();
    batch = open_batch(shard);
    if (batch == nullptr) return SpellingCache::kAbsent;
  }
  Target& target = targets_[shard];
  WireId wire = 0;
  if (!target.free_wires.empty()) {
    wire = target.free_wires.back();
    target.free_wires.pop_back();
  } else {
    assert(target.next_wire < kWireMask);  // 2 generations of at most max_spellings
    wire = target.next_wire++;
  }
  batch->definitions.push_back({wire, static_cast<std::uint32_t>(identity_bytes_.size())});
  batch->definition_bytes += identity_bytes_;
  const std::uint32_t routed = static_cast<std::uint32_t>(shard) << kWireBits | wire;
  spellings_cache_.insert(key, routed);
  spellings_.add(1);
  // Sent with its sample still missing: that one opens the next batch, which comes after this one.
  if (batch->definition_bytes.size() >= kMaxTextBytes) send(shard);
  return routed;
}

bool Router::is_ahead(TimePoint time) const noexcept {
  return now_ != TimePoint{} && time > now_ && time - now_ > options_.max_ahead;
}

bool Router::event(InputId input, const EventView& event) {
  if (!is_ahead(event.time)) return route(input, event);
  marked_.assign(event.attributes.begin(), event.attributes.end());
  marked_.push_back({"clock", "ahead"});
  EventView marked = event;
  marked.attributes = marked_;
  if (!route(input, marked)) return false;
  counters_[input].ahead.add(1);
  return true;
}

bool Router::route(InputId input, const EventView& event) {
  const SpellingCache::Key key = spelling_key(event, options_.hash_seed);
  std::uint32_t routed = spellings_cache_.find(key);
  if (routed == SpellingCache::kAbsent) {
    routed = define(event::identity_of(event::to_event(event)), key);
    if (routed == SpellingCache::kAbsent) return false;
  }
  const std::size_t shard = routed >> kWireBits;
  Batch* batch = open_batch(shard);
  if (batch == nullptr) return false;
  const std::size_t before = batch->event_bytes.size();
  event::append_event(event, batch->event_bytes);
  batch->events.push_back(
      {routed & kWireMask, input, static_cast<std::uint32_t>(batch->event_bytes.size() - before)});
  ++batch->records[input];
  counters_[input].received.add(1);
  if (batch->event_bytes.size() >= kMaxTextBytes) send(shard);
  return true;
}

void Router::end_event(InputId input, bool digested) {
  IngestCounters& counters = counters_[input];
  counters.received.add(1);
  (digested ? counters.digested : counters.dropped_rule).add(1);
}

void Router::reject(InputId input, RejectCause cause, std::string_view record, std::size_t offset,
                    std::string_view text) {
  IngestCounters& counters = counters_[input];
  counters.received.add(1);
  counters.rejected[static_cast<std::size_t>(cause)].add(1);
  if (on_reject_ && reject_samples_left_[input] > 0) {
    --reject_samples_left_[input];
    on_reject_(
        {input, cause, std::string(record.substr(0, kMaxRejectText)), offset, std::string(text)});
  }
}

void Router::publish() {
  for (std::size_t shard = 0; shard < targets_.size(); ++shard) {
    const Batch* open = targets_[shard].open;
    if (open != nullptr && !open->empty()) send(shard);
  }
}

bool Router::tick(TimePoint now) {
  now_ = now;
  if (last_rotation_ == TimePoint{}) last_rotation_ = now;
  bool define_again = false;
  for (const Target& target : targets_) define_again |= target.lane->take_define_again();
  const auto since = now - last_rotation_;
  if (define_again || since >= options_.rotation) {
    rotate();
    // Both generations: also when the clock jumped, or a series could end before its spelling does.
    if (define_again || since >= 2 * options_.rotation) rotate();
    last_rotation_ = now;
  }
  reject_samples_left_.fill(kRejectSamplesPerTick);
  bool everywhere = true;
  for (std::size_t shard = 0; shard < targets_.size(); ++shard) {
    Batch* batch = open_batch(shard);
    if (batch == nullptr) {
      everywhere = false;
      continue;
    }
    batch->tick = now;
    send(shard);
  }
  return everywhere;
}

bool Router::close() {
  for (std::size_t shard = 0; shard < targets_.size(); ++shard) {
    if (targets_[shard].lane == nullptr) continue;  // closed by an earlier call
    Batch* batch = open_batch(shard);
    if (batch == nullptr) return false;
    batch->last = true;
    send(shard);
    targets_[shard].lane = nullptr;
  }
  return true;
}

void Router::rotate() {
  // A number may be given out again only in a later batch than its last sample: definitions are
  // read first in a batch.
  publish();
  dropped_.clear();
  spellings_cache_.rotate(dropped_);
  for (const std::uint32_t routed : dropped_) {
    targets_[routed >> kWireBits].free_wires.push_back(routed & kWireMask);
  }
}

}  // namespace tocsin::pipeline
