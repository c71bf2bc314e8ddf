#include "src/app/decode_command.hpp"

#include <doctest/doctest.h>
#include <rapidjson/document.h>

#include <sstream>

#include "tests/unit/app/scratch_directory.hpp"

namespace tocsin::app {
namespace {

const std::string kCaptures = TOCSIN_TEST_DATA "/statsd/";

struct Outcome {
  int status = 0;
  int events = 0;
  int errors = 0;
  std::string out;
  std::string err;
};

Outcome decode(DecodeOptions options) {
  if (options.protocol.empty()) options.protocol = "statsd";
  std::ostringstream out;
  std::ostringstream err;
  Outcome outcome;
  outcome.status = run_decode(options, out, err);
  outcome.out = out.str();
  outcome.err = err.str();
  std::istringstream lines(outcome.out);
  for (std::string line; std::getline(lines, line);) {
    rapidjson::Document json;
    json.Parse(line.c_str());
    CAPTURE(line);
    REQUIRE_FALSE(json.HasParseError());
    ++(json.HasMember("error") ? outcome.errors : outcome.events);
  }
  return outcome;
}

DecodeOptions file(const std::string& path, const std::string& container = {}) {
  DecodeOptions options;
  options.container = container;
  options.files = {path};
  return options;
}

TEST_CASE("captures of all three containers become events") {
  DecodeOptions datagrams = file(kCaptures + "datadogpy.dgram");
  datagrams.dialect = "dogstatsd";
  for (const DecodeOptions& options :
       {datagrams, file(kCaptures + "python_tcp.bin"), file(kCaptures + "reference_lines.txt")}) {
    const Outcome outcome = decode(options);
    CAPTURE(options.files[0]);
    CHECK(outcome.status == 0);
    CHECK(outcome.events > 3);
    CHECK(outcome.err.empty());
  }
}

TEST_CASE("refused lines stand among the events with cause and offset") {
  const test::ScratchDirectory scratch;
  const Outcome outcome = decode(file(scratch.write("x", "a:1|c\na:x|c\nb:2|g\n")));
  CHECK(outcome.status == 0);
  CHECK(outcome.events == 2);
  CHECK(outcome.errors == 1);
  CHECK(outcome.out.find("\"cause\":\"value\"") != std::string::npos);
  CHECK(outcome.out.find("\"record\":\"a:x|c\"") != std::string::npos);
}

TEST_CASE("datagrams that are cut short are an error at their offset") {
  const test::ScratchDirectory scratch;
  using namespace std::string_literals;
  const Outcome length = decode(file(scratch.write("x.dgram", "\0\0\0\5a:1|c\0\0"s)));
  CHECK(length.status == 1);
  CHECK(length.events == 1);
  CHECK(length.err.find("x.dgram: offset 9: ") != std::string::npos);
  const Outcome payload = decode(file(scratch.write("x.dgram",
                                                    "\xff\xff\xff\xff"
                                                    "a:1|c"s)));
  CHECK(payload.status == 1);
  CHECK(payload.err.find("4294967295 bytes, but only 5 follow") != std::string::npos);
}

TEST_CASE("wrong options are errors that name what is possible") {
  const std::string path = kCaptures + "reference_lines.txt";
  DecodeOptions options = file(path, "zip");
  CHECK(decode(options).err.find("expected dgram, stream or lines") != std::string::npos);
  options = file(path);
  options.protocol = "morse";
  CHECK(decode(options).err.find("expected statsd") != std::string::npos);
  options = file(path);
  options.dialect = "x";
  CHECK(decode(options).err.find("etsy-strict") != std::string::npos);
  options = file(path);
  options.gauge_sign = "x";
  const Outcome sign = decode(options);
  CHECK(sign.status == 1);
  CHECK(sign.err.find("delta or absolute") != std::string::npos);
  CHECK(decode(file("/nonexistent/file")).err.find("cannot be opened") != std::string::npos);
}

}  // namespace
}  // namespace tocsin::app
