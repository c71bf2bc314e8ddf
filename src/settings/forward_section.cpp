// `forward`: the destinations that results go to besides the store.
#include <chrono>
#include <map>
#include <span>
#include <string>
#include <utility>

#include "src/settings/reader.hpp"
#include "src/settings/sections.hpp"
#include "src/settings/setting_words.hpp"

namespace tocsin::settings {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kAddressExpected =
    "host:port, such as 10.0.0.1:2003 or [::1]:2003, or host:port:instance";

// "host:port" or "host:port:instance", as carbon's DESTINATIONS are written.
Result<ForwardAddress> parse_forward_address(std::string_view text) {
  const std::size_t host_end = text.starts_with('[') ? text.find(']') : 0;
  const std::size_t port = text.find(':', host_end == std::string_view::npos ? 0 : host_end);
  const std::size_t instance =
      port == std::string_view::npos ? std::string_view::npos : text.find(':', port + 1);
  Result<Address> address = parse_address(text.substr(0, instance));
  if (!address) return address.error();
  ForwardAddress parsed{std::move(*address), {}};
  if (instance != std::string_view::npos) parsed.instance = text.substr(instance + 1);
  const bool empty_instance = instance != std::string_view::npos && parsed.instance.empty();
  if (empty_instance || parsed.address.family == Address::Family::kUnix) {
    return Error{Errc::kSyntax, "", std::string(kAddressExpected)};
  }
  if (parsed.address.port == 0) return Error{Errc::kRange, "", "a port from 1 to 65535"};
  return parsed;
}

void read_addresses(MapReader& map, Forward& forward) {
  const NodePtr* list = map.require("addresses", kAddressExpected);
  if (list == nullptr) return;
  if ((*list)->kind == Node::Kind::kList && (*list)->items.empty()) {
    map.complaints().add(Errc::kSyntax, (*list)->position,
                         "found an empty list, expected " + std::string(kAddressExpected));
  }
  for (const NodePtr& item : read_list(*list, kAddressExpected, map.complaints())) {
    const std::string* text = read_text(*item, kAddressExpected, map.complaints());
    if (text == nullptr) continue;
    Result<ForwardAddress> parsed = parse_forward_address(*text);
    if (parsed) {
      forward.addresses.push_back(std::move(*parsed));
    } else {
      const bool range = parsed.error().code == Errc::kRange;
      complain(*item, range ? std::string_view(parsed.error().text) : kAddressExpected,
               map.complaints(), parsed.error().code);
    }
  }
}

// Carbon's own settings mean nothing to a Riemann, which also has no shards.
void read_riemann(MapReader& map, const Forward& forward) {
  for (const char* key : {"protocol", "hashing", "replicas", "diverse_replicas"}) {
    map.refuse(key, Errc::kSyntax,
               "found " + std::string(key) + ", expected it with 'to: graphite' only");
  }
  if (forward.addresses.size() > 1 ||
      (!forward.addresses.empty() && !forward.addresses.front().instance.empty())) {
    map.complaints().add(Errc::kSyntax, map.position("addresses"),
                         "found more than host:port, expected one address: every event goes there");
  }
}

void read_graphite(MapReader& map, Forward& forward) {
  map.word("protocol", forward.protocol, kGraphiteProtocols);
  map.word("hashing", forward.hashing, kHashings);
  map.integer("replicas", forward.replicas, 1U, 256U);
  map.boolean("diverse_replicas", forward.diverse_replicas);
}

Forward read_destination(MapReader& map) {
  Forward forward;
  if (map.require("to", listed(std::span<const Word<ForwardTo>>(kForwardTos))) != nullptr) {
    map.word("to", forward.to, kForwardTos);
  }
  forward.name = word_of(std::span<const Word<ForwardTo>>(kForwardTos), forward.to);
  map.text("name", forward.name);
  read_addresses(map, forward);
  if (forward.to == ForwardTo::kRiemann) {
    read_riemann(map, forward);
  } else {
    read_graphite(map, forward);
  }
  read_predicate_text(map, "where", forward.where);
  map.text_or_empty("prefix", forward.prefix);
  map.duration("connect_timeout", forward.connect_timeout, 10ms, 1min);
  map.bytes("spool", forward.spool_bytes, std::uint64_t{1} << 20, std::uint64_t{1} << 40);
  map.finish();
  return forward;
}

}  // namespace

void read_forward(const NodePtr& node, std::vector<Forward>& forwards, Complaints& complaints) {
  std::map<std::string, Position> names;
  for (const NodePtr& item : read_list(node, "a list of destinations", complaints)) {
    MapReader map(*item, complaints);
    if (!map.usable()) continue;
    forwards.push_back(read_destination(map));
    const auto [first, is_new] = names.emplace(forwards.back().name, map.position("name"));
    if (!is_new) {
      complaints.add(Errc::kDuplicate, map.position("name"),
                     "found a second destination named " + in_quotes(forwards.back().name) +
                         ", expected a name of its own (first at " +
                         place(complaints.file(), first->second) + ")");
    }
    if (forwards.size() == kMaxForwards + 1) {
      complaints.add(Errc::kLimit, map.position(),
                     "found one destination more than " + std::to_string(kMaxForwards) +
                         ", expected at most so many");
    }
  }
}

std::string format_address(const ForwardAddress& address) {
  const std::string text = format_address(address.address);
  return address.instance.empty() ? text : text + ':' + address.instance;
}

}  // namespace tocsin::settings
