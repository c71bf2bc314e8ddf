#include "src/detect/voter.hpp"

#include <doctest/doctest.h>

namespace tocsin::detect {
namespace {

TEST_CASE("every voter is found by its name, and is of one kind") {
  const std::vector<std::string> names = voter_names();
  CHECK(names.size() == 11);
  for (const std::string& name : names) {
    CAPTURE(name);
    const std::optional<Voter> voter = find_voter(name);
    REQUIRE(voter);
    CHECK(voter->name == name);
    CHECK(voter->weight == 1);
    CHECK(voter->remembers() == (voter->judge == nullptr));
  }
  CHECK_FALSE(find_voter("grubbs")->remembers());
  CHECK(find_voter("consensus")->remembers());
}

TEST_CASE("nobody has another name") {
  CHECK_FALSE(find_voter(""));
  CHECK_FALSE(find_voter("skyline"));
  CHECK_FALSE(find_voter("Grubbs"));
}

}  // namespace
}  // namespace tocsin::detect
