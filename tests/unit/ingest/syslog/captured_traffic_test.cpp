// Real traffic of real senders: every message of every file of tests/data/syslog.
#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "ingest/listen/framing.hpp"
#include "ingest/syslog/relp.hpp"
#include "ingest/wire/inflate.hpp"
#include "tests/unit/ingest/captures.hpp"
#include "tests/unit/ingest/syslog/decode_all.hpp"

namespace tocsin::syslog::testing {
namespace {

// What the file's message must become. Attributes: all but ingest and peer, "key=value" in order.
struct Expected {
  TimePoint time;
  std::string host;
  std::string service;
  std::string state;
  std::string description;
  std::vector<std::string> attributes;
};

std::vector<std::string> said(const Event& event) {
  std::vector<std::string> out;
  for (const Attribute& attribute : event.attributes) {
    if (attribute.key != "ingest" && attribute.key != "peer") {
      out.push_back(attribute.key + "=" + attribute.value);
    }
  }
  return out;
}

void check(const std::vector<Event>& events, const std::vector<Expected>& expected) {
  REQUIRE(events.size() == expected.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    CAPTURE(i);
    CHECK(events[i].time == expected[i].time);
    CHECK(events[i].host == expected[i].host);
    CHECK(events[i].service == expected[i].service);
    CHECK(events[i].state == expected[i].state);
    CHECK(events[i].description == expected[i].description);
    CHECK(said(events[i]) == expected[i].attributes);
    CHECK(attribute(events[i], "ingest") == "syslog");
    CHECK(attribute(events[i], "peer") == "192.0.2.7");
  }
}

void check(const std::vector<std::string>& messages, const std::vector<Expected>& expected,
           const Options& options = {}) {
  const RecordingIntake intake = decode_each(messages, options);
  CHECK(intake.rejects.empty());
  check(intake.events, expected);
}

std::vector<std::string> datagrams(const std::string& name) {
  return tocsin::testing::read_datagrams("syslog/" + name);
}

// The frames of a stream that arrives in small pieces.
std::vector<std::string> frames(const std::string& stream) {
  const auto framing = listen::make_framing(listen::FramingKind::kSyslog, 8192);
  std::vector<std::string> frames;
  std::string buffered;
  for (std::size_t at = 0; at <= stream.size(); at += 100) {
    buffered += stream.substr(at, 100);
    const bool ended = at + 100 > stream.size();
    for (;;) {
      const listen::Cut cut = framing->cut(buffered, ended);
      if (cut.kind == listen::Cut::Kind::kNeedMore) break;
      REQUIRE(cut.kind == listen::Cut::Kind::kRecords);
      if (cut.body > 0) frames.push_back(buffered.substr(cut.head, cut.body));
      buffered.erase(0, cut.head + cut.body);
    }
  }
  CHECK(buffered.empty());
  return frames;
}

std::vector<std::string> frames_of(const std::string& name) {
  return frames(tocsin::testing::read_capture("syslog/" + name));
}

TimePoint clock(unsigned minute, unsigned second, std::int64_t microseconds = 0) {
  return at(2026, 11, 21, 2, minute, second, microseconds * 1000);
}

const std::string kWords =
    "gr\xC3\xB6\xC3\x9F"
    "e \xE2\x9C\x93";
const std::string kTzKnown = "sd.timeQuality.tzKnown=1";
const std::string kNotSynced = "sd.timeQuality.isSynced=0";

std::vector<std::string> sent(const std::string& facility, const std::string& severity,
                              const std::string& procid = "") {
  std::vector<std::string> out = {"facility=" + facility};
  if (!procid.empty()) out.push_back("procid=" + procid);
  out.push_back("severity=" + severity);
  return out;
}

// logger's nine messages; what differs between the transports is the clock and the process id.
struct LoggerRun {
  std::string pid;
  std::vector<std::int64_t> microseconds;  // of the five RFC 5424 messages that have a time
};

std::vector<Expected> logger_messages(const LoggerRun& run) {
  const auto iso = [&](std::size_t i) { return clock(51, 52, run.microseconds[i]); };
  const TimePoint bsd = clock(51, 52);
  const auto quality = [](std::string facility, std::string severity, std::string procid = "") {
    std::vector<std::string> out = {"facility=" + facility};
    if (!procid.empty()) out.push_back("procid=" + procid);
    out.insert(out.end(), {kNotSynced, kTzKnown, "severity=" + severity});
    return out;
  };
  return {
      {bsd, "vm", "app", "ok", "plain message from logger", sent("16", "6", run.pid)},
      {bsd, "vm", "cron", "warning", "(root) CMD (run-parts /etc/cron.hourly)", sent("9", "4")},
      {iso(0),
       "vm",
       "app",
       "critical",
       "structured with two elements",
       {"facility=4", "msgid=ID47", "sd.exampleSDID@32473.eventSource=Application",
        "sd.exampleSDID@32473.iut=3", kNotSynced, kTzKnown, "sd.zoo@123.tiger=hungry \"cat\" ] \\",
        "severity=2"}},
      {kReceived, "192.0.2.7", "app", "critical", "no tq time host", sent("3", "0")},
      {iso(1), "vm", "myapp", "ok", kWords + " utf-8", quality("1", "5", "4711")},
      {iso(2), "vm", "app", "ok", std::string(900, 'x'), quality("1", "7")},
      {bsd, "vm", "app", "critical", "two\nlines", sent("23", "3")},
      {iso(3), "vm", "app", "critical", " leading space and 5 digits 12345 <14>not a pri",
       quality("23", "3")},
      {iso(4), "vm", "app", "ok", std::string(2500, 'y'), quality("1", "6")},
  };
}

TEST_CASE("logger over UDP: logger_udp.dgram") {
  check(datagrams("logger_udp.dgram"),
        logger_messages({"29350", {204377, 212909, 221328, 226864, 238878}}));
}

TEST_CASE("logger on a local socket: logger_unix.dgram") {
  std::vector<Expected> expected = logger_messages({"29429", {390610, 402783, 418084, 430014, 0}});
  expected[3].host = "vm";
  // The default format: BSD without a host.
  expected[8].time = clock(51, 52);
  expected[8].attributes = sent("1", "6");
  Options options;
  options.with_host = false;
  options.default_host = "vm";
  check(datagrams("logger_unix.dgram"), expected, options);
}

TEST_CASE("logger over TCP, the LF inside a message splits it: logger_tcp.bin") {
  std::vector<Expected> expected =
      logger_messages({"29375", {248107, 253945, 260700, 268358, 280077}});
  expected[6].description = "two";
  expected.insert(expected.begin() + 7, {kReceived,
                                         "192.0.2.7",
                                         "syslog",
                                         "ok",
                                         "lines",
                                         {"facility=1", "malformed=priority", "severity=5"}});
  check(frames_of("logger_tcp.bin"), expected);
}

TEST_CASE("logger over TCP with counted frames: logger_tcp_octet.bin") {
  const std::vector<std::string> messages = frames_of("logger_tcp_octet.bin");
  REQUIRE(messages.size() == 9);
  check(messages, logger_messages({"29405", {296767, 309213, 331293, 343127, 363134}}));
}

TEST_CASE("winston-syslog, npm syslog-client and Python's SysLogHandler: apps_udp.dgram") {
  const std::string login = R"({"level":"info","message":"user logged in","ms":12,"user":"alice"})";
  const std::string failed = R"({"level":"error","message":"failed: )" + kWords + R"("})";
  const std::string down = R"({"level":"emerg","message":"down"})";
  const TimePoint bsd = clock(58, 51);
  check(
      datagrams("apps_udp.dgram"),
      {
          {clock(58, 51, 920000), "a-node-1", "a-api", "ok", login, sent("20", "6", "31591")},
          {clock(58, 51, 929000), "a-node-1", "a-api", "critical", failed,
           sent("20", "3", "31591")},
          {clock(58, 51, 929000), "a-node-1", "a-api", "critical", down, sent("20", "0", "31591")},
          {bsd, "a-node-1", "a-old", "ok", login, sent("3", "6", "31591")},
          {bsd, "a-node-1", "a-old", "critical", failed, sent("3", "3", "31591")},
          {bsd, "a-node-1", "a-old", "critical", down, sent("3", "0", "31591")},
          {bsd, "a-sc", "syslog-client", "critical", "syslog-client bsd", sent("16", "2")},
          {clock(58, 51, 948000),
           "a-sc",
           "app",
           "ok",
           "syslog-client 5424",
           {"facility=17", "msgid=M1", "procid=31591", "severity=7"}},
          {kReceived, "192.0.2.7", "syslog", "ok", "a bare python message", sent("19", "6")},
          {kReceived, "192.0.2.7", "py.a", "critical", "ERROR a with tag",
           sent("19", "3", "31640")},
          {kReceived, "192.0.2.7", "py.a", "critical",
           "ERROR a traceback\nTraceback (most recent call last):\n  File \"<stdin>\", line 4, in "
           "<module>\nZeroDivisionError: division by zero",
           sent("19", "3", "31640")},
      });
}

// What rsyslog and syslog-ng forwarded, the same to every output. RFC 3164 has whole seconds.
enum class Form { kBsd, kIso, kRfc5424 };

std::vector<Expected> forwarded(Form form, const std::string& host) {
  const auto time = [form](unsigned second, std::int64_t microseconds) {
    return clock(52, second, form == Form::kBsd ? 0 : microseconds);
  };
  // rsyslog's RFC 5424 format doubles the blank in front of the text; syslog-ng's is told apart
  // by its callers. The bare tag of RFC 3164 is the program in RFC 5424.
  const std::string blank = form == Form::kRfc5424 ? " " : "";
  const std::string python = form == Form::kRfc5424 ? "" : "python ";
  return {
      {time(12, 542291), host, "sshd", "ok",
       blank + "Accepted publickey for deploy from 192.0.2.10 port 51515 ssh2",
       sent("10", "6", "2201")},
      {time(12, 548255), host, "kernel", "critical",
       blank + "Out of memory: Killed process 4242 (java)", sent("1", "3")},
      {time(12, 551385), host, "app", "ok",
       blank + R"(json {"a":1,"b":"x y"} and "quotes" ] and \backslash)", sent("16", "5")},
      {time(12, 557060), host, "app", "ok", blank + kWords + " " + std::string(300, 'z'),
       sent("16", "7")},
      {time(12, 560378), host, "app", "ok", blank + "tab#011inside and bell #007.", sent("1", "6")},
      {time(12, 601742), host, "python", "warning",
       blank + python + "SysLogHandler, no tag, NUL at end", sent("1", "4")},
      {time(12, 602245), host, "pyapp", "critical", blank + "python with ident",
       sent("1", "3", "77")},
      {time(13, 560397), host, "applog", "warning", "line one from file", sent("21", "4")},
      {time(13, 560408), host, "applog", "warning", "ERROR second line", sent("21", "4")},
      {time(15, 562429), host, "applog", "warning", "partial then rest", sent("21", "4")},
  };
}

TEST_CASE("rsyslog's TraditionalForwardFormat: rsyslog_udp_3164trad.dgram") {
  check(datagrams("rsyslog_udp_3164trad.dgram"), forwarded(Form::kBsd, "app-host-1"));
}

TEST_CASE("rsyslog's ForwardFormat, an ISO time without version: rsyslog_udp_forward.dgram") {
  check(datagrams("rsyslog_udp_forward.dgram"), forwarded(Form::kIso, "app-host-1"));
}

TEST_CASE("rsyslog's RFC 5424: rsyslog_udp_5424.dgram") {
  check(datagrams("rsyslog_udp_5424.dgram"), forwarded(Form::kRfc5424, "app-host-1"));
}

TEST_CASE("rsyslog's doubled blank goes when it is told to: rsyslog_udp_5424.dgram") {
  std::vector<Expected> expected = forwarded(Form::kRfc5424, "app-host-1");
  for (Expected& e : expected) e.description.erase(0, e.description.find_first_not_of(' '));
  Options options;
  options.trim_text = true;
  check(datagrams("rsyslog_udp_5424.dgram"), expected, options);
}

TEST_CASE("rsyslog over TCP, RFC 3164 in lines: rsyslog_tcp_3164_lf.bin") {
  check(frames_of("rsyslog_tcp_3164_lf.bin"), forwarded(Form::kBsd, "app-host-1"));
}

TEST_CASE("rsyslog over TCP, RFC 5424 in counted frames: rsyslog_tcp_5424_octet.bin") {
  check(frames_of("rsyslog_tcp_5424_octet.bin"), forwarded(Form::kRfc5424, "app-host-1"));
}

TEST_CASE("rsyslog over TCP, one zlib stream of counted frames: rsyslog_tcp_zip.bin") {
  const std::string capture = tocsin::testing::read_capture("syslog/rsyslog_tcp_zip.bin");
  REQUIRE(wire::begins_zlib(capture));
  wire::Inflater inflater;
  std::string stream;
  std::vector<char> out(100);
  wire::Inflater::Step step;
  for (std::string_view rest = capture; step.status != wire::Inflater::Status::kEnd;) {
    step = inflater.step(rest, out);
    REQUIRE(step.status != wire::Inflater::Status::kBroken);
    REQUIRE(step.used + step.written > 0);
    stream.append(out.data(), step.written);
    rest.remove_prefix(step.used);
  }
  check(frames(stream), forwarded(Form::kRfc5424, "app-host-1"));
}

TEST_CASE("rsyslog's omrelp: rsyslog_relp.bin") {
  RelpServer server(8192);
  std::string replies;
  std::vector<std::string> messages;
  const std::string capture = tocsin::testing::read_capture("syslog/rsyslog_relp.bin");
  std::string_view rest = capture;
  RelpServer::Step step;
  while (step.kind != RelpServer::Step::Kind::kClosed) {
    step = server.step(rest, replies);
    REQUIRE(step.consumed > 0);
    REQUIRE(step.kind != RelpServer::Step::Kind::kFault);
    if (step.kind == RelpServer::Step::Kind::kMessage) {
      messages.emplace_back(step.message);
      server.acknowledge(replies);
    }
    rest.remove_prefix(step.consumed);
  }
  CHECK(rest.empty());
  std::string expected = "1 rsp 58 200 OK\nrelp_version=0\nrelp_software=tocsin\ncommands=syslog\n";
  for (int number = 2; number <= 11; ++number) {
    expected += std::to_string(number) + " rsp 6 200 OK\n";
  }
  CHECK(replies == expected + "12 rsp 0\n0 serverclose 0\n");
  check(messages, forwarded(Form::kRfc5424, "app-host-1"));
}

// syslog-ng: its own messages around the first seven of those above, with its own times.
std::vector<Expected> from_syslog_ng(bool rfc5424) {
  const auto own = [](std::int64_t microseconds, unsigned second, std::string text) {
    return Expected{clock(52, second, microseconds), "vm", "syslog-ng", "ok", std::move(text),
                    sent("5", "5", "29798")};
  };
  std::vector<Expected> expected = {own(579680, 9, "syslog-ng starting up; version='3.38.1'")};
  for (const char* numbers : {"14 5631", "16 5633", "17 5634"}) {
    const std::string fd(numbers, 2);
    expected.push_back(own(581592, 9,
                           "Syslog connection established; fd='" + fd +
                               "', server='AF_INET(127.0.0.1:" + (numbers + 3) +
                               ")', local='AF_INET(0.0.0.0:0)'"));
  }
  std::vector<Expected> others = forwarded(Form::kIso, "vm");
  for (std::size_t i = 0; i < 7; ++i) {
    others[i].time = clock(52, 12, i < 5 ? 0 : 705570);
    expected.push_back(others[i]);
  }
  expected[8].description = "tab\tinside and bell \a.";
  if (rfc5424) expected[9].description = "SysLogHandler, no tag, NUL at end";
  expected.push_back(own(722959, 18, "syslog-ng shutting down; version='3.38.1'"));
  for (std::size_t i = 0; rfc5424 && i < expected.size(); ++i) {
    std::vector<std::string>& attributes = expected[i].attributes;
    attributes.insert(attributes.end() - 1, "sd.meta.sequenceId=" + std::to_string(i + 1));
  }
  return expected;
}

TEST_CASE("syslog-ng's RFC 3164 with microseconds: syslogng_udp_3164.dgram") {
  check(datagrams("syslogng_udp_3164.dgram"), from_syslog_ng(false));
}

TEST_CASE("syslog-ng's RFC 5424: syslogng_udp_5424.dgram") {
  check(datagrams("syslogng_udp_5424.dgram"), from_syslog_ng(true));
}

TEST_CASE("syslog-ng over TCP in lines: syslogng_tcp_3164_lf.bin") {
  check(frames_of("syslogng_tcp_3164_lf.bin"), from_syslog_ng(false));
}

TEST_CASE("syslog-ng over TCP in counted frames: syslogng_tcp_5424_octet.bin") {
  check(frames_of("syslogng_tcp_5424_octet.bin"), from_syslog_ng(true));
}

TEST_CASE("syslog-ng's JSON is no syslog, and nothing of it is lost: syslogng_tcp_json.bin") {
  const std::vector<std::string> lines = frames_of("syslogng_tcp_json.bin");
  REQUIRE(lines.size() == 12);
  std::vector<Expected> expected;
  for (const std::string& line : lines) {
    CHECK(line.starts_with("{\"SOURCE\":\"s\""));
    expected.push_back({kReceived,
                        "192.0.2.7",
                        "syslog",
                        "ok",
                        line.substr(0, line.size() - 1),
                        {"facility=1", "malformed=priority", "severity=5"}});
  }
  check(lines, expected);
}

}  // namespace
}  // namespace tocsin::syslog::testing
