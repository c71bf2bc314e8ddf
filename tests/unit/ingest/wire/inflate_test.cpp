#include "ingest/wire/inflate.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/unit/ingest/wire/zlib_data.hpp"

namespace tocsin::wire {
namespace {

using testing::deflated;
using testing::gzipped;

TEST_CASE("a zlib header is told from text") {
  for (const char* header : {"\x78\x01", "\x78\x9C", "\x78\xDA", "\x58\x85"}) {
    CHECK(begins_zlib(header));
  }
  CHECK(begins_zlib(deflated("text")));
  for (const char* text : {"", "x", "xy", "\x78\x9D", "\x88\x1C", "\x77\x01", "<3"}) {
    CAPTURE(text);
    CHECK(!begins_zlib(text));
  }
}

TEST_CASE("gzip data is told from text, and from zlib data") {
  CHECK(begins_gzip(gzipped("text")));
  CHECK(!begins_zlib(gzipped("text")));
  for (const std::string& other : {std::string(), std::string("\x1F"), deflated("text")}) {
    CHECK(!begins_gzip(other));
  }
}

TEST_CASE("one inflater reads both forms, one after the other") {
  Inflater inflater;
  for (const std::string& data : {gzipped("one"), deflated("two"), gzipped("six")}) {
    std::vector<char> out(10);
    inflater.restart();
    const Inflater::Step step = inflater.step(data, out);
    CHECK(step.status == Inflater::Status::kEnd);
    CHECK(step.used == data.size());
    CHECK(step.written == 3);
  }
}

TEST_CASE("a message is inflated in one step") {
  Inflater inflater;
  const std::string text = "<13>" + std::string(500, 'x');
  const std::string data = deflated(text) + "behind";
  for (int round = 0; round < 2; ++round) {
    std::vector<char> out(1000);
    inflater.restart();
    const Inflater::Step step = inflater.step(data, out);
    CHECK(step.status == Inflater::Status::kEnd);
    CHECK(step.used == data.size() - 6);
    CHECK(std::string(out.data(), step.written) == text);
  }
}

TEST_CASE("no step writes more than its room, and the next goes on") {
  Inflater inflater;
  const std::string text(100'000, 'x');
  const std::string data = deflated(text);
  std::string_view rest = data;
  std::string inflated;
  std::vector<char> out(777);
  for (;;) {
    const Inflater::Step step = inflater.step(rest.substr(0, 5), out);
    REQUIRE(step.written <= out.size());
    REQUIRE(step.used + step.written > 0);
    inflated.append(out.data(), step.written);
    rest.remove_prefix(step.used);
    if (step.status == Inflater::Status::kEnd) break;
    REQUIRE(step.status == Inflater::Status::kMore);
  }
  CHECK(inflated == text);
  CHECK(rest.empty());
}

TEST_CASE("damage to zlib data is found, at the latest by the checksum") {
  const std::string data = deflated("some text, and more of it");
  for (std::size_t at = 0; at < data.size(); ++at) {
    std::string damaged = data;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
    Inflater inflater;
    std::vector<char> out(1000);
    CHECK(inflater.step(damaged, out).status != Inflater::Status::kEnd);
  }
  Inflater inflater;
  std::vector<char> out(10);
  CHECK(inflater.step("no zlib data", out).status == Inflater::Status::kBroken);
}

TEST_CASE("data that ends too early asks for more") {
  Inflater inflater;
  std::vector<char> out(1000);
  const std::string data = deflated("some text");
  CHECK(inflater.step(data.substr(0, data.size() - 1), out).status == Inflater::Status::kMore);
  CHECK(inflater.step("", out).status == Inflater::Status::kMore);
}

}  // namespace
}  // namespace tocsin::wire
