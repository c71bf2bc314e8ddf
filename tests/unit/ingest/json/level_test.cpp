#include "ingest/json/level.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tocsin/event.hpp"

namespace tocsin::json_lines {
namespace {

TEST_CASE("words of loggers are states, in any case") {
  for (const char* word : {"emerg", "Emergency", "PANIC", "alert", "crit", "CRITICAL", "fatal",
                           "severe", "err", "Error"}) {
    CAPTURE(word);
    CHECK(state_of_level(word) == state::kCritical);
  }
  for (const char* word : {"warn", "WARNING"}) CHECK(state_of_level(word) == state::kWarning);
  for (const char* word :
       {"notice", "INFO", "Information", "informational", "debug", "trace", "verbose", "ok"}) {
    CAPTURE(word);
    CHECK(state_of_level(word) == state::kOk);
  }
}

TEST_CASE("one digit is a severity of syslog") {
  const std::string_view expected[] = {state::kCritical, state::kCritical, state::kCritical,
                                       state::kCritical, state::kWarning,  state::kOk,
                                       state::kOk,       state::kOk};
  for (int level = 0; level < 8; ++level) {
    CHECK(state_of_level(std::to_string(level)) == expected[level]);
  }
}

TEST_CASE("tens are the levels of pino and bunyan") {
  for (const char* level : {"10", "20", "30"}) CHECK(state_of_level(level) == state::kOk);
  CHECK(state_of_level("40") == state::kWarning);
  for (const char* level : {"50", "60"}) CHECK(state_of_level(level) == state::kCritical);
}

TEST_CASE("other words and numbers are no level") {
  for (const char* level : {"", "8", "9", "15", "70", "00", "100", "-1", "3.0", "loud", "infos",
                            "a word that is longer than any level"}) {
    CAPTURE(level);
    CHECK(state_of_level(level).empty());
  }
}

}  // namespace
}  // namespace tocsin::json_lines
