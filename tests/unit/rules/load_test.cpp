#include "src/rules/load.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "tests/unit/rules/vocabulary.hpp"

namespace tocsin::rules {
namespace {

using tests::parsed_rules;

const std::filesystem::path kRoot = TOCSIN_TEST_DATA "/../..";

std::vector<std::string> errors_of(std::span<const RuleFile> files) {
  std::vector<std::string> out;
  for (const Error& error : parse_rules(files, tests::vocabulary()).errors) {
    out.push_back(error.message());
  }
  return out;
}

TEST_CASE("an empty file has no rules") {
  CHECK(parsed_rules("")->watches.empty());
  CHECK(parsed_rules("watch: []\nservice: []\n")->services.empty());
}

TEST_CASE("names and references reach over files") {
  const RuleFile files[] = {
      {"a.yaml", "service: [{name: shop, members: [{service: db}]}]"},
      {"b.yaml", "service: [{name: db, members: {where: 'true'}}]"},
  };
  CHECK(errors_of(files).empty());
  const RuleFile twice[] = {
      {"a.yaml", "watch: [{name: w, where: 'true', detect: skyline}]"},
      {"b.yaml", "watch: [{name: w, where: 'false', detect: skyline}]"},
  };
  CHECK(errors_of(twice) ==
        std::vector<std::string>{"b.yaml:1:9: found a second watch named 'w', expected a name of "
                                 "its own (first at a.yaml:1:9)"});
}

TEST_CASE("a reference into a file that cannot be read is not complained about") {
  const RuleFile files[] = {
      {"a.yaml", "service: [{name: shop, members: [{service: db}]}]"},
      {"b.yaml", "service: [{name: db, members: {where: 'true'}}"},
  };
  const auto errors = errors_of(files);
  REQUIRE(errors.size() == 1);
  CHECK(errors[0].substr(0, 7) == "b.yaml:");
}

TEST_CASE("all errors of all files are reported, in their order") {
  const RuleFile files[] = {
      {"a.yaml", "watch:\n  - where: (\n    detect: none\n  - detect: skyline\n"},
      {"b.yaml", "service:\n  - name: a\n    members: {where: 'x ='}\n    depends_on: [b]\n"},
  };
  const auto errors = errors_of(files);
  REQUIRE(errors.size() == 5);
  const char* const places[] = {"a.yaml:2:", "a.yaml:3:13", "a.yaml:4:5",
                                "b.yaml:3:", "b.yaml:4:18"};
  for (std::size_t i = 0; i < errors.size(); ++i) {
    CAPTURE(errors[i]);
    CHECK(errors[i].rfind(places[i], 0) == 0);
  }
}

TEST_CASE("the shipped rules load") {
  const std::filesystem::path path = kRoot / "rules";
  const auto loaded = load_rules({&path, 1}, tests::vocabulary());
  for (const Error& error : loaded.errors) FAIL_CHECK(error.message());
  REQUIRE(loaded);
  CHECK((*loaded.value)->services.size() >= 4);
  CHECK((*loaded.value)->watches.size() >= 5);
}

// How many rules the examples of a page have, each of which loads.
std::size_t rules_in_examples_of(const char* page) {
  std::ifstream guide(kRoot / "docs" / page);
  std::string line;
  std::size_t count = 0;
  while (std::getline(guide, line)) {
    if (line != "```yaml") continue;
    std::string example;
    while (std::getline(guide, line) && line != "```") example += line + '\n';
    CAPTURE(example);
    const RuleSetPtr rules = parsed_rules(example, kRoot / "rules/example.yaml");
    const std::size_t here = rules->parse->rules().size() + rules->derivations.size() +
                             rules->watches.size() + rules->services.size();
    CHECK(here > 0);
    count += here;
  }
  return count;
}

TEST_CASE("every example of the guides loads") {
  CHECK(rules_in_examples_of("rules.md") >= 4);
  CHECK(rules_in_examples_of("parse.md") >= 3);
  CHECK(rules_in_examples_of("from-logstash.md") >= 6);
}

// A directory of its own, gone with the object.
class TemporaryDirectory {
 public:
  TemporaryDirectory()
      : path_(std::filesystem::temp_directory_path() /
              ("tocsin_rules_test." + std::to_string(::getpid()))) {
    std::filesystem::create_directory(path_);
  }
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  void write(const std::string& name, std::string_view text) const {
    std::ofstream(path_ / name) << text;
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

TEST_CASE("a directory gives its rule files in the order of their names") {
  const TemporaryDirectory directory;
  directory.write("b.yaml", "watch: [{name: b, where: 'true', detect: skyline}]");
  directory.write("a.yaml", "watch: [{name: a, where: 'true', detect: skyline}]");
  directory.write("a.test.yaml", "scenario: not a rule file");
  directory.write(".hidden.yaml", "not: rules");
  directory.write("notes.txt", "not rules");
  // Named besides, too: it is read once.
  const std::filesystem::path paths[] = {directory.path(), directory.path() / "a.yaml"};
  const auto loaded = load_rules(paths, tests::vocabulary());
  for (const Error& error : loaded.errors) FAIL_CHECK(error.message());
  REQUIRE(loaded);
  const RuleSet& rules = **loaded.value;
  REQUIRE(rules.watches.size() == 2);
  CHECK(rules.watches[0].name == "a");
  CHECK(rules.watches[1].name == "b");
  CHECK(rules.files.size() == 2);
}

TEST_CASE("a path that does not exist is an error") {
  const std::filesystem::path path = "/nonexistent/rules";
  const auto loaded = load_rules({&path, 1}, tests::vocabulary());
  REQUIRE(loaded.errors.size() == 1);
  CHECK(loaded.errors[0].where == "/nonexistent/rules");
}

}  // namespace
}  // namespace tocsin::rules
