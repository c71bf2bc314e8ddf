#include "ingest/collectd/write_http_object.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <variant>

#include "tests/unit/ingest/collectd/rig.hpp"

namespace tocsin::collectd::testing {
namespace {

using std::chrono::nanoseconds;

struct Reading {
  explicit Reading(Options given = {}) : options(std::move(given)) {}

  ValueList list(std::string_view text) {
    const auto read = object.read(text);
    REQUIRE(std::holds_alternative<ValueList>(read));
    return std::get<ValueList>(read);
  }
  Notification notification(std::string_view text) {
    const auto read = object.read(text);
    REQUIRE(std::holds_alternative<Notification>(read));
    return std::get<Notification>(read);
  }
  RejectCause cause(std::string_view text) {
    const auto read = object.read(text);
    REQUIRE(std::holds_alternative<Refusal>(read));
    return std::get<Refusal>(read).cause;
  }

  Options options;
  WriteHttpObject object{options};
};

TEST_CASE("an object is a value list") {
  Reading reading;
  const ValueList list = reading.list(
      R"({"values":[18446744073709551000,1.5,null,-3],"dstypes":["counter","gauge","gauge","derive"],)"
      R"("dsnames":["a","b","c","d"],"time":1795229288.509,"interval":2.000,"host":"h","plugin":"p",)"
      R"("plugin_instance":"0","type":"t","type_instance":"zürich","meta":{"k":"v","n":5,"b":true,"o":{}}})");
  CHECK(list.name.host == "h");
  CHECK(list.name.plugin == "p");
  CHECK(list.name.plugin_instance == "0");
  CHECK(list.name.type == "t");
  CHECK(list.name.type_instance == "zürich");
  CHECK(list.time == TimePoint(nanoseconds(1795229288509000000)));
  CHECK(list.interval == std::chrono::seconds(2));
  REQUIRE(list.values.size() == 4);
  CHECK(list.values[0].bits == 18446744073709551000u);
  CHECK(list.values[1].real() == 1.5);
  CHECK(std::isnan(list.values[2].real()));
  CHECK(list.values[3].derive() == -3);
  CHECK(list.sources[3] == "d");
  REQUIRE(list.meta.size() == 3);
  CHECK(list.meta[0].key == "meta.k");
  CHECK(list.meta[0].value == "v");
  CHECK(list.meta[1].value == "5");
  CHECK(list.meta[2].value == "true");
}

TEST_CASE("names of data sources and the interval may be missing") {
  Reading reading;
  const ValueList list = reading.list(
      R"({"values":[1],"dstypes":["gauge"],"time":1,"host":"h","plugin":"p","type":"t"})");
  CHECK(list.sources.empty());
  CHECK(list.interval == nanoseconds(0));
  CHECK(list.name.plugin_instance.empty());
}

TEST_CASE("with StoreRates every value is a rate") {
  Options options;
  options.http_values_are_rates = true;
  Reading reading(options);
  const ValueList list = reading.list(
      R"({"values":[384.25,null,7],"dstypes":["derive","counter","gauge"],"time":1,"host":"h"})");
  CHECK(list.values[0].is_rate);
  CHECK(list.values[0].type == DsType::kDerive);
  CHECK(list.values[0].real() == 384.25);
  CHECK(std::isnan(list.values[1].real()));
  CHECK_FALSE(list.values[2].is_rate);
}

TEST_CASE("what is wrong with a list is told") {
  Reading reading;
  CHECK(reading.cause("{") == RejectCause::kSyntax);
  CHECK(reading.cause("[]") == RejectCause::kSyntax);
  CHECK(reading.cause(R"({"values":[NaN]})") == RejectCause::kSyntax);
  CHECK(reading.cause(R"({"values":[1],"dstypes":["gauge"]})") == RejectCause::kTimestamp);
  CHECK(reading.cause(R"({"time":"now"})") == RejectCause::kTimestamp);
  CHECK(reading.cause(R"({"time":1,"interval":-1})") == RejectCause::kValue);
  CHECK(reading.cause(R"({"time":1})") == RejectCause::kSyntax);
  CHECK(reading.cause(R"({"time":1,"values":[],"dstypes":[]})") == RejectCause::kSyntax);
  CHECK(reading.cause(R"({"time":1,"values":[1,2],"dstypes":["gauge"]})") == RejectCause::kSyntax);
  CHECK(reading.cause(R"({"time":1,"values":[1],"dstypes":["gauge"],"dsnames":[]})") ==
        RejectCause::kSyntax);
  CHECK(reading.cause(R"({"time":1,"values":[1],"dstypes":["gauge"],"dsnames":[1.5e]})") ==
        RejectCause::kSyntax);
  CHECK(reading.cause(R"({"time":1,"values":[1],"dstypes":["gauge"],"dsnames":[""]})") ==
        RejectCause::kName);
  CHECK(reading.cause(R"({"time":1,"values":[1],"dstypes":["GAUGE"]})") == RejectCause::kType);
  CHECK(reading.cause(R"({"time":1,"values":[1],"dstypes":[null]})") == RejectCause::kType);
  CHECK(reading.cause(R"({"time":1,"values":[null],"dstypes":["counter"]})") ==
        RejectCause::kValue);
  CHECK(reading.cause(R"({"time":1,"values":[1.5],"dstypes":["counter"]})") == RejectCause::kValue);
  CHECK(reading.cause(R"({"time":1,"values":[1e999],"dstypes":["gauge"]})") ==
        RejectCause::kSyntax);
  CHECK(reading.cause(R"({"time":1,"host":")" + std::string(1024, 'h') + "\"}") ==
        RejectCause::kOversized);
  std::string many = R"({"time":1,"dstypes":["gauge")";
  for (int i = 0; i < 1024; ++i) many += R"(,"gauge")";
  many += R"(],"values":[0)";
  for (int i = 0; i < 1024; ++i) many += ",0";
  CHECK(reading.cause(many + "]}") == RejectCause::kOversized);
}

TEST_CASE("what is deep does not end the process") {
  Reading reading;
  CHECK(reading.cause("{\"a\":" + std::string(30000, '[') + std::string(30000, ']') + "}") ==
        RejectCause::kTimestamp);
  CHECK(reading.cause(std::string(30000, '[')) == RejectCause::kSyntax);
}

TEST_CASE("labels make a notification") {
  Reading reading;
  const Notification notification = reading.notification(
      R"({"labels":{"alertname":"collectd_sensor_temperature","instance":"sensor-3","sensor":"rack4",)"
      R"("type":"inlet","severity":"OKAY","service":"collectd"},"annotations":{"summary":"all fine",)"
      R"("DataSource":"value"},"startsAt":"2026-11-21T02:48:10.535522430Z"})");
  CHECK(notification.name.host == "sensor-3");
  CHECK(notification.name.plugin == "sensor");
  CHECK(notification.name.plugin_instance == "rack4");
  CHECK(notification.name.type == "temperature");
  CHECK(notification.name.type_instance == "inlet");
  CHECK(notification.severity == Severity::kOkay);
  CHECK(notification.message == "all fine");
  CHECK(notification.time == TimePoint(nanoseconds(1795229290535522430)));
  REQUIRE(notification.meta.size() == 1);
  CHECK(notification.meta[0].key == "meta.DataSource");
}

std::string alert(const std::string& labels) {
  return R"({"labels":{"severity":"WARNING",)" + labels +
         R"(},"annotations":{"summary":"x"},"startsAt":"2026-11-21T02:48:10Z"})";
}

TEST_CASE("plugin and type are taken from the name of the alert as far as it tells them") {
  Options options;
  options.types = captured_types();
  Reading known(options);
  Reading unknown;
  const auto series = [&](Reading& reading, const std::string& labels) {
    const SeriesName name = reading.notification(alert(labels)).name;
    return std::string(name.plugin) + "|" + std::string(name.plugin_instance) + "|" +
           std::string(name.type) + "|" + std::string(name.type_instance);
  };
  CHECK(series(known, R"("alertname":"collectd_memory","memory":"used")") == "memory||memory|used");
  CHECK(series(known, R"("alertname":"collectd_df_complex","df":"root","type":"free")") ==
        "df|root|df_complex|free");
  CHECK(series(unknown, R"("alertname":"collectd_df_complex","df":"root","type":"free")") ==
        "df|root|complex|free");
  CHECK(series(known, R"("alertname":"collectd_load")") == "load||load|");
  CHECK(series(unknown, R"("alertname":"collectd_load")") == "load|||");
  CHECK(series(unknown, R"("alertname":"collectd_a_b_c")") == "a||b_c|");
  CHECK(series(unknown, R"("alertname":"collectd_")") == "|||");
}

TEST_CASE("what is wrong with a notification is told") {
  Reading reading;
  const std::string good = alert(R"("alertname":"collectd_x")");
  reading.notification(good);
  const auto with = [&](std::string_view from, std::string_view to) {
    std::string text = good;
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
  };
  CHECK(reading.cause(with("WARNING", "FATAL")) == RejectCause::kValue);
  CHECK(reading.cause(R"({"labels":5})") == RejectCause::kSyntax);
  CHECK(reading.cause(with(R"("annotations":{"summary":"x"},)", "")) == RejectCause::kSyntax);
  for (const char* time : {"2026-11-21T02:48:10", "2026-02-30T02:48:10Z", "2026-11-21T24:48:10Z",
                           "2026-11-21 02:48:10Z", "1969-11-21T02:48:10Z", "2262-11-21T02:48:10Z",
                           "2026-11-21T02:60:10Z", "2026-11-21T02:48:61Z", "2026-11-21T02:48:Z", "",
                           "2026-1x-21T02:48:10Z"}) {
    CAPTURE(time);
    CHECK(reading.cause(with("2026-11-21T02:48:10Z", time)) == RejectCause::kTimestamp);
  }
}

TEST_CASE("an answer is UTF-8, and escapes are undone") {
  Reading reading;
  const ValueList list = reading.list(
      "{\"values\":[1],\"dstypes\":[\"gauge\"],\"time\":1,\"host\":\"gr\xf6\",\"plugin\":"
      "\"\\u00fc\","
      "\"type\":\"a\\\"b\"}");
  CHECK(list.name.host == "gr\xEF\xBF\xBD");
  CHECK(list.name.plugin == "ü");
  CHECK(list.name.type == "a\"b");
}

}  // namespace
}  // namespace tocsin::collectd::testing
