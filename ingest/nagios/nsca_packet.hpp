// Layout of an NSCA data packet, numbers big-endian:
//   offset  0  i16  version, 3        14  host     64 bytes
//           2       pad               78  service 128 bytes; empty: a host check
//           4  u32  CRC-32           206  output 4096 bytes, or 512 of clients before 2.9
//           8  u32  time of greeting      pad, 2 bytes: 4304 in all, or 720
//          12  i16  exit code
// The CRC is that of the packet with zeros in its place. Texts end at NUL; random bytes follow.
// Source:  a capture of send_nsca 2.10.2; NSCA's data packet structure, version 3.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "src/base/byte_order.hpp"

namespace tocsin::nagios::nsca {

inline constexpr std::size_t kPacketBytes = 4304;
inline constexpr std::size_t kOldPacketBytes = 720;

inline constexpr std::size_t kCrcOffset = 4;
inline constexpr std::size_t kTimeOffset = 8;
inline constexpr std::size_t kCodeOffset = 12;
inline constexpr std::size_t kHostOffset = 14;
inline constexpr std::size_t kServiceOffset = 78;
inline constexpr std::size_t kOutputOffset = 206;
inline constexpr std::size_t kTailBytes = 2;
inline constexpr std::uint16_t kVersion = 3;

// The greeting: this many random bytes, the "initialisation vector", and the time as u32.
inline constexpr std::size_t kIvBytes = 128;

// A view of a packet of one of the two sizes, in the clear.
class Packet {
 public:
  explicit Packet(std::string_view bytes) noexcept : bytes_(bytes) {}

  [[nodiscard]] std::uint16_t version() const noexcept { return number<std::uint16_t>(0); }
  [[nodiscard]] std::uint32_t crc() const noexcept { return number<std::uint32_t>(kCrcOffset); }
  [[nodiscard]] std::uint32_t time() const noexcept { return number<std::uint32_t>(kTimeOffset); }
  [[nodiscard]] std::int16_t code() const noexcept {
    return static_cast<std::int16_t>(number<std::uint16_t>(kCodeOffset));
  }
  [[nodiscard]] std::string_view host() const noexcept { return text(kHostOffset, kServiceOffset); }
  [[nodiscard]] std::string_view service() const noexcept {
    return text(kServiceOffset, kOutputOffset);
  }
  [[nodiscard]] std::string_view output() const noexcept {
    return text(kOutputOffset, output_end());
  }
  // Whether the output has no room left, so that the client may have cut it.
  [[nodiscard]] bool output_is_full() const noexcept {
    return kOutputOffset + output().size() + 1 >= output_end();
  }

 private:
  template <class T>
  [[nodiscard]] T number(std::size_t offset) const noexcept {
    return base::load_big_endian<T>(bytes_.data() + offset);
  }
  [[nodiscard]] std::string_view text(std::size_t begin, std::size_t end) const noexcept {
    const std::string_view field = bytes_.substr(begin, end - begin);
    return field.substr(0, std::min(field.find('\0'), field.size()));
  }
  [[nodiscard]] std::size_t output_end() const noexcept { return bytes_.size() - kTailBytes; }

  std::string_view bytes_;
};

// Whether the CRC of `bytes`, a whole packet in the clear, is right.
[[nodiscard]] bool has_good_crc(std::string_view bytes) noexcept;

}  // namespace tocsin::nagios::nsca
