#include "ingest/collectd/seal.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "tests/unit/ingest/collectd/packet.hpp"
#include "tests/unit/ingest/collectd/rig.hpp"

namespace tocsin::collectd::testing {
namespace {

const User& user_of(const std::shared_ptr<const Users>& users) {
  REQUIRE(users->find("u") != nullptr);
  return *users->find("u");
}

TEST_CASE("a signature is HMAC-SHA-256 under the password") {
  // RFC 4231, section 4.3 (test case 2).
  const auto users = parse_users("u: Jefe\n");
  using std::string_view_literals::operator""sv;
  const std::string mac(
      "\x5b\xdc\xc1\x46\xbf\x60\x75\x4e\x6a\x04\x24\x26\x08\x95\x75\xc7"
      "\x5a\x00\x3f\x08\x9d\x27\x39\x83\x9d\xec\x58\xb9\x64\xec\x38\x43"sv);
  Seal seal;
  CHECK(seal.is_signed(user_of(users), mac, "what do ya want for nothing?"));
  CHECK_FALSE(seal.is_signed(user_of(users), mac, "what do ya want for nothing!"));
  CHECK_FALSE(
      seal.is_signed(user_of(parse_users("u: jefe\n")), mac, "what do ya want for nothing?"));
  for (std::size_t i = 0; i < mac.size(); ++i) {
    std::string other = mac;
    other[i] = static_cast<char>(other[i] ^ 0x10);
    CHECK_FALSE(seal.is_signed(user_of(users), other, "what do ya want for nothing?"));
  }
}

TEST_CASE("what was encrypted is opened by its password only, again and again") {
  const auto users = parse_users("u: pass\n");
  const auto others = parse_users("u: Pass\n");
  Seal seal;
  for (const std::string text : {"", "x", "sixteen bytes....", "some parts"}) {
    const std::string part = encryption_part("u", "pass", text);
    const std::string_view body = std::string_view(part).substr(4 + 2 + 1);
    CHECK(seal.open(user_of(users), body.substr(0, 16), body.substr(16)) == text);
    CHECK_FALSE(seal.open(user_of(others), body.substr(0, 16), body.substr(16)));
  }
}

TEST_CASE("a changed byte is seen") {
  const auto users = parse_users("u: pass\n");
  Seal seal;
  const std::string part = encryption_part("u", "pass", "some parts");
  for (std::size_t i = 4 + 2 + 1; i < part.size(); ++i) {
    std::string changed = part;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    const std::string_view body = std::string_view(changed).substr(4 + 2 + 1);
    CHECK_FALSE(seal.open(user_of(users), body.substr(0, 16), body.substr(16)));
  }
}

}  // namespace
}  // namespace tocsin::collectd::testing
