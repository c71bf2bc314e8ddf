#include "src/settings/sections.hpp"

#include <doctest/doctest.h>

#include "tests/unit/settings/loaded.hpp"

namespace tocsin::settings {
namespace {

using tests::loaded;

TEST_CASE("a predicate of the settings knows its place") {
  const Settings settings = loaded("results:\n  redis:\n    series: 'a = ''b'' and'\n");
  CHECK(settings.results.redis.series.text() == "a = 'b' and");
  CHECK(settings.results.redis.series.where("1:9") == "t.yaml:3:24");
  CHECK(Settings{}.results.redis.series.where("1:1").empty());
}

TEST_CASE("Redis may be a host with a name, or a socket") {
  const auto address = [](const std::string& text) {
    return loaded("results: {redis: {address: '" + text + "'}}").results.redis.address;
  };
  CHECK(address("redis.example.com:6380") ==
        Address{Address::Family::kName, "redis.example.com", 6380});
  CHECK(address("/run/redis.sock") == Address{Address::Family::kUnix, "/run/redis.sock", 0});
}

TEST_CASE("null is no user and no password") {
  const RedisStore redis =
      loaded("results: {redis: {user: null, password: ~, password_file: null}}").results.redis;
  CHECK(redis.user.empty());
  CHECK(redis.password.empty());
  CHECK(redis.password_file.empty());
}

}  // namespace
}  // namespace tocsin::settings
