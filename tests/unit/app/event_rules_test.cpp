#include "src/app/event_rules.hpp"

#include <doctest/doctest.h>

#include <map>

#include "src/event/compact_form.hpp"
#include "tests/support/counting_new.hpp"
#include "tests/unit/app/stage_fixture.hpp"

namespace tocsin::app {
namespace {

using std::chrono::seconds;

constexpr pipeline::InputId kInput = 3;

const char* const kRules = R"(
parse:
  - name: access
    where: service = "web"
    grok: '^(?<verb>[A-Z]+) (?<path>\S+) (?<status:status:int>\d+) (?<took>\S+)$'
    keep: %KEEP%
    steps:
      - {when: path = "/health", drop: true}
      - {when: verb = "RENAME", mutate: {replace: {service: renamed, message: '%{path}'}}}
      - {when: verb = "BAD", mutate: {replace: {message: changed, metric: x}}}
derive:
  - {name: requests, where: service = "web" and not tagged "_grokparsefailure", by: [status]}
  - {name: renamed.requests, where: service = "renamed"}
)";

std::string rules(const std::string& keep = "all") {
  std::string text = kRules;
  return text.replace(text.find("%KEEP%"), 6, keep);
}

std::string attribute_of(const Event& event, std::string_view key) {
  for (const Attribute& attribute : event.attributes) {
    if (attribute.key == key) return attribute.value;
  }
  return {};
}

// Rules before a router, and what a shard would receive.
class Bench {
 public:
  explicit Bench(const std::string& yaml = rules(), std::size_t batches = 64)
      : lane_(batches, 64, bell_),
        router({&lane_}, {.hash_seed = 5, .batch_samples = 64}),
        rules_(router, 7) {
    rules_.name_input(kInput, "logs.tcp");
    if (!yaml.empty()) adopt(yaml);
    rules_.tick(test::at(0));
  }

  void adopt(const std::string& yaml) {
    rules_.adopt(program_ = std::make_shared<const EventProgram>(
                     test::compiled(yaml), std::chrono::hours(1), program_.get()));
  }
  bool event(std::string_view service, std::string_view message, std::string_view host = "h") {
    EventView event;
    event.time = test::at(0);
    event.host = host;
    event.service = service;
    event.description = message;
    return rules_.intake(kInput).event(event);
  }
  bool line(std::string_view message) { return event("web", message); }

  // Reads all that was sent.
  void drain() {
    (void)rules_.settle();
    router.publish();
    while (pipeline::Batch* batch = lane_.receive()) {
      std::string_view bytes = batch->definition_bytes;
      for (const auto& definition : batch->definitions) {
        names_[definition.wire] = *event::parse_identity(bytes.substr(0, definition.length));
        bytes.remove_prefix(definition.length);
      }
      for (const pipeline::Sample& sample : batch->samples) {
        const Identity& identity = names_.at(sample.wire);
        std::string name = identity.service;
        for (const Attribute& attribute : identity.attributes) {
          name += " " + attribute.key + "=" + attribute.value;
        }
        sums[name] += sample.value * sample.weight;
      }
      bytes = batch->event_bytes;
      for (const auto& record : batch->events) {
        Event event = *event::parse_event(bytes.substr(0, record.length));
        event::normalise(event);
        events[record.input].push_back(std::move(event));
        bytes.remove_prefix(record.length);
      }
      lane_.give_back(batch);
    }
  }
  [[nodiscard]] pipeline::InputTotals totals(pipeline::InputId input) const {
    pipeline::InputTotals totals;
    totals.add(router.counters(input));
    return totals;
  }

 private:
  pipeline::Doorbell bell_;
  pipeline::Lane lane_;
  EventProgramPtr program_;
  std::map<pipeline::WireId, Identity> names_;

 public:
  pipeline::Router router;
  EventRules rules_;
  std::map<pipeline::InputId, std::vector<Event>> events;
  std::map<std::string, double> sums;
};

TEST_CASE("without rules events pass as they are") {
  for (const char* yaml : {"", "watch: []\n"}) {
    Bench bench(yaml);
    CHECK(bench.line("GET / 200 1"));
    bench.drain();
    REQUIRE(bench.events[kInput].size() == 1);
    CHECK(bench.events[kInput][0].attributes.empty());
    CHECK(bench.totals(kInput).received == 1);
  }
}

TEST_CASE("events are parsed, measured and go on; those that no rule concerns just pass") {
  Bench bench;
  CHECK(bench.line("GET /a 200 1.5"));
  CHECK(bench.line("GET /b 404 2"));
  CHECK(bench.line("GET /c 200 3"));
  CHECK(bench.event("other", "GET /a 200 1.5"));
  bench.drain();
  const auto& events = bench.events[kInput];
  REQUIRE(events.size() == 4);
  CHECK(
      events[0].attributes ==
      std::vector<Attribute>{{"path", "/a"}, {"status", "200"}, {"took", "1.5"}, {"verb", "GET"}});
  CHECK(events[0].tags.empty());
  CHECK(events[3].attributes.empty());
  CHECK(bench.sums["requests status=200"] == 2);
  CHECK(bench.sums["requests status=404"] == 1);
  CHECK(bench.totals(kInput).received == 4);
  CHECK(bench.totals(kDerivedInput).received == 3);
  CHECK(bench.totals(kSelfInput).received == 0);
}

TEST_CASE("samples and refusals pass untouched") {
  Bench bench;
  bench.rules_.intake(kInput).reject(RejectCause::kSyntax, "x", 0, "bad");
  bench.rules_.intake(kInput).drop(2);
  CHECK(bench.totals(kInput).received == 3);
  CHECK(bench.totals(kInput).dropped[0] == 2);
}

TEST_CASE("a failing line is tagged, kept, counted, and an event says why") {
  Bench bench;
  CHECK(bench.line("no access line"));
  CHECK(bench.line("GET / 200 1"));
  bench.rules_.tick(test::at(1));
  bench.drain();
  const auto& events = bench.events[kInput];
  REQUIRE(events.size() == 2);
  CHECK(events[0].tags == std::vector<std::string>{"_grokparsefailure"});
  CHECK(events[0].description == "no access line");
  CHECK(events[0].attributes.empty());
  CHECK(bench.sums["tocsin.parse.source.lines input=logs.tcp"] == 2);
  CHECK(bench.sums["tocsin.parse.source.failures input=logs.tcp"] == 1);
  CHECK(bench.sums["tocsin.parse.program.failures program=web"] == 1);
  CHECK(bench.sums["tocsin.parse.rule.failures rule=access"] == 1);
  CHECK(bench.sums["tocsin.parse.step.failures rule=access step=grok.1"] == 1);
  CHECK(bench.sums["requests status=200"] == 1);
  const auto& remarks = bench.events[kSelfInput];
  REQUIRE(remarks.size() == 1);
  CHECK(remarks[0].service == "tocsin.parse.failure");
  CHECK(remarks[0].state == state::kWarning);
  CHECK(remarks[0].time == test::at(0));
  CHECK(remarks[0].tags == std::vector<std::string>{"rule:access", "sample:0"});
  CHECK_FALSE(remarks[0].description.empty());
  CHECK(remarks[0].attributes == std::vector<Attribute>{{"input", "logs.tcp"},
                                                        {"place", "r.yaml:5:5"},
                                                        {"program", "web"},
                                                        {"record", "no access line"},
                                                        {"rule", "access"},
                                                        {"source", "h"},
                                                        {"step", "grok.1"}});
}

TEST_CASE(
    "remarks about failures are few in a second, and the last ones of a rule are kept apart") {
  Bench bench;
  for (int second = 1; second <= 10; ++second) {
    for (int i = 0; i < 100; ++i) CHECK(bench.line("bad " + std::to_string(second)));
    bench.rules_.tick(test::at(second));
    bench.drain();
  }
  std::map<std::vector<std::string>, int> by_tags;
  for (const Event& remark : bench.events[kSelfInput]) ++by_tags[remark.tags];
  CHECK(bench.events[kSelfInput].size() == 20);
  CHECK(by_tags.size() == 8);
  CHECK(bench.sums["tocsin.parse.rule.failures rule=access"] == 1000);
}

TEST_CASE("a line that fails after its description was changed keeps it as it came") {
  Bench bench;
  CHECK(bench.line("BAD /x 200 1"));
  bench.drain();
  const Event& event = bench.events[kInput].at(0);
  CHECK(event.description == "changed");
  CHECK(event.tags == std::vector<std::string>{"_mutate_error"});
  CHECK(std::ranges::find(event.attributes, Attribute{"event.original", "BAD /x 200 1"}) !=
        event.attributes.end());
}

TEST_CASE("a rule may drop an event, which is then not measured") {
  Bench bench;
  CHECK(bench.line("GET /health 200 1"));
  bench.rules_.tick(test::at(1));
  bench.drain();
  CHECK(bench.events[kInput].empty());
  CHECK(bench.sums.count("requests status=200") == 0);
  const auto totals = bench.totals(kInput);
  CHECK(totals.received == 1);
  CHECK(totals.dropped[static_cast<std::size_t>(pipeline::DropCause::kRule)] == 1);
  CHECK(totals.in_flight() == 0);
  CHECK(bench.sums["tocsin.parse.rule.dropped rule=access"] == 1);
}

TEST_CASE("what is measured need not be kept") {
  for (const std::string keep : {"failures", "nothing"}) {
    Bench bench(rules(keep));
    CHECK(bench.line("GET / 200 1"));
    CHECK(bench.line("bad"));
    bench.drain();
    CHECK(bench.events[kInput].size() == (keep == "failures" ? 1 : 0));
    CHECK(bench.sums["requests status=200"] == 1);
    CHECK(bench.totals(kInput).received == 2);
    CHECK(bench.totals(kInput).processed == (keep == "failures" ? 1 : 2));
  }
}

TEST_CASE("derive rules see who an event is by then, parse rules who it was") {
  Bench bench;
  CHECK(bench.line("RENAME /x 200 1"));
  CHECK(bench.line("GET /x 200 1"));
  bench.drain();
  CHECK(bench.events[kInput].at(0).service == "renamed");
  CHECK(bench.events[kInput].at(0).description == "/x");
  CHECK(bench.sums["renamed.requests"] == 1);
  CHECK(bench.sums["requests status=200"] == 1);
}

TEST_CASE("what a full pipeline does not take waits, and nothing is taken twice") {
  Bench bench(rules(), 1);
  std::size_t taken = 0;
  std::string long_path(5000, 'x');
  // The only batch is sent when it is large; then the lane is full.
  while (bench.event("web", "GET /" + long_path + " 200 1", "h" + std::to_string(taken))) {
    ++taken;
    REQUIRE(taken < 1000);
  }
  CHECK_FALSE(bench.line("GET / 200 1"));
  CHECK_FALSE(bench.rules_.settle());
  for (int i = 0; i < 5; ++i) bench.drain();
  CHECK(bench.rules_.settle());
  CHECK(bench.line("GET / 404 1"));
  for (int i = 0; i < 3; ++i) bench.drain();
  CHECK(bench.events[kInput].size() == taken + 1);
  CHECK(bench.sums["requests status=200"] == static_cast<double>(taken));
  CHECK(bench.sums["requests status=404"] == 1);
  CHECK(bench.totals(kInput).received == taken + 1);
}

TEST_CASE("of many lines between two beats the first ones and the last go to the index") {
  Bench bench;
  for (int i = 0; i < 100; ++i) CHECK(bench.line("GET /" + std::to_string(i) + " 200 1"));
  CHECK(bench.totals(kInput).received == 99);
  bench.rules_.tick(test::at(1));
  bench.drain();
  const auto& events = bench.events[kInput];
  REQUIRE(events.size() == 17);
  CHECK(attribute_of(events[15], "path") == "/15");
  // With all that the rules make of it.
  CHECK(events[16].attributes ==
        std::vector<Attribute>{{"path", "/99"}, {"status", "200"}, {"took", "1"}, {"verb", "GET"}});
  CHECK(bench.totals(kInput).received == 100);
  CHECK(bench.totals(kInput).processed == 83);
  // Parsed again, it is not counted again.
  CHECK(bench.sums["requests status=200"] == 100);
  CHECK(bench.sums["tocsin.parse.source.lines input=logs.tcp"] == 100);
  bench.rules_.tick(test::at(2));
  bench.drain();
  CHECK(bench.sums["tocsin.parse.source.lines input=logs.tcp"] == 100);

  CHECK(bench.line("GET /next 200 1"));
  bench.drain();
  CHECK(attribute_of(bench.events[kInput].back(), "path") == "/next");
}

TEST_CASE("what several hosts send at once is held by host") {
  Bench bench;
  for (int i = 0; i < 50; ++i) {
    for (const char* host : {"a", "b", "c"}) {
      CHECK(bench.event("web", "GET /" + std::to_string(i) + " 200 1", host));
    }
  }
  bench.drain();
  const auto& events = bench.events[kInput];
  REQUIRE(events.size() == 3 * 17);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(events[48 + i].host == std::string(1, static_cast<char>('a' + i)));
    CHECK(attribute_of(events[48 + i], "path") == "/49");
  }
}

TEST_CASE("an event that cannot wait ends the one that was held before it") {
  Bench bench(R"(
parse:
  - {name: p, where: service = "web", steps: [{when: message = "measured", mutate: {replace: {metric: 5}}}]}
)");
  for (int i = 0; i < 30; ++i) CHECK(bench.line("plain"));
  CHECK(bench.line("measured"));
  bench.drain();
  const auto& events = bench.events[kInput];
  REQUIRE(events.size() == 17);
  CHECK(events.back().metric == Metric(std::int64_t{5}));
  CHECK(bench.totals(kInput).received == 31);
  CHECK(bench.totals(kInput).processed == 14);
}

TEST_CASE("a line of another identity leaves what is held alone") {
  Bench bench;
  for (int i = 0; i < 30; ++i) CHECK(bench.line("GET / 200 1"));
  CHECK(bench.line("bad"));
  bench.drain();
  const auto& events = bench.events[kInput];
  REQUIRE(events.size() == 18);
  CHECK(events[16].tags == std::vector<std::string>{"_grokparsefailure"});
  CHECK(attribute_of(events[17], "path") == "/");
}

TEST_CASE("every line of a series that is watched goes on") {
  Bench bench(rules() + "watch:\n  - {name: w, where: service = \"web\", critical: metric > 1}\n");
  for (int i = 0; i < 100; ++i) CHECK(bench.line("GET / 200 1"));
  bench.drain();
  CHECK(bench.events[kInput].size() == 100);
}

TEST_CASE("a new generation lets go what the last one held") {
  Bench bench;
  for (int i = 0; i < 30; ++i) CHECK(bench.line("GET / 200 1"));
  bench.adopt("derive:\n  - {name: all, where: 'true'}\n");
  bench.drain();
  REQUIRE(bench.events[kInput].size() == 17);
  CHECK(attribute_of(bench.events[kInput].back(), "path") == "/");
  CHECK(bench.totals(kInput).received == 30);
}

TEST_CASE("a full pipeline loses nothing that is held") {
  Bench bench(rules(), 1);
  const std::string long_path(5000, 'x');
  // Twenty lines of each host, of which some are held.
  const auto send = [&](int line) {
    return bench.event("web", "GET /" + long_path + " 200 1", "h" + std::to_string(line / 20));
  };
  int taken = 0;
  while (send(taken)) REQUIRE(++taken < 1000);
  CHECK_FALSE(bench.rules_.settle());
  for (int i = 0; i < 50; ++i) bench.drain();
  CHECK(bench.rules_.settle());
  const pipeline::InputTotals totals = bench.totals(kInput);
  CHECK(totals.received == totals.processed + bench.events[kInput].size());
  CHECK(bench.sums["requests status=200"] == taken);
  CHECK(totals.received == static_cast<std::uint64_t>(taken));
}

TEST_CASE("a remark that a full pipeline has no room for is counted as dropped") {
  Bench bench(rules(), 1);
  const std::string long_path(5000, 'x');
  // The only batch is sent when it is large.
  for (int i = 0; i < 1000 && bench.router.batches_sent() == 0; ++i) {
    REQUIRE(bench.event("web", "GET /" + long_path + " 200 1", "h" + std::to_string(i)));
  }
  REQUIRE(bench.router.batches_sent() == 1);
  CHECK(bench.line("no access line"));
  CHECK(bench.totals(kSelfInput).received == 1);
  CHECK(bench.totals(kSelfInput)
            .dropped[static_cast<std::size_t>(pipeline::DropCause::kPipelineFull)] == 1);
  for (int i = 0; i < 3; ++i) bench.drain();
  CHECK(bench.events[kSelfInput].empty());
  CHECK(bench.events[kInput].back().description == "no access line");
}

TEST_CASE("a new generation parses what comes from then on; what was made before still leaves") {
  Bench bench;
  CHECK(bench.line("GET / 200 1"));
  bench.adopt("derive:\n  - {name: all, where: 'true'}\n");
  CHECK(bench.line("GET / 200 1"));
  bench.drain();
  CHECK(bench.sums["requests status=200"] == 1);
  CHECK(bench.sums["all"] == 1);
  CHECK(bench.sums["tocsin.parse.source.lines input=logs.tcp"] == 1);
  CHECK(bench.events[kInput].at(1).attributes.empty());
}

TEST_CASE("groups beyond the limit are announced") {
  Bench bench("derive:\n  - {name: by_host, where: 'true', by: [host], max_groups: 2}\n");
  for (const char* host : {"a", "b", "c", "d", "c"}) CHECK(bench.event("web", "x", host));
  bench.rules_.tick(test::at(1));
  bench.drain();
  CHECK(bench.sums["tocsin.derive.overflow rule=by_host"] == 3);
  REQUIRE(bench.events[kSelfInput].size() == 1);
  const Event& limit = bench.events[kSelfInput][0];
  CHECK(limit.service == "tocsin.derive.limit");
  CHECK(limit.state == state::kCritical);
  CHECK(limit.metric == Metric(std::int64_t{3}));
  CHECK(limit.description ==
        "more than 2 groups of host: further ones count as _other (max_groups of the derive rule "
        "by_host)");
}

TEST_CASE("more identities than plans are kept for lose no count") {
  Bench bench(rules(), 4096);
  const std::size_t hosts = EventRules::kMostPlans + 1000;
  std::size_t taken = 0;
  for (std::size_t i = 0; i < hosts; ++i) {
    const std::string host = "host-" + std::to_string(i);
    taken += bench.event("web", "GET / 200 1", host) ? 1 : 0;
    if (i % 1000 == 0) bench.drain();
  }
  bench.rules_.tick(test::at(1));
  for (int i = 0; i < 10; ++i) bench.drain();
  CHECK(taken == hosts);
  CHECK(bench.sums["tocsin.parse.program.lines program=web"] == static_cast<double>(hosts));
  CHECK(bench.sums["requests status=200"] == static_cast<double>(hosts));
}

TEST_CASE("lines of known series ask nothing of the heap") {
  Bench bench;
  const auto use = [&](int lines) {
    for (int i = 0; i < lines; ++i) {
      CHECK(bench.line("GET /a 200 1.5"));
      CHECK(bench.line("bad"));
    }
  };
  // The index of a batch and the buffers of the rules grow to their size.
  for (int i = 0; i < 10; ++i) {
    use(100);
    bench.drain();
  }
  use(50);
  (void)bench.rules_.settle();
  const std::uint64_t before = tocsin::testing::heap_allocations();
  // Enough good ones that some are held.
  for (int i = 0; i < 60; ++i) {
    EventView event;
    event.service = "web";
    event.host = "h";
    event.description = i % 6 != 0 ? "GET /a 200 1.5" : "bad";
    (void)bench.rules_.intake(kInput).event(event);
  }
  CHECK(tocsin::testing::heap_allocations() == before);
}

}  // namespace
}  // namespace tocsin::app
