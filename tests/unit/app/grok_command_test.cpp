#include "src/app/grok_command.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <sstream>

#include "tests/unit/app/scratch_directory.hpp"

namespace tocsin::app {
namespace {

using test::ScratchDirectory;

struct Outcome {
  int status = 0;
  std::string out;
  std::string err;
};

Outcome run(GrokOptions options, const std::string& lines) {
  const ScratchDirectory root;
  std::filesystem::create_directory(root.path() / "legacy");
  root.write("legacy/some", "INT [+-]?\\d+\nWORD \\b\\w+\\b\nDATA .*?\n");
  if (options.patterns_root == GrokOptions().patterns_root) {
    options.patterns_root = root.path().string();
  }
  std::istringstream in(lines);
  std::ostringstream out;
  std::ostringstream err;
  Outcome outcome;
  outcome.status = run_grok(options, in, out, err);
  outcome.out = out.str();
  outcome.err = err.str();
  return outcome;
}

GrokOptions with_pattern(const char* pattern) {
  GrokOptions options;
  options.patterns = {pattern};
  return options;
}

TEST_CASE("lines become fields, a JSON object a line") {
  const Outcome outcome =
      run(with_pattern("%{WORD:verb} %{INT:status:int}"), "GET 200\r\nnothing\nPUT 7");
  CHECK(outcome.out ==
        "{\"match\":true,\"fields\":{\"verb\":\"GET\",\"status\":200},\"tags\":[]}\n"
        "{\"match\":false,\"fields\":{},\"tags\":[\"_grokparsefailure\"]}\n"
        "{\"match\":true,\"fields\":{\"verb\":\"PUT\",\"status\":7},\"tags\":[]}\n");
  CHECK(outcome.status == 0);
}

TEST_CASE("the first pattern that matches counts") {
  GrokOptions options = with_pattern("^%{INT:n}$");
  options.patterns.push_back("%{WORD:w}");
  CHECK(run(options, "5\nx\n").out ==
        "{\"match\":true,\"fields\":{\"n\":\"5\"},\"tags\":[]}\n"
        "{\"match\":true,\"fields\":{\"w\":\"x\"},\"tags\":[]}\n");
}

TEST_CASE("a message that changed is a field too") {
  CHECK(run(with_pattern("%{WORD:message} b"), "a b\n").out ==
        "{\"match\":true,\"fields\":{\"message\":[\"a b\",\"a\"]},\"tags\":[]}\n");
}

TEST_CASE("lines that are not UTF-8 come out as UTF-8") {
  CHECK(run(with_pattern("(?<x>.)b"),
            "\xFF"
            "b\n")
            .out == "{\"match\":true,\"fields\":{\"x\":\"\xEF\xBF\xBD\"},\"tags\":[]}\n");
}

TEST_CASE("directories and definitions add names, the later ones win") {
  const ScratchDirectory own;
  own.write("mine", "INT own\nFOO foo");
  GrokOptions options = with_pattern("%{INT:a} %{FOO:b}");
  options.directories = {own.path().string()};
  CHECK(run(options, "own foo\n").out.starts_with("{\"match\":true"));
  options.definitions = {"FOO=a=b"};
  CHECK(run(options, "own a=b\n").out.starts_with("{\"match\":true"));
}

TEST_CASE("what is wrong is said before any line is read") {
  const auto refused = [](const GrokOptions& options) {
    const Outcome outcome = run(options, "x\n");
    CHECK(outcome.out == "");
    CHECK(outcome.status == 1);
    return outcome.err;
  };
  CHECK(refused(with_pattern("a%{NOPE}")).starts_with("PATTERN 1:1:2: "));
  CHECK(refused({}) == "expected a PATTERN or --cases FILE, and not both\n");
  GrokOptions options = with_pattern("x");
  options.pattern_set = "v8";
  CHECK(refused(options).starts_with("--pattern-set: found"));
  options = with_pattern("x");
  options.definitions = {"FOO"};
  CHECK(refused(options).starts_with("--define: found"));
  options = with_pattern("x");
  options.definitions = {"FOO=("};
  CHECK(run(options, "x\n").status == 0);  // nobody uses it
  options.patterns = {"%{FOO}"};
  CHECK_FALSE(refused(options).empty());
  options = with_pattern("x");
  options.patterns_root = "no/such/root";
  CHECK(refused(options).find("--patterns-root") != std::string::npos);
}

TEST_CASE("lines that do not match are explained on demand") {
  GrokOptions options = with_pattern("%{INT:n}$");
  options.patterns.push_back("%{WORD:verb} %{INT:status} x");
  options.explain = true;
  CHECK(
      run(options, "7\nGET 200 y\n").out ==
      "{\"match\":true,\"fields\":{\"n\":\"7\"},\"tags\":[]}\n"
      "{\"match\":false,\"fields\":{},\"tags\":[\"_grokparsefailure\"],\"explain\":{\"pattern\":2,"
      "\"byte\":8,\"expected\":\"'x'\",\"within\":[],\"found\":\"'y'\",\"place\":\"PATTERN "
      "2:1:28\","
      "\"text\":\"none of 2 patterns matches; number 2 gets furthest: at byte 8 expected 'x', "
      "found "
      "'y'\"}}\n");
}

TEST_CASE("lines may come from a file") {
  const ScratchDirectory own;
  GrokOptions options = with_pattern("%{INT:n}");
  options.input = own.write("lines", "7\n");
  CHECK(run(options, "x\n").out == "{\"match\":true,\"fields\":{\"n\":\"7\"},\"tags\":[]}\n");
  options.input = own.path() / "none";
  const Outcome missing = run(options, "");
  CHECK(missing.status == 1);
  CHECK(missing.err == options.input + ": cannot be read\n");
  options.input = own.path();
  const Outcome directory = run(options, "");
  CHECK(directory.status == 1);
  CHECK(directory.err == options.input + ": found a directory, expected a file\n");
}

TEST_CASE("a pattern is measured on lines, of which there must be one") {
  GrokOptions options = with_pattern("%{INT:n}");
  options.bench = true;
  const Outcome outcome = run(options, "7\r\nx\n");
  CHECK(outcome.status == 0);
  CHECK(outcome.out.starts_with("2 lines of 1 bytes: 1 match, 1 do not, 0 gave up\n"));
  CHECK(run(options, "").err == "--bench: found no line, expected some\n");
}

TEST_CASE("cases are run instead of lines") {
  const ScratchDirectory directory;
  GrokOptions options;
  options.cases = directory.write(
      "c.jsonl",
      R"({"id":"a","pattern_set":"legacy","pattern":"%{INT:n}","options":{},"line":"7","match":true,"fields":{"n":"7"}})");
  CHECK(run(options, "").out == "1 passed, 0 failed\n");
  options.patterns = {"x"};
  CHECK(run(options, "").status == 1);
}

}  // namespace
}  // namespace tocsin::app
