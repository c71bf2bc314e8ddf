// `listen`: which sockets are opened, and that no two of them are the same.
#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <utility>

#include "src/settings/reader.hpp"
#include "src/settings/sections.hpp"
#include "src/settings/setting_words.hpp"

namespace tocsin::settings {
namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t kMaxConnections = 1'000'000;
constexpr std::string_view kIpExpected =
    "an IP address and a port such as 127.0.0.1:8125, [::1]:8125 or 0.0.0.0:8125";

// The sockets seen so far, by protocol and address. Port 0 is never taken: it means any free one.
class Sockets {
 public:
  explicit Sockets(Complaints& complaints) : complaints_(complaints) {}

  void add(const char* protocol, const Address& address, Position position) {
    if (address.family != Address::Family::kUnix && address.port == 0) return;
    const std::string spelling = std::string(protocol) + ' ' + format_address(address);
    const auto [first, is_new] = seen_.emplace(spelling, position);
    if (is_new) return;
    complaints_.add(Errc::kDuplicate, position,
                    "found " + spelling + " again, expected an address of its own (first at " +
                        place(complaints_.file(), first->second) + ")");
  }

 private:
  Complaints& complaints_;
  std::map<std::string, Position> seen_;
};

// Names are refused: what one resolves to may change, and may be more than one address.
bool read_ip(MapReader& map, std::string_view key, Address& address) {
  const NodePtr* node = map.find(key);
  if (node == nullptr) return false;
  const std::string* text = read_text(**node, kIpExpected, map.complaints());
  if (text == nullptr) return false;
  Result<Address> parsed = parse_address(*text);
  const bool is_ip = parsed && (parsed->family == Address::Family::kIpv4 ||
                                parsed->family == Address::Family::kIpv6);
  if (!is_ip) {
    const bool range = !parsed && parsed.error().code == Errc::kRange;
    complain(**node, range ? std::string_view(parsed.error().text) : kIpExpected, map.complaints());
    return false;
  }
  address = std::move(parsed).value();
  return true;
}

void read_optional_ip(MapReader& map, std::string_view key, std::optional<Address>& address,
                      const char* protocol, Sockets& sockets) {
  const NodePtr* node = map.find(key);
  if (node == nullptr || (*node)->kind == Node::Kind::kNull) return;
  Address read;
  if (!read_ip(map, key, read)) return;
  sockets.add(protocol, read, map.position(key));
  address = std::move(read);
}

void read_socket_path(MapReader& map, std::string_view key, std::string& path, Sockets& sockets) {
  const NodePtr* node = map.find(key);
  if (node == nullptr || (*node)->kind == Node::Kind::kNull) return;
  const std::string expected = "the path of a unix socket, with a '/' in it and at most " +
                               std::to_string(kMaxSocketPath) + " bytes";
  const std::string* text = read_text(**node, expected, map.complaints());
  if (text == nullptr) return;
  Result<Address> parsed = parse_address(*text);
  if (!parsed || parsed->family != Address::Family::kUnix) {
    complain(**node, expected, map.complaints());
    return;
  }
  sockets.add("unix", *parsed, (*node)->position);
  path = *text;
}

bool is_name(std::string_view name) {
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
  });
}

void read_statsd_listener(MapReader& map, StatsdListener& listener, Sockets& sockets) {
  if (map.text("name", listener.name) && !is_name(listener.name)) {
    map.complaints().add(Errc::kSyntax, map.position("name"),
                         "found " + in_quotes(listener.name) +
                             ", expected a name of letters, digits, '_', '-' and '.'");
  }
  const std::size_t before = map.complaints().count();
  read_optional_ip(map, "udp", listener.udp, "udp", sockets);
  read_optional_ip(map, "tcp", listener.tcp, "tcp", sockets);
  read_socket_path(map, "unix", listener.unix_datagram, sockets);
  read_socket_path(map, "unix_stream", listener.unix_stream, sockets);
  const bool addresses_are_good = map.complaints().count() == before;
  map.word("dialect", listener.dialect, kDialects);
  map.word("gauge_sign", listener.gauge_sign, kGaugeSigns);
  map.text_or_empty("host", listener.host);
  map.word("container", listener.container, kContainerIds);
  map.bytes("receive_buffer", listener.receive_buffer_bytes, 4096, std::uint64_t{1} << 30);
  map.bytes("max_record", listener.max_record_bytes, 64, std::uint64_t{1} << 20);
  map.bytes("max_datagram", listener.max_datagram_bytes, 512, std::uint64_t{64} << 10);
  map.integer("max_connections", listener.max_connections, 1U, kMaxConnections);
  map.duration("idle_timeout", listener.idle_timeout, 1s, 24h);
  map.finish();
  if (map.usable() && addresses_are_good && !listener.udp && !listener.tcp &&
      listener.unix_datagram.empty() && listener.unix_stream.empty()) {
    map.complaints().add(Errc::kSyntax, map.position(),
                         "found a listener without an address, expected one of udp, tcp, unix or "
                         "unix_stream");
  }
  if (listener.receive_buffer_bytes < listener.max_datagram_bytes) {
    map.complaints().add(
        Errc::kRange, map.position("receive_buffer"),
        "found a receive_buffer of " + format_bytes(listener.receive_buffer_bytes) +
            ", expected at least max_datagram (" + format_bytes(listener.max_datagram_bytes) + ")");
  }
}

std::size_t count_sockets(const StatsdListener& listener) {
  return (listener.udp ? 1U : 0U) + (listener.tcp ? 1U : 0U) +
         (listener.unix_datagram.empty() ? 0U : 1U) + (listener.unix_stream.empty() ? 0U : 1U);
}

void read_statsd_listeners(const Node& node, std::vector<StatsdListener>& listeners,
                           Sockets& sockets, Complaints& complaints) {
  listeners.clear();
  if (node.kind == Node::Kind::kNull) return;
  if (node.kind != Node::Kind::kList) {
    complain(node, "a list of listeners ([] for none)", complaints);
    return;
  }
  std::map<std::string, Position> names;
  std::size_t sockets_so_far = 0;
  bool told = false;
  for (const NodePtr& item : node.items) {
    MapReader map(*item, complaints);
    StatsdListener listener;
    read_statsd_listener(map, listener, sockets);
    const auto [first, is_new] = names.emplace(listener.name, map.position("name"));
    if (!is_new && map.usable()) {
      complaints.add(Errc::kDuplicate, map.position("name"),
                     "found a second listener named " + in_quotes(listener.name) +
                         ", expected a name of its own (first at " +
                         place(complaints.file(), first->second) + ")");
    }
    sockets_so_far += count_sockets(listener);
    if (sockets_so_far > kMaxStatsdSockets && !std::exchange(told, true)) {
      complaints.add(Errc::kLimit, map.position(),
                     "found a listener that makes it " + std::to_string(sockets_so_far) +
                         " statsd sockets, expected at most " + std::to_string(kMaxStatsdSockets) +
                         " over all listeners");
    }
    listeners.push_back(std::move(listener));
  }
}

}  // namespace

void read_listen(const Node& node, Listen& listen, Complaints& complaints) {
  MapReader map(node, complaints);
  Sockets sockets(complaints);
  if (const NodePtr* statsd = map.find("statsd")) {
    read_statsd_listeners(**statsd, listen.statsd, sockets, complaints);
  } else {
    for (const StatsdListener& listener : listen.statsd) {
      sockets.add("udp", *listener.udp, map.position());
      sockets.add("tcp", *listener.tcp, map.position());
    }
  }
  const NodePtr* admin = map.find("statsd_admin");
  if (admin != nullptr && (*admin)->kind == Node::Kind::kNull) listen.statsd_admin.reset();
  if (listen.statsd_admin) {
    Position position = map.position();
    if (admin != nullptr) {
      MapReader section(**admin, complaints);
      read_ip(section, "address", listen.statsd_admin->address);
      section.boolean("deletes", listen.statsd_admin->deletes);
      section.finish();
      position = section.position("address");
    }
    sockets.add("tcp", listen.statsd_admin->address, position);
  }
  Position position = map.position();
  if (const NodePtr* http = map.find("http")) {
    MapReader section(**http, complaints);
    read_ip(section, "address", listen.http.address);
    section.integer("max_connections", listen.http.max_connections, 1U, kMaxConnections);
    section.duration("header_timeout", listen.http.header_timeout, 100ms, 10min);
    section.bytes("max_body", listen.http.max_body_bytes, 1024, std::uint64_t{1} << 30);
    section.finish();
    position = section.position("address");
  }
  sockets.add("tcp", listen.http.address, position);
  map.finish();
}

}  // namespace tocsin::settings
