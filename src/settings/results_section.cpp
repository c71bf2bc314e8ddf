// `results`: which store takes the results, and how it is reached.
#include <chrono>
#include <string>
#include <utility>

#include "src/settings/reader.hpp"
#include "src/settings/sections.hpp"
#include "src/settings/setting_words.hpp"

namespace tocsin::settings {
namespace {

using namespace std::chrono_literals;

void read_embedded(const Node& node, EmbeddedStore& store, Complaints& complaints) {
  MapReader map(node, complaints);
  std::string directory;
  if (map.text("directory", directory)) store.directory = directory;
  read_predicate_text(map, "series", store.series);
  map.finish();
}

// Null stands for "none", as in the commented default.
bool text_or_null(MapReader& map, std::string_view key, std::string& out) {
  const NodePtr* node = map.find(key);
  if (node != nullptr && (*node)->kind == Node::Kind::kNull) return false;
  return map.text_or_empty(key, out);
}

void read_server_address(MapReader& map, Address& address) {
  constexpr std::string_view kExpected =
      "host:port, such as 127.0.0.1:6379, or the path of a unix socket";
  const NodePtr* node = map.find("address");
  if (node == nullptr) return;
  const std::string* text = read_text(**node, kExpected, map.complaints());
  if (text == nullptr) return;
  Result<Address> parsed = parse_address(*text);
  if (!parsed) {
    const bool range = parsed.error().code == Errc::kRange;
    complain(**node, range ? std::string_view(parsed.error().text) : kExpected, map.complaints(),
             parsed.error().code);
  } else if (parsed->family != Address::Family::kUnix && parsed->port == 0) {
    complain(**node, "a port from 1 to 65535", map.complaints(), Errc::kRange);
  } else {
    address = std::move(parsed).value();
  }
}

void read_credentials(MapReader& map, RedisStore& store) {
  text_or_null(map, "user", store.user);
  text_or_null(map, "password", store.password);
  std::string file;
  if (text_or_null(map, "password_file", file)) store.password_file = file;
  if (!store.password.empty() && !store.password_file.empty()) {
    map.complaints().add(Errc::kDuplicate, map.position("password_file"),
                         "found both password and password_file, expected one of them");
  }
  if (!store.user.empty() && store.password.empty() && store.password_file.empty()) {
    map.complaints().add(Errc::kSyntax, map.position("user"),
                         "found a user without a password, expected password_file as well");
  }
}

void read_redis(const Node& node, RedisStore& store, Complaints& complaints) {
  MapReader map(node, complaints);
  read_server_address(map, store.address);
  read_credentials(map, store);
  map.integer("database", store.database, 0U, 65535U);
  map.text_or_empty("prefix", store.prefix);
  map.duration("ttl", store.ttl, 1min, 100 * 366 * 24h);
  read_predicate_text(map, "series", store.series);
  map.duration("connect_timeout", store.connect_timeout, 10ms, 1min);
  map.integer("pipeline", store.pipeline, 1U, 65536U);
  map.bytes("spool", store.spool_bytes, 0, std::uint64_t{1} << 40);
  map.finish();
}

}  // namespace

void read_predicate_text(MapReader& map, std::string_view key, PredicateText& predicate) {
  const NodePtr* node = map.find(key);
  if (node == nullptr) return;
  if (read_text(**node, "a predicate, such as 'true'", map.complaints()) == nullptr) return;
  predicate.excerpt = (*node)->scalar;
  predicate.file = map.complaints().file();
}

void read_results(const Node& node, Results& results, Complaints& complaints) {
  MapReader map(node, complaints);
  map.word("store", results.store, kStores);
  if (const NodePtr* embedded = map.find("embedded")) {
    read_embedded(**embedded, results.embedded, complaints);
  }
  if (const NodePtr* redis = map.find("redis")) read_redis(**redis, results.redis, complaints);
  map.finish();
}

}  // namespace tocsin::settings
