#include "ingest/collectd/event_writer.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "tests/unit/ingest/collectd/packet.hpp"
#include "tests/unit/ingest/collectd/rig.hpp"
#include "tests/unit/ingest/recording_intake.hpp"

namespace tocsin::collectd::testing {
namespace {

using std::chrono::seconds;

struct Writing {
  explicit Writing(Options given = {}) : options(std::move(given)) {}

  // A list of web-1/api/TYPE at `second`, ten seconds apart from the next.
  const Refusal* write(std::string_view type, const std::vector<Value>& values,
                       std::int64_t second = kNow) {
    ValueList list;
    list.name = {"web-1", "api", "", type, ""};
    list.time = at_second(second);
    list.interval = seconds(10);
    list.values = values;
    const Refusal* const refusal = begin(list, origin_at(second));
    if (!refusal) CHECK(writer.write());
    return refusal;
  }
  template <typename Record>
  const Refusal* begin(const Record& record, const Origin& origin = origin_at()) {
    writer.set_origin(origin);
    return writer.begin(record);
  }
  // The metric of the last event.
  double last() const { return metric(intake.events.back()); }

  Options options;
  RateTable rates{{}, 1};
  tocsin::testing::RecordingIntake intake;
  EventWriter writer{options, rates, intake};
};

Options with_types() {
  Options options;
  options.types = captured_types();
  return options;
}

TEST_CASE("an event says where a value comes from") {
  Writing writing;
  ValueList list;
  const std::vector<Value> values = {gauge(1.5)};
  const std::vector<AttributeView> meta = {{"meta.rack", "4"}, {"plugin", "not this"}};
  list.name = {"web-1", "df", "root", "df_complex", "free"};
  list.time = at_second(kNow);
  list.interval = seconds(30);
  list.values = values;
  list.meta = meta;
  list.user = "probe";
  REQUIRE_FALSE(writing.begin(list));
  REQUIRE(writing.writer.write());
  REQUIRE(writing.intake.events.size() == 1);
  const Event& event = writing.intake.events[0];
  CHECK(event.host == "web-1");
  CHECK(event.service == "df-root/df_complex-free");
  CHECK(event.time == at_second(kNow));
  CHECK(event.metric == Metric(1.5));
  CHECK(event.state.empty());
  CHECK(event.ttl == seconds(60));
  CHECK(event.tags == std::vector<std::string>{"collectd"});
  CHECK(event.attributes == std::vector<Attribute>{{"auth_user", "probe"},
                                                   {"ds_name", "value"},
                                                   {"ds_type", "gauge"},
                                                   {"ingest", "collectd"},
                                                   {"meta.rack", "4"},
                                                   {"peer", "192.0.2.7"},
                                                   {"plugin", "df"},
                                                   {"plugin_instance", "root"},
                                                   {"type", "df_complex"},
                                                   {"type_instance", "free"}});
}

TEST_CASE("data sources are named by types.db, else by their index") {
  Writing known(with_types());
  known.write("load", {gauge(1), gauge(2), gauge(3)});
  CHECK(known.intake.events[0].service == "api/load/shortterm");
  CHECK(known.intake.events[2].service == "api/load/longterm");

  Writing unknown;
  unknown.write("load", {gauge(1), gauge(2), gauge(3)});
  CHECK(unknown.intake.events[0].service == "api/load/0");
  CHECK(unknown.intake.events[2].service == "api/load/2");
  CHECK(attribute(unknown.intake.events[2], "ds_name") == "2");
  CHECK(unknown.rates.counters().odd_lists.get() == 0);
}

TEST_CASE("a list of another length than types.db says goes by index and is counted") {
  Writing writing(with_types());
  writing.write("load", {gauge(1), gauge(2)});
  CHECK(writing.intake.events[1].service == "api/load/1");
  CHECK(writing.rates.counters().odd_lists.get() == 1);
}

TEST_CASE("twelve values have twelve names") {
  Writing writing;
  writing.write("many", std::vector<Value>(12, gauge(1)));
  REQUIRE(writing.intake.events.size() == 12);
  CHECK(writing.intake.events[7].service == "api/many/7");
  CHECK(writing.intake.events[11].service == "api/many/11");
}

TEST_CASE("a list without an interval lives two default ones") {
  Options options;
  options.default_interval = seconds(7);
  Writing writing(options);
  const std::vector<Value> values = {gauge(1)};
  ValueList list;
  list.name = {"h", "p", "", "t", ""};
  list.time = at_second(kNow);
  list.values = values;
  REQUIRE_FALSE(writing.begin(list, {}));
  REQUIRE(writing.writer.write());
  CHECK(writing.intake.events[0].ttl == seconds(14));
  CHECK(attribute(writing.intake.events[0], "peer") == "(none)");
}

TEST_CASE("an interval of centuries has a ttl") {
  Writing writing;
  const std::vector<Value> values = {gauge(1)};
  ValueList list;
  list.name = {"h", "p", "", "t", ""};
  list.time = at_second(kNow);
  list.interval = std::chrono::nanoseconds::max();
  list.values = values;
  REQUIRE_FALSE(writing.begin(list));
  REQUIRE(writing.writer.write());
  CHECK(*writing.intake.events[0].ttl > std::chrono::hours(24 * 365 * 200));
}

TEST_CASE("a gauge that is not finite has no metric") {
  Writing writing;
  writing.write("gauge", {gauge(std::numeric_limits<double>::quiet_NaN())}, kNow);
  CHECK(writing.intake.events[0].metric == Metric());
  CHECK(attribute(writing.intake.events[0], "raw_value") == "(none)");
  writing.write("gauge", {gauge(-std::numeric_limits<double>::infinity())}, kNow + 1);
  CHECK(writing.intake.events[1].metric == Metric());
  CHECK(attribute(writing.intake.events[1], "raw_value") == "-inf");
}

TEST_CASE("a gauge outside of its bounds is sent on") {
  Writing writing(with_types());
  writing.write("percent", {gauge(250)});
  CHECK(writing.last() == 250);
}

TEST_CASE("a counter has a rate from its second reading on") {
  Writing writing;
  writing.write("c", {counter(100)}, kNow);
  CHECK(writing.intake.events[0].metric == Metric());
  CHECK(attribute(writing.intake.events[0], "raw_value") == "100");
  CHECK(attribute(writing.intake.events[0], "ds_type") == "counter:rate");
  writing.write("c", {counter(160)}, kNow + 10);
  CHECK(writing.last() == 6);
}

TEST_CASE("a counter that falls has wrapped") {
  Writing writing;
  SUBCASE("at 2^32, if it was below") {
    writing.write("c", {counter(4294967290)}, kNow);
    writing.write("c", {counter(14)}, kNow + 2);
    CHECK(writing.last() == 10);
  }
  SUBCASE("at 2^64 otherwise") {
    writing.write("c", {counter(18446744073709551000u)}, kNow);
    writing.write("c", {counter(384)}, kNow + 2);
    CHECK(writing.last() == 500);
  }
  SUBCASE("so that a restart looks like a huge rate") {
    writing.write("c", {counter(5000)}, kNow);
    writing.write("c", {counter(0)}, kNow + 1);
    CHECK(writing.last() == 4294962296.0);
  }
}

TEST_CASE("a derive may fall") {
  Writing writing;
  writing.write("d", {derive(5000)}, kNow);
  writing.write("d", {derive(400)}, kNow + 2);
  CHECK(writing.last() == -2300);
  CHECK(attribute(writing.intake.events[1], "raw_value") == "400");
}

TEST_CASE("a derive over the whole range does not overflow") {
  Writing writing;
  writing.write("d", {derive(std::numeric_limits<std::int64_t>::min())}, kNow);
  CHECK(attribute(writing.intake.events[0], "raw_value") == "-9223372036854775808");
  writing.write("d", {derive(std::numeric_limits<std::int64_t>::max())}, kNow + 1);
  CHECK(writing.last() == 18446744073709551615.0);
  writing.write("d", {derive(std::numeric_limits<std::int64_t>::min())}, kNow + 2);
  CHECK(writing.last() == -18446744073709551615.0);
}

TEST_CASE("a rate outside of the bounds of types.db is none") {
  Writing writing(with_types());
  writing.write("derive", {derive(1000)}, kNow);
  writing.write("derive", {derive(5000)}, kNow + 2);
  CHECK(writing.last() == 2000);
  writing.write("derive", {derive(400)}, kNow + 4);
  CHECK(writing.intake.events.back().metric == Metric());
  writing.write("derive", {derive(402)}, kNow + 6);
  CHECK(writing.last() == 1);
}

TEST_CASE("an absolute is divided by its time, the first one by its interval") {
  Writing writing;
  writing.write("a", {absolute(70)}, kNow);
  CHECK(writing.last() == 7);
  writing.write("a", {absolute(30)}, kNow + 2);
  CHECK(writing.last() == 15);
}

TEST_CASE("each data source has its own rate") {
  Writing writing;
  writing.write("io", {derive(10), gauge(5), derive(1000)}, kNow);
  writing.write("io", {derive(30), gauge(6), derive(3000)}, kNow + 10);
  REQUIRE(writing.intake.events.size() == 6);
  CHECK(metric(writing.intake.events[3]) == 2);
  CHECK(metric(writing.intake.events[4]) == 6);
  CHECK(metric(writing.intake.events[5]) == 200);
}

TEST_CASE("a series that changes its type begins anew") {
  Writing writing;
  writing.write("x", {gauge(1)}, kNow);
  writing.write("x", {counter(100)}, kNow + 10);
  CHECK(writing.intake.events[1].metric == Metric());
}

TEST_CASE("a list that is not newer than the last one is refused") {
  Writing writing;
  CHECK_FALSE(writing.write("g", {gauge(1)}, kNow));
  for (const std::int64_t second : {kNow, kNow - 5}) {
    const auto refusal = writing.write("g", {gauge(2)}, second);
    REQUIRE(refusal);
    CHECK(refusal->cause == RejectCause::kTimestamp);
  }
  CHECK_FALSE(writing.write("g", {gauge(3)}, kNow + 1));
  CHECK(writing.intake.events.size() == 2);
}

TEST_CASE("a refused list leaves no reading behind") {
  Writing writing;
  writing.write("c", {counter(100)}, kNow);
  CHECK(writing.write("c", {counter(999)}, kNow));
  writing.write("c", {counter(160)}, kNow + 10);
  CHECK(writing.last() == 6);
}

TEST_CASE("hosts, plugins and instances do not mix") {
  Writing writing;
  const std::vector<Value> values = {gauge(1)};
  for (const SeriesName& name :
       {SeriesName{"a", "b", "", "c", ""}, SeriesName{"b", "b", "", "c", ""},
        SeriesName{"a", "b", "x", "c", ""}, SeriesName{"a", "b", "", "c", "x"},
        SeriesName{"a", "c", "", "c", ""}, SeriesName{"a", "b", "", "d", ""}}) {
    ValueList list;
    list.name = name;
    list.time = at_second(kNow);
    list.values = values;
    CHECK_FALSE(writing.begin(list));
    CHECK(writing.writer.write());
  }
  CHECK(writing.intake.events.size() == 6);
}

TEST_CASE("a series without room gets no rate, and a gauge is sent on") {
  Options options;
  RateTable rates({1, std::chrono::minutes(10), std::chrono::hours(48)}, 1);
  tocsin::testing::RecordingIntake intake;
  EventWriter writer(options, rates, intake);
  const auto write = [&](std::string_view type, const std::vector<Value>& values) {
    ValueList list;
    list.name = {"h", "p", "", type, ""};
    list.time = at_second(kNow);
    list.values = values;
    writer.set_origin(origin_at());
    CHECK_FALSE(writer.begin(list));
    CHECK(writer.write());
  };
  write("first", {gauge(1)});
  write("second", {gauge(2)});
  write("third", {absolute(3)});
  REQUIRE(intake.events.size() == 3);
  CHECK(metric(intake.events[1]) == 2);
  CHECK(intake.events[2].metric == Metric());
  CHECK(rates.counters().readings_refused.get() == 2);
}

TEST_CASE("rates that the sender made are taken as they are") {
  Writing writing;
  const std::vector<Value> values = {Value::of_real(384.5, DsType::kDerive, true)};
  writing.write("d", values);
  CHECK(writing.last() == 384.5);
  CHECK(attribute(writing.intake.events[0], "ds_type") == "derive:rate");
  CHECK(attribute(writing.intake.events[0], "raw_value") == "(none)");
}

TEST_CASE("a list that lacks something is refused for it") {
  Writing writing;
  const std::vector<Value> values = {gauge(1)};
  ValueList good;
  good.name = {"h", "p", "", "t", ""};
  good.time = at_second(kNow);
  good.values = values;
  const auto cause = [&](auto spoil) {
    ValueList list = good;
    spoil(list);
    const auto refusal = writing.begin(list);
    REQUIRE(refusal);
    return refusal->cause;
  };
  CHECK(cause([](ValueList& list) { list.name.host = ""; }) == RejectCause::kName);
  CHECK(cause([](ValueList& list) { list.name.plugin = ""; }) == RejectCause::kName);
  CHECK(cause([](ValueList& list) { list.name.type = ""; }) == RejectCause::kName);
  CHECK(cause([](ValueList& list) { list.time = {}; }) == RejectCause::kTimestamp);
  CHECK_FALSE(writing.begin(good));
}

TEST_CASE("what is older than max_age is refused") {
  Options options;
  options.max_age = seconds(60);
  Writing writing(options);
  ValueList list;
  const std::vector<Value> values = {gauge(1)};
  list.name = {"h", "p", "", "t", ""};
  list.values = values;
  list.time = at_second(kNow - 61);
  CHECK(writing.begin(list)->cause == RejectCause::kTimestamp);
  list.time = at_second(kNow - 60);
  CHECK_FALSE(writing.begin(list));
  CHECK(writing.writer.write());

  Notification notification{{}, at_second(kNow - 61), Severity::kOkay, "text", {}, {}};
  CHECK(writing.begin(notification)->cause == RejectCause::kTimestamp);
}

TEST_CASE("a notification is a state with a description") {
  Writing writing;
  const Notification notification{
      {"h", "p", "1", "t", ""}, at_second(kNow), Severity::kWarning, "too hot", {}, "probe"};
  REQUIRE_FALSE(writing.begin(notification));
  REQUIRE(writing.writer.write());
  const Event& event = writing.intake.events[0];
  CHECK(event.host == "h");
  CHECK(event.service == "p-1/t");
  CHECK(event.state == "warning");
  CHECK(event.description == "too hot");
  CHECK(event.metric == Metric());
  CHECK_FALSE(event.ttl);
  CHECK(attribute(event, "severity") == "warning");
  CHECK(attribute(event, "auth_user") == "probe");
  CHECK(attribute(event, "ds_name") == "(none)");
}

TEST_CASE("the service of a notification is made of what there is") {
  Options options;
  options.default_host = "here";
  Writing writing(options);
  const auto service = [&](SeriesName name) {
    const Notification notification{name, at_second(kNow), Severity::kOkay, "text", {}, {}};
    REQUIRE_FALSE(writing.begin(notification));
    REQUIRE(writing.writer.write());
    return writing.intake.events.back().service;
  };
  CHECK(service({"h", "p", "", "", ""}) == "p");
  CHECK(service({"h", "p", "i", "", ""}) == "p-i");
  CHECK(service({"h", "", "", "t", "i"}) == "/t-i");
  CHECK(service({"h", "p", "", "t", "i"}) == "p/t-i");
  CHECK(writing.intake.events.back().host == "h");
  CHECK(service({}) == "collectd");
  CHECK(writing.intake.events.back().host == "here");
}

TEST_CASE("a full intake gets the rest of a list later") {
  Writing writing;
  ValueList list;
  const std::vector<Value> values = {derive(1), derive(2), derive(3)};
  list.name = {"h", "p", "", "t", ""};
  list.time = at_second(kNow);
  list.values = values;
  REQUIRE_FALSE(writing.begin(list));
  writing.intake.events_to_refuse = 1;
  CHECK_FALSE(writing.writer.write());
  CHECK(writing.writer.waits());
  CHECK(writing.writer.write());
  CHECK_FALSE(writing.writer.waits());
  REQUIRE(writing.intake.events.size() == 3);
  CHECK(attribute(writing.intake.events[2], "raw_value") == "3");
}

TEST_CASE("a list that is given up is dropped value by value") {
  Writing writing;
  ValueList list;
  const std::vector<Value> values = {derive(1), derive(2), derive(3)};
  list.name = {"h", "p", "", "t", ""};
  list.time = at_second(kNow);
  list.values = values;
  REQUIRE_FALSE(writing.begin(list));
  writing.intake.events_to_refuse = 2;
  CHECK_FALSE(writing.writer.write());
  writing.writer.give_up(true);
  CHECK(writing.writer.write());
  CHECK_FALSE(writing.writer.waits());
  CHECK(writing.intake.events.empty());
  CHECK(writing.intake.dropped == 3);
}

TEST_CASE("the peer of each list is its own") {
  Writing writing;
  writing.write("a", {gauge(1)});
  Origin other = origin_at();
  other.peer.address[3] = 8;
  ValueList list;
  const std::vector<Value> values = {gauge(1)};
  list.name = {"h", "p", "", "t", ""};
  list.time = at_second(kNow);
  list.values = values;
  REQUIRE_FALSE(writing.begin(list, other));
  REQUIRE(writing.writer.write());
  CHECK(attribute(writing.intake.events[0], "peer") == "192.0.2.7");
  CHECK(attribute(writing.intake.events[1], "peer") == "192.0.2.8");
}

}  // namespace
}  // namespace tocsin::collectd::testing
