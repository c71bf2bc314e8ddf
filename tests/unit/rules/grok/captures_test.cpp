#include "src/rules/grok/captures.hpp"

#include <doctest/doctest.h>

namespace tocsin::rules::grok {
namespace {

TEST_CASE("captured text becomes what its type says") {
  CHECK(captured_value("12.7", CaptureType::kInteger) == CapturedValue{std::int64_t{12}});
  CHECK(captured_value("12.7", CaptureType::kFloat) == CapturedValue{12.7});
  CHECK(captured_value("12.7", CaptureType::kString) == CapturedValue{std::string_view("12.7")});
}

TEST_CASE("an integer beyond 64 bits stays text until its digits are wanted") {
  const CapturedValue big = captured_value("0099999999999999999999x", CaptureType::kInteger);
  CHECK(big == CapturedValue{BigDigits{"0099999999999999999999x"}});
  CHECK(to_value(big) == Value{BigInteger{"99999999999999999999"}});
}

TEST_CASE("captured values become values of an event") {
  CHECK(to_value(std::string_view("x")) == Value{std::string("x")});
  CHECK(to_value(std::int64_t{-3}) == Value{std::int64_t{-3}});
  CHECK(to_value(1.5) == Value{1.5});
  CHECK(to_value(Null{}) == Value{});
}

TEST_CASE("the first capture of a field is found") {
  Captures captures;
  captures.add(1) = std::string_view("a");
  captures.add(1) = std::string_view("b");
  REQUIRE(captures.find(1) != nullptr);
  CHECK(*captures.find(1) == CapturedValue{std::string_view("a")});
  CHECK(captures.find(0) == nullptr);
  captures.clear();
  CHECK(captures.empty());
}

}  // namespace
}  // namespace tocsin::rules::grok
