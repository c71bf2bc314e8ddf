#include "ingest/tail/multi_line.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <vector>

namespace tocsin::tail {
namespace {

using Rule = MultiLineOptions::Rule;
using Records = std::vector<std::string>;

struct Rig {
  explicit Rig(Rule rule) { options.rule = rule; }

  // The records of all lines, as a Follower would have them.
  Records join(const std::vector<std::string>& lines) {
    MultiLine joiner(options, pattern ? &*pattern : nullptr, counters);
    Records records;
    std::uint64_t end = 0;
    for (const std::string& line : lines) {
      if (joiner.is_open() && !joiner.continues(line)) records.emplace_back(joiner.take().text);
      end += line.size() + 1;
      joiner.add(line, end);
    }
    if (joiner.is_open()) {
      const Record record = joiner.take();
      records.emplace_back(record.text);
      last_end = record.end;
    }
    return records;
  }

  MultiLineOptions options;
  std::optional<LinePattern> pattern;
  Counters counters;
  std::uint64_t last_end = 0;
};

TEST_CASE("a record begins where the start pattern matches") {
  Rig rig(Rule::kStartPattern);
  rig.pattern.emplace(*LinePattern::compile("^\\d"));
  CHECK(rig.join({"no start", "1 a", "  b", "", "c", "2 d", "3 e", "f"}) ==
        Records{"no start", "1 a\n  b\n\nc", "2 d", "3 e\nf"});
  CHECK(rig.last_end == 30);
}

TEST_CASE("indented and empty lines continue a record") {
  Rig rig(Rule::kIndent);
  CHECK(rig.join({"a", "  b", "\tc", "", "  d", "e", "f", ""}) ==
        Records{"a\n  b\n\tc\n\n  d", "e", "f"});
}

TEST_CASE("a Python traceback is one record by indent, with the line that ends it") {
  Rig rig(Rule::kIndent);
  CHECK(rig.join({"ERROR failed",
                  "Traceback (most recent call last):", "  File \"a.py\", line 1, in <module>",
                  "    f()", "ValueError: bad", "INFO next"}) ==
        Records{"ERROR failed",
                "Traceback (most recent call last):\n  File \"a.py\", line 1, in <module>\n"
                "    f()\nValueError: bad",
                "INFO next"});
}

TEST_CASE("a record ends at its limits") {
  Rig rig(Rule::kIndent);
  SUBCASE("of lines") {
    rig.options.max_lines = 2;
    CHECK(rig.join({"a", " b", " c", " d", " e"}) == Records{"a\n b", " c\n d", " e"});
  }
  SUBCASE("of bytes") {
    rig.options.max_bytes = 7;
    CHECK(rig.join({"abc", " ef", " h", "longer than seven", " i"}) ==
          Records{"abc\n ef", " h", "longer than seven", " i"});
  }
}

TEST_CASE("a line at which the pattern gives up continues the record, and is counted") {
  Rig rig(Rule::kStartPattern);
  rig.pattern.emplace(*LinePattern::compile("^(a+)+$"));
  const std::string hard = std::string(40, 'a') + "b";
  CHECK(rig.join({"aa", hard}) == Records{"aa\n" + hard});
  CHECK(rig.counters.give_ups.get() == 1);
}

TEST_CASE("what is covered goes with the open record") {
  Rig rig(Rule::kIndent);
  MultiLine joiner(rig.options, nullptr, rig.counters);
  joiner.add("a", 2);
  joiner.cover(90);
  CHECK(joiner.take().end == 90);
}

}  // namespace
}  // namespace tocsin::tail
