#include "ingest/riemann/reply.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/unit/ingest/riemann/messages.hpp"

namespace tocsin::riemann::testing {
namespace {

TEST_CASE("ok is what Riemann's server sends") {
  std::string msg;
  append_ok(msg);
  CHECK(msg == "\x10\x01");
}

TEST_CASE("a reply is read as it was written") {
  std::string msg;
  SUBCASE("ok") {
    append_ok(msg);
    const auto reply = parse_reply(msg);
    REQUIRE(reply);
    CHECK(reply->ok);
    CHECK(reply->error.empty());
  }
  SUBCASE("an error") {
    append_error("no index", msg);
    const auto reply = parse_reply(msg);
    REQUIRE(reply);
    CHECK_FALSE(reply->ok);
    CHECK(reply->error == "no index");
  }
}

TEST_CASE("an answer with events is ok, and other fields are skipped") {
  const auto reply = parse_reply(event_of(service("x")) + number(2, 1) + number(99, 7));
  REQUIRE(reply);
  CHECK(reply->ok);
}

TEST_CASE("a message that does not say ok confirms nothing") {
  const auto reply = parse_reply("");
  REQUIRE(reply);
  CHECK_FALSE(reply->ok);
}

TEST_CASE("what is no message says where it ends to be one") {
  const auto reply = parse_reply("\x10\x01\x1a\x05no");
  REQUIRE_FALSE(reply);
  CHECK(reply.error().code == Errc::kSyntax);
  CHECK(reply.error().where == "offset 3");
}

}  // namespace
}  // namespace tocsin::riemann::testing
