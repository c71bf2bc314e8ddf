// body_inputs.cpp: which paths take bodies, and of what.
#include "src/app/inputs/inputs.hpp"

#include <fstream>

#include "tests/unit/app/inputs/specs.hpp"
#include "tests/unit/ingest/listen/fakes.hpp"

namespace tocsin::app {
namespace {

using namespace test;

Specs bodies(const settings::HttpListener& http = {}) {
  Specs specs;
  REQUIRE(add_inputs(http, {}, specs));
  return specs;
}

RecordingIntake body(const Specs& specs, const std::string& name, const std::string& bytes) {
  RecordingIntake intake;
  const auto decoder = std::get<BodyInput>(spec_of(specs, name).way).decoder(intake);
  CHECK(decoder->decode(bytes, origin()) == bytes.size());
  CHECK(decoder->flush());
  return intake;
}

TEST_CASE("each path has its protocol, unless none is wanted") {
  const Specs specs = bodies();
  CHECK(summary(specs) ==
        std::vector<std::string>{"http.json listen.http.ingest /ingest/json",
                                 "http.gelf listen.http.ingest /ingest/gelf",
                                 "http.collectd listen.http.ingest /ingest/collectd",
                                 "http.nagios listen.http.ingest /ingest/nagios"});
  CHECK(body(specs, "http.json", "[{\"service\":\"a\"},\n {\"service\":\"b\"}]").events.size() ==
        2);
  CHECK(body(specs, "http.gelf", "{\"short_message\":\"x\"}").events.size() == 1);
  CHECK(body(specs, "http.nagios", "[1] PROCESS_HOST_CHECK_RESULT;web;0;UP\n").events.size() == 1);
  settings::HttpListener none;
  none.ingest = false;
  CHECK(bodies(none).empty());
}

TEST_CASE("rates are made from one body to the next") {
  const Specs specs = bodies();
  const auto value = [](int time, int counter) {
    return R"([{"values":[)" + std::to_string(counter) +
           R"(],"dstypes":["counter"],"dsnames":["value"],"time":)" + std::to_string(time) +
           R"(,"interval":10,"host":"h","plugin":"p","type":"t"}])";
  };
  CHECK(std::holds_alternative<std::monostate>(
      body(specs, "http.collectd", value(1'795'229'290, 100)).events.at(0).metric));
  const auto second = body(specs, "http.collectd", value(1'795'229'300, 150));
  CHECK(std::get<double>(second.events.at(0).metric) == 5.0);
}

TEST_CASE("types.db and write_http's StoreRates are the listener's") {
  const listen::testing::TemporaryDirectory directory;
  std::ofstream(directory.file("types.db")) << "hits value:DERIVE:0:U\n";
  settings::HttpListener http;
  http.types_db = {directory.file("types.db")};
  http.collectd_rates = true;
  const Specs specs = bodies(http);
  const std::string line = "PUTVAL h/p/hits interval=10 ";
  CHECK(body(specs, "http.collectd", line + "1795229290:100").events.size() == 1);
  const auto second = body(specs, "http.collectd", line + "1795229300:150");
  CHECK(std::get<double>(second.events.at(0).metric) == 5.0);
  const auto rate =
      body(specs, "http.collectd",
           R"([{"values":[7.5],"dstypes":["derive"],"dsnames":["value"],)"
           R"("time":1795229300,"interval":10,"host":"h","plugin":"q","type":"hits"}])");
  CHECK(std::get<double>(rate.events.at(0).metric) == 7.5);

  http.types_db = {"/nowhere/types.db"};
  Specs none;
  const auto added = add_inputs(http, {}, none);
  REQUIRE_FALSE(added);
  CHECK(added.error().message().find("listen.http.types_db[0]: found /nowhere/types.db") !=
        std::string::npos);
}

}  // namespace
}  // namespace tocsin::app
