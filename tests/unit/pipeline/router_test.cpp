#include "src/pipeline/router.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>

#include "src/event/compact_form.hpp"

namespace tocsin::pipeline {
namespace {

using std::chrono::seconds;

// Names are their own identity; a name that starts with '!' is refused.
class PlainResolver final : public IdentityResolver {
 public:
  Result<Identity> resolve(const RawSample& sample) const override {
    ++calls;
    if (sample.name.starts_with('!')) return Error{Errc::kSyntax, "name", "a bad name"};
    Identity identity;
    identity.kind = sample.kind;
    identity.service = std::string(sample.name);
    if (!sample.tags.empty()) identity.tags.emplace_back(sample.tags);
    return identity;
  }
  std::uint64_t seed() const noexcept override { return 1; }
  mutable int calls = 0;
};

RawSample counter(std::string_view name, double value = 1, std::string_view tags = {}) {
  RawSample sample;
  sample.name = name;
  sample.tags = tags;
  sample.value = value;
  return sample;
}

// Reads a lane as a shard does and keeps what it saw, by name.
struct Reader {
  explicit Reader(Lane& lane_in) : lane(&lane_in) {}
  void drain() {
    while (Batch* batch = lane->receive()) {
      std::size_t at = 0;
      for (const Batch::Definition& definition : batch->definitions) {
        const auto identity = event::parse_identity(
            std::string_view(batch->definition_bytes).substr(at, definition.length));
        REQUIRE(identity.has_value());
        at += definition.length;
        names[definition.wire] =
            identity->service + (identity->tags.empty() ? "" : "#" + identity->tags[0]);
      }
      for (const Sample& sample : batch->samples) {
        REQUIRE(names.contains(sample.wire));
        sums[names[sample.wire]] += sample.value * sample.weight;
        ++records;
      }
      for (const std::uint32_t n : batch->records) counted += n;
      if (batch->tick != TimePoint{}) ticks.push_back(batch->tick);
      ended = ended || batch->last;
      lane->give_back(batch);
    }
  }
  Lane* lane;
  std::map<WireId, std::string> names;
  std::map<std::string, double> sums;
  std::vector<TimePoint> ticks;
  std::size_t records = 0;
  std::size_t counted = 0;
  bool ended = false;
};

TEST_CASE("every sample reaches the series of its spelling, and a spelling is resolved once") {
  Doorbell bell;
  Lane lane(8, 64, bell);
  Router router({&lane}, {.hash_seed = 5, .batch_samples = 64});
  Reader reader(lane);
  PlainResolver resolver;
  Intake& intake = router.intake(0);
  for (int round = 0; round < 10; ++round) {
    const RawSample samples[] = {counter("a", 1), counter("b", 2), counter("a", 3, "x"),
                                 counter("a", 1)};
    REQUIRE(intake.samples(samples, resolver) == 4);
  }
  router.publish();
  reader.drain();
  CHECK(resolver.calls == 3);
  CHECK(reader.sums == std::map<std::string, double>{{"a", 20}, {"a#x", 30}, {"b", 20}});
  CHECK(reader.counted == 40);
  CHECK(router.counters(0).received.get() == 40);
}

TEST_CASE("a full lane takes what fits and says how much, and nothing is lost or doubled") {
  Doorbell bell;
  Lane lane(2, 16, bell);
  Router router({&lane}, {.hash_seed = 5, .batch_samples = 16});
  Reader reader(lane);
  PlainResolver resolver;
  std::vector<std::string> names;
  for (int i = 0; i < 100; ++i) names.push_back("n" + std::to_string(i));
  std::vector<RawSample> samples;
  for (const std::string& name : names) samples.push_back(counter(name));
  std::span<const RawSample> rest = samples;
  int refusals = 0;
  while (!rest.empty()) {
    const std::size_t taken = router.intake(0).samples(rest, resolver);
    rest = rest.subspan(taken);
    if (!rest.empty()) {
      ++refusals;
      REQUIRE(refusals < 50);
      CHECK_FALSE(router.tick(TimePoint(seconds(1))));
      reader.drain();
    }
  }
  router.publish();
  reader.drain();
  CHECK(refusals > 1);
  CHECK(reader.records == 100);
  CHECK(router.counters(0).received.get() == 100);
  for (const std::string& name : names) CHECK(reader.sums[name] == 1);
}

TEST_CASE("a refused spelling is counted once under its cause, its neighbours pass") {
  Doorbell bell;
  Lane lane(8, 64, bell);
  Router router({&lane}, {.hash_seed = 5, .batch_samples = 64});
  Reader reader(lane);
  PlainResolver resolver;
  std::vector<RejectSample> shown;
  router.on_reject_sample([&](RejectSample sample) { shown.push_back(std::move(sample)); });
  const RawSample samples[] = {counter("a"), counter("!bad"), counter("b")};
  REQUIRE(router.intake(3).samples(samples, resolver) == 3);
  router.publish();
  reader.drain();
  const IngestCounters& counters = router.counters(3);
  CHECK(counters.received.get() == 3);
  CHECK(counters.rejected[static_cast<std::size_t>(RejectCause::kName)].get() == 1);
  CHECK(reader.records == 2);
  REQUIRE(shown.size() == 1);
  CHECK(shown[0].record == "!bad");
}

TEST_CASE("a number is given out again only after its spelling fell out, in a later batch") {
  Doorbell bell;
  Lane lane(16, 64, bell);
  Router router({&lane}, {.hash_seed = 5, .batch_samples = 64, .rotation = seconds(10)});
  Reader reader(lane);
  PlainResolver resolver;
  const RawSample old[] = {counter("old", 1)};
  REQUIRE(router.tick(TimePoint(seconds(100))));
  REQUIRE(router.intake(0).samples(old, resolver) == 1);
  REQUIRE(router.tick(TimePoint(seconds(110))));
  REQUIRE(router.tick(TimePoint(seconds(120))));  // "old" falls out here
  const RawSample fresh[] = {counter("fresh", 5)};
  REQUIRE(router.intake(0).samples(fresh, resolver) == 1);
  router.publish();
  reader.drain();
  CHECK(reader.sums == std::map<std::string, double>{{"fresh", 5}, {"old", 1}});
  CHECK(reader.names.size() == 1);  // the same number, with another meaning in time
}

TEST_CASE("shards share the series between them and every shard hears every tick and the end") {
  Doorbell bell;
  Lane first(64, 64, bell);
  Lane second(64, 64, bell);
  Router router({&first, &second}, {.hash_seed = 5, .batch_samples = 64});
  PlainResolver resolver;
  for (int i = 0; i < 200; ++i) {
    const std::string name = "n" + std::to_string(i);
    const RawSample samples[] = {counter(name)};
    REQUIRE(router.intake(0).samples(samples, resolver) == 1);
  }
  EventView note;
  note.service = "deploy";
  REQUIRE(router.intake(1).event(note));
  REQUIRE(router.tick(TimePoint(seconds(7))));
  REQUIRE(router.close());
  Reader a(first);
  Reader b(second);
  a.drain();
  b.drain();
  CHECK(a.records > 50);
  CHECK(b.records > 50);
  CHECK(a.counted + b.counted == 201);
  CHECK(a.ticks == std::vector<TimePoint>{TimePoint(seconds(7))});
  CHECK(b.ticks == a.ticks);
  CHECK(a.ended);
  CHECK(b.ended);
}

TEST_CASE("an event far ahead of the last tick is taken, counted and marked") {
  Doorbell bell;
  Lane lane(8, 64, bell);
  Router router({&lane}, {.batch_samples = 64, .max_ahead = seconds(60)});
  EventView event;
  event.service = "s";
  event.time = TimePoint(seconds(1000));
  const AttributeView own[] = {{"key", "value"}};
  event.attributes = own;
  Intake& intake = router.intake(2);
  REQUIRE(intake.event(event));  // no tick yet: nothing is known of the present
  REQUIRE(router.tick(TimePoint(seconds(900))));
  REQUIRE(intake.event(event));
  event.time = TimePoint(seconds(950));
  REQUIRE(intake.event(event));
  router.publish();
  std::vector<std::size_t> attributes;
  while (Batch* batch = lane.receive()) {
    std::string_view rest = batch->event_bytes;
    for (const Batch::EventRecord& record : batch->events) {
      const auto read = event::parse_event(rest.substr(0, record.length));
      REQUIRE(read.has_value());
      attributes.push_back(read->attributes.size());
      if (read->attributes.size() == 2)
        CHECK(read->attributes.back() == Attribute{"clock", "ahead"});
      rest.remove_prefix(record.length);
    }
    lane.give_back(batch);
  }
  CHECK(attributes == std::vector<std::size_t>{1, 2, 1});
  InputTotals totals;
  totals.add(router.counters(2));
  CHECK(totals.ahead == 1);
  CHECK(totals.received == 3);
}

TEST_CASE("an event that ends on the ingest thread is counted there, once") {
  Doorbell bell;
  Lane lane(8, 64, bell);
  Router router({&lane}, {.batch_samples = 64});
  router.end_event(3, true);
  router.end_event(3, true);
  router.end_event(3, false);
  InputTotals totals;
  totals.add(router.counters(3));
  CHECK(totals.received == 3);
  CHECK(totals.processed == 2);
  CHECK(totals.dropped[static_cast<std::size_t>(DropCause::kRule)] == 1);
  CHECK(totals.in_flight() == 0);
  router.publish();
  CHECK(lane.receive() == nullptr);
}

// What a shard would know of the events of a lane: {wire: identity}, and the wires in order.
TEST_CASE("events of one identity share a number, however their tags are ordered") {
  Doorbell bell;
  Lane lane(8, 64, bell);
  Router router({&lane}, {.hash_seed = 5, .batch_samples = 64});
  Intake& intake = router.intake(3);
  const std::string_view tags[] = {"prod", "blue"};
  const std::string_view same_tags[] = {"blue", "prod", "blue"};
  EventView event;
  event.host = "web-1";
  event.service = "deploy";
  event.tags = tags;
  REQUIRE(intake.event(event));
  REQUIRE(intake.event(event));
  event.tags = same_tags;
  REQUIRE(intake.event(event));
  event.host = "web-2";
  event.state = "warning";
  REQUIRE(intake.event(event));
  router.publish();

  const Batch* batch = lane.receive();
  REQUIRE(batch != nullptr);
  std::vector<std::string> identities;
  std::string_view bytes = batch->definition_bytes;
  for (const Batch::Definition& definition : batch->definitions) {
    identities.emplace_back(bytes.substr(0, definition.length));
    bytes.remove_prefix(definition.length);
  }
  // Spellings are numbered apart; the shard finds that two of them are one series.
  REQUIRE(identities.size() == 3);
  CHECK(identities[0] == identities[1]);
  CHECK(identities[0] != identities[2]);
  const auto identity = event::parse_identity(identities[0]);
  REQUIRE(identity.has_value());
  CHECK(identity->kind == SeriesKind::kEvent);
  CHECK(identity->tags == std::vector<std::string>{"blue", "prod"});

  REQUIRE(batch->events.size() == 4);
  CHECK(batch->events[0].wire == batch->events[1].wire);
  CHECK(batch->events[2].wire != batch->events[0].wire);
  std::string_view rest = batch->event_bytes;
  for (std::size_t i = 0; i < 3; ++i) rest.remove_prefix(batch->events[i].length);
  const auto last = event::parse_event(rest);
  REQUIRE(last.has_value());
  CHECK(last->host == "web-2");
  CHECK(last->state == "warning");
  CHECK(batch->records[3] == 4);
  CHECK(router.counters(3).received.get() == 4);
}

TEST_CASE(
    "after a jump of the clock, or when a shard asks for it, every spelling is defined again") {
  Doorbell bell;
  Lane lane(8, 64, bell);
  Router router({&lane}, {.hash_seed = 5, .batch_samples = 64, .rotation = seconds(10)});
  PlainResolver resolver;
  const auto say = [&] {
    const RawSample samples[] = {counter("a"), counter("b")};
    REQUIRE(router.intake(0).samples(samples, resolver) == 2);
  };
  REQUIRE(router.tick(TimePoint(seconds(1))));
  say();
  REQUIRE(router.tick(TimePoint(seconds(12))));  // one rotation: still known
  say();
  CHECK(resolver.calls == 2);
  SUBCASE("the clock jumps") {
    REQUIRE(router.tick(TimePoint(seconds(5000))));
  }
  SUBCASE("the shard asks") {
    lane.ask_to_define_again();
    REQUIRE(router.tick(TimePoint(seconds(13))));
  }
  say();
  CHECK(resolver.calls == 4);
  Reader reader(lane);
  router.publish();
  reader.drain();
  CHECK(reader.sums["a"] == 3);
  CHECK(reader.sums["b"] == 3);
  say();
  REQUIRE(router.tick(TimePoint(seconds(5001))));
  CHECK(resolver.calls == 4);  // asked once, done once
}

}  // namespace
}  // namespace tocsin::pipeline
