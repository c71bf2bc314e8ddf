// Listeners: what can be chosen about each way in. One struct per protocol; what all of them share
// stands in Listener. listener_fields.hpp names the key of each member.
// Threads: plain values.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "src/settings/address.hpp"
#include "src/settings/units.hpp"

namespace tocsin::settings {

// Addresses that are not set are not listened on.
struct Listener {
  std::string name;
  std::optional<Address> udp;
  std::optional<Address> tcp;
  std::optional<Address> tls;  // TCP with TLS; needs `certificate` and `key`
  std::string unix_datagram;   // path; empty: none. Key `unix`
  std::string unix_stream;     // path; empty: none

  std::string certificate;  // files, PEM
  std::string key;
  std::string client_ca;  // empty: clients need no certificate

  std::uint64_t receive_buffer_bytes = std::uint64_t{16} << 20;
  std::uint64_t max_record_bytes = std::uint64_t{8} << 10;
  std::uint64_t max_datagram_bytes = std::uint64_t{64} << 10;
  std::uint32_t max_connections = 1024;  // of each stream socket
  Duration idle_timeout = std::chrono::minutes(5);

  friend bool operator==(const Listener&, const Listener&) = default;
};

enum class Dialect : std::uint8_t {
  kStatsd,      // Etsy's statsd and the DogStatsD extensions where they do not contradict it
  kEtsyStrict,  // Etsy's statsd only; anything else is refused
  kDogstatsd,   // DogStatsD 1.0 to 1.3
};

enum class GaugeSign : std::uint8_t {
  kDelta,     // "-5" lowers the gauge by 5 (Etsy)
  kAbsolute,  // "-5" sets it to -5 (DogStatsD)
};

enum class ContainerId : std::uint8_t { kIgnore, kTag };

struct StatsdListener : Listener {
  StatsdListener() { name = "statsd"; }

  Dialect dialect = Dialect::kStatsd;
  GaugeSign gauge_sign = GaugeSign::kDelta;
  std::string host;  // the host of samples that name none
  ContainerId container = ContainerId::kIgnore;

  friend bool operator==(const StatsdListener&, const StatsdListener&) = default;
};

// One statsd listener on the usual port, UDP and TCP, loopback.
[[nodiscard]] inline StatsdListener default_statsd_listener() {
  StatsdListener listener;
  listener.udp = Address{Address::Family::kIpv4, "127.0.0.1", 8125};
  listener.tcp = listener.udp;
  return listener;
}

enum class Security : std::uint8_t { kNone, kSign, kEncrypt };

// UDP is the binary protocol, a multicast group is joined; streams speak the text protocol.
struct CollectdListener : Listener {
  CollectdListener() {
    name = "collectd";
    max_record_bytes = std::uint64_t{64} << 10;
  }

  std::string interface;  // of a multicast group; empty: the system's choice
  Security security = Security::kNone;
  std::string auth_file;                                      // read again when it changes
  std::vector<std::string> types_db;                          // later files win
  Duration interval = std::chrono::seconds(10);               // of values that do not say
  std::optional<Duration> max_age;                            // older ones are refused
  std::string host;                                           // of notifications that name none
  std::uint32_t max_readings = 262144;                        // data sources whose rates are known
  std::uint64_t list_memory_bytes = std::uint64_t{16} << 20;  // of lists seen before, a thread

  friend bool operator==(const CollectdListener&, const CollectdListener&) = default;
};

struct RiemannListener : Listener {
  RiemannListener() {
    name = "riemann";
    max_record_bytes = std::uint64_t{1} << 20;
    max_datagram_bytes = std::uint64_t{16} << 10;
  }

  friend bool operator==(const RiemannListener&, const RiemannListener&) = default;
};

struct GraphiteListener : Listener {
  GraphiteListener() {
    name = "graphite";
    max_record_bytes = std::uint64_t{16} << 10;
  }

  std::optional<Address> pickle;                            // TCP
  std::uint64_t max_pickle_bytes = std::uint64_t{1} << 20;  // of one frame
  std::optional<Address> msgpack;                           // UDP: what Skyline's relays send
  std::vector<std::string> templates;  // "servers.* .host.service*", see graphite.md
  std::string host;                    // of names that say nothing about it
  std::optional<Duration> ttl;         // of every event

  friend bool operator==(const GraphiteListener&, const GraphiteListener&) = default;
};

struct SyslogListener : Listener {
  SyslogListener() {
    name = "syslog";
    max_record_bytes = std::uint64_t{64} << 10;
  }

  std::optional<Address> relp;     // TCP: every message is acknowledged
  std::string host;                // of messages that name none; empty: the sender's address
  std::string service = "syslog";  // of messages that name no program
  bool with_host = true;           // senders write their host into RFC 3164 messages
  bool bare_tags = true;           // a first word that only a blank ends is the program
  std::string time_zone = "UTC";   // of RFC 3164 times
  bool escape_controls = false;
  bool trim_text = false;

  friend bool operator==(const SyslogListener&, const SyslogListener&) = default;
};

struct JsonListener : Listener {
  JsonListener() {
    name = "json";
    max_record_bytes = std::uint64_t{64} << 10;
  }

  std::string host;              // of records that name none
  std::string service = "json";  // the same

  friend bool operator==(const JsonListener&, const JsonListener&) = default;
};

struct GelfListener : Listener {
  GelfListener() {
    name = "gelf";
    max_record_bytes = std::uint64_t{256} << 10;  // of a message, inflated
  }

  friend bool operator==(const GelfListener&, const GelfListener&) = default;
};

enum class NscaMethod : std::uint8_t { kNone, kXor, kTripleDes, kAes256 };  // 0, 1, 3, 14

// Streams take passive results as Nagios' external commands, a line each.
struct NagiosListener : Listener {
  NagiosListener() {
    name = "nagios";
    max_record_bytes = std::uint64_t{64} << 10;
  }

  std::optional<Address> nsca;  // TCP: what send_nsca sends
  NscaMethod nsca_method = NscaMethod::kXor;
  std::string nsca_password_file;
  Duration max_age = std::chrono::seconds(30);  // of an NSCA packet
  Duration interval = std::chrono::minutes(5);  // of checks; a result speaks for two of them

  friend bool operator==(const NagiosListener&, const NagiosListener&) = default;
};

enum class LineFormat : std::uint8_t { kPlain, kJson, kSyslog, kStatsd, kGraphite, kNagios };
enum class TailStart : std::uint8_t { kEnd, kBeginning };

// Files that are followed.
struct TailInput {
  std::string name = "tail";
  std::vector<std::string> paths;                                      // patterns of glob(7)
  std::vector<std::string> exclude{"*.gz", "*.xz", "*.bz2", "*.zst"};  // of base names
  LineFormat format = LineFormat::kPlain;
  TailStart start = TailStart::kEnd;  // in files that were never seen
  std::string record_start;    // regular expression; lines that do not match continue a record
  bool join_indented = false;  // lines that begin with a blank continue a record
  std::string host;            // of records that name none; empty: this machine
  std::string service;         // the same; empty: the base name of the file
  std::uint64_t max_record_bytes = std::uint64_t{64} << 10;
  std::uint32_t max_files = 1024;
  Duration rotation_wait = std::chrono::seconds(5);  // a renamed file is read for so long

  friend bool operator==(const TailInput&, const TailInput&) = default;
};

// One program that is run again and again, as Nagios and NRPE run their plugins.
struct LocalCheck {
  std::string name;  // the service of its events
  std::string host;  // empty: this machine
  std::vector<std::string> command;
  Duration interval = std::chrono::minutes(1);
  Duration timeout = std::chrono::seconds(10);

  friend bool operator==(const LocalCheck&, const LocalCheck&) = default;
};

enum class CheckFailure : std::uint8_t { kUnknown, kCritical };

struct Checks {
  std::uint32_t max_concurrent = 8;
  CheckFailure failure = CheckFailure::kUnknown;  // state of a check that could not say one
  std::vector<LocalCheck> run;

  friend bool operator==(const Checks&, const Checks&) = default;
};

struct StatsdAdmin {
  Address address{Address::Family::kIpv4, "127.0.0.1", 8126};
  bool deletes = false;  // whether delcounters and the like are obeyed

  friend bool operator==(const StatsdAdmin&, const StatsdAdmin&) = default;
};

struct HttpListener {
  Address address{Address::Family::kIpv4, "127.0.0.1", 8128};
  std::uint32_t max_connections = 512;
  Duration header_timeout = std::chrono::seconds(10);
  std::uint64_t max_body_bytes = std::uint64_t{1} << 20;
  bool ingest = true;                 // whether records may be posted under /ingest/
  std::vector<std::string> types_db;  // of /ingest/collectd; later files win
  bool collectd_rates = false;        // collectd's write_http is configured with StoreRates true
  std::vector<std::string> hosts;     // names, besides the address, under which clients ask for it

  friend bool operator==(const HttpListener&, const HttpListener&) = default;
};

// All sockets of all listeners, and groups of followed files. Inputs are counted one by one, in one
// byte, and some are not of the settings' making.
inline constexpr std::size_t kMaxSockets = 56;

struct Listen {
  std::vector<StatsdListener> statsd{default_statsd_listener()};
  std::vector<CollectdListener> collectd;
  std::vector<RiemannListener> riemann;
  std::vector<GraphiteListener> graphite;
  std::vector<SyslogListener> syslog;
  std::vector<JsonListener> json;
  std::vector<GelfListener> gelf;
  std::vector<NagiosListener> nagios;
  std::vector<TailInput> tail;
  Duration max_ahead = std::chrono::hours(24);  // of an event's time; what is beyond is marked
  std::optional<StatsdAdmin> statsd_admin = StatsdAdmin{};
  HttpListener http;

  friend bool operator==(const Listen&, const Listen&) = default;
};

}  // namespace tocsin::settings
