// The parts of collectd's binary protocol: see NetworkDecoder for what they mean.
// Source:  collectd 5.12, "Binary protocol".
#pragma once

#include <cstddef>
#include <cstdint>

#include "src/base/byte_order.hpp"

namespace tocsin::collectd {

enum PartType : std::uint16_t {
  kHost = 0x0000,
  kTime = 0x0001,
  kPlugin = 0x0002,
  kPluginInstance = 0x0003,
  kType = 0x0004,
  kTypeInstance = 0x0005,
  kValues = 0x0006,
  kInterval = 0x0007,
  kTimeHr = 0x0008,
  kIntervalHr = 0x0009,
  kMessage = 0x0100,
  kSeverity = 0x0101,
  kSignature = 0x0200,
  kEncryption = 0x0210,
};

inline constexpr std::size_t kHeadBytes = 4;
inline constexpr std::size_t kNumberBytes = 8;
inline constexpr std::size_t kCountBytes = 2;  // the number of values
inline constexpr std::size_t kValueBytes = 9;  // its type and its eight bytes

struct PartHead {
  std::uint16_t type = 0;
  std::size_t length = 0;  // of the part, head and all; what was sent, so perhaps impossible
};

// Precondition: kHeadBytes at `at`.
[[nodiscard]] inline PartHead read_head(const char* at) noexcept {
  return {base::load_big_endian<std::uint16_t>(at), base::load_big_endian<std::uint16_t>(at + 2)};
}

}  // namespace tocsin::collectd
