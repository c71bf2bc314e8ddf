#include "ingest/nagios/perfdata.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace tocsin::nagios {
namespace {

struct Read {
  std::vector<PerfItem> items;
  std::vector<Refusal> refusals;
};

Read read(std::string_view perfdata) {
  Read result;
  PerfReader reader(perfdata);
  PerfItem item;
  std::optional<Refusal> refusal;
  while (reader.next(item, refusal)) {
    if (refusal) {
      CHECK(!item.text.empty());
      result.refusals.push_back(*refusal);
    } else {
      result.items.push_back(item);
    }
  }
  return result;
}

PerfItem one(std::string_view perfdata) {
  const Read all = read(perfdata);
  REQUIRE(all.refusals.empty());
  REQUIRE(all.items.size() == 1);
  return all.items[0];
}

TEST_CASE("an item has a label, a number with its unit, thresholds and limits") {
  const PerfItem item = one("/=2643MB;5948;@10:20;0;5968");
  CHECK(item.label == "/");
  CHECK(item.metric == Metric(std::int64_t{2643}));
  CHECK(item.uom == "MB");
  CHECK(item.warn == "5948");
  CHECK(item.crit == "@10:20");
  CHECK(item.min == "0");
  CHECK(item.max == "5968");
  CHECK(item.text == "/=2643MB;5948;@10:20;0;5968");
}

TEST_CASE("fields may be empty or missing, and blanks stand where they like") {
  const Read all = read("  load1=3.270;50.000;;0; \t a=1\r\n b=2;;;;;;\n");
  CHECK(all.refusals.empty());
  REQUIRE(all.items.size() == 3);
  CHECK(all.items[0].metric == Metric(3.27));
  CHECK(all.items[0].warn == "50.000");
  CHECK(all.items[0].crit.empty());
  CHECK(all.items[0].min == "0");
  CHECK(all.items[0].max.empty());
  CHECK(all.items[1].label == "a");
  CHECK(all.items[2].label == "b");
}

TEST_CASE("a quoted label may hold blanks, '=' and doubled quotes") {
  const PerfItem drive = one(R"('C:\ Label=x y'=21%;80%;90%)");
  CHECK(drive.label == R"(C:\ Label=x y)");
  CHECK_FALSE(drive.has_quotes);
  CHECK(drive.uom == "%");
  CHECK(drive.warn == "80%");

  const PerfItem quoted = one("'it''s ''so'''=1");
  CHECK(quoted.has_quotes);
  std::string label;
  unquote(quoted.label, label);
  CHECK(label == "it's 'so'");
}

TEST_CASE("numbers are integers as long as they can be") {
  struct Case {
    std::string_view text;
    Metric metric;
    std::string_view uom;
    bool exact = true;
  };
  const Case cases[] = {
      {"x=23170383872B", std::int64_t{23170383872}, "B"},
      {"x=-5", std::int64_t{-5}, ""},
      {"x=+5c", std::int64_t{5}, "c"},
      {"x=9223372036854775807", std::numeric_limits<std::int64_t>::max(), ""},
      {"x=18446744073709551615c", 18446744073709551615.0, "c", false},
      {"x=0.120s", 0.12, "s"},
      {"x=.5", 0.5, ""},
      {"x=5.", 5.0, ""},
      {"x=1e3", 1000.0, ""},
      {"x=1.5E-3ms", 0.0015, "ms"},
      {"x=1e", std::int64_t{1}, "e"},
      {"x=12\xC2\xB5s", std::int64_t{12}, "\xC2\xB5s"},
      {"x=3req/s", std::int64_t{3}, "req/s"},
      {"x=0.12345678901234567", 0.12345678901234567, ""},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    const PerfItem item = one(c.text);
    CHECK(item.metric == c.metric);
    CHECK(item.uom == c.uom);
    CHECK(item.exact == c.exact);
  }
}

TEST_CASE("U is a value that the plugin could not find out") {
  const PerfItem item = one("x=U;1;2");
  CHECK(item.metric.index() == 0);
  CHECK(item.value == "U");
  CHECK(item.warn == "1");
}

TEST_CASE("a bad item is refused with its place, and its neighbours are kept") {
  struct Case {
    std::string item;
    RejectCause cause;
    std::size_t offset;  // in the item
  };
  const Case cases[] = {
      {"word", RejectCause::kSyntax, 0},
      {"=5", RejectCause::kName, 0},
      {"''=5", RejectCause::kName, 0},
      {"x=", RejectCause::kValue, 2},
      {"x=;1;2", RejectCause::kValue, 2},
      {"x=nan", RejectCause::kValue, 2},
      {"x=3,27", RejectCause::kValue, 2},
      {"x=1.2.3", RejectCause::kValue, 2},
      {"x=0x10", RejectCause::kValue, 2},
      {"x=1e999", RejectCause::kValue, 2},
      {"x=5'", RejectCause::kValue, 2},
      {"x=--5", RejectCause::kValue, 2},
      {"x=u", RejectCause::kValue, 2},
      {"'x'5", RejectCause::kSyntax, 3},
      {"x=1;2;3;4;5;;6", RejectCause::kSyntax, 13},
  };
  for (const Case& c : cases) {
    CAPTURE(c.item);
    const std::string perfdata = "a=1 " + c.item + " b=2";
    const Read all = read(perfdata);
    REQUIRE(all.refusals.size() == 1);
    CHECK(all.refusals[0].cause == c.cause);
    CHECK(all.refusals[0].offset == 4 + c.offset);
    CHECK(!all.refusals[0].text.empty());
    REQUIRE(all.items.size() == 2);
    CHECK(all.items[0].label == "a");
    CHECK(all.items[1].label == "b");
  }
}

TEST_CASE("a quote that is not closed costs one word") {
  const Read all = read("a=1 'b=2 c=3");
  REQUIRE(all.refusals.size() == 1);
  CHECK(all.refusals[0].cause == RejectCause::kSyntax);
  CHECK(all.refusals[0].offset == 4);
  REQUIRE(all.items.size() == 2);
  CHECK(all.items[1].label == "c");
}

TEST_CASE("nothing but blanks is no item") {
  CHECK(read("").items.empty());
  CHECK(read(" \t\r\n").items.empty());
}

}  // namespace
}  // namespace tocsin::nagios
