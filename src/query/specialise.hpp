// Partial evaluation: what remains of a predicate once an identity is known.
// Each test that the identity settles becomes a constant, and constants fold upwards: in
// `service = "a" and metric > 3`, for the service "a", only `metric > 3` is left.
#pragma once

#include "src/query/program.hpp"
#include "tocsin/identity.hpp"

namespace tocsin::query {

// Shares the pool of `program`.
[[nodiscard]] Program specialise(const Program& program, const Identity& identity);

}  // namespace tocsin::query
