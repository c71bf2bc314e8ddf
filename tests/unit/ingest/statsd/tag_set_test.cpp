#include "ingest/statsd/tag_set.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace tocsin::statsd {
namespace {

TEST_CASE("an attribute of ours wins over tags, whichever came first, and is not counted") {
  TagSet tags;
  tags.add_list("peer:a");
  tags.set("peer", "ours");
  tags.add_list("peer:b,x");
  CHECK(tags.count() == 3);
  CHECK(tags.take_attributes() == std::vector<Attribute>{{"peer", "ours"}});
  CHECK(tags.take_tags() == std::vector<std::string>{"x"});
}

TEST_CASE("a tag is cut at the first separator") {
  TagSet tags;
  tags.add("a:b:c", ':');
  tags.add("d=e:f", '=');
  CHECK(tags.take_attributes() == std::vector<Attribute>{{"a", "b:c"}, {"d", "e:f"}});
}

TEST_CASE("no host and an empty host differ") {
  TagSet tags;
  CHECK_FALSE(tags.host().has_value());
  tags.add("host:", ':');
  CHECK(tags.host() == "");
  tags.add("host", ':');
  CHECK(tags.host() == "");
  CHECK(tags.take_tags() == std::vector<std::string>{"host"});
}

}  // namespace
}  // namespace tocsin::statsd
