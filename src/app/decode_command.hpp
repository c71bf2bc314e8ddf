// `tocsin decode statsd FILE...`: captured bytes to events as NDJSON, as the daemon would decode
// them. One object a line: an event, or {"error","cause","offset","record"} for what was refused.
// Offsets count from the start of the datagram, frame or stream that held the record.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace tocsin::app {

struct DecodeOptions {
  std::string protocol;
  // dgram:  u32 big-endian length and payload, again and again
  // stream: the bytes of one connection
  // lines:  one datagram a line
  // empty:  by the file's name: .dgram, .bin, anything else
  std::string container;
  std::string dialect = "statsd";  // statsd, etsy-strict, dogstatsd
  std::string gauge_sign;          // delta, absolute; empty: the dialect's
  std::vector<std::string> files;  // "-": standard input
};

// 0; 1 when a file could not be read or an option is wrong. Refused records are no failure.
int run_decode(const DecodeOptions& options, std::ostream& out, std::ostream& err);

}  // namespace tocsin::app
