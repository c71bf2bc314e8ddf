// Reads the captured traffic of tests/data/statsd.
#pragma once

#include <string>
#include <vector>

#include "tests/unit/ingest/captures.hpp"

namespace tocsin::statsd::testing {

inline std::string read_capture(const std::string& name) {
  return tocsin::testing::read_capture("statsd/" + name);
}
inline std::vector<std::string> read_records(const std::string& name, bool big_endian) {
  return tocsin::testing::read_records("statsd/" + name, big_endian);
}
inline std::vector<std::string> read_datagrams(const std::string& name) {
  return read_records(name, true);
}

// What was sent to Etsy's server: the lines of the file, a datagram each, and one more.
inline std::vector<std::string> reference_datagrams() {
  std::vector<std::string> datagrams;
  std::string line;
  for (const char c : read_capture("reference_lines.txt")) {
    if (c != '\n') {
      line += c;
    } else {
      datagrams.push_back(line);
      line.clear();
    }
  }
  datagrams.push_back("mlA:1|c\nmlA:2|c\n\nmlB:5|g");
  return datagrams;
}

}  // namespace tocsin::statsd::testing
