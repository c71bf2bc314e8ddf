// The keys of every listener, each with its member and its permitted range: read by the loader,
// written by show_settings. A visitor has a member function for each kind of value:
//   name(member)                      the listener's name
//   socket(key, member, transport)    an optional IP address; transport: "udp" or "tcp"
//   path(key, member)                 the path of a unix socket, or none
//   file(key, member), files(...)     paths of files
//   text(key, member)                 may be empty
//   boolean, word, bytes, integer, duration, optional_duration
#pragma once

#include <chrono>
#include <cstdint>

#include "src/settings/listeners.hpp"
#include "src/settings/setting_words.hpp"

namespace tocsin::settings {

inline constexpr std::uint32_t kMaxConnections = 1'000'000;

// Which of the shared addresses a protocol offers.
struct Ways {
  bool udp = false;
  bool tcp = false;
  bool tls = false;
  bool unix_datagram = false;
  bool unix_stream = false;

  [[nodiscard]] bool datagrams() const noexcept { return udp || unix_datagram; }
};

inline constexpr Ways kStatsdWays{true, true, false, true, true};
inline constexpr Ways kCollectdWays{true, true, false, false, true};
inline constexpr Ways kRiemannWays{true, true, true, false, false};
inline constexpr Ways kGraphiteWays{true, true, false, false, true};
inline constexpr Ways kSyslogWays{true, true, true, true, true};
inline constexpr Ways kJsonWays{true, true, true, true, true};
inline constexpr Ways kGelfWays{true, true, true, false, false};
inline constexpr Ways kNagiosWays{false, true, true, false, true};

template <class Visitor>
void visit_addresses(Listener& listener, const Ways& ways, Visitor& visitor) {
  visitor.name(listener.name);
  if (ways.udp) visitor.socket("udp", listener.udp, "udp");
  if (ways.tcp) visitor.socket("tcp", listener.tcp, "tcp");
  if (ways.tls) {
    visitor.socket("tls", listener.tls, "tcp");
    visitor.file("certificate", listener.certificate);
    visitor.file("key", listener.key);
    visitor.file("client_ca", listener.client_ca);
  }
  if (ways.unix_datagram) visitor.path("unix", listener.unix_datagram);
  if (ways.unix_stream) visitor.path("unix_stream", listener.unix_stream);
}

template <class Visitor>
void visit_limits(Listener& listener, const Ways& ways, Visitor& visitor) {
  using namespace std::chrono_literals;
  if (ways.datagrams()) {
    visitor.bytes("receive_buffer", listener.receive_buffer_bytes, 4096, std::uint64_t{1} << 30);
  }
  visitor.bytes("max_record", listener.max_record_bytes, 64, std::uint64_t{16} << 20);
  if (ways.datagrams()) {
    visitor.bytes("max_datagram", listener.max_datagram_bytes, 512, std::uint64_t{64} << 10);
  }
  visitor.integer("max_connections", listener.max_connections, 1U, kMaxConnections);
  visitor.duration("idle_timeout", listener.idle_timeout, 1s, 24h);
}

template <class Visitor>
void visit(StatsdListener& listener, Visitor& visitor) {
  visit_addresses(listener, kStatsdWays, visitor);
  visitor.word("dialect", listener.dialect, kDialects);
  visitor.word("gauge_sign", listener.gauge_sign, kGaugeSigns);
  visitor.text("host", listener.host);
  visitor.word("container", listener.container, kContainerIds);
  visit_limits(listener, kStatsdWays, visitor);
}

template <class Visitor>
void visit(CollectdListener& listener, Visitor& visitor) {
  using namespace std::chrono_literals;
  visit_addresses(listener, kCollectdWays, visitor);
  visitor.text("interface", listener.interface);
  visitor.word("security", listener.security, kSecurities);
  visitor.file("auth_file", listener.auth_file);
  visitor.files("types_db", listener.types_db);
  visitor.duration("interval", listener.interval, 1ms, 24h);
  visitor.optional_duration("max_age", listener.max_age, 1s, 24h * 365);
  visitor.text("host", listener.host);
  visitor.integer("max_readings", listener.max_readings, 1024U, 1U << 28);
  visitor.bytes("list_memory", listener.list_memory_bytes, 0, std::uint64_t{4} << 30);
  visit_limits(listener, kCollectdWays, visitor);
}

template <class Visitor>
void visit(RiemannListener& listener, Visitor& visitor) {
  visit_addresses(listener, kRiemannWays, visitor);
  visit_limits(listener, kRiemannWays, visitor);
}

template <class Visitor>
void visit(GraphiteListener& listener, Visitor& visitor) {
  using namespace std::chrono_literals;
  visit_addresses(listener, kGraphiteWays, visitor);
  visitor.socket("pickle", listener.pickle, "tcp");
  visitor.socket("msgpack", listener.msgpack, "udp");
  visitor.texts("templates", listener.templates);
  visitor.text("host", listener.host);
  visitor.optional_duration("ttl", listener.ttl, 1s, 24h * 365);
  visitor.bytes("max_pickle", listener.max_pickle_bytes, 1024, std::uint64_t{64} << 20);
  visit_limits(listener, kGraphiteWays, visitor);
}

template <class Visitor>
void visit(SyslogListener& listener, Visitor& visitor) {
  visit_addresses(listener, kSyslogWays, visitor);
  visitor.socket("relp", listener.relp, "tcp");
  visitor.text("host", listener.host);
  visitor.text("service", listener.service);
  visitor.boolean("with_host", listener.with_host);
  visitor.boolean("bare_tags", listener.bare_tags);
  visitor.text("time_zone", listener.time_zone);
  visitor.boolean("escape_controls", listener.escape_controls);
  visitor.boolean("trim_text", listener.trim_text);
  visit_limits(listener, kSyslogWays, visitor);
}

template <class Visitor>
void visit(JsonListener& listener, Visitor& visitor) {
  visit_addresses(listener, kJsonWays, visitor);
  visitor.text("host", listener.host);
  visitor.text("service", listener.service);
  visit_limits(listener, kJsonWays, visitor);
}

template <class Visitor>
void visit(GelfListener& listener, Visitor& visitor) {
  visit_addresses(listener, kGelfWays, visitor);
  visit_limits(listener, kGelfWays, visitor);
}

template <class Visitor>
void visit(NagiosListener& listener, Visitor& visitor) {
  using namespace std::chrono_literals;
  visit_addresses(listener, kNagiosWays, visitor);
  visitor.socket("nsca", listener.nsca, "tcp");
  visitor.word("nsca_method", listener.nsca_method, kNscaMethods);
  visitor.file("nsca_password_file", listener.nsca_password_file);
  visitor.duration("max_age", listener.max_age, 1s, 24h);
  visitor.duration("interval", listener.interval, 1s, 24h * 7);
  visit_limits(listener, kNagiosWays, visitor);
}

template <class Visitor>
void visit(TailInput& input, Visitor& visitor) {
  using namespace std::chrono_literals;
  visitor.name(input.name);
  visitor.texts("paths", input.paths);
  visitor.texts("exclude", input.exclude);
  visitor.word("format", input.format, kLineFormats);
  visitor.word("start", input.start, kTailStarts);
  visitor.text("record_start", input.record_start);
  visitor.boolean("join_indented", input.join_indented);
  visitor.text("host", input.host);
  visitor.text("service", input.service);
  visitor.bytes("max_record", input.max_record_bytes, 64, std::uint64_t{16} << 20);
  visitor.integer("max_files", input.max_files, 1U, 100'000U);
  visitor.duration("rotation_wait", input.rotation_wait, 100ms, 24h);
}

template <class Visitor>
void visit(LocalCheck& check, Visitor& visitor) {
  using namespace std::chrono_literals;
  visitor.name(check.name);
  visitor.text("host", check.host);
  visitor.texts("command", check.command);
  visitor.duration("interval", check.interval, 1s, 24h * 7);
  visitor.duration("timeout", check.timeout, 100ms, 1h);
}

}  // namespace tocsin::settings
