#include "src/publish/backoff.hpp"

#include <doctest/doctest.h>

using namespace std::chrono_literals;
using tocsin::publish::Backoff;

TEST_CASE("waits double up to the longest and vary between half and whole") {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    Backoff backoff(100ms, 1000ms, seed);
    for (const auto whole : {100ms, 200ms, 400ms, 800ms, 1000ms, 1000ms, 1000ms}) {
      const auto wait = backoff.next();
      CHECK(wait >= whole / 2);
      CHECK(wait <= whole);
    }
  }
}

TEST_CASE("two daemons do not return in step") {
  Backoff one(1000ms, 1000ms, 1);
  Backoff two(1000ms, 1000ms, 2);
  int different = 0;
  for (int i = 0; i < 10; ++i) different += one.next() != two.next() ? 1 : 0;
  CHECK(different >= 8);
}

TEST_CASE("success starts over with the first wait") {
  Backoff backoff(10ms, 10000ms, 1);
  for (int i = 0; i < 8; ++i) static_cast<void>(backoff.next());
  backoff.reset();
  CHECK(backoff.next() <= 10ms);
}

TEST_CASE("a wait is never zero, whatever the options say") {
  Backoff backoff(0ms, 0ms, 1);
  CHECK(backoff.next() == 1ms);
}
