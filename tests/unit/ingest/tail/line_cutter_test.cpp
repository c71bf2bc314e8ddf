#include "ingest/tail/line_cutter.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

namespace tocsin::tail {
namespace {

using Kind = Line::Kind;
using Before = LineCutter::Before;

struct Got {
  std::string text;
  std::uint64_t end;
  Kind kind;

  friend bool operator==(const Got&, const Got&) = default;
};

std::vector<Got> cut(LineCutter& cutter, std::string_view chunk) {
  std::vector<Got> lines;
  cutter.feed(chunk);
  while (const auto line = cutter.next()) {
    lines.push_back({std::string(line->text), line->end, line->kind});
  }
  return lines;
}

std::string nuls(std::size_t count) {
  return std::string(count, '\0');
}

TEST_CASE("lines end in LF, and a CR before it is no part of them") {
  LineCutter cutter(100);
  CHECK(cut(cutter, "one\ntwo\r\n\nth\rree\r\r\n") ==
        std::vector<Got>{{"one", 4, Kind::kText},
                         {"two", 9, Kind::kText},
                         {"", 10, Kind::kText},
                         {"th\rree\r", 19, Kind::kText}});
  CHECK_FALSE(cutter.has_open_line());
}

TEST_CASE("a line that comes in pieces is one line") {
  LineCutter cutter(100);
  CHECK(cut(cutter, "be").empty());
  CHECK(cutter.has_open_line());
  CHECK(cut(cutter, "gin").empty());
  CHECK(cut(cutter, "\r").empty());
  CHECK(cut(cutter, "\nnext\n") ==
        std::vector<Got>{{"begin", 7, Kind::kText}, {"next", 12, Kind::kText}});
}

TEST_CASE("NULs are skipped wherever they stand, and offsets count them") {
  LineCutter cutter(8);
  CHECK(cut(cutter, nuls(1000)).empty());
  CHECK(cut(cutter, nuls(1000) + "a" + nuls(3) + "b\n" + nuls(2) + "\nc\n") ==
        std::vector<Got>{
            {"ab", 2006, Kind::kText}, {"", 2009, Kind::kText}, {"c", 2011, Kind::kText}});
}

TEST_CASE("a line longer than the limit is overlong, at the limit it is not") {
  LineCutter cutter(4);
  SUBCASE("in one chunk") {
    CHECK(cut(cutter, "1234\n1234\r\n12345\n12345\r\n1\n") ==
          std::vector<Got>{{"1234", 5, Kind::kText},
                           {"1234", 11, Kind::kText},
                           {"1234", 17, Kind::kOverlong},
                           {"1234", 24, Kind::kOverlong},
                           {"1", 26, Kind::kText}});
  }
  SUBCASE("byte by byte") {
    std::vector<Got> all;
    for (const char c : std::string("1234\r\n1234567890\r\n1\n")) {
      const auto lines = cut(cutter, std::string_view(&c, 1));
      all.insert(all.end(), lines.begin(), lines.end());
    }
    CHECK(all == std::vector<Got>{{"1234", 6, Kind::kText},
                                  {"1234", 18, Kind::kOverlong},
                                  {"1", 20, Kind::kText}});
  }
}

TEST_CASE("an open line can be cut, and the LF that follows is its own") {
  LineCutter cutter(100);
  REQUIRE(cut(cutter, "a\nopen").size() == 1);
  const auto line = cutter.cut_open_line();
  REQUIRE(line);
  CHECK(line->text == "open");
  CHECK(line->end == 6);
  CHECK_FALSE(cutter.cut_open_line());
  SUBCASE("LF") {
    CHECK(cut(cutter, "\n\nb\n") ==
          std::vector<Got>{{"", 7, Kind::kSkipped}, {"", 8, Kind::kText}, {"b", 10, Kind::kText}});
  }
  SUBCASE("CR LF") {
    CHECK(cut(cutter, "\r\n") == std::vector<Got>{{"", 8, Kind::kSkipped}});
  }
  SUBCASE("more text is a line of its own") {
    CHECK(cut(cutter, "ed\n") == std::vector<Got>{{"ed", 9, Kind::kText}});
  }
}

TEST_CASE("the rest of an overlong line that was cut is no line") {
  LineCutter cutter(4);
  REQUIRE(cut(cutter, "123456").empty());
  const auto line = cutter.cut_open_line();
  REQUIRE(line);
  CHECK(line->kind == Kind::kOverlong);
  CHECK(cut(cutter, "789").empty());
  CHECK_FALSE(cutter.has_open_line());
  CHECK(cut(cutter, "0\nb\n") ==
        std::vector<Got>{{"", 11, Kind::kSkipped}, {"b", 13, Kind::kText}});
}

TEST_CASE("a restart says what stands before") {
  LineCutter cutter(100);
  REQUIRE(cut(cutter, "left over").empty());
  SUBCASE("a line end") {
    cutter.restart(50, Before::kLineEnd);
    CHECK(cut(cutter, "\na\n") == std::vector<Got>{{"", 51, Kind::kText}, {"a", 53, Kind::kText}});
  }
  SUBCASE("a line that was cut") {
    cutter.restart(50, Before::kCutLine);
    CHECK(cut(cutter, "\na\n") ==
          std::vector<Got>{{"", 51, Kind::kSkipped}, {"a", 53, Kind::kText}});
  }
  SUBCASE("a line whose rest is skipped") {
    cutter.restart(50, Before::kOpenLine);
    CHECK(cut(cutter, "rest\na\n") ==
          std::vector<Got>{{"", 55, Kind::kSkipped}, {"a", 57, Kind::kText}});
  }
}

// What the lines of a text are, said without chunks.
std::vector<Got> naive_lines(std::string_view text, std::size_t most) {
  std::vector<Got> lines;
  std::size_t begin = 0;
  for (std::size_t lf; (lf = text.find('\n', begin)) != std::string_view::npos; begin = lf + 1) {
    std::string line(text.substr(begin, lf - begin));
    std::erase(line, '\0');
    if (!line.empty() && line.back() == '\r') line.pop_back();
    const bool overlong = line.size() > most;
    lines.push_back({line.substr(0, most), lf + 1, overlong ? Kind::kOverlong : Kind::kText});
  }
  return lines;
}

TEST_CASE("lines do not depend on where chunks end") {
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    std::string text(random() % 200, ' ');
    for (char& c : text) c = std::string_view("ab\n\r\0\n", 6)[random() % 6];
    LineCutter cutter(5);
    std::vector<Got> got;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t size = std::min<std::size_t>(1 + random() % 20, text.size() - at);
      const auto lines = cut(cutter, std::string_view(text).substr(at, size));
      got.insert(got.end(), lines.begin(), lines.end());
      at += size;
    }
    REQUIRE(got == naive_lines(text, 5));
  }
}

}  // namespace
}  // namespace tocsin::tail
