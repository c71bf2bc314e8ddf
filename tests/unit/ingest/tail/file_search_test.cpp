#include "ingest/tail/file_search.hpp"

#include <doctest/doctest.h>

#include "tests/unit/ingest/tail/rig.hpp"

namespace tocsin::tail {
namespace {

using namespace testing;

Lines names(const Folder& folder, const std::vector<FoundFile>& files) {
  Lines names;
  for (const FoundFile& file : files) names.push_back(file.path.substr(folder.path().size() + 1));
  return names;
}

TEST_CASE("files are found by pattern, each once, but for those excluded") {
  const Folder folder;
  std::filesystem::create_directories(folder / "x.log");
  std::filesystem::create_directories(folder / "sub");
  for (const auto* name : {"b.log", "a.log", "a.log.1", "a.log.2.gz", "c.txt", "sub/d.log"}) {
    append(folder / name, "x");
  }
  CHECK(names(folder, find_files({folder / "*.log*", folder / "a.*", folder / "*/{d,e}.log"},
                                 {"*.gz"})) == Lines{"a.log", "a.log.1", "b.log", "sub/d.log"});
  CHECK(find_files({folder / "none*"}, {}).empty());
}

TEST_CASE("a symbolic link stands for the file that it leads to") {
  const Folder folder;
  append(folder / "target", "x");
  std::filesystem::create_symlink(folder / "target", folder / "a.log");
  std::filesystem::create_symlink(folder / "nowhere", folder / "b.log");
  const auto found = find_files({folder / "*.log", folder / "target"}, {});
  REQUIRE(names(folder, found) == Lines{"a.log", "target"});
  CHECK(found[0].key == found[1].key);
}

TEST_CASE("folders are those in which a match could appear") {
  const Folder folder;
  std::filesystem::create_directories(folder / "one");
  std::filesystem::create_directories(folder / "two");
  append(folder / "file", "x");
  CHECK(find_folders({folder / "*/x.log", folder / "one/y.log", folder / "no/z.log"}) ==
        Lines{folder / "one", folder / "two"});
}

TEST_CASE("files are found by inode under any name") {
  const Folder folder;
  append(folder / "a", "x");
  append(folder / "b", "x");
  const auto before = find_files({folder / "a"}, {});
  rename(folder / "a", folder / "c");
  const auto after = find_inodes(folder.path(), {before.at(0).key.inode});
  REQUIRE(names(folder, after) == Lines{"c"});
  CHECK(after[0].key == before[0].key);
  CHECK(find_inodes(folder / "no", {1}).empty());
}

TEST_CASE("paths have a folder and a base name") {
  CHECK(folder_of("/a/b/c") == "/a/b");
  CHECK(folder_of("/c") == "/");
  CHECK(folder_of("c") == ".");
  CHECK(base_name_of("/a/b/c") == "c");
  CHECK(base_name_of("c") == "c");
}

}  // namespace
}  // namespace tocsin::tail
