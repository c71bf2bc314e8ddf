#include "src/rules/parse/record.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "src/event/event_access.hpp"
#include "src/query/predicate.hpp"
#include "tests/support/counting_new.hpp"
#include "tests/unit/rules/parse/rig.hpp"

namespace tocsin::rules::parse {
namespace {

using test::name;

// An event whose texts live as long as the test.
EventView line(std::span<const AttributeView> attributes = {}) {
  EventView event;
  event.time = TimePoint(std::chrono::seconds(1'700'000'000));
  event.host = "web-1";
  event.service = "apache";
  event.description = "GET /";
  event.attributes = attributes;
  return event;
}

std::vector<std::pair<std::string, std::string>> attributes_of(Record& record) {
  std::vector<std::pair<std::string, std::string>> attributes;
  for (const AttributeView& attribute : record.view().attributes) {
    attributes.emplace_back(attribute.key, attribute.value);
  }
  return attributes;
}

using Attributes = std::vector<std::pair<std::string, std::string>>;

TEST_CASE("an event that nobody touches leaves as it came") {
  const std::vector<AttributeView> attributes = {{"b", "2"}, {"a", "1"}, {"b", "3"}, {"empty", ""}};
  const std::vector<std::string_view> tags = {"prod", "eu"};
  EventView event = line(attributes);
  event.state = "ok";
  event.metric = 2.5;
  event.ttl = std::chrono::seconds(60);
  event.tags = tags;
  Record record;
  record.assign(event);
  CHECK(event::to_event(record.view()) == event::to_event(event));
  CHECK_FALSE(record.has_new_identity());
  CHECK(record.raw_message() == "GET /");
}

TEST_CASE("an attribute that is called as one of the event's own fields stays an attribute") {
  const std::vector<AttributeView> attributes = {{"host", "other"}};
  Record record;
  record.assign(line(attributes));
  CHECK(record.view().host == "web-1");
  CHECK(attributes_of(record) == Attributes{{"host", "other"}});
}

TEST_CASE("fields are set, replaced and found") {
  Record record;
  record.assign(line());
  CHECK(record.find(name("status")).is_none());
  CHECK(record.set(name("status"), Value::integer(200)));
  CHECK(record.set(name("[http][verb]"), Value::text("GET")));
  CHECK(record.set(name("status"), Value::integer(404)));
  CHECK(record.find(name("status")) == Value::integer(404));
  CHECK(attributes_of(record) == Attributes{{"status", "404"}, {"http.verb", "GET"}});
}

TEST_CASE("the event's own fields are set by name") {
  Record record;
  record.assign(line());
  CHECK(record.set(name("service"), Value::text("rails")));
  CHECK(record.set(name("state"), Value::text("warning")));
  CHECK(record.set(name("message"), Value::integer(7)));
  CHECK(record.set(name("metric"), Value::text("12.5")));
  CHECK(record.set(name("ttl"), Value::text("1.5")));
  const EventView& event = record.view();
  CHECK(event.service == "rails");
  CHECK(event.state == "warning");
  CHECK(event.description == "7");
  CHECK(as_double(event.metric) == 12.5);
  CHECK(event.ttl == std::chrono::milliseconds(1500));
  CHECK(event.attributes.empty());
  CHECK(record.has_new_identity());
  CHECK(record.raw_message() == "GET /");
}

TEST_CASE("whole numbers stay whole as a metric, also those spelt in letters") {
  Record record;
  record.assign(line());
  CHECK(record.set(name("metric"), Value::text("9007199254740993")));
  CHECK(std::get<std::int64_t>(record.view().metric) == 9'007'199'254'740'993);
  CHECK(record.find(name("metric")) == Value::integer(9'007'199'254'740'993));
}

TEST_CASE("what a field cannot hold is refused and changes nothing") {
  Record record;
  record.assign(line());
  CHECK_FALSE(record.set(name("metric"), Value::text("fast")));
  CHECK_FALSE(record.set(name("ttl"), Value::integer(-1)));
  CHECK_FALSE(record.set(name("ttl"), Value::real(1e30)));
  CHECK_FALSE(record.set(name("@timestamp"), Value::text("yesterday")));
  CHECK(event::to_event(record.view()) == event::to_event(line()));
}

TEST_CASE("a host that is set to what it was leaves the identity alone") {
  Record record;
  record.assign(line());
  CHECK(record.set(name("host"), Value::text("web-1")));
  CHECK_FALSE(record.has_new_identity());
  record.add_tag("x");
  CHECK(record.has_new_identity());
}

TEST_CASE("the time is a text for those who ask") {
  Record record;
  record.assign(line());
  CHECK(record.find(name("@timestamp")) == Value::text("2023-11-14T22:13:20Z"));
  CHECK(record.set(name("@timestamp"), Value::text("2026-11-21T02:51:52.5+01:00")));
  CHECK(record.find(name("@timestamp")) == Value::text("2026-11-21T01:51:52.500Z"));
  CHECK(record.set(name("@timestamp"), Value::real(1.5)));
  CHECK(record.find(name("@timestamp")) == Value::text("1970-01-01T00:00:01.500Z"));
  record.set_time(TimePoint(std::chrono::seconds(1)));
  CHECK(record.view().time == TimePoint(std::chrono::seconds(1)));
}

TEST_CASE("captures add up as grok stores them") {
  Record record;
  record.assign(line());
  const auto stored = [&](Value first, Value second) {
    (void)record.remove(name("f"));
    CHECK(record.set(name("f"), first));
    CHECK(record.store(name("f"), second));
    return as_text(record.find(name("f")), record.arena());
  };
  CHECK(stored(Value::text("a"), Value::text("b")) == R"(["a","b"])");
  CHECK(stored(Value::text(""), Value::text("b")) == R"(["","b"])");
  CHECK(stored(Value::integer(1), Value::text("b")) == "1");
  CHECK(stored(Value::boolean(false), Value::text("b")) == "false");
  CHECK(stored({}, Value::text("b")) == "b");
  CHECK(record.store(name("g"), Value::text("x")));
  CHECK(record.store(name("g"), Value::text("y")));
  CHECK(record.store(name("g"), Value::text("z")));
  CHECK(as_text(record.find(name("g")), record.arena()) == R"(["x","y","z"])");
}

TEST_CASE("a capture into one of the event's own fields replaces it") {
  Record record;
  record.assign(line());
  CHECK(record.store(name("host"), Value::text("db-1")));
  CHECK(record.store(name("message"), Value::text("rest")));
  CHECK(record.view().host == "db-1");
  CHECK(record.view().description == "rest");
}

TEST_CASE("a null field is there but makes no attribute; an empty one does") {
  Record record;
  record.assign(line());
  CHECK(record.set(name("null"), {}));
  CHECK(record.set(name("empty"), Value::text("")));
  CHECK(record.has(name("null")));
  CHECK(record.find(name("null")).is_none());
  CHECK_FALSE(record.has(name("other")));
  CHECK(record.has(name("host")));
  CHECK_FALSE(record.has(name("state")));
  CHECK(attributes_of(record) == Attributes{{"empty", ""}});
}

TEST_CASE("removing takes along what stands below, and nothing that is merely spelt alike") {
  Record record;
  record.assign(line());
  for (const char* field : {"http", "http.status", "http.a.b", "https", "httpd.x"}) {
    CHECK(record.set(FieldKey(std::string_view(field)), Value::integer(1)));
  }
  CHECK(record.remove(name("http")));
  CHECK_FALSE(record.remove(name("http")));
  CHECK(attributes_of(record) == Attributes{{"https", "1"}, {"httpd.x", "1"}});
}

TEST_CASE("the event's own fields are emptied") {
  std::vector<std::string_view> tags = {"x"};
  EventView event = line();
  event.metric = std::int64_t{1};
  event.ttl = std::chrono::seconds(1);
  event.tags = tags;
  Record record;
  record.assign(event);
  for (const char* field : {"host", "message", "metric", "ttl", "tags"}) {
    CAPTURE(field);
    CHECK(record.remove(name(field)));
    CHECK_FALSE(record.remove(name(field)));
  }
  CHECK_FALSE(record.remove(name("@timestamp")));
  const EventView& left = record.view();
  CHECK(left.host.empty());
  CHECK(left.description.empty());
  CHECK(left.metric.index() == 0);
  CHECK_FALSE(left.ttl);
  CHECK(left.tags.empty());
  CHECK(left.service == "apache");
}

TEST_CASE("renaming moves what stands below too, and replaces what had the new name") {
  Record record;
  record.assign(line());
  for (const char* field : {"a", "a.x", "b", "b.y", "bb"}) {
    CHECK(record.set(FieldKey(std::string_view(field)), Value::text(field)));
  }
  CHECK(record.rename(name("a"), name("b")));
  CHECK(attributes_of(record) == Attributes{{"b", "a"}, {"b.x", "a.x"}, {"bb", "bb"}});
  CHECK_FALSE(record.rename(name("a"), name("b")));
  CHECK(record.find(name("b.x")) == Value::text("a.x"));
  CHECK(record.rename(name("b"), name("b.c")));
  CHECK(attributes_of(record) == Attributes{{"b.c", "a"}, {"b.c.x", "a.x"}, {"bb", "bb"}});
  CHECK(record.rename(name("bb"), name("bb")));
}

TEST_CASE("renaming from and to the event's own fields") {
  Record record;
  record.assign(line());
  CHECK(record.set(name("program"), Value::text("rails")));
  CHECK(record.rename(name("program"), name("service")));
  CHECK(record.view().service == "rails");
  CHECK(record.rename(name("message"), name("text")));
  CHECK(record.view().description.empty());
  CHECK(attributes_of(record) == Attributes{{"text", "GET /"}});
  CHECK(record.set(name("word"), Value::text("fast")));
  CHECK_FALSE(record.rename(name("word"), name("metric")));
  CHECK(record.find(name("word")) == Value::text("fast"));
}

TEST_CASE("metadata stays inside") {
  Record record;
  record.assign(line());
  CHECK(record.set(name("[@metadata][route]"), Value::text("/")));
  CHECK(record.find(name("@metadata.route")) == Value::text("/"));
  CHECK(record.view().attributes.empty());
}

TEST_CASE("tags are a set, in a list that can be read and replaced") {
  Record record;
  record.assign(line());
  record.add_tag("a");
  record.add_tag("b");
  record.add_tag("a");
  CHECK(as_text(record.find(name("tags")), record.arena()) == R"(["a","b"])");
  record.remove_tag("a");
  record.remove_tag("none");
  CHECK(record.tags() == std::vector<std::string_view>{"b"});
  CHECK(record.set(name("tags"), Value::text("c")));
  CHECK(record.tags() == std::vector<std::string_view>{"c"});
}

TEST_CASE("predicates see the fields as they are") {
  Record record;
  record.assign(line());
  CHECK(record.set(name("status"), Value::integer(503)));
  CHECK(record.set(name("took"), Value::real(0.25)));
  CHECK(record.set(name("path"), Value::text("/users/42")));
  CHECK(record.set(name("cached"), Value::boolean(true)));
  CHECK(record.set(name("nothing"), {}));
  CHECK(record.set(name("metric"), Value::integer(3)));
  CHECK(record.set(name("ttl"), Value::integer(60)));
  record.add_tag("_grokparsefailure");
  for (const char* const text :
       {"status >= 500", "took < 0.5", "path =~ '/users/%'", "path ~= '[0-9]+$'", "cached",
        "cached = true", "missing(nothing)", "missing(other)", "tagged '_grokparsefailure'", "tags",
        "not tagged 'x'", "host = 'web-1'", "service = 'apache'", "message = 'GET /'",
        "description = 'GET /'", "metric = 3", "ttl = 60", "time = 1700000000", "missing(state)"}) {
    CAPTURE(text);
    const auto predicate = query::Predicate::parse(text);
    REQUIRE(predicate);
    CHECK(predicate->matches(record));
  }
}

TEST_CASE("fields beyond the limit are refused, those that are there can be replaced") {
  Record record;
  record.assign(line());
  std::vector<std::string> names;
  for (std::size_t i = 0; i <= Record::kMaxFields; ++i) names.push_back("f" + std::to_string(i));
  for (std::size_t i = 0; i < Record::kMaxFields; ++i) {
    REQUIRE(record.set(FieldKey(names[i]), Value::integer(1)));
  }
  CHECK_FALSE(record.set(FieldKey(names.back()), Value::integer(1)));
  CHECK_FALSE(record.store(FieldKey(names.back()), Value::integer(1)));
  CHECK(record.set(FieldKey(names.front()), Value::integer(2)));
}

TEST_CASE("event after event asks nothing of the heap") {
  const std::vector<AttributeView> attributes = {{"ingest", "syslog"}, {"peer", "10.0.0.1"}};
  const EventView event = line(attributes);
  const FieldName& status = name("status");
  const FieldName& list = name("list");
  const FieldName& time = name("@timestamp");
  Record record;
  const auto use = [&] {
    record.assign(event);
    record.add_tag("t");
    (void)record.set(status, Value::integer(200));
    (void)record.store(list, Value::text("a"));
    (void)record.store(list, Value::text("b"));
    (void)record.find(time);
    CHECK(record.view().attributes.size() == 4);
  };
  use();
  const std::uint64_t before = tocsin::testing::heap_allocations();
  for (int i = 0; i < 5; ++i) use();
  CHECK(tocsin::testing::heap_allocations() == before);
}

}  // namespace
}  // namespace tocsin::rules::parse
