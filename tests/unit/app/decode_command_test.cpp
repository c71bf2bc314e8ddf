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

TEST_CASE("what is wrong with the options is told before a file is opened") {
  const auto complaint = [](DecodeOptions options) {
    const Outcome outcome = decode(std::move(options));
    CHECK(outcome.status == 1);
    CHECK(outcome.err.find("cannot be opened") == std::string::npos);
    return outcome.err;
  };
  const DecodeOptions absent = file("/nonexistent/file");
  DecodeOptions options = absent;
  options.protocol = "morse";
  CHECK(complaint(options).find("found protocol 'morse', expected statsd") != std::string::npos);
  options = absent;
  options.container = "zip";
  CHECK(complaint(options).find("--container: found 'zip', expected dgram, stream or lines") !=
        std::string::npos);
  options = absent;
  options.way = "pigeon";
  CHECK(complaint(options).find("--way: found 'pigeon', expected one of udp") != std::string::npos);
  options = absent;
  options.dialect = "x";
  CHECK(complaint(options).find("--dialect: found 'x'") != std::string::npos);
  options = absent;
  options.protocol = "nsca";
  CHECK(complaint(options).find("--greeting: found none") != std::string::npos);
}

// What real clients sent, each file as somebody would decode it.
TEST_CASE("every protocol's captures become events, and what is bad in them errors") {
  struct Case {
    const char* protocol;
    const char* file;
    int events;
    int errors;
  };
  for (const Case& c : {
           Case{"collectd", "collectd/plain.dgram", 515, 0},
           Case{"collectd", "collectd/write_http_raw.jsonl", 515, 0},
           Case{"riemann", "riemann/write_riemann.bin", 5, 0},
           Case{"riemann", "riemann/client_tcp.bin", 15, 0},
           Case{"riemann", "riemann/client_udp.dgram", 12, 0},
           Case{"graphite", "graphite/relay_input.txt", 129, 3},
           Case{"graphite", "graphite/relay_pickle_a.bin", 32, 0},
           Case{"graphite", "graphite/skyline_msgpack.dgram", 18, 0},
           Case{"syslog", "syslog/logger_udp.dgram", 9, 0},
           Case{"syslog", "syslog/rsyslog_relp.bin", 10, 0},
           Case{"syslog", "syslog/rsyslog_tcp_5424_octet.bin", 10, 0},
           Case{"syslog", "syslog/rsyslog_tcp_zip.bin", 10, 0},
           Case{"json", "syslog/syslogng_tcp_json.bin", 12, 0},
           Case{"gelf", "gelf/udp.dgram", 8, 2},
           Case{"gelf", "gelf/tcp.bin", 3, 0},
           Case{"statsd", "statsd/datadogpy_uds_stream_1.bin", 200, 0},
       }) {
    CAPTURE(c.protocol);
    CAPTURE(c.file);
    DecodeOptions options = file(std::string(TOCSIN_TEST_DATA "/") + c.file);
    options.protocol = c.protocol;
    const Outcome outcome = decode(options);
    CHECK(outcome.status == 0);
    CHECK(outcome.events == c.events);
    CHECK(outcome.errors == c.errors);
    CHECK(outcome.err.empty());
  }
}

TEST_CASE("signed and encrypted captures need the users' file") {
  const std::string captures = TOCSIN_TEST_DATA "/collectd/";
  for (const char* name : {"signed.dgram", "encrypted.dgram"}) {
    DecodeOptions options = file(captures + name);
    options.protocol = "collectd";
    options.auth_file = captures + "authfile";
    options.security = "sign";
    CHECK(decode(options).events == 515);
  }
  DecodeOptions plain = file(captures + "plain.dgram");
  plain.protocol = "collectd";
  plain.auth_file = captures + "authfile";
  plain.security = "sign";
  const Outcome refused = decode(plain);
  CHECK(refused.events == 0);
  CHECK(refused.out.find("\"cause\":\"unauthorized\"") != std::string::npos);
}

TEST_CASE("a connection of send_nsca is read with its greeting and its password") {
  const test::ScratchDirectory scratch;
  const std::string captures = TOCSIN_TEST_DATA "/nagios/";
  for (const int method : {0, 1, 3, 14}) {
    CAPTURE(method);
    DecodeOptions options = file(captures + "nsca_method" + std::to_string(method) + ".bin");
    options.protocol = "nsca";
    options.method = method;
    options.greeting = captures + "nsca_init.bin";
    options.password_file = scratch.write("password", "throwaway-nsca\n");
    const Outcome outcome = decode(options);
    CHECK(outcome.events == 5);  // three results, two measurements
    CHECK(outcome.errors == 0);
    if (method == 0) continue;
    options.password_file = scratch.write("password", "wrong\n");
    const Outcome refused = decode(options);
    CHECK(refused.events == 0);
    CHECK(refused.errors == 1);
  }
}

TEST_CASE("where bytes came in can be said, and what comes is then read so") {
  const test::ScratchDirectory scratch;
  DecodeOptions options = file(scratch.write("x", "<14>Nov 21 02:51:52 app: text\n"));
  options.protocol = "syslog";
  options.way = "unix";
  options.host = "here";
  options.received = "2026-11-21T03:00:00Z";
  const Outcome local = decode(options);
  CHECK(local.events == 1);
  CHECK(local.out.find("\"host\":\"here\",\"service\":\"app\"") != std::string::npos);
  CHECK(local.out.find("\"time\":1795229512") != std::string::npos);
  options.way = "carrier pigeon";
  CHECK(decode(options).err.find("--way: found 'carrier pigeon', expected one of udp") !=
        std::string::npos);
}

}  // namespace
}  // namespace tocsin::app
