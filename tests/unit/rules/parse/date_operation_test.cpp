#include "src/rules/parse/date_operation.hpp"

#include <doctest/doctest.h>

#include "src/event/rfc3339.hpp"
#include "tests/unit/rules/parse/rig.hpp"

namespace tocsin::rules::parse {
namespace {

DateOptions from(std::string_view field, std::vector<std::string> formats) {
  DateOptions options{FieldName::parse(field), {}, formats};
  for (const std::string& format : formats) {
    options.formats.push_back(test::made(TimeFormat::parse(format)));
  }
  return options;
}

OperationPtr made(DateOptions options) {
  return test::made(make_date(std::move(options)));
}

TEST_CASE("the first format that fits makes the time of the event") {
  test::Rig rig("", {{"ts", "21/Nov/2026:02:51:52 +0000"}});
  CHECK(rig.apply(made(from("ts", {"ISO8601", "dd/MMM/yyyy:HH:mm:ss Z"}))) == Outcome::kDone);
  CHECK(event::rfc3339(rig.record.view().time) == "2026-11-21T02:51:52Z");
  CHECK(rig.text("ts") == "21/Nov/2026:02:51:52 +0000");
}

TEST_CASE("what fits no format fails and says what was expected") {
  test::Rig rig("", {{"ts", "yesterday"}});
  const OperationPtr date = made(from("ts", {"ISO8601", "UNIX"}));
  CHECK(rig.apply(*date) == Outcome::kFailed);
  CHECK(rig.record.time() == TimePoint(std::chrono::seconds(1'700'000'000)));
  CHECK(date->explain(rig.record, nullptr) ==
        "found 'yesterday' in ts, expected a time of the form ISO8601 or UNIX");
}

TEST_CASE("the same text means the same time again, but for times that depend on their event") {
  const auto date = [](const char* format) { return made(from("ts", {format})); };
  const auto read_twice = [](const Operation& operation, const char* text) {
    std::string times;
    const auto memory = operation.make_memory();
    for (const std::int64_t near : {1'767'225'600, 1'798'761'600}) {  // 2026 and 2027 begin
      test::Rig rig("", {{"ts", text}});
      rig.record.set_time(TimePoint(std::chrono::seconds(near)));
      CHECK(operation.apply(rig.record, memory.get()) == Outcome::kDone);
      times += event::rfc3339(rig.record.time()) + " ";
    }
    return times;
  };
  CHECK(read_twice(*date("yyyy-MM-dd"), "2026-05-01") ==
        "2026-05-01T00:00:00Z 2026-05-01T00:00:00Z ");
  CHECK(read_twice(*date("MM-dd"), "05-01") == "2026-05-01T00:00:00Z 2027-05-01T00:00:00Z ");
  CHECK(read_twice(*date("yy-MM-dd"), "46-05-01") == "1946-05-01T00:00:00Z 2046-05-01T00:00:00Z ");
  DateOptions by_zone = from("ts", {"yyyy-MM-dd HH:mm"});
  by_zone.timezone = "%{tz}";
  const OperationPtr operation = made(std::move(by_zone));
  const auto memory = operation->make_memory();
  for (const char* zone : {"+01:00", "+02:00"}) {
    test::Rig rig("", {{"ts", "2026-05-01 12:00"}, {"tz", zone}});
    CHECK(operation->apply(rig.record, memory.get()) == Outcome::kDone);
    CHECK(event::rfc3339(rig.record.time()) ==
          (zone[2] == '1' ? "2026-05-01T11:00:00Z" : "2026-05-01T10:00:00Z"));
  }
}

TEST_CASE("a missing field is no failure") {
  test::Rig rig;
  CHECK(rig.apply(made(from("ts", {"ISO8601"}))) == Outcome::kSkipped);
}

TEST_CASE("numbers are times too, and of a list the first element") {
  test::Rig rig;
  rig.set("n", Value::integer(60));
  CHECK(rig.apply(made(from("n", {"UNIX"}))) == Outcome::kDone);
  CHECK(rig.record.time() == TimePoint(std::chrono::seconds(60)));
  rig.set_list("l", {"120", "180"});
  CHECK(rig.apply(made(from("l", {"UNIX"}))) == Outcome::kDone);
  CHECK(rig.record.time() == TimePoint(std::chrono::seconds(120)));
  rig.set_list("l", {});
  CHECK(rig.apply(made(from("l", {"UNIX"}))) == Outcome::kFailed);
}

TEST_CASE("another target gets the time as text") {
  test::Rig rig("", {{"ts", "1"}});
  DateOptions options = from("ts", {"UNIX"});
  options.target = FieldName::parse("[parsed][at]");
  CHECK(rig.apply(made(std::move(options))) == Outcome::kDone);
  CHECK(rig.text("parsed.at") == "1970-01-01T00:00:01Z");
  CHECK(rig.record.time() == TimePoint(std::chrono::seconds(1'700'000'000)));
}

TEST_CASE("the zone is fixed, or a field says it") {
  test::Rig rig("", {{"ts", "2026-07-01 12:00"}, {"tz", "Europe/Berlin"}, {"bad", "Mars/Rover"}});
  const auto time_in = [&](std::string zone) {
    DateOptions options = from("ts", {"yyyy-MM-dd HH:mm"});
    options.timezone = std::move(zone);
    const Outcome outcome = rig.apply(made(std::move(options)));
    return outcome == Outcome::kDone ? event::rfc3339(rig.record.time()) : "none";
  };
  CHECK(time_in("+02:00") == "2026-07-01T10:00:00Z");
  CHECK(time_in("%{tz}") == "2026-07-01T10:00:00Z");
  CHECK(time_in("%{bad}") == "none");
  CHECK(time_in("%{missing}") == "none");
}

TEST_CASE("a zone that does not exist is refused") {
  DateOptions options = from("ts", {"UNIX"});
  options.timezone = "Mars/Rover";
  CHECK(make_date(std::move(options)).error().code == Errc::kUnknownName);
}

}  // namespace
}  // namespace tocsin::rules::parse
