// RedisStore: the result store in a Redis server (docs/formats/redis.md).
//
// Values become SET key value PX ttl, members become ZADD index <end of life, ms> member. Both are
// absolute, so what was sent and not acknowledged is simply sent again on the next connection. A
// lost connection is made anew with doubling waits.
//
// Answers: OK                                        stored
//          LOADING READONLY OOM MISCONF NOAUTH ...   not now: the record stays, a new connection
//                                                    is made later, perhaps to a new master
//          anything else, e.g. WRONGTYPE             refused: the record is dropped and counted
// Each is counted under its own name in causes().
// Threads: the one that runs the io_context, for every call.
// Not offered: Redis Cluster (MOVED is named and waited out), TLS, RESP3.
#pragma once

#include <memory>

#include "src/publish/redis/options.hpp"
#include "tocsin/store.hpp"

namespace boost::asio {
class io_context;
}

namespace tocsin::publish {

// Starts connecting when the io_context runs. `context` must outlive the store.
[[nodiscard]] std::unique_ptr<ResultStore> make_redis_store(boost::asio::io_context& context,
                                                            RedisOptions options, TimePoint now);

}  // namespace tocsin::publish
