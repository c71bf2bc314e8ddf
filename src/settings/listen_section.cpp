// `listen`: which sockets are opened, and that no two of them are the same; `checks`.
#include <algorithm>
#include <chrono>
#include <concepts>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "src/settings/listener_fields.hpp"
#include "src/settings/reader.hpp"
#include "src/settings/sections.hpp"

namespace tocsin::settings {
namespace {

using namespace std::chrono_literals;

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

bool is_name(std::string_view name) {
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
  });
}

// Fills a listener from its map, key by key; knows at the end whether it listens anywhere.
class ListenerReader {
 public:
  ListenerReader(MapReader& map, Sockets& sockets) : map_(map), sockets_(sockets) {}

  void name(std::string& name) {
    if (map_.text("name", name) && !is_name(name)) {
      map_.complaints().add(
          Errc::kSyntax, map_.position("name"),
          "found " + in_quotes(name) + ", expected a name of letters, digits, '_', '-' and '.'");
    }
  }

  void socket(std::string_view key, std::optional<Address>& address, const char* transport) {
    keys_.push_back(key);
    const NodePtr* node = map_.find(key);
    if (node == nullptr || (*node)->kind == Node::Kind::kNull) return;
    ++count_;
    Address read;
    if (!read_ip(map_, key, read)) return;
    sockets_.add(transport, read, map_.position(key));
    address = std::move(read);
  }

  void path(std::string_view key, std::string& path) {
    keys_.push_back(key);
    const NodePtr* node = map_.find(key);
    if (node == nullptr || (*node)->kind == Node::Kind::kNull) return;
    ++count_;
    const std::string expected = "the path of a unix socket, with a '/' in it and at most " +
                                 std::to_string(kMaxSocketPath) + " bytes";
    const std::string* text = read_text(**node, expected, map_.complaints());
    if (text == nullptr) return;
    Result<Address> parsed = parse_address(*text);
    if (!parsed || parsed->family != Address::Family::kUnix) {
      complain(**node, expected, map_.complaints());
      return;
    }
    sockets_.add("unix", *parsed, (*node)->position);
    path = *text;
  }

  void file(std::string_view key, std::string& path) {
    const NodePtr* node = map_.find(key);
    if (node == nullptr || (*node)->kind == Node::Kind::kNull) return;
    const std::string* text = read_text(**node, "the path of a file", map_.complaints());
    if (text != nullptr) path = *text;
  }
  void files(std::string_view key, std::vector<std::string>& paths) {
    list(key, paths, "the path of a file, or a list of them");
  }
  void texts(std::string_view key, std::vector<std::string>& texts) {
    list(key, texts, "a text, or a list of them");
  }

  void text(std::string_view key, std::string& text) { map_.text_or_empty(key, text); }
  void boolean(std::string_view key, bool& value) { map_.boolean(key, value); }
  template <class Enum, std::size_t N>
  void word(std::string_view key, Enum& value, const Word<Enum> (&words)[N]) {
    map_.word(key, value, words);
  }
  void bytes(std::string_view key, std::uint64_t& value, std::uint64_t min, std::uint64_t max) {
    map_.bytes(key, value, min, max);
  }
  template <class Int>
  void integer(std::string_view key, Int& value, Int min, Int max) {
    map_.integer(key, value, min, max);
  }
  void duration(std::string_view key, Duration& value, Duration min, Duration max) {
    map_.duration(key, value, min, max);
  }
  void optional_duration(std::string_view key, std::optional<Duration>& value, Duration min,
                         Duration max) {
    const NodePtr* node = map_.find(key);
    if (node == nullptr || (*node)->kind == Node::Kind::kNull) return;
    Duration read{};
    if (map_.duration(key, read, min, max)) value = read;
  }

  // How many addresses were written, good or bad.
  [[nodiscard]] std::size_t count() const noexcept { return count_; }
  // The keys under which there may be one: "udp, tcp or unix".
  [[nodiscard]] std::string ways() const {
    std::string out;
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      if (i > 0) out += i + 1 == keys_.size() ? " or " : ", ";
      out += keys_[i];
    }
    return out;
  }

 private:
  void list(std::string_view key, std::vector<std::string>& out, std::string_view expected) {
    const NodePtr* node = map_.find(key);
    if (node == nullptr) return;
    out.clear();
    if ((*node)->kind == Node::Kind::kNull) return;
    for (const NodePtr& item : read_list(*node, expected, map_.complaints())) {
      const std::string* text = read_text(*item, expected, map_.complaints());
      if (text != nullptr) out.push_back(*text);
    }
  }

  MapReader& map_;
  Sockets& sockets_;
  std::vector<std::string_view> keys_;
  std::size_t count_ = 0;
};

// What the keys of any listener must be to each other.
void check_listener(const Listener& listener, MapReader& map) {
  if (listener.receive_buffer_bytes < listener.max_datagram_bytes) {
    map.complaints().add(
        Errc::kRange, map.position("receive_buffer"),
        "found a receive_buffer of " + format_bytes(listener.receive_buffer_bytes) +
            ", expected at least max_datagram (" + format_bytes(listener.max_datagram_bytes) + ")");
  }
  if (listener.tls && (listener.certificate.empty() || listener.key.empty())) {
    map.complaints().add(Errc::kSyntax, map.position("tls"),
                         "found tls without certificate and key, expected the paths of both");
  }
}

void check(const Listener&, MapReader&) {}

void check(const CollectdListener& listener, MapReader& map) {
  if (listener.security != Security::kNone && listener.auth_file.empty()) {
    map.complaints().add(Errc::kSyntax, map.position("security"),
                         "found a level of security without auth_file, expected the path of a file "
                         "with users and passwords");
  }
}

void check(const NagiosListener& listener, MapReader& map) {
  if (listener.nsca && listener.nsca_method != NscaMethod::kNone &&
      listener.nsca_password_file.empty()) {
    map.complaints().add(Errc::kSyntax, map.position("nsca"),
                         "found nsca without nsca_password_file, expected the path of a file with "
                         "the password (or nsca_method 0)");
  }
}

void check(const TailInput& input, MapReader& map) {
  if (input.paths.empty()) {
    map.complaints().add(Errc::kSyntax, map.position(),
                         "found no paths, expected the files to follow");
  }
  if (!input.record_start.empty() && input.join_indented) {
    map.complaints().add(Errc::kDuplicate, map.position("join_indented"),
                         "found both record_start and join_indented, expected one of them");
  }
}

void check(const LocalCheck& local, MapReader& map) {
  if (local.name.empty()) {
    map.complaints().add(Errc::kSyntax, map.position(),
                         "found a check without a name, expected one");
  }
  if (local.command.empty()) {
    map.complaints().add(Errc::kSyntax, map.position(),
                         "found a check without a command, expected a program and its arguments");
  }
}

// Listeners of all protocols: no two have the same name, and there are not too many.
class Listeners {
 public:
  Listeners(Complaints& complaints, Sockets& sockets)
      : complaints_(complaints), sockets_(sockets) {}

  template <class L>
  void read(MapReader& listen, std::string_view key, std::vector<L>& listeners) {
    const NodePtr* node = listen.find(key);
    if (node == nullptr) return;
    listeners.clear();
    if ((*node)->kind == Node::Kind::kNull) return;
    if ((*node)->kind != Node::Kind::kList) {
      complain(**node, "a list of listeners ([] for none)", complaints_);
      return;
    }
    for (const NodePtr& item : (*node)->items) {
      MapReader map(*item, complaints_);
      L listener;
      ListenerReader reader(map, sockets_);
      visit(listener, reader);
      map.finish();
      if (map.usable()) {
        check(listener, map);
        if constexpr (std::derived_from<L, Listener>) {
          if (reader.count() == 0) {
            complaints_.add(
                Errc::kSyntax, map.position(),
                "found a listener without an address, expected one of " + reader.ways());
          }
          check_listener(listener, map);
          enter(listener.name, reader.count(), map);
        } else {
          enter(listener.name, 1, map);
        }
      }
      listeners.push_back(std::move(listener));
    }
  }

  // Of a listener that nobody wrote.
  void enter_default(const std::string& name, std::size_t sockets, Position position) {
    names_.emplace(name, position);
    count_ += sockets;
  }

 private:
  void enter(const std::string& name, std::size_t sockets, MapReader& map) {
    const auto [first, is_new] = names_.emplace(name, map.position("name"));
    if (!is_new) {
      complaints_.add(Errc::kDuplicate, map.position("name"),
                      "found a second listener named " + in_quotes(name) +
                          ", expected a name of its own (first at " +
                          place(complaints_.file(), first->second) + ")");
    }
    count_ += sockets;
    if (count_ > kMaxSockets && !std::exchange(told_, true)) {
      complaints_.add(Errc::kLimit, map.position(),
                      "found a listener that makes it " + std::to_string(count_) +
                          " sockets, expected at most " + std::to_string(kMaxSockets) +
                          " over all listeners");
    }
  }

  Complaints& complaints_;
  Sockets& sockets_;
  std::map<std::string, Position> names_;
  std::size_t count_ = 0;
  bool told_ = false;
};

}  // namespace

void read_listen(const Node& node, Listen& listen, Complaints& complaints) {
  MapReader map(node, complaints);
  Sockets sockets(complaints);
  Listeners listeners(complaints, sockets);
  if (!map.has("statsd")) {
    for (const StatsdListener& listener : listen.statsd) {
      sockets.add("udp", *listener.udp, map.position());
      sockets.add("tcp", *listener.tcp, map.position());
      listeners.enter_default(listener.name, 2, map.position());
    }
  }
  listeners.read(map, "statsd", listen.statsd);
  listeners.read(map, "collectd", listen.collectd);
  listeners.read(map, "riemann", listen.riemann);
  listeners.read(map, "graphite", listen.graphite);
  listeners.read(map, "syslog", listen.syslog);
  listeners.read(map, "json", listen.json);
  listeners.read(map, "gelf", listen.gelf);
  listeners.read(map, "nagios", listen.nagios);
  listeners.read(map, "tail", listen.tail);
  map.duration("max_ahead", listen.max_ahead, 1s, 24h * 365);
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
    section.boolean("ingest", listen.http.ingest);
    ListenerReader(section, sockets).files("types_db", listen.http.types_db);
    section.boolean("collectd_rates", listen.http.collectd_rates);
    ListenerReader(section, sockets).texts("hosts", listen.http.hosts);
    section.finish();
    position = section.position("address");
  }
  sockets.add("tcp", listen.http.address, position);
  map.finish();
}

void read_checks(const Node& node, Checks& checks, Complaints& complaints) {
  MapReader map(node, complaints);
  map.integer("max_concurrent", checks.max_concurrent, 1U, 1024U);
  map.word("failure", checks.failure, kCheckFailures);
  Sockets none(complaints);
  const NodePtr* list = map.find("run");
  map.finish();
  if (list == nullptr || (*list)->kind == Node::Kind::kNull) return;
  if ((*list)->kind != Node::Kind::kList) return complain(**list, "a list of checks", complaints);
  std::map<std::pair<std::string, std::string>, Position> seen;
  for (const NodePtr& item : (*list)->items) {
    MapReader fields(*item, complaints);
    LocalCheck local;
    ListenerReader reader(fields, none);
    visit(local, reader);
    fields.finish();
    if (!fields.usable()) continue;
    check(local, fields);
    const auto [first, is_new] =
        seen.emplace(std::pair{local.host, local.name}, fields.position("name"));
    if (!is_new) {
      complaints.add(Errc::kDuplicate, fields.position("name"),
                     "found a second check " + in_quotes(local.name) +
                         " of its host, expected a name of its own (first at " +
                         place(complaints.file(), first->second) + ")");
    }
    checks.run.push_back(std::move(local));
  }
}

}  // namespace tocsin::settings
