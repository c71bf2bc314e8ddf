#include "src/app/grok_cases.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <sstream>

#include "src/app/grok_json.hpp"
#include "tests/unit/app/scratch_directory.hpp"

namespace tocsin::app {
namespace {

using rules::grok::FilterOptions;
using rules::grok::PatternLibrary;
using test::ScratchDirectory;

// A root of pattern sets with a few names.
class Root {
 public:
  Root() {
    for (const char* set : {"legacy", "ecs-v1"}) {
      std::filesystem::create_directory(directory_.path() / set);
      directory_.write(std::string(set) + "/some", "INT [+-]?\\d+\nWORD \\b\\w+\\b\n");
    }
  }
  [[nodiscard]] const ScratchDirectory& directory() const { return directory_; }

 private:
  ScratchDirectory directory_;
};

struct Outcome {
  int status = 0;
  std::string out;
  std::string err;
};

Outcome run(const std::string& cases, bool compat = true) {
  const Root root;
  GrokCaseOptions options;
  options.file = root.directory().write("cases.jsonl", cases);
  options.patterns_root = root.directory().path();
  options.compat = compat;
  std::ostringstream out;
  std::ostringstream err;
  Outcome outcome;
  outcome.status = run_grok_cases(options, out, err);
  outcome.out = out.str();
  outcome.err = err.str();
  return outcome;
}

TEST_CASE("cases of every shape pass") {
  const Outcome outcome = run(
      R"({"id":"a","pattern_set":"legacy","pattern":"%{INT:n:int}","options":{},"line":"7","match":true,"fields":{"n":7}}
{"id":"b","pattern_set":"ecs-v1","pattern":["x","%{WORD:w}"],"options":{},"line":"y","match":true,"fields":{"w":"y"}}

{"id":"c","pattern_set":"legacy","pattern":{"f":"%{INT:n}"},"options":{"remove_field":"f"},"line":null,"event":{"f":1},"match":true,"fields":{"n":"1"},"removed":["f"]}
{"id":"d","pattern_set":"legacy","pattern":"%{NOPE}","options":{},"line":"x","match":false,"compile_error":true,"fields":{}}
{"id":"e","pattern_set":"legacy","pattern":"%{INT}","options":{"tag_on_failure":[]},"line":"x","match":true,"fields":{}}
)");
  CHECK(outcome.out == "5 passed, 0 failed\n");
  CHECK(outcome.err == "");
  CHECK(outcome.status == 0);
}

TEST_CASE("a case that fails is named, with expected and actual") {
  const Outcome outcome = run(
      R"({"id":"a","pattern_set":"legacy","pattern":"%{INT:n:int}","options":{},"line":"7","match":true,"fields":{"n":"7"}})");
  CHECK(outcome.out ==
        "a failed\n  expected match {\"n\":\"7\"}\n  actual   match {\"n\":7}\n"
        "0 passed, 1 failed\n");
  CHECK(outcome.status == 1);
}

TEST_CASE("a refusal that was not expected fails with its reason") {
  const Outcome outcome = run(
      R"({"id":"a","pattern_set":"legacy","pattern":"x%{NOPE}","options":{},"line":"7","match":true,"fields":{}})");
  CHECK(outcome.out.find("actual   refused: pattern:1:2: ") != std::string::npos);
  CHECK(outcome.status == 1);
}

TEST_CASE("the reference's defects are a choice") {
  const std::string one =
      R"({"id":"a","pattern_set":"legacy","pattern":["%{WORD:w}","%{INT:n}"],"options":{"break_on_match":false},"line":"x","match":false,"fields":{"w":"x","tags":["_grokparsefailure"]}})";
  CHECK(run(one).out == "1 passed, 0 failed\n");
  CHECK(run(one, false).status == 1);
}

TEST_CASE("a line that is no case fails at its place, and the others are run") {
  const std::string good =
      R"({"id":"a","pattern_set":"legacy","pattern":"x","options":{},"line":"x","match":true,"fields":{}})";
  for (const auto& [line, complaint] :
       {std::pair{"{]", "found no JSON"},
        {"[]", "found no object"},
        {"{}", "found no id"},
        {R"({"id":"a"})", "no pattern_set"},
        {R"({"id":"a","pattern_set":"v8","pattern":"x"})", "expected legacy or ecs-v1"}}) {
    CAPTURE(line);
    const Outcome outcome = run("\n" + std::string(line) + "\n" + good);
    CHECK(outcome.out.find("cases.jsonl:2: ") != std::string::npos);
    CHECK(outcome.out.find(complaint) != std::string::npos);
    CHECK(outcome.out.ends_with("1 passed, 1 failed\n"));
    CHECK(outcome.status == 1);
  }
}

TEST_CASE("a file without a case is no success") {
  const Outcome outcome = run("\n");
  CHECK(outcome.err.ends_with("cases.jsonl: found no case, expected one on each line\n"));
  CHECK(outcome.status == 1);
}

Result<FilterOptions> options_of(std::string_view json, PatternLibrary& library) {
  auto members = parse_grok_json(json);
  REQUIRE(members);
  return read_grok_options(*members->object(), library);
}

TEST_CASE("options are read in the reference's spelling") {
  PatternLibrary library;
  const auto options = options_of(
      R"({"break_on_match":false,"named_captures_only":false,"keep_empty_captures":true,
          "overwrite":["a"],"target":"t","tag_on_failure":"f","tag_on_timeout":["x"],
          "timeout_millis":1500,"timeout_scope":"event","add_field":["n","v"],"add_tag":"g",
          "remove_field":"r","remove_tag":["h"],"pattern_definitions":{"A":"b"},"id":"i"})",
      library);
  REQUIRE(options);
  CHECK_FALSE(options->break_on_match);
  CHECK_FALSE(options->named_captures_only);
  CHECK(options->keep_empty_captures);
  CHECK(options->overwrite == std::vector<std::string>{"a"});
  CHECK(options->target == "t");
  CHECK(options->tag_on_failure == std::vector<std::string>{"f"});
  CHECK(options->tag_on_timeout == std::vector<std::string>{"x"});
  CHECK(options->effort == std::chrono::milliseconds(1500));
  CHECK(options->effort_is_of_event);
  REQUIRE(options->add_field.size() == 1);
  CHECK(options->add_field[0].field == "n");
  CHECK(options->add_field[0].values == std::vector<std::string>{"v"});
  CHECK(options->add_tag == std::vector<std::string>{"g"});
  CHECK(options->remove_field == std::vector<std::string>{"r"});
  CHECK(options->remove_tag == std::vector<std::string>{"h"});
  REQUIRE(library.find("A") != nullptr);
  CHECK(library.find("A")->body == "b");
}

TEST_CASE("no time-out means a very long one") {
  PatternLibrary library;
  CHECK(options_of(R"({"timeout_millis":0})", library)->effort >= std::chrono::hours(1));
  CHECK(options_of("{}", library)->effort == std::chrono::seconds(30));
}

TEST_CASE("directories of patterns are read before inline definitions") {
  const ScratchDirectory directory;
  directory.write("one.pat", "A 1\nB 1");
  directory.write("two.txt", "A 2");
  PatternLibrary library;
  REQUIRE(options_of(
      R"({"pattern_definitions":{"B":"3"},"patterns_files_glob":"*.pat","patterns_dir":[")" +
          directory.path().string() + "\"]}",
      library));
  CHECK(library.find("A")->body == "1");
  CHECK(library.find("B")->body == "3");
}

TEST_CASE("wrong options are refused by name") {
  PatternLibrary library;
  for (const char* json :
       {R"({"nope":1})", R"({"break_on_match":"yes"})", R"({"overwrite":[1]})",
        R"({"add_field":["a"]})", R"({"target":1})", R"({"timeout_scope":"x"})",
        R"({"timeout_millis":-1})", R"({"patterns_dir":"no/such"})",
        R"({"pattern_definitions":{"A":[]}})", R"({"pattern_definitions":{"A":["x","y"]}})"}) {
    CAPTURE(json);
    const auto options = options_of(json, library);
    REQUIRE_FALSE(options);
    CHECK_FALSE(options.error().where.empty());
  }
}

}  // namespace
}  // namespace tocsin::app
