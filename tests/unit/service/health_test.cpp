#include "src/service/health.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string_view>

namespace tocsin::service {
namespace {

constexpr Health kKnown[] = {Health::kPassing, Health::kDegraded, Health::kFailing};
constexpr Health kAll[] = {Health::kPassing, Health::kDegraded, Health::kFailing, Health::kUnknown};

TEST_CASE("each state has its word") {
  CHECK(to_string(Health::kPassing) == "passing");
  CHECK(to_string(Health::kDegraded) == "degraded");
  CHECK(to_string(Health::kFailing) == "failing");
  CHECK(to_string(Health::kUnknown) == "unknown");
}

TEST_CASE("what is known has one reading, what is unknown has the best and the worst") {
  for (const Health health : kAll) {
    CAPTURE(to_string(health));
    CHECK(Bracket::of(health).verdict() == health);
  }
  CHECK(Bracket::of(Health::kUnknown).best == Health::kPassing);
  CHECK(Bracket::of(Health::kUnknown).worst == Health::kFailing);
}

TEST_CASE("the worse of two states is known unless an unknown one could change it") {
  for (const Health a : kAll) {
    for (const Health b : kAll) {
      CAPTURE(to_string(a));
      CAPTURE(to_string(b));
      Bracket both = Bracket::of(a);
      both.add(Bracket::of(b));
      // Unknown may be anything: the verdict stands when it is the same for each.
      Health first = Health::kUnknown;
      bool same = true;
      for (const Health read_a : kKnown) {
        for (const Health read_b : kKnown) {
          if ((a != Health::kUnknown && read_a != a) || (b != Health::kUnknown && read_b != b))
            continue;
          const Health worse = std::max(read_a, read_b);
          same = same && (first == Health::kUnknown || worse == first);
          first = worse;
        }
      }
      CHECK(both.verdict() == (same ? first : Health::kUnknown));
    }
  }
}

TEST_CASE("a cap makes both readings no worse than its limit, and never worse than they were") {
  for (const Health limit : kKnown) {
    for (const Health health : kKnown) {
      Bracket bracket = Bracket::of(health);
      bracket.cap(limit);
      CHECK(bracket.verdict() == std::min(health, limit));
    }
  }
  Bracket unknown = Bracket::of(Health::kUnknown);
  unknown.cap(Health::kDegraded);
  CHECK(unknown.best == Health::kPassing);
  CHECK(unknown.worst == Health::kDegraded);
  CHECK(unknown.verdict() == Health::kUnknown);
  unknown.cap(Health::kPassing);
  CHECK(unknown.verdict() == Health::kPassing);  // as good as passing, whatever it is
}

}  // namespace
}  // namespace tocsin::service
