#include "src/rules/grok/interpolation.hpp"

#include <doctest/doctest.h>

namespace tocsin::rules::grok {
namespace {

TEST_CASE("references are replaced by what the fields hold") {
  const Object event{{"n", {std::int64_t{7}}},
                     {"f", {1.5}},
                     {"o", {Object{{"k", {std::string("v")}}}}},
                     {"l", {Array{{std::string("a")}, {true}}}},
                     {"z", {}}};
  CHECK(interpolate("t_%{n}", event) == "t_7");
  CHECK(interpolate("%{f}%{[o][k]}!", event) == "1.5v!");
  CHECK(interpolate("%{l}", event) == "a,true");
  CHECK(interpolate("%{o}", event) == "{\"k\":\"v\"}");
}

TEST_CASE("what is missing is left as it is written") {
  const Object event{{"z", {}}};
  CHECK(interpolate("a %{x} b", event) == "a %{x} b");
  CHECK(interpolate("%{z}", event) == "%{z}");
  CHECK(interpolate("%{+YYYY}", event) == "%{+YYYY}");
  CHECK(interpolate("100 %{", event) == "100 %{");
  CHECK(interpolate("", event) == "");
}

}  // namespace
}  // namespace tocsin::rules::grok
