// Random predicates, each with an oracle: a second, naive reading of the same tests, written
// without a line of src/query. And random events that are consistent with a random identity.
// The vocabulary is small, so that every test is true of some events and false of others.
#pragma once

#include <functional>
#include <random>
#include <string>

#include "tocsin/event.hpp"
#include "tocsin/identity.hpp"

namespace tocsin::query::testing {

using Random = std::mt19937_64;

struct RandomPredicate {
  std::string text;
  std::function<bool(const Event&)> truth;
};

[[nodiscard]] RandomPredicate random_predicate(Random& random, int depth);
[[nodiscard]] Identity random_identity(Random& random);
[[nodiscard]] Event random_event_of(const Identity& identity, Random& random);

}  // namespace tocsin::query::testing
