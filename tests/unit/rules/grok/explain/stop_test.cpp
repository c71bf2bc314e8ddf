#include "src/rules/grok/explain/stop.hpp"

#include <doctest/doctest.h>

namespace tocsin::rules::grok::explain {
namespace {

TEST_CASE("what was found is cut at a character") {
  CHECK(show_found("abc", 1) == "'bc'");
  CHECK(show_found("abc", 3) == "the end of the line");
  CHECK(show_found(std::string(23, 'a') + "\xC3\xA9" + "b", 0) ==
        "'" + std::string(23, 'a') + "\xC3\xA9...'");
}

TEST_CASE("a stop is told in one sentence") {
  Stop stop;
  stop.offset = 9;
  stop.expected = "']'";
  stop.found = "'x'";
  CHECK(to_string(stop) == "at byte 9 expected ']', found 'x'");
  stop.within = {"%{PID:pid}"};
  stop.within_from = 9;
  CHECK(to_string(stop) == "at byte 9 expected ']' in %{PID:pid}, found 'x'");
  stop.within_from = 4;
  stop.within.push_back("%{SYSLOGBASE}");
  CHECK(to_string(stop) ==
        "at byte 9 expected ']' in %{PID:pid}, which began at byte 4, of %{SYSLOGBASE}, found 'x'");
  stop.searched_all = false;
  CHECK(to_string(stop).ends_with("found 'x' (the search ended early)"));
}

TEST_CASE("the nearer candidate has matched more of its expression, then more of the line") {
  Stop a;
  Stop b;
  CHECK_FALSE(is_nearer(a, b));
  a.offset = 1;
  CHECK(is_nearer(a, b));
  b.passed = 1;
  CHECK(is_nearer(b, a));
}

}  // namespace
}  // namespace tocsin::rules::grok::explain
