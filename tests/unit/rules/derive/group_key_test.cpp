#include "src/rules/derive/group_key.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

namespace tocsin::rules::derive {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

std::string key_of(const Fields& fields) {
  std::size_t most = 0;
  for (const auto& [name, value] : fields) most += group_bytes(name);
  std::string key(most, '\0');
  char* at = key.data();
  for (const auto& [name, value] : fields) at = append_group(at, name, value);
  key.resize(static_cast<std::size_t>(at - key.data()));
  return key;
}

Identity identity_of(const Fields& fields, SeriesKind kind = SeriesKind::kCounter) {
  const std::string key = key_of(fields);
  RawSample sample;
  sample.name = "http.requests";
  sample.tags = key;
  sample.kind = kind;
  auto identity = GroupResolver().resolve(sample);
  REQUIRE(identity);
  return *identity;
}

TEST_CASE("groups become attributes, in order of their names, and a host") {
  const Identity identity = identity_of({{"status", "200"}, {"host", "web-1"}, {"path", "/:id"}});
  CHECK(identity.service == "http.requests");
  CHECK(identity.host == "web-1");
  CHECK(identity.attributes == std::vector<Attribute>{{"path", "/:id"}, {"status", "200"}});
  CHECK(identity.kind == SeriesKind::kCounter);
  CHECK(identity_of({}, SeriesKind::kHistogram) ==
        Identity{SeriesKind::kHistogram, "", "http.requests", {}, {}});
}

TEST_CASE("an empty value is as good as none") {
  CHECK(key_of({{"a", ""}, {"b", "1"}}) == key_of({{"b", "1"}}));
  CHECK(identity_of({{"a", ""}, {"b", "1"}}).attributes == std::vector<Attribute>{{"b", "1"}});
}

TEST_CASE("different groups have different keys, whatever bytes they hold") {
  CHECK(key_of({{"a", "1"}, {"b", "2"}}) != key_of({{"a", "12"}, {"b", ""}}));
  CHECK(key_of({{"a", "b"}}) != key_of({{"ab", ""}}));
  const std::string odd("x\0\x01\xff", 4);
  CHECK(identity_of({{"a", odd}}).attributes[0].value == odd);
}

TEST_CASE("long values are cut at the end of a character") {
  const std::string longest(kMostValueBytes, 'x');
  CHECK(identity_of({{"a", longest}}).attributes[0].value == longest);
  CHECK(identity_of({{"a", longest + "y"}}).attributes[0].value == longest);
  const std::string wide = std::string(kMostValueBytes - 1, 'x') + "\xC3\xA9";
  CHECK(identity_of({{"a", wide}}).attributes[0].value == std::string(kMostValueBytes - 1, 'x'));
}

}  // namespace
}  // namespace tocsin::rules::derive
