#include "src/publish/redis/error_replies.hpp"

#include <doctest/doctest.h>

using tocsin::publish::meaning_of_error;

TEST_CASE("errors that pass are told from errors that stay") {
  for (const char* name :
       {"LOADING", "READONLY", "OOM", "NOAUTH", "WRONGPASS", "MOVED", "MISCONF"}) {
    CAPTURE(name);
    CHECK(meaning_of_error(name).temporary);
    CHECK(meaning_of_error(name).name == name);
  }
  CHECK_FALSE(meaning_of_error("WRONGTYPE").temporary);
  CHECK_FALSE(meaning_of_error("ERR").temporary);
}

TEST_CASE("an error of no known name is counted as other and does not pass") {
  CHECK(meaning_of_error("SURPRISE").name == "other");
  CHECK_FALSE(meaning_of_error("SURPRISE").temporary);
  CHECK(meaning_of_error("").name == "other");
}
