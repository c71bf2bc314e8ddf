// Reads captured traffic: the files of tests/data, each folder with a README.
#pragma once

#include <doctest/doctest.h>

#include <cstddef>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace tocsin::testing {

// `path`: below tests/data.
inline std::string read_capture(const std::string& path) {
  std::ifstream file(TOCSIN_TEST_DATA "/" + path, std::ios::binary);
  REQUIRE_MESSAGE(file.is_open(), path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// Records of a 32-bit length and a payload, until the end of the file.
inline std::vector<std::string> read_records(const std::string& path, bool big_endian) {
  const std::string bytes = read_capture(path);
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

// *.dgram: what was sent, a datagram a record.
inline std::vector<std::string> read_datagrams(const std::string& path) {
  return read_records(path, true);
}

}  // namespace tocsin::testing
