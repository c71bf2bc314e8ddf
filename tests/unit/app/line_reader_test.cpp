#include "src/app/line_reader.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/unit/app/scratch_file.hpp"

namespace tocsin::app {
namespace {

struct Outcome {
  std::vector<std::string> lines;
  std::string error;
};

Outcome read_all(const std::string& path, LineLimits limits = {}) {
  Outcome outcome;
  Result<LineReader> reader = LineReader::open(path, limits);
  if (!reader) return {{}, reader.error().message()};
  for (;;) {
    const auto next = reader->next();
    if (!next) {
      outcome.error = next.error().message();
      return outcome;
    }
    if (!next->has_value()) return outcome;
    outcome.lines.emplace_back(**next);
    if (reader->line() != outcome.lines.size()) FAIL("a line number is off");
  }
}

using Lines = std::vector<std::string>;

TEST_CASE("lines come without their ends, the last one with or without one") {
  CHECK(read_all(test::ScratchFile("a\n\nb\r\nc").path()).lines == Lines{"a", "", "b", "c"});
  CHECK(read_all(test::ScratchFile("a\n").path()).lines == Lines{"a"});
  CHECK(read_all(test::ScratchFile("").path()).lines.empty());
}

TEST_CASE("gzip is unpacked") {
  std::string text;
  for (int i = 0; i < 200000; ++i) text += "line " + std::to_string(i) + "\n";
  const Outcome outcome = read_all(test::ScratchFile(test::gzip(text)).path());
  CHECK(outcome.error == "");
  REQUIRE(outcome.lines.size() == 200000);
  CHECK(outcome.lines[123456] == "line 123456");
}

TEST_CASE("a gzip file that was cut short is an error, after its whole lines") {
  const std::string packed = test::gzip("a\nb\n");
  const test::ScratchFile file(packed.substr(0, packed.size() - 4));
  const Outcome outcome = read_all(file.path());
  CHECK(outcome.error.starts_with(file.path() + ": cannot be read: "));
}

TEST_CASE("a line over the limit is an error at its place") {
  const test::ScratchFile file("short\n" + std::string(11, 'x') + "\n");
  const Outcome outcome = read_all(file.path(), {.line_bytes = 10});
  CHECK(outcome.lines == Lines{"short"});
  CHECK(outcome.error == file.path() + ":2: a line of more than 10 bytes, expected a shorter one");
  CHECK(read_all(file.path(), {.line_bytes = 11}).lines.size() == 2);
}

TEST_CASE("a small file that unpacks to more than the limit is an error") {
  const test::ScratchFile file(test::gzip(std::string(1 << 22, '\n')));
  const Outcome outcome = read_all(file.path(), {.total_bytes = 1 << 21});
  CHECK(outcome.error.find("more than 2097152 bytes of text") != std::string::npos);
}

TEST_CASE("what cannot be opened is named") {
  CHECK(read_all("/nonexistent/file.csv").error ==
        "/nonexistent/file.csv: cannot be opened: No such file or directory");
  CHECK(read_all("/").error == "/: a directory, expected a file");
}

}  // namespace
}  // namespace tocsin::app
