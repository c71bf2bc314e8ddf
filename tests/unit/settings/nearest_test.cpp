#include "src/settings/nearest.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace tocsin::settings {
namespace {

TEST_CASE("a misspelling finds the name that was meant") {
  const std::vector<std::string> names = {"percentiles", "names", "send_idle", "ttl"};
  CHECK(nearest("percentils", names) == "percentiles");
  CHECK(nearest("nmaes", names) == "names");
  CHECK(nearest("send-idle", names) == "send_idle");
  CHECK(nearest("tll", names) == "ttl");
}

TEST_CASE("what resembles nothing finds nothing") {
  const std::vector<std::string> names = {"percentiles", "names"};
  CHECK(nearest("prometheus", names).empty());
  CHECK(nearest("", names).empty());
  CHECK(nearest(std::string(1000, 'n'), names).empty());
  CHECK(nearest("names", {}).empty());
  CHECK(did_you_mean("prometheus", names).empty());
}

}  // namespace
}  // namespace tocsin::settings
