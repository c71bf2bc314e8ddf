#include "ingest/syslog/priority.hpp"

#include <doctest/doctest.h>

namespace tocsin::syslog {
namespace {

TEST_CASE("a priority is facility times eight and severity") {
  const Priority priority = read_priority("<34>1 - - app");
  CHECK(priority.size == 4);
  CHECK(priority.facility() == 4);
  CHECK(priority.severity() == 2);
  CHECK(read_priority("<0>").value == 0);
  CHECK(read_priority("<0>").size == 3);
  CHECK(read_priority("<191>").value == 191);
}

TEST_CASE("what is no priority counts as user.notice") {
  for (const char* text : {"", "<", "<>", "<1", "<191", "<192>", "<999>", "<1000>", "<00>", "<01>",
                           "<013>", "<-1>", "< 1>", "<1 >", "<a>", "34>", " <34>", "text"}) {
    CAPTURE(text);
    const Priority priority = read_priority(text);
    CHECK(priority.size == 0);
    CHECK(priority.facility() == 1);
    CHECK(priority.severity() == 5);
  }
}

TEST_CASE("severity decides the state") {
  constexpr const char* kStates[] = {"critical", "critical", "critical", "critical",
                                     "warning",  "ok",       "ok",       "ok"};
  for (std::uint8_t severity = 0; severity < 8; ++severity) {
    CHECK(state_of(severity) == kStates[severity]);
  }
}

}  // namespace
}  // namespace tocsin::syslog
