// tail_inputs.cpp: what is followed, and which decoder reads it.
#include "src/app/inputs/inputs.hpp"
#include "tests/unit/app/inputs/specs.hpp"

namespace tocsin::app {
namespace {

using namespace test;

// What the input makes of one record of /var/log/app.log.
RecordingIntake record(const Specs& specs, const std::string& bytes) {
  RecordingIntake intake;
  const auto& input = std::get<FileInput>(specs.at(0).way);
  const auto decoder = input.decoders(intake)("/var/log/app.log");
  CHECK(decoder->decode(bytes, origin()) == bytes.size());
  CHECK(decoder->flush());
  return intake;
}

TEST_CASE("options are carried over") {
  InputContext context;
  context.state_directory = "/state";
  const Specs specs = inputs_of(
      "  tail:\n    - {name: logs, paths: [/a/*.log, /b], exclude: [], start: beginning, "
      "record_start: '^x', max_record: 1KiB, max_files: 7, rotation_wait: 3s}\n",
      context);
  CHECK(summary(specs) == std::vector<std::string>{"logs listen.tail[0].paths /a/*.log /b"});
  const tail::Options& options = std::get<FileInput>(specs[0].way).options.files;
  CHECK(options.paths == std::vector<std::string>{"/a/*.log", "/b"});
  CHECK(options.exclude.empty());
  CHECK(options.start == tail::Start::kBeginning);
  CHECK(options.multi_line.rule == tail::MultiLineOptions::Rule::kStartPattern);
  CHECK(options.multi_line.start_pattern == "^x");
  CHECK(options.max_line_bytes == 1024);
  CHECK(options.max_files == 7);
  CHECK(options.rotation_wait == std::chrono::seconds(3));
  CHECK(options.checkpoint_file == "/state/tail-logs.positions");
}

TEST_CASE("a plain line is a description; service and host have sensible defaults") {
  const auto intake = record(inputs_of("  tail: [{paths: /a}]\n"), "hello");
  REQUIRE(intake.events.size() == 1);
  CHECK(intake.events[0].service == "app.log");
  CHECK(intake.events[0].host == own_host());
  CHECK(intake.events[0].description == "hello");
}

TEST_CASE("every format has its decoder, and events name their file") {
  struct Case {
    const char* format;
    const char* bytes;
    const char* service;
  };
  for (const Case& c : {
           Case{"json", "{\"service\":\"s1\"}", "s1"},
           Case{"syslog", "<13>Nov 21 02:51:52 vm s2: text", "s2"},
           Case{"graphite", "s3 1 1795229300", "s3"},
           Case{"nagios", "[1795229300] PROCESS_SERVICE_CHECK_RESULT;web;s4;0;OK", "s4"},
       }) {
    CAPTURE(c.format);
    const auto intake = record(
        inputs_of("  tail: [{paths: /a, format: " + std::string(c.format) + "}]\n"), c.bytes);
    REQUIRE(intake.events.size() == 1);
    CHECK(intake.events[0].service == c.service);
    const std::string* const file = event::find_attribute(intake.events[0], "file");
    REQUIRE(file != nullptr);
    CHECK(*file == "/var/log/app.log");
  }
  CHECK(record(inputs_of("  tail: [{paths: /a, format: statsd}]\n"), "a:1|c").kept.size() == 1);
}

}  // namespace
}  // namespace tocsin::app
