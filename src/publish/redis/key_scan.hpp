// Walks all keys of a Redis that start with a prefix, and reads their values, a few hundred at a
// time.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "src/publish/redis/resp.hpp"
#include "tocsin/store.hpp"

namespace tocsin::publish {

// Sends one command and hands its reply on; error replies arrive as errors.
using AskRedis =
    std::function<void(std::vector<std::string> words, std::function<void(Result<Reply>)> then)>;

// Calls `handler` once. `ask` is used until then.
// Cost: SCAN walks every key of the database, whatever the prefix.
void start_key_scan(AskRedis ask, std::string prefix, std::size_t limit,
                    ResultStore::ScanHandler handler);

}  // namespace tocsin::publish
