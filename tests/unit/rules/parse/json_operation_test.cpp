#include "src/rules/parse/json_operation.hpp"

#include <doctest/doctest.h>

#include "tests/support/counting_new.hpp"
#include "tests/unit/rules/parse/rig.hpp"

namespace tocsin::rules::parse {
namespace {

using test::Texts;

OperationPtr json(std::optional<std::string> target = {}) {
  JsonOptions options{FieldName::parse("message"), {}, false};
  if (target) options.target = FieldName::parse(*target);
  return make_json(std::move(options));
}

TEST_CASE("members become fields, of objects in objects with dots") {
  test::Rig rig(R"({"a": "x", "http": {"status": 200, "deep": {"t": true}}, "took": 0.25})");
  CHECK(rig.apply(json()) == Outcome::kDone);
  CHECK(rig.attributes() ==
        Texts{{"a", "x"}, {"http.deep.t", "true"}, {"http.status", "200"}, {"took", "0.25"}});
  CHECK(rig.find("http.status") == Value::integer(200));
  CHECK(rig.find("took") == Value::real(0.25));
  CHECK(rig.find("http.deep.t") == Value::boolean(true));
}

TEST_CASE("numbers keep all their digits") {
  test::Rig rig(R"({"a": 9223372036854775807, "b": 123456789012345678901234567890, "d": -0.5e3})");
  CHECK(rig.apply(json()) == Outcome::kDone);
  CHECK(rig.text("a") == "9223372036854775807");
  CHECK(rig.text("b") == "123456789012345678901234567890");
  CHECK(rig.find("d") == Value::real(-500));
}

TEST_CASE("lists of single values are lists, others stay JSON") {
  test::Rig rig(
      R"({"l": ["a", 1, true], "o": [{"x": [1]}, 2], "n": [1, null, 2], "m": [[1], "]"], "e": []})");
  CHECK(rig.apply(json()) == Outcome::kDone);
  CHECK(rig.find("l").is_list());
  CHECK(rig.attributes() == Texts{{"l", R"(["a",1,true])"},
                                  {"o", R"([{"x": [1]}, 2])"},
                                  {"n", "[1, null, 2]"},
                                  {"m", R"([[1], "]"])"},
                                  {"e", "[]"}});
}

TEST_CASE("null is there without a value") {
  test::Rig rig(R"({"n": null})");
  CHECK(rig.apply(json()) == Outcome::kDone);
  CHECK(rig.record.has(test::name("n")));
  CHECK(rig.attributes().empty());
}

TEST_CASE("escapes are read, what they write is UTF-8") {
  test::Rig rig(R"({"a\tb": "\"\u00e9\n\ud83d\ude00"})");
  CHECK(rig.apply(json()) == Outcome::kDone);
  CHECK(rig.attributes() == Texts{{"a\tb", "\"\xC3\xA9\n\xF0\x9F\x98\x80"}});
}

TEST_CASE("the event's own fields are members too") {
  test::Rig rig(
      R"({"message": "m", "host": "h", "tags": ["x"], "@timestamp": "2026-11-21T02:51:52Z", "ttl": 5})");
  CHECK(rig.apply(json()) == Outcome::kDone);
  const EventView& event = rig.record.view();
  CHECK(event.description == "m");
  CHECK(event.host == "h");
  CHECK(rig.tags() == std::vector<std::string>{"x"});
  CHECK(event.time == TimePoint(std::chrono::seconds(1'795'229'512)));
  CHECK(event.ttl == std::chrono::seconds(5));
}

TEST_CASE("a member that its field cannot hold fails the step, the others are stored") {
  test::Rig rig(R"({"metric": "fast", "a": 1})");
  CHECK(rig.apply(json()) == Outcome::kFailed);
  CHECK(rig.attributes() == Texts{{"a", "1"}});
}

TEST_CASE("below a target anything may stand") {
  test::Rig rig(R"({"a": {"b": 1}})");
  CHECK(rig.apply(json("doc")) == Outcome::kDone);
  CHECK(rig.attributes() == Texts{{"doc.a.b", "1"}});
  test::Rig list(R"(["a"])");
  CHECK(list.apply(json("doc")) == Outcome::kDone);
  CHECK(list.attributes() == Texts{{"doc", R"(["a"])"}});
  test::Rig number("12");
  CHECK(number.apply(json("doc")) == Outcome::kDone);
  CHECK(number.find("doc") == Value::integer(12));
}

TEST_CASE("what is no object fails and stores nothing") {
  for (const char* text :
       {"text", "{", "{\"a\": 1", "{\"a\": 1} x", "[1]", "12", "{\"a\": 1e400}", "null", "",
        "{'a': 1}", "{\"a\": \"\xFF\"}", "{\"a\": \"\\ud800\"}", "{\"a\": 1, \"b\": }"}) {
    CAPTURE(std::string(text));
    test::Rig rig("", {{"doc", text}});
    const Outcome outcome = rig.apply(make_json({FieldName::parse("doc"), {}, false}));
    CHECK(outcome == Outcome::kFailed);
    CHECK(rig.attributes().size() == 1);
    CHECK(rig.apply(make_json({FieldName::parse("doc"), {}, true})) == Outcome::kSkipped);
  }
  std::string with_nul = "{\"a\": 1}";
  with_nul += '\0';
  test::Rig rig(with_nul);
  CHECK(rig.apply(json()) == Outcome::kFailed);
}

TEST_CASE("a missing field is no failure") {
  test::Rig rig;
  CHECK(rig.apply(json()) == Outcome::kSkipped);
}

TEST_CASE("depth is bounded, and what is deeper stays JSON") {
  std::string text;
  for (int i = 0; i < 40; ++i) text += "{\"a\":";
  text += "1" + std::string(40, '}');
  test::Rig rig(text);
  CHECK(rig.apply(json()) == Outcome::kDone);
  REQUIRE(rig.attributes().size() == 1);
  CHECK(rig.attributes().begin()->second ==
        "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":1}}}}}}}}");
  const std::string deep(100'000, '[');
  test::Rig other("{\"a\":" + deep);
  CHECK(other.apply(json()) == Outcome::kFailed);
}

TEST_CASE("too many members fail") {
  std::string text = "{";
  for (std::size_t i = 0; i <= Record::kMaxFields; ++i) {
    text += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":1";
  }
  test::Rig rig(text + "}");
  CHECK(rig.apply(json()) == Outcome::kFailed);
  CHECK(rig.attributes().empty());
}

TEST_CASE("objects are read without the heap") {
  const OperationPtr operation = json();
  const auto memory = operation->make_memory();
  Record record;
  EventView event;
  event.description = R"({"a": {"b": "x", "c": [1, 2, "three"]}, "d": [{"e": 1}], "f": 0.5})";
  const auto use = [&] {
    record.assign(event);
    return operation->apply(record, memory.get());
  };
  CHECK(use() == Outcome::kDone);
  const std::uint64_t before = tocsin::testing::heap_allocations();
  for (int i = 0; i < 5; ++i) (void)use();
  CHECK(tocsin::testing::heap_allocations() == before);
}

}  // namespace
}  // namespace tocsin::rules::parse
