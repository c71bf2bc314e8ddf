#include "src/publish/record_name.hpp"

#include <doctest/doctest.h>

#include <string>
#include <unordered_set>

#include "tests/unit/publish/store_testing.hpp"

using namespace tocsin;
using namespace tocsin::publish;

TEST_CASE("two records are the same fact by key, member and kind, whatever their values are") {
  const Record first = value("a", "1", std::chrono::seconds(5));
  const Record newer = urgent(value("a", "2"));
  CHECK(RecordName(first) == RecordName(newer));
  CHECK(RecordNameHash{}(RecordName(first)) == RecordNameHash{}(RecordName(newer)));
  CHECK(RecordName(first) == RecordName(std::string_view("a")));

  const Record listed = member("a", "x");
  const Record unnamed = member("a", "");
  CHECK(RecordName(first) != RecordName(listed));
  CHECK(RecordName(first) != RecordName(unnamed));
  CHECK(RecordName(listed) != RecordName(unnamed));
}

TEST_CASE("names of many indexes and members seldom share a hash") {
  std::unordered_set<std::size_t> hashes;
  for (int index = 0; index < 50; ++index) {
    for (int name = 0; name < 50; ++name) {
      const Record record = member("n" + std::to_string(index), "n" + std::to_string(name));
      hashes.insert(RecordNameHash{}(RecordName(record)));
    }
  }
  CHECK(hashes.size() > 2490);  // key and member swapped, or equal, are different names too
}

TEST_CASE("the footprint grows by each byte of key, member and value") {
  const std::size_t empty = footprint_bytes(Record{});
  CHECK(empty > 0);
  CHECK(footprint_bytes(value("key", "bytes")) == empty + 8);
  CHECK(footprint_bytes(member("index", "name")) == empty + 9);
}
