#include "ingest/nagios/nsca_packet.hpp"

#include <zlib.h>

namespace tocsin::nagios::nsca {

bool has_good_crc(std::string_view bytes) noexcept {
  const auto* const begin = reinterpret_cast<const Bytef*>(bytes.data());
  constexpr Bytef kZeros[4] = {};
  constexpr std::size_t kBehind = kCrcOffset + sizeof kZeros;
  uLong crc = ::crc32(0, begin, kCrcOffset);
  crc = ::crc32(crc, kZeros, sizeof kZeros);
  crc = ::crc32(crc, begin + kBehind, static_cast<uInt>(bytes.size() - kBehind));
  return crc == Packet(bytes).crc();
}

}  // namespace tocsin::nagios::nsca
