#include "ingest/riemann/decoder.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/event/event_access.hpp"
#include "tests/unit/ingest/riemann/messages.hpp"

namespace tocsin::riemann::testing {
namespace {

using Kind = Outcome::Kind;

std::string three_events() {
  return event_of(service("a")) + event_of(service("b")) + event_of(service("c"));
}

const std::string kBadEvent = event_of("\x0e");

TEST_CASE("events and old states are taken in their order") {
  const RecordingIntake intake = decode_all(
      event_of(service("a")) + bytes(kStates, service("b") + number(6, 1) + real32(15, 2)) +
      event_of(service("c")));
  CHECK(services_of(intake) == std::vector<std::string>{"a", "b", "c"});
  CHECK(intake.events[1].metric == Metric(2.0));
  CHECK(intake.rejects.empty());
}

TEST_CASE("every event says how it came, and from where") {
  Origin origin;
  origin.received = TimePoint(std::chrono::seconds(5));
  origin.peer.family = Peer::Family::kIpv4;
  origin.peer.address = {192, 0, 2, 7};
  RecordingIntake intake;
  Decoder decoder({}, intake);
  const std::string msg = event_of(service("a"));
  REQUIRE(decoder.decode(msg, origin) == msg.size());
  origin.peer.address = {192, 0, 2, 8};
  REQUIRE(decoder.decode(msg, origin) == msg.size());
  origin.peer = {};
  REQUIRE(decoder.decode(msg, origin) == msg.size());
  REQUIRE(intake.events.size() == 3);
  CHECK(intake.events[0].time == origin.received);
  CHECK(intake.events[0].attributes ==
        std::vector<Attribute>{{"ingest", "riemann"}, {"peer", "192.0.2.7"}});
  CHECK(*event::find_attribute(intake.events[1], "peer") == "192.0.2.8");
  CHECK(event::find_attribute(intake.events[2], "peer") == nullptr);
}

TEST_CASE("a bad event is refused alone, with its place in the message") {
  const std::string front = event_of(service("a"));
  const std::string msg = front + kBadEvent + event_of(service("c"));
  const RecordingIntake intake = decode_all(msg);
  CHECK(services_of(intake) == std::vector<std::string>{"a", "c"});
  REQUIRE(intake.rejects.size() == 1);
  CHECK(intake.rejects[0].cause == RejectCause::kSyntax);
  CHECK(intake.rejects[0].record == "\x0e");
  CHECK(intake.rejects[0].offset == front.size() + kBadEvent.size());
}

TEST_CASE("where no field can be found the rest of the message is one refused record") {
  const std::string front = three_events();
  const struct {
    std::string rest;
    RejectCause cause;
  } cases[] = {
      {"\x32\x7fgone", RejectCause::kTruncated},
      {"\x2a\x7fgone", RejectCause::kTruncated},
      {"\x0e" + three_events(), RejectCause::kSyntax},
      {"\xff", RejectCause::kTruncated},
  };
  for (const auto& c : cases) {
    const RecordingIntake intake = decode_all(front + c.rest);
    CHECK(intake.events.size() == 3);
    REQUIRE(intake.rejects.size() == 1);
    CHECK(intake.rejects[0].cause == c.cause);
    CHECK(intake.rejects[0].record == c.rest);
    CHECK(intake.rejects[0].offset > front.size());
  }
}

TEST_CASE("what a message says besides events and query is skipped") {
  const std::string msg =
      number(2, 1) + bytes(3, "error") + number(6, 1) + event_of(service("a")) + bytes(77, "x");
  const RecordingIntake intake = decode_all(msg);
  CHECK(services_of(intake) == std::vector<std::string>{"a"});
  CHECK(intake.rejects.empty());
}

TEST_CASE("an event above the limit is refused, one at the limit is taken") {
  Options options;
  options.max_event_bytes = 20;
  const RecordingIntake intake = decode_all(
      event_of(service(std::string(19, 'x'))) + event_of(service(std::string(18, 'y'))), options);
  CHECK(services_of(intake) == std::vector<std::string>{std::string(18, 'y')});
  REQUIRE(intake.rejects.size() == 1);
  CHECK(intake.rejects[0].cause == RejectCause::kOversized);
}

TEST_CASE("the outcome of a message") {
  std::vector<KeptOutcome> outcomes;
  const Options options = answering(outcomes);
  SUBCASE("accepted, when every event was taken") {
    (void)decode_all(three_events(), options);
    CHECK(outcomes == std::vector<KeptOutcome>{{Kind::kAccepted, ""}});
  }
  SUBCASE("accepted, when there is nothing in it") {
    (void)decode_all("", options);
    CHECK(outcomes == std::vector<KeptOutcome>{{Kind::kAccepted, ""}});
  }
  SUBCASE("refused, with the first fault") {
    (void)decode_all(event_of(service("a")) + kBadEvent + event_of(number(1, UINT64_MAX)), options);
    CHECK(outcomes == std::vector<KeptOutcome>{
                          {Kind::kRefused, "offset 8: a wire type above 5; 1 more refused"}});
  }
  SUBCASE("refused, when it cannot be read to its end") {
    (void)decode_all(three_events() + "\x32", options);
    REQUIRE(outcomes.size() == 1);
    CHECK(outcomes[0].kind == Kind::kRefused);
  }
  SUBCASE("a query") {
    (void)decode_all(query_of("service = \"cpu\""), options);
    CHECK(outcomes == std::vector<KeptOutcome>{{Kind::kQuery, "service = \"cpu\""}});
  }
  SUBCASE("a query besides events, in any order") {
    CHECK(decode_all(query_of("true") + three_events(), options).events.size() == 3);
    CHECK(decode_all(three_events() + query_of("true"), options).events.size() == 3);
    CHECK(outcomes == std::vector<KeptOutcome>{{Kind::kQuery, "true"}, {Kind::kQuery, "true"}});
  }
  SUBCASE("a query without a text, and of two the last") {
    (void)decode_all(bytes(kQuery, ""), options);
    (void)decode_all(query_of("one") + query_of("two"), options);
    CHECK(outcomes == std::vector<KeptOutcome>{{Kind::kQuery, ""}, {Kind::kQuery, "two"}});
  }
  SUBCASE("refused, though there is a query") {
    (void)decode_all(query_of("true") + kBadEvent, options);
    REQUIRE(outcomes.size() == 1);
    CHECK(outcomes[0].kind == Kind::kRefused);
  }
}

TEST_CASE("a query's text is UTF-8") {
  std::vector<KeptOutcome> outcomes;
  (void)decode_all(query_of("host = \"\xFF\""), answering(outcomes));
  CHECK(outcomes == std::vector<KeptOutcome>{{Kind::kQuery, "host = \"\xEF\xBF\xBD\""}});
}

TEST_CASE("a query is refused where nobody answers, and when it is bad or too long") {
  std::vector<KeptOutcome> outcomes;
  Options options = answering(outcomes);
  options.max_query_bytes = 4;
  const auto cause = [](const RecordingIntake& intake) {
    REQUIRE(intake.rejects.size() == 1);
    return intake.rejects[0].cause;
  };
  CHECK(cause(decode_all(query_of("true"))) == RejectCause::kUnsupported);
  CHECK(cause(decode_all(query_of("false"), options)) == RejectCause::kOversized);
  CHECK(cause(decode_all(bytes(kQuery, "\x0a\x7f"), options)) == RejectCause::kTruncated);
  REQUIRE(outcomes.size() == 2);
  CHECK(outcomes[0].kind == Kind::kRefused);
  CHECK(outcomes[1].kind == Kind::kRefused);
}

TEST_CASE("a full pipeline stops a message before the event that was not taken") {
  std::vector<KeptOutcome> outcomes;
  RecordingIntake intake;
  Decoder decoder(answering(outcomes), intake);
  const std::string msg = query_of("true") + three_events();
  const std::size_t head = query_of("true").size();

  intake.events_to_refuse = 1;
  std::string_view rest = msg;
  rest.remove_prefix(decoder.decode(rest, {}));
  CHECK(rest.size() == msg.size() - head);
  CHECK(intake.events.empty());
  CHECK(outcomes.empty());

  intake.events_to_refuse = 1;
  CHECK(decoder.decode(rest, {}) == 0);
  CHECK(decoder.flush());
  CHECK(decoder.decode(rest, {}) == rest.size());
  CHECK(services_of(intake) == std::vector<std::string>{"a", "b", "c"});
  CHECK(intake.dropped == 0);
  // One outcome for the whole message, with the query that the first call saw.
  CHECK(outcomes == std::vector<KeptOutcome>{{Kind::kQuery, "true"}});
}

TEST_CASE("after drop exactly one refused event is given up, and the sender learns of it") {
  std::vector<KeptOutcome> outcomes;
  RecordingIntake intake;
  Decoder decoder(answering(outcomes), intake);
  const std::string msg = three_events();
  intake.events_to_refuse = 3;
  REQUIRE(decoder.decode(msg, {}) == 0);
  decoder.drop();
  const std::size_t first = decoder.decode(msg, {});  // refused, given up; the next one refused
  CHECK(first == msg.size() / 3);
  CHECK(intake.dropped == 1);
  CHECK(decoder.decode(std::string_view(msg).substr(first), {}) == msg.size() - first);
  CHECK(services_of(intake) == std::vector<std::string>{"b", "c"});
  CHECK(intake.dropped == 1);
  CHECK(outcomes ==
        std::vector<KeptOutcome>{{Kind::kRefused, "the pipeline is full: 1 of 3 events lost"}});
}

// Refuses one event, the one of this service, once.
class RefusingOnce final : public Intake {
 public:
  explicit RefusingOnce(std::string_view service) : service_(service) {}
  [[nodiscard]] std::size_t samples(std::span<const RawSample>, const IdentityResolver&) override {
    return 0;
  }
  [[nodiscard]] bool event(const EventView& event) override {
    if (event.service != service_) return true;
    service_ = {};
    return false;
  }
  void drop(std::size_t) override {}
  void reject(RejectCause, std::string_view, std::size_t offset, std::string_view) override {
    offsets.push_back(offset);
  }

  std::vector<std::size_t> offsets;

 private:
  std::string_view service_;
};

TEST_CASE("the offset of a fault counts from the beginning of its message") {
  const std::string msg = three_events() + kBadEvent;
  for (const std::string_view refused : {"nothing", "a", "b", "c"}) {
    RefusingOnce intake(refused);
    Decoder decoder({}, intake);
    for (std::string_view rest = msg; !rest.empty();) {
      rest.remove_prefix(decoder.decode(rest, {}));
    }
    REQUIRE(decoder.decode(msg, {}) == msg.size());
    CHECK(intake.offsets == std::vector<std::size_t>{msg.size(), msg.size()});
  }
}

TEST_CASE("a message is forgotten when the next begins") {
  std::vector<KeptOutcome> outcomes;
  RecordingIntake intake;
  Decoder decoder(answering(outcomes), intake);
  for (const std::string& msg : {kBadEvent, query_of("true"), three_events()}) {
    REQUIRE(decoder.decode(msg, {}) == msg.size());
  }
  REQUIRE(outcomes.size() == 3);
  CHECK(outcomes[0].kind == Kind::kRefused);
  CHECK(outcomes[1].kind == Kind::kQuery);
  CHECK(outcomes[2].kind == Kind::kAccepted);
}

}  // namespace
}  // namespace tocsin::riemann::testing
