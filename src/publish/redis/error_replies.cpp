#include "src/publish/redis/error_replies.hpp"

namespace tocsin::publish {
namespace {

constexpr ErrorMeaning kKnown[] = {
    {"LOADING", true, "Redis is reading its data from disk"},
    {"READONLY", true, "connected to a replica; waiting for a master at this address"},
    {"OOM", true, "Redis is at its maxmemory"},
    {"MISCONF", true, "Redis cannot save to disk and refuses writes"},
    {"MASTERDOWN", true, "the replica lost its master"},
    {"NOREPLICAS", true, "Redis has fewer replicas than it is told to require"},
    {"BUSY", true, "Redis is running a script"},
    {"NOAUTH", true, "Redis asks for a password: set one"},
    {"WRONGPASS", true, "user or password is wrong"},
    {"NOPERM", true, "the user may not do this: allow set, zadd, zremrangebyscore and ping"},
    {"DENIED", true, "Redis is in protected mode: bind it or set a password"},
    {"MOVED", true, "this is a node of a Redis Cluster, which is not supported"},
    {"ASK", true, "this is a node of a Redis Cluster, which is not supported"},
    {"CLUSTERDOWN", true, "this is a node of a Redis Cluster, which is not supported"},
    {"CROSSSLOT", true, "this is a node of a Redis Cluster, which is not supported"},
    {"TRYAGAIN", true, ""},
    {"WRONGTYPE", false, "the key holds something that is not Tocsin's"},
    {"ERR", false, ""},
};

}  // namespace

ErrorMeaning meaning_of_error(std::string_view name) noexcept {
  for (const ErrorMeaning& known : kKnown) {
    if (name == known.name || (name == "-DENIED" && known.name == "DENIED")) return known;
  }
  return {"other", false, ""};
}

}  // namespace tocsin::publish
