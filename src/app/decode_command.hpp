// `tocsin decode PROTOCOL FILE...`: captured bytes to events as NDJSON, as the daemon would decode
// them: through the same inputs, made from settings. One object a line: an event, or
// {"error","cause","offset","record"} for what was refused.
// Offsets count from the start of the datagram, frame or stream that held the record.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace tocsin::app {

struct DecodeOptions {
  std::string protocol;  // statsd, collectd, riemann, graphite, syslog, json, gelf, nagios, nsca
  // dgram:  u32 big-endian length and payload, again and again
  // stream: the bytes of one connection
  // lines:  one datagram a line
  // empty:  by the file's name: .dgram, .bin, anything else
  std::string container;
  // At which of a listener's addresses the bytes came in: udp, tcp, unix, unix_stream, pickle,
  // msgpack, relp, http. Empty: what container and first bytes look like.
  std::string way;
  std::string dialect = "statsd";      // statsd, etsy-strict, dogstatsd
  std::string gauge_sign;              // delta, absolute; empty: the dialect's
  std::string auth_file;               // collectd
  std::string security = "none";       // collectd: none, sign, encrypt
  std::vector<std::string> types_db;   // collectd
  bool collectd_rates = false;         // collectd: write_http says StoreRates true
  std::vector<std::string> templates;  // graphite
  std::string host;                    // of records that name none
  std::string received;                // RFC 3339; empty: now
  std::string greeting;                // nsca: the server's 132 bytes, a file
  int method = 1;                      // nsca: 0, 1, 3, 14
  std::string password_file;           // nsca
  std::vector<std::string> files;      // "-": standard input
};

// 0; 1 when a file could not be read or an option is wrong. Refused records are no failure.
int run_decode(const DecodeOptions& options, std::ostream& out, std::ostream& err);

}  // namespace tocsin::app
