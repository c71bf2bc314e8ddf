#include "src/settings/load.hpp"

#include <doctest/doctest.h>

#include <set>

#include "src/settings/read_file.hpp"
#include "src/settings/show.hpp"
#include "src/settings/yaml.hpp"
#include "tests/unit/settings/loaded.hpp"

namespace tocsin::settings {
namespace {

using tests::loaded;

const std::filesystem::path kConfig = TOCSIN_TEST_DATA "/../../config";

// "listen.http.address" for every key of the tree; items of lists count as one.
void collect_keys(const Node& node, const std::string& prefix, std::set<std::string>& keys) {
  for (const Node::Entry& entry : node.entries) {
    keys.insert(prefix + entry.key);
    collect_keys(*entry.value, prefix + entry.key + '.', keys);
  }
  for (const NodePtr& item : node.items) collect_keys(*item, prefix, keys);
}

std::set<std::string> keys_of(std::string_view text) {
  Complaints complaints("t.yaml");
  std::set<std::string> keys;
  const auto root = parse_yaml(text, tests::empty_environment, complaints);
  REQUIRE(root);
  collect_keys(**root, "", keys);
  return keys;
}

TEST_CASE("an empty file is the defaults") {
  CHECK(loaded("") == Settings{});
}

TEST_CASE("the commented default file says what the program does without it, key for key") {
  const auto text = read_file(kConfig / "tocsin.yaml", 1U << 20U);
  REQUIRE(text);
  CHECK(loaded(*text, "config/tocsin.yaml") == Settings{});
  CHECK(keys_of(*text) == keys_of(show_settings(Settings{})));
}

TEST_CASE("every shipped example loads") {
  int examples = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kConfig)) {
    CAPTURE(entry.path());
    const auto result = load_settings(entry.path(), tests::empty_environment);
    for (const Error& error : result.errors) FAIL_CHECK(error.message());
    ++examples;
  }
  CHECK(examples >= 3);
}

TEST_CASE("rule paths start from the settings file, others from the working directory") {
  const Settings settings = loaded(
      "rules: [rules/, /srv/more.yaml, ../up]\n"
      "results: {embedded: {directory: data}}\n",
      "etc/tocsin/tocsin.yaml");
  CHECK(settings.rules ==
        std::vector<std::filesystem::path>{"etc/tocsin/rules/", "/srv/more.yaml", "etc/up"});
  CHECK(settings.results.embedded.directory == "data");
  CHECK(loaded("rules: one.yaml").rules == std::vector<std::filesystem::path>{"one.yaml"});
}

TEST_CASE("all errors of a file are reported, in its order") {
  const auto result =
      parse_settings("log: {level: loud}\nseries:\n  interval: 10\n  hist: 1h\npipeline: 3\n",
                     "t.yaml", tests::empty_environment);
  REQUIRE(result.errors.size() == 4);
  CHECK(result.errors[0].where == "t.yaml:1:14");
  CHECK(result.errors[1].where == "t.yaml:3:13");
  CHECK(result.errors[2].where == "t.yaml:4:3");
  CHECK(result.errors[3].where == "t.yaml:5:11");
}

TEST_CASE("a file that does not exist is one error with its name") {
  const auto result = load_settings("/nonexistent/t.yaml", tests::empty_environment);
  REQUIRE(result.errors.size() == 1);
  CHECK(result.errors[0].where == "/nonexistent/t.yaml");
}

}  // namespace
}  // namespace tocsin::settings
