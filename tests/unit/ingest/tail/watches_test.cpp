#include "ingest/tail/watches.hpp"

#include <doctest/doctest.h>

#include "tests/unit/ingest/tail/rig.hpp"

namespace tocsin::tail {
namespace {

using namespace testing;

TEST_CASE("a file that grows or shrinks is news, under whatever name") {
  const Folder folder;
  append(folder / "a", "x");
  const base::UniqueFd fd(::open((folder / "a").c_str(), O_RDONLY | O_CLOEXEC));
  auto watches = Watches::create();
  REQUIRE(watches);
  const int watch = watches->add_file(fd.get());
  REQUIRE(watch >= 0);
  CHECK(watches->read().files.empty());
  rename(folder / "a", folder / "b");
  append(folder / "b", "x");
  CHECK(watches->read().files == std::set<int>{watch});
  truncate(folder / "b");
  CHECK(watches->read().files == std::set<int>{watch});
  watches->remove_file(watch);
  append(folder / "b", "x");
  CHECK(watches->read().files.empty());
}

TEST_CASE("names that come, go and change are news of their folder") {
  const Folder folder;
  auto watches = Watches::create();
  REQUIRE(watches);
  watches->set_folders({folder.path(), folder / "no"});
  CHECK_FALSE(watches->read().names_changed);
  append(folder / "a", "x");
  CHECK(watches->read().names_changed);
  append(folder / "a", "x");
  CHECK_FALSE(watches->read().names_changed);
  rename(folder / "a", folder / "b");
  CHECK(watches->read().names_changed);
  remove(folder / "b");
  CHECK(watches->read().names_changed);

  watches->set_folders({});
  (void)watches->read();
  append(folder / "c", "x");
  CHECK_FALSE(watches->read().names_changed);
}

TEST_CASE("a folder that was made anew is watched again") {
  const Folder folder;
  auto watches = Watches::create();
  REQUIRE(watches);
  std::filesystem::create_directory(folder / "sub");
  watches->set_folders({folder / "sub"});
  std::filesystem::remove(folder / "sub");
  std::filesystem::create_directory(folder / "sub");
  watches->set_folders({folder / "sub"});
  (void)watches->read();
  append(folder / "sub/a", "x");
  CHECK(watches->read().names_changed);
}

}  // namespace
}  // namespace tocsin::tail
