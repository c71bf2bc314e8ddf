#include "src/app/hash_seed.hpp"

#include <doctest/doctest.h>

#include "tests/unit/app/scratch_directory.hpp"

namespace tocsin::app {
namespace {

namespace fs = std::filesystem;

TEST_CASE("a seed is made once, is secret, and is read again") {
  const test::ScratchDirectory scratch;
  const fs::path directory = scratch.path() / "a" / "b";
  const auto made = load_hash_seed(directory);
  REQUIRE(made);
  CHECK(*load_hash_seed(directory) == *made);
  CHECK(fs::status(directory / "series_id_seed").permissions() ==
        (fs::perms::owner_read | fs::perms::owner_write));
  const auto other = load_hash_seed(scratch.path() / "other");
  REQUIRE(other);
  CHECK(*other != *made);
}

TEST_CASE("a damaged seed is an error at its place and is left as it is") {
  const test::ScratchDirectory scratch;
  for (const char* text : {"", "12", "xyzxyzxyzxyzxyzx\n", "0123456789abcdef0\n"}) {
    CAPTURE(text);
    const std::string file = scratch.write("series_id_seed", text);
    const auto seed = load_hash_seed(scratch.path());
    REQUIRE_FALSE(seed);
    CHECK(seed.error().code == Errc::kSyntax);
    CHECK(seed.error().where == file + ":1:1");
    CHECK(fs::file_size(file) == std::string_view(text).size());
  }
  scratch.write("series_id_seed", "0123456789abcdef\n");
  CHECK(*load_hash_seed(scratch.path()) == 0x0123456789abcdefULL);
}

TEST_CASE("a directory that cannot be made is an error that names it") {
  const test::ScratchDirectory scratch;
  const std::string file = scratch.write("file", "");
  const auto seed = load_hash_seed(file);
  REQUIRE_FALSE(seed);
  CHECK(seed.error().code == Errc::kIo);
  CHECK(seed.error().message().find(file) != std::string::npos);
}

}  // namespace
}  // namespace tocsin::app
