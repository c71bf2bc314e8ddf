#include "ingest/tail/checkpoints.hpp"

#include <doctest/doctest.h>

#include "tests/unit/ingest/tail/rig.hpp"

namespace tocsin::tail {
namespace {

using namespace testing;

Checkpoint checkpoint(std::uint64_t inode, std::uint64_t offset, std::string path = "/log") {
  return {{{7, inode}, 10, 0xabc}, offset, std::move(path)};
}

std::string complaint(std::string_view text) {
  const auto read = parse_checkpoints(text, "pos");
  return read ? "(none)" : read.error().message();
}

TEST_CASE("positions are read as they were written") {
  const std::vector<Checkpoint> all = {checkpoint(1, 0),
                                       {{{~0ull, ~0ull}, 1024, ~0ull}, 1ull << 62, "/a b/c\\n\nd"},
                                       checkpoint(3, 9)};
  const std::string text = print_checkpoints(all);
  CHECK(text.starts_with("tocsin-tail 1\n7 1 10 0000000000000abc 0 /log\n"));
  CHECK(text.ends_with("\nend 3\n"));
  const auto read = parse_checkpoints(text, "pos");
  REQUIRE(read);
  CHECK(*read == all);
  CHECK(parse_checkpoints("tocsin-tail 1\nend 0\n", "pos")->empty());
}

TEST_CASE("what is wrong with a file is said with its place") {
  CHECK(complaint("") == "pos:1:1: the file ends before its line \"end\"");
  CHECK(complaint("hello\n") == "pos:1:1: expected the line \"tocsin-tail 1\"");
  const std::string title = "tocsin-tail 1\n";
  CHECK(complaint(title + "7 1 10 abc 5 /lo") == "pos:2:17: the file ends before its line \"end\"");
  CHECK(complaint(title + "7 1 10 abc 5 /log\nend 2\n") == "pos:3:5: expected 1, the lines before");
  CHECK(complaint(title + "end 0\nmore\n") == "pos:3:1: text behind the end");
  CHECK(complaint(title + "7 x 10 abc 5 /log\n") == "pos:2:3: expected the inode");
  CHECK(complaint(title + "7 1 1025 abc 5 /log\n") ==
        "pos:2:5: the number of head bytes is larger than 1024");
  CHECK(complaint(title + "7 1 10 abcq 5 /log\n") ==
        "pos:2:11: expected a blank behind the hash of the head");
  CHECK(complaint(title + "7 1 10 abc 9223372036854775808 /log\n") ==
        "pos:2:12: the offset is larger than 9223372036854775807");
  CHECK(complaint(title + "7 1 10 abc 5 \n") == "pos:2:14: expected a path");
  CHECK(complaint(title + "7 1 10 abc 5 /a\\b\n") ==
        "pos:2:16: a backslash that begins neither \\\\ nor \\n");
}

TEST_CASE("every file cut short is refused") {
  const std::string text = print_checkpoints({checkpoint(1, 5), checkpoint(2, 6)});
  for (std::size_t size = 0; size < text.size(); ++size) {
    CHECK_FALSE(parse_checkpoints(text.substr(0, size), "pos"));
  }
}

TEST_CASE("positions survive in their file") {
  const Folder folder;
  bool sync = false;
  SUBCASE("") {}
  SUBCASE("synced to the disk") {
    sync = true;
  }
  Checkpoints first(folder / "pos", 10, sync);
  REQUIRE(first.load());
  first.put(checkpoint(1, 5));
  first.put(checkpoint(2, 6));
  first.remove({7, 1});
  REQUIRE(first.save());
  CHECK_FALSE(std::filesystem::exists(folder / "pos.new"));

  Checkpoints second(folder / "pos", 10, sync);
  REQUIRE(second.load());
  CHECK(second.all() == std::vector{checkpoint(2, 6)});
}

TEST_CASE("a file is written only when something changed") {
  const Folder folder;
  Checkpoints checkpoints(folder / "pos", 10, false);
  checkpoints.put(checkpoint(1, 5));
  REQUIRE(checkpoints.save());
  remove(folder / "pos");
  checkpoints.put(checkpoint(1, 5));
  REQUIRE(checkpoints.save());
  CHECK_FALSE(std::filesystem::exists(folder / "pos"));
  checkpoints.put(checkpoint(1, 6));
  REQUIRE(checkpoints.save());
  CHECK(std::filesystem::exists(folder / "pos"));
}

TEST_CASE("a broken file is set aside, and the error says where it is broken") {
  const Folder folder;
  append(folder / "pos", "tocsin-tail 1\nnonsense\nend 1\n");
  Checkpoints checkpoints(folder / "pos", 10, false);
  const auto loaded = checkpoints.load();
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error().code == Errc::kSyntax);
  CHECK(loaded.error().where == (folder / "pos") + ":2:1");
  CHECK(loaded.error().text.ends_with("set aside as " + (folder / "pos.broken")));
  CHECK(read_all(folder / "pos.broken").find("nonsense") != std::string::npos);
  checkpoints.put(checkpoint(1, 5));
  REQUIRE(checkpoints.save());
  CHECK(Checkpoints(folder / "pos", 10, false).load());
}

TEST_CASE("a folder that does not exist is an error that names the file") {
  const Folder folder;
  Checkpoints checkpoints(folder / "no/pos", 10, false);
  REQUIRE(checkpoints.load());
  checkpoints.put(checkpoint(1, 5));
  const auto saved = checkpoints.save();
  REQUIRE_FALSE(saved);
  CHECK(saved.error().code == Errc::kIo);
  CHECK(saved.error().where == (folder / "no/pos.new"));
}

TEST_CASE("beyond the limit the longest untouched position goes") {
  Checkpoints checkpoints("", 2, false);
  checkpoints.put(checkpoint(1, 1));
  checkpoints.put(checkpoint(2, 2));
  checkpoints.put(checkpoint(1, 5));
  checkpoints.put(checkpoint(3, 3));
  CHECK(checkpoints.all() == std::vector{checkpoint(1, 5), checkpoint(3, 3)});
}

TEST_CASE("a position is found by device and inode, or by inode and path") {
  Checkpoints checkpoints("", 10, false);
  checkpoints.put(checkpoint(1, 5, "/a"));
  REQUIRE(checkpoints.find({7, 1}, "/renamed"));
  CHECK(checkpoints.find({7, 1}, "/renamed")->offset == 5);
  REQUIRE(checkpoints.find({8, 1}, "/a"));
  CHECK_FALSE(checkpoints.find({8, 1}, "/b"));
  CHECK_FALSE(checkpoints.find({7, 2}, "/a"));
  CHECK(checkpoints.knows_path("/a"));
  CHECK_FALSE(checkpoints.knows_path("/b"));
}

}  // namespace
}  // namespace tocsin::tail
