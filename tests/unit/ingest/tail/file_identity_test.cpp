#include "ingest/tail/file_identity.hpp"

#include <doctest/doctest.h>

#include "tests/unit/ingest/tail/rig.hpp"

namespace tocsin::tail {
namespace {

using namespace testing;

base::UniqueFd open(const std::string& path) {
  return base::UniqueFd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
}

TEST_CASE("a head grows with what is read, up to 1 KiB") {
  Head head;
  head.extend(0, "abc");
  head.extend(3, std::string(2000, 'x'));
  head.extend(2003, "behind");
  CHECK(head.size() == 1024);

  const Folder folder;
  append(folder / "a", "abc" + std::string(3000, 'x'));
  Head loaded;
  REQUIRE(loaded.load(open(folder / "a").get(), 2003));
  CHECK(loaded.size() == 1024);
  CHECK(loaded.hash() == head.hash());
}

TEST_CASE("a head is compared with the file as far as it goes") {
  const Folder folder;
  append(folder / "a", "0123456789");
  const auto fd = open(folder / "a");
  Head head;
  REQUIRE(head.load(fd.get(), 4));
  CHECK(head.size() == 4);
  append(folder / "a", "more");
  CHECK(head.still_begins(fd.get()));
  SUBCASE("shorter") {
    truncate(folder / "a", 3);
    CHECK_FALSE(head.still_begins(fd.get()));
    CHECK_FALSE(head.load(fd.get(), 4));
  }
  SUBCASE("other bytes") {
    truncate(folder / "a");
    append(folder / "a", "0124567890");
    CHECK_FALSE(head.still_begins(fd.get()));
  }
}

TEST_CASE("an identity tells files of one inode apart") {
  const Folder folder;
  append(folder / "a", "first contents");
  const auto fd = open(folder / "a");
  const FileIdentity identity{{}, 5, [&] {
                                Head head;
                                REQUIRE(head.load(fd.get(), 5));
                                return head.hash();
                              }()};
  CHECK(begins_as(fd.get(), identity));
  truncate(folder / "a");
  CHECK_FALSE(begins_as(fd.get(), identity));
  append(folder / "a", "second contents");
  CHECK_FALSE(begins_as(fd.get(), identity));
  CHECK(begins_as(fd.get(), {{}, 0, Head().hash()}));
}

TEST_CASE("read_at reads to the end, and says when it cannot") {
  const Folder folder;
  append(folder / "a", "abcdef");
  const auto fd = open(folder / "a");
  char bytes[10] = {};
  CHECK(read_at(fd.get(), bytes, 3, 2) == 3U);
  CHECK(std::string_view(bytes, 3) == "cde");
  CHECK(read_at(fd.get(), bytes, 10, 4) == 2U);
  CHECK(read_at(fd.get(), bytes, 10, 100) == 0U);
  CHECK_FALSE(read_at(-1, bytes, 10, 0));
}

}  // namespace
}  // namespace tocsin::tail
