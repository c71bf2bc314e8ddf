#include "ingest/syslog/rfc3164.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "tests/unit/ingest/syslog/times.hpp"

namespace tocsin::syslog {
namespace {

using testing::at;
using testing::kReceived;

const TimePoint kSent = at(2026, 11, 21, 2, 51, 52);

// What must come out; the time is kSent, or none.
struct Case {
  const char* text;
  bool has_time;
  const char* host;
  const char* app;
  const char* procid;
  const char* rest;
};

// A message that keeps the bytes which it views.
struct Kept : Message {
  std::unique_ptr<const std::string> bytes;
};

Kept read(std::string text, const Options& options = {}) {
  Kept message;
  message.bytes = std::make_unique<const std::string>(std::move(text));
  BsdTimeReader times;
  read_rfc3164(*message.bytes, options, kReceived, times, message);
  CHECK(message.malformed.empty());
  CHECK(message.msgid.empty());
  CHECK(message.parameters.empty());
  return message;
}

void check(const Case& c, const Options& options = {}) {
  CAPTURE(c.text);
  const Kept message = read(c.text, options);
  CHECK(message.time == (c.has_time ? std::optional(kSent) : std::nullopt));
  CHECK(message.host == c.host);
  CHECK(message.app == c.app);
  CHECK(message.procid == c.procid);
  CHECK(message.text == c.rest);
}

TEST_CASE("time, host, tag and text") {
  for (const Case& c : {
           Case{"Nov 21 02:51:52 vm app[29350]: plain message", true, "vm", "app", "29350",
                "plain message"},
           Case{"Nov 21 02:51:52 vm cron: (root) CMD", true, "vm", "cron", "", "(root) CMD"},
           Case{"Nov 21 02:51:52 vm app:text", true, "vm", "app", "", "text"},
           Case{"Nov 21 02:51:52 vm app: ", true, "vm", "app", "", ""},
           Case{"Nov 21 02:51:52 vm app:", true, "vm", "app", "", ""},
           Case{"Nov 21 02:51:52 vm app:  two blanks", true, "vm", "app", "", " two blanks"},
           Case{"Nov 21 02:51:52 vm app[1] text", true, "vm", "app", "1", "text"},
           Case{"Nov 21 02:51:52 vm app[1]:text", true, "vm", "app", "1", "text"},
           Case{"Nov 21 02:51:52 vm app[main]: text", true, "vm", "app", "main", "text"},
           Case{"Nov 21 02:51:52 vm postfix/smtpd[12]: t", true, "vm", "postfix/smtpd", "12", "t"},
           Case{"Nov 21 02:51:52 vm (systemd)[12]: t", true, "vm", "(systemd)", "12", "t"},
           Case{"Nov 21 02:51:52 10.0.0.7 app: two\nlines", true, "10.0.0.7", "app", "",
                "two\nlines"},
           Case{"Nov 21 02:51:52 2001:db8::7 app: t", true, "2001:db8::7", "app", "", "t"},
           Case{"Nov 21 02:51:52 fe80::1%eth0 app: t", true, "fe80::1%eth0", "app", "", "t"},
           Case{" Nov 21 02:51:52 vm app: t", true, "vm", "app", "", "t"},
           Case{"2026-11-21T02:51:52.000000+00:00 vm app[77]: t", true, "vm", "app", "77", "t"},
           Case{"2026-11-21T02:51:52 vm app: t", true, "vm", "app", "", "t"},
           Case{"Nov 21 02:51:52.000000 vm syslog-ng[29798]: t", true, "vm", "syslog-ng", "29798",
                "t"},
       }) {
    check(c);
  }
}

TEST_CASE("a word that ends in a colon or a process id is a tag and no host") {
  check({"Nov 21 02:51:52 app: text", true, "", "app", "", "text"});
  check({"Nov 21 02:51:52 app[12]: text", true, "", "app", "12", "text"});
  check({"Nov 21 02:51:52 app:text more", true, "", "app", "", "text more"});
  check({"Nov 21 02:51:52 %KERN-1-X: text more", true, "", "%KERN-1-X", "", "text more"});
}

TEST_CASE("a tag that only a blank ends stays in the text") {
  check({"Nov 21 02:51:52 a-sc syslog-client bsd", true, "a-sc", "syslog-client", "",
         "syslog-client bsd"});
  check({"Nov 21 02:51:52 vm python SysLogHandler, no tag", true, "vm", "python", "",
         "python SysLogHandler, no tag"});
  check({"Nov 21 02:51:52 vm app[12 text", true, "vm", "app", "", "app[12 text"});
  check({"Nov 21 02:51:52 vm app[]: text", true, "vm", "app", "", "app[]: text"});
  check({"Nov 21 02:51:52 vm app[1]x text", true, "vm", "app", "", "app[1]x text"});
}

TEST_CASE("bare tags can be switched off") {
  Options options;
  options.bare_tags = false;
  check({"Nov 21 02:51:52 vm User bob logged in", true, "vm", "", "", "User bob logged in"},
        options);
  check({"Nov 21 02:51:52 vm app: t", true, "vm", "app", "", "t"}, options);
}

TEST_CASE("text that is no tag stays whole") {
  check({"Nov 21 02:51:52 vm {\"level\": 1}", true, "vm", "", "", "{\"level\": 1}"});
  check({"Nov 21 02:51:52 vm [main] text", true, "vm", "", "", "[main] text"});
  check({"Nov 21 02:51:52 vm std::bad_alloc thrown", true, "vm", "", "", "std::bad_alloc thrown"});
  check({"Nov 21 02:51:52 vm last message repeated 3 times", true, "vm", "", "",
         "last message repeated 3 times"});
  check({"Nov 21 02:51:52 vm : text", true, "vm", "", "", "text"});
}

TEST_CASE("a host is one only when something follows it") {
  check({"Nov 21 02:51:52 vm", true, "", "", "", "vm"});
  check({"Nov 21 02:51:52 vm ", true, "", "", "", "vm "});
  check({"Nov 21 02:51:52", true, "", "", "", ""});
  check({"Nov 21 02:51:52 ", true, "", "", "", ""});
}

TEST_CASE("a local socket has no hosts but its machine's own") {
  Options options;
  options.with_host = false;
  options.default_host = "vm";
  check({"Nov 21 02:51:52 app: text", true, "", "app", "", "text"}, options);
  check({"Nov 21 02:51:52 sudo: pam_unix(sudo:session): opened", true, "", "sudo", "",
         "pam_unix(sudo:session): opened"},
        options);
  check({"Nov 21 02:51:52 some words: text", true, "", "", "", "some words: text"}, options);
  check({"Nov 21 02:51:52 vm app[29429]: plain", true, "vm", "app", "29429", "plain"}, options);
}

TEST_CASE("without a time there is no host, and only a marked tag is one") {
  check({"py.a[31640]: ERROR a with tag", false, "", "py.a", "31640", "ERROR a with tag"});
  check({"app: text", false, "", "app", "", "text"});
  check({"app:", false, "", "app", "", ""});
  check({"a bare python message", false, "", "", "", "a bare python message"});
  check({" leading blank", false, "", "", "", " leading blank"});
  check({"http://example.org/ down", false, "", "", "", "http://example.org/ down"});
  check({"12:30:05 started", false, "", "", "", "12:30:05 started"});
  check({"app[12]", false, "", "app", "12", ""});
  check({"app", false, "", "", "", "app"});
  check({"", false, "", "", "", ""});
  check({"app: Nov 21 02:51:52 text", false, "", "app", "", "Nov 21 02:51:52 text"});
  check({"Nov 21 02:51:52x text", false, "", "", "", "Nov 21 02:51:52x text"});
}

TEST_CASE("Cisco's headers") {
  check({"123: *Nov 21 02:51:52.000: %SYS-5-CONFIG_I: Configured", true, "", "%SYS-5-CONFIG_I", "",
         "Configured"});
  check({"45: router1: 000123: .Nov 21 02:51:52: %SYS-5-CONFIG_I: Configured", true, "router1",
         "%SYS-5-CONFIG_I", "", "Configured"});
  check({"router1: Nov 21 02:51:52: %LINK-3-UPDOWN: up", true, "router1", "%LINK-3-UPDOWN", "",
         "up"});
  check({"123: Nov 21 02:51:52 UTC: %SYS-5-X: t", true, "", "%SYS-5-X", "", "t"});
  check({"Nov 21 2026 02:51:52 fw1 : %ASA-6-302013: Built", true, "fw1", "%ASA-6-302013", "",
         "Built"});
  check({"Nov 21 2026 02:51:52: %ASA-6-302013: Built", true, "", "%ASA-6-302013", "", "Built"});
  check({"Nov 21 02:51:52 2026 fw1 app: t", true, "fw1", "app", "", "t"});
  check({"1: 2: 3: 4: Nov 21 02:51:52: %X-1-Y: t", false, "", "1", "",
         "2: 3: 4: Nov 21 02:51:52: %X-1-Y: t"});
}

TEST_CASE("a zone behind the time is Cisco's only") {
  Options options;
  options.time_zone = *base::TimeZone::parse("+01:00");
  CHECK(read("123: Nov 21 03:51:52 CET: %SYS-5-X: t", options).time == kSent);
  CHECK(read("123: Nov 21 02:51:52 UTC: %SYS-5-X: t", options).time == kSent);
  const Kept cron = read("Nov 21 03:51:52 CRON: t", options);
  CHECK(cron.time == kSent);
  CHECK(cron.app == "CRON");
}

TEST_CASE("times without a zone are those of the listener") {
  Options options;
  options.time_zone = *base::TimeZone::parse("Europe/Berlin");
  CHECK(read("Nov 21 03:51:52 vm app: t", options).time == kSent);
  CHECK(read("2026-11-21T03:51:52.5 vm app: t", options).time ==
        kSent + std::chrono::milliseconds(500));
  CHECK(read("2026-11-21T02:51:52Z vm app: t", options).time == kSent);
}

TEST_CASE("names have a limit") {
  const std::string longest(kMaxNameBytes, 'x');
  CHECK(read("Nov 21 02:51:52 " + longest + " " + longest + ": t").host == longest);
  CHECK(read("Nov 21 02:51:52 " + longest + " " + longest + ": t").app == longest);
  CHECK(read("Nov 21 02:51:52 " + longest + "x app: t").host.empty());
  CHECK(read("Nov 21 02:51:52 vm " + longest + "x: t").app.empty());
  CHECK(read("Nov 21 02:51:52 vm app[" + longest + "x]: t").procid.empty());
}

}  // namespace
}  // namespace tocsin::syslog
