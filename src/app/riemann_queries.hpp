// What a Riemann client hears that asks for events: those of the index that match, in Riemann's own
// form. The query is one of our predicates, which read most of Riemann's.
#pragma once

#include <string>
#include <string_view>

#include "src/app/shard_set.hpp"
#include "tocsin/result.hpp"

namespace tocsin::app {

// More events than this are left out; clients ask for what people look at.
inline constexpr std::size_t kMaxQueryEvents = 10'000;

// As many `events` fields of a Msg. kSyntax and others: the query's fault, with its line and
// column; kUnavailable: a shard did not answer. Waits for the shards: not for a stage's thread.
[[nodiscard]] Result<std::string> answer_riemann_query(ShardSet& shards, std::string_view query);

}  // namespace tocsin::app
