// Chunks as GELF clients send them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::gelf::testing {

inline std::string chunk(std::uint64_t id, std::size_t sequence, std::size_t count,
                         std::string_view part) {
  std::string out = "\x1E\x0F";
  for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(id >> shift);
  out += static_cast<char>(sequence);
  out += static_cast<char>(count);
  return out.append(part);
}

// `message` in chunks of at most `size` bytes.
inline std::vector<std::string> chunks(std::uint64_t id, std::string_view message,
                                       std::size_t size) {
  std::vector<std::string> out;
  const std::size_t count = (message.size() + size - 1) / size;
  for (std::size_t i = 0; i < count; ++i) {
    out.push_back(chunk(id, i, count, message.substr(i * size, size)));
  }
  return out;
}

}  // namespace tocsin::gelf::testing
