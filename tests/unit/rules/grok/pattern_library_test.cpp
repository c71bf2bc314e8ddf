#include "src/rules/grok/pattern_library.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "tests/unit/app/scratch_directory.hpp"

namespace tocsin::rules::grok {
namespace {

using app::test::ScratchDirectory;

TEST_CASE("a pattern file has one definition a line") {
  PatternLibrary library;
  REQUIRE(library.add_text(
      "# comment\n\nINT [+-]?\\d+\n  \t SPACED\t  a b \r\n  # more\nEMPTY\nBLANK  \n", "file"));
  CHECK(library.size() == 2);
  REQUIRE(library.find("INT") != nullptr);
  CHECK(library.find("INT")->body == "[+-]?\\d+");
  CHECK(library.find("INT")->place.text() == "file:3:5");
  REQUIRE(library.find("SPACED") != nullptr);
  CHECK(library.find("SPACED")->body == "a b ");
  CHECK(library.find("EMPTY") == nullptr);
  CHECK(library.find("#") == nullptr);
}

TEST_CASE("a later definition of a name wins") {
  PatternLibrary library;
  REQUIRE(library.add_text("A 1\nA 2", "file"));
  CHECK(library.find("A")->body == "2");
  library.define("A", {"3", {"inline", 1, 1}});
  CHECK(library.find("A")->body == "3");
}

TEST_CASE("bytes that are not UTF-8 are refused where they stand, and nothing is added") {
  PatternLibrary library;
  const auto added = library.add_text("A 1\nB \xC3\xA9\xFF", "file");
  REQUIRE_FALSE(added);
  CHECK(added.error().where == "file:2:4");
  CHECK(library.size() == 0);
}

TEST_CASE("a directory gives the files whose names match, in order") {
  const ScratchDirectory directory;
  directory.write("a.pat", "X first\nY y");
  directory.write("b.pat", "X second");
  directory.write("c.txt", "X third");
  directory.write("README.md", "X documentation");
  std::filesystem::create_directory(directory.path() / "sub.pat");
  PatternLibrary some;
  REQUIRE(some.add_directory(directory.path(), "*.pat"));
  CHECK(some.find("X")->body == "second");
  CHECK(some.find("Y")->place.source == (directory.path() / "a.pat").string());
  PatternLibrary all;
  REQUIRE(all.add_directory(directory.path(), "*"));
  CHECK(all.find("X")->body == "third");
}

TEST_CASE("what cannot be read is named") {
  PatternLibrary library;
  CHECK(library.add_file("no/such/file").error().where == "no/such/file");
  CHECK(library.add_directory("no/such/directory", "*").error().where == "no/such/directory");
}

}  // namespace
}  // namespace tocsin::rules::grok
