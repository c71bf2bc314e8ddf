#include "src/event/identity_hash.hpp"

#include <doctest/doctest.h>

#include <set>
#include <vector>

using namespace tocsin;
using namespace tocsin::event;

TEST_CASE("the hash of an identity is fixed for all time") {
  // Deployments keep these names over restarts and upgrades: the figures may never change.
  const Identity identity{SeriesKind::kCounter, "app-1", "checkout.ok", {"prod"}, {{"env", "p"}}};
  CHECK(to_hex(hash_identity(identity, 0)) == "86e4dfffa459f6079deb84fa4a53589a");
  CHECK(to_hex(hash_identity(identity, 42)) == "8bcd26a3227c9ad11b9e59d8317eb877");
  CHECK(to_hex(hash_bytes("", 0)) == "99aa06d3014798d86001c324468d497f");  // XXH3-128 of nothing
}

TEST_CASE("identities that differ in one place have different hashes") {
  const std::vector<Identity> identities = {
      {},
      {SeriesKind::kGauge, "", "", {}, {}},
      {SeriesKind::kEvent, "a", "", {}, {}},
      {SeriesKind::kEvent, "", "a", {}, {}},
      {SeriesKind::kEvent, "", "", {"a"}, {}},
      {SeriesKind::kEvent, "", "", {"", "a"}, {}},
      {SeriesKind::kEvent, "", "", {}, {{"a", ""}}},
      {SeriesKind::kEvent, "", "", {}, {{"", "a"}}},
      {SeriesKind::kEvent, "ab", "c", {}, {}},
      {SeriesKind::kEvent, "a", "bc", {}, {}},
  };
  std::set<Hash128> hashes;
  for (const Identity& identity : identities) hashes.insert(hash_identity(identity, 7));
  CHECK(hashes.size() == identities.size());
}

TEST_CASE("a hash and its 32 digits are the same thing") {
  const Hash128 hash{0x0123456789abcdef, 0xf000000000000001};
  CHECK(to_hex(hash) == "f0000000000000010123456789abcdef");
  REQUIRE(parse_hash(to_hex(hash)).has_value());
  CHECK(*parse_hash(to_hex(hash)) == hash);
}

TEST_CASE("text that is no hash is refused") {
  for (const char* text :
       {"", "f", "F0000000000000010123456789abcdef", "f0000000000000010123456789abcde",
        "-0000000000000010123456789abcdef", "f0000000000000010123456789abcdef0"}) {
    CHECK_FALSE(parse_hash(text).has_value());
  }
}
