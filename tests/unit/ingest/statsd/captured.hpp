// Reads the captured traffic of tests/data/statsd.
#pragma once

#include <doctest/doctest.h>

#include <cstddef>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace tocsin::statsd::testing {

inline std::string read_capture(const std::string& name) {
  std::ifstream file(TOCSIN_TEST_DATA "/statsd/" + name, std::ios::binary);
  REQUIRE_MESSAGE(file.is_open(), name);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// Records of a 32-bit length and a payload, until the end of the file.
inline std::vector<std::string> read_records(const std::string& name, bool big_endian) {
  const std::string bytes = read_capture(name);
  std::vector<std::string> records;
  for (std::size_t at = 0; at < bytes.size();) {
    REQUIRE(bytes.size() - at >= 4);
    std::size_t length = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      const auto byte = static_cast<unsigned char>(bytes[at + i]);
      length |= std::size_t{byte} << 8 * (big_endian ? 3 - i : i);
    }
    REQUIRE(length <= bytes.size() - at - 4);
    records.push_back(bytes.substr(at + 4, length));
    at += 4 + length;
  }
  return records;
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
