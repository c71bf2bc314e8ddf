#include "ingest/syslog/rfc5424.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <utility>

#include "tests/unit/ingest/syslog/times.hpp"

namespace tocsin::syslog {
namespace {

constexpr std::size_t kMaxParameters = 4;

// A message that keeps the bytes which it views.
struct Kept : Message {
  std::unique_ptr<const std::string> bytes;
};

Kept read(std::string text) {
  Kept message;
  message.bytes = std::make_unique<const std::string>(std::move(text));
  REQUIRE(begins_rfc5424(*message.bytes));
  IsoTimeReader times;
  const std::string_view rest = read_rfc5424_header(*message.bytes, times, message);
  if (rest.data() != nullptr) read_rfc5424_data(rest, kMaxParameters, message);
  return message;
}

// "ID.NAME=value|" for each parameter.
std::string parameters(const Message& message) {
  std::string out;
  for (const Parameter& parameter : message.parameters) {
    std::string value(parameter.value.size(), '\0');
    value.resize(
        static_cast<std::size_t>(unescape_value(parameter.value, value.data()) - value.data()));
    CHECK(parameter.escaped == (parameter.value.find('\\') != std::string_view::npos));
    out.append(parameter.id).append(".").append(parameter.name).append("=").append(value) += '|';
  }
  return out;
}

TEST_CASE("a full header is read") {
  const Kept message =
      read("1 2026-11-21T02:51:52.204377+00:00 vm app 4711 ID47 [a@1 b=\"c\"] some text");
  CHECK(message.time == testing::at(2026, 11, 21, 2, 51, 52, 204'377'000));
  CHECK(message.host == "vm");
  CHECK(message.app == "app");
  CHECK(message.procid == "4711");
  CHECK(message.msgid == "ID47");
  CHECK(parameters(message) == "a@1.b=c|");
  CHECK(message.text == "some text");
  CHECK(message.malformed.empty());
}

TEST_CASE("nil values say nothing") {
  const Kept message = read("1 - - - - - - text");
  CHECK(!message.time);
  CHECK(message.host.empty());
  CHECK(message.app.empty());
  CHECK(message.procid.empty());
  CHECK(message.msgid.empty());
  CHECK(message.parameters.empty());
  CHECK(message.text == "text");
  CHECK(message.malformed.empty());
}

TEST_CASE("what follows the structured data is the text, blanks and all") {
  CHECK(read("1 - - - - - -").text.empty());
  CHECK(read("1 - - - - - - ").text.empty());
  CHECK(read("1 - - - - - -  two blanks").text == " two blanks");
  CHECK(read("1 - - - - - [a b=\"c\"]").text.empty());
  CHECK(read("1 - - - - - [a] [b] no element").text == "[b] no element");
}

TEST_CASE("a byte order mark in front of the text is not part of it") {
  CHECK(read("1 - - - - - - \xEF\xBB\xBFtext").text == "text");
  CHECK(read("1 - - - - - - t\xEF\xBB\xBF").text == "t\xEF\xBB\xBF");
}

TEST_CASE("elements follow one another, with parameters or without") {
  CHECK(parameters(read("1 - - - - - [a b=\"1\" c=\"2\"][d@9 e=\"\"][f] t")) ==
        "a.b=1|a.c=2|d@9.e=|f.=|");
  CHECK(parameters(read("1 - - - - - [a  b=\"1\"  c=\"2\" ] t")) == "a.b=1|a.c=2|");
}

TEST_CASE("escapes are taken off the three characters they are meant for") {
  CHECK(parameters(read(R"(1 - - - - - [zoo@123 tiger="hungry \"cat\" \] \\"] t)")) ==
        R"(zoo@123.tiger=hungry "cat" ] \|)");
  CHECK(parameters(read(R"(1 - - - - - [a b="C:\new\\x"] t)")) == R"(a.b=C:\new\x|)");
  CHECK(parameters(read(R"(1 - - - - - [a b="x]y=z [w]"] t)")) == "a.b=x]y=z [w]|");
}

TEST_CASE("structured data that is none is text, and said to be malformed") {
  for (const char* rest : {"[",
                           "[]",
                           "[ a=\"1\"]",
                           "[a",
                           "[a ",
                           "[a b]",
                           "[a b=]",
                           "[a b=1]",
                           "[a b=\"1]",
                           "[a b=\"1\"",
                           "[a b=\"1\\\"]",
                           "[a b=\"1\"c=\"2\"]",
                           "[a =\"1\"]",
                           "[a b=\"1\"]x",
                           "[a\"b]",
                           "-x",
                           "[disk full] no data at all",
                           "text without data",
                           "",
                           "[a b=\"1\\",
                           "[a b=\"1\" c=\"2\" d=\"3\" e=\"4\" f=\"5\"] t",
                           "[a][b][c][d][e] t"}) {
    CAPTURE(rest);
    const Kept message = read(std::string("1 - vm app - - ") + rest);
    CHECK(message.malformed == "structured data");
    CHECK(message.text == rest);
    CHECK(message.parameters.empty());
    CHECK(message.app == "app");
  }
}

TEST_CASE("a header that ends early leaves what is left as text") {
  struct Case {
    const char* text;
    const char* host;
    const char* rest;
  };
  for (const Case& c :
       {Case{"1 - ", "", ""}, Case{"1 - vm", "", "vm"}, Case{"1 - vm app", "vm", "app"},
        Case{"1 - vm  app 1 2 - t", "vm", " app 1 2 - t"}, Case{"1 - vm app 1 ID", "vm", "ID"},
        Case{"1 2026-x", "", "2026-x"}}) {
    CAPTURE(c.text);
    const Kept message = read(c.text);
    CHECK(message.malformed == "header");
    CHECK(message.host == c.host);
    CHECK(message.text == c.rest);
  }
}

TEST_CASE("names have a limit") {
  const std::string longest(kMaxNameBytes, 'x');
  CHECK(read("1 - " + longest + " app - - - t").host == longest);
  CHECK(read("1 - " + longest + "y app - - - t").malformed == "header");
  CHECK(parameters(read("1 - - - - - [" + longest + " " + longest + "=\"\"] t")) ==
        longest + "." + longest + "=|");
  CHECK(read("1 - - - - - [" + longest + "y] t").malformed == "structured data");
  CHECK(read("1 - - - - - [a " + longest + "y=\"\"] t").malformed == "structured data");
}

TEST_CASE("a time that is none loses the time only") {
  for (const char* time :
       {"2026-11-21T02:51:52", "2026-11-21t02:51:52Z", "2026-11-21T02:51:52z",
        "2026-11-21T02:51:60Z", "2026-13-21T02:51:52Z", "2026-11-21T02:51:52Zx"}) {
    CAPTURE(time);
    const Kept message = read("1 " + std::string(time) + " vm app - - - t");
    CHECK(message.malformed == "timestamp");
    CHECK(!message.time);
    CHECK(message.host == "vm");
    CHECK(message.text == "t");
  }
}

TEST_CASE("RFC 5424 begins with version 1 and a time or nothing") {
  CHECK(begins_rfc5424("1 - vm"));
  CHECK(begins_rfc5424("1 2026-11-21T02:51:52Z vm"));
  for (const char* text : {"", "1", "1 ", "1 -", "1 x", "2 - vm", "12 - vm", "1 apple", "1 2026",
                           "1- vm", "Nov 21 02:51:52", "2026-11-21T02:51:52Z vm", " 1 - vm"}) {
    CAPTURE(text);
    CHECK(!begins_rfc5424(text));
  }
}

}  // namespace
}  // namespace tocsin::syslog
