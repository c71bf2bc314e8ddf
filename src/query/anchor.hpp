// An anchor: a condition on the identity that must hold for a predicate to match at all, cheap
// enough to look up in a table. `service in ("a", "b") and metric > 3` has the anchor
// {service = "a", service = "b"}; `metric > 3` has none and must always be tried.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "src/query/program.hpp"

namespace tocsin::query {

struct AnchorKey {
  enum class Kind : std::uint8_t {
    kService,
    kHost,
    kServicePrefix,
    kHostPrefix,
    kServiceSuffix,
    kHostSuffix,
    kTag,
  };
  Kind kind;              // in order of preference: the earlier, the fewer identities share a key
  std::string_view text;  // views the pool of the program; not empty but for kTag
};

// At least one of the keys holds for every identity with an event that matches. Empty optional:
// nothing of the kind is known.
using Anchor = std::optional<std::vector<AnchorKey>>;

[[nodiscard]] Anchor find_anchor(const Program& program);

}  // namespace tocsin::query
