// Runs the tests of a predicate, against an event or against what an identity already tells.
//
// Three truth values (Kleene): "unknown" is what an identity does not say, and a regular expression
// that gave up. It stays unknown through `not`, loses to false in an `and` and to true in an `or`;
// so an event never matches because a search was given up, not even under `not`.
// Cost:    one walk over the nodes, stopping as soon as the verdict is known; no allocation.
#pragma once

#include <cstdint>

#include "src/query/fields.hpp"
#include "src/query/program.hpp"
#include "tocsin/event.hpp"
#include "tocsin/identity.hpp"

namespace tocsin::query {

// Ordered so that `and` is the least and `or` the greatest of its children.
enum class Verdict : std::uint8_t { kFalse, kUnknown, kTrue };

// `node` is the root of a subtree whose constants are in `pool`.
[[nodiscard]] Verdict evaluate(const Node& node, const Pool& pool, const Event& event) noexcept;

[[nodiscard]] Verdict evaluate(const Node& node, const Pool& pool, const Fields& fields) noexcept;

// Known of an identity: host, service, tags, its attributes; and, unless it is of kind kEvent, that
// there are no attributes besides these and `metric_type`.
[[nodiscard]] Verdict evaluate(const Node& node, const Pool& pool,
                               const Identity& identity) noexcept;

}  // namespace tocsin::query
