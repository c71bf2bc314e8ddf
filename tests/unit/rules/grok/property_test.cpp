#include "src/rules/grok/property.hpp"

#include <doctest/doctest.h>

namespace tocsin::rules::grok {
namespace {

std::string members(const std::optional<CharacterSet>& set) {
  REQUIRE(set.has_value());
  std::string out;
  for (std::size_t c = 0; c < set->ascii().size(); ++c) {
    if (set->ascii()[c]) out.push_back(static_cast<char>(c));
  }
  return out;
}

TEST_CASE("POSIX names know what they hold of ASCII") {
  CHECK(members(find_posix_set("digit")) == "0123456789");
  CHECK(members(find_posix_set("space")) == "\t\n\v\f\r ");
  CHECK(members(find_posix_set("blank")) == "\t ");
  CHECK(members(find_posix_set("xdigit")) == "0123456789ABCDEFabcdef");
  CHECK(members(find_posix_set("punct")) == "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~");
  CHECK(members(find_posix_set("graph")).size() == 94);
  CHECK(members(find_posix_set("print")).size() == 95);
  CHECK(members(find_posix_set("ascii")).size() == 128);
  CHECK_FALSE(find_posix_set("nothing").has_value());
}

TEST_CASE("properties have POSIX names, categories, scripts and long names") {
  CHECK(members(find_property("Lu")) == "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
  CHECK(members(find_property("Uppercase_Letter")) == members(find_property("Lu")));
  CHECK(members(find_property("Alpha")).size() == 52);
  CHECK(members(find_property("Latin")).size() == 52);
  CHECK(members(find_property("Greek")).empty());
  CHECK_FALSE(find_property("NoSuchThing").has_value());
  CHECK_FALSE(find_property("L}x{").has_value());
  CHECK_FALSE(find_property("").has_value());
}

}  // namespace
}  // namespace tocsin::rules::grok
