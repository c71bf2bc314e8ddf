// body_inputs.cpp: which paths take bodies, and of what.
#include "src/app/inputs/inputs.hpp"
#include "tests/unit/app/inputs/specs.hpp"

namespace tocsin::app {
namespace {

using namespace test;

Specs bodies(const settings::HttpListener& http = {}) {
  Specs specs;
  add_inputs(http, {}, specs);
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

}  // namespace
}  // namespace tocsin::app
