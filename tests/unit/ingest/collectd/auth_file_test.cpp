#include "ingest/collectd/auth_file.hpp"

#include <doctest/doctest.h>

#include "tests/unit/ingest/captures.hpp"
#include "tests/unit/ingest/collectd/rig.hpp"

namespace tocsin::collectd::testing {
namespace {

TEST_CASE("the captured authfile has two users") {
  const auto users = parse_users(tocsin::testing::read_capture("collectd/authfile"));
  CHECK(users->size() == 2);
  REQUIRE(users->find("probe") != nullptr);
  CHECK(users->find("probe")->password == "s3cr3t-Throwaway");
  CHECK(users->find("other")->password == "not-this-one");
  CHECK(users->find("nobody") == nullptr);
}

TEST_CASE("a line is cut at its first colon, and blanks at its end belong to the password") {
  const auto users = parse_users("a:b:c\nd:  e \t\r\n  f: g");
  CHECK(users->find("a")->password == "b:c");
  CHECK(users->find("d")->password == "e \t");
  CHECK(users->find("f")->password == "g");
}

TEST_CASE("comments, empty lines and empty passwords are skipped") {
  const auto users = parse_users("# a: b\n\n \t\nc:\nd: \n");
  CHECK(users->size() == 0);
}

TEST_CASE("the encryption key is the SHA-256 of the password") {
  // printf abc | sha256sum
  const auto users = parse_users("a: abc\n");
  CHECK(users->find("a")->key[0] == 0xba);
  CHECK(users->find("a")->key[1] == 0x78);
  CHECK(users->find("a")->key[31] == 0xad);
}

TEST_CASE("faults are told with their place and without the password") {
  struct Case {
    const char* text;
    const char* message;
  };
  for (const Case& c :
       {Case{"a: b\n  secret\n", "authfile:2:3: found a line without ':', expected user: password"},
        Case{": secret", "authfile:1:1: found ':' at the front, expected user: password"},
        Case{"a: b\na: c\n", "authfile:2:1: found user 'a' again, expected each once"}}) {
    const Result<Users> users = Users::parse(c.text, "authfile");
    REQUIRE_FALSE(users);
    CHECK(users.error().message() == c.message);
  }
}

}  // namespace
}  // namespace tocsin::collectd::testing
