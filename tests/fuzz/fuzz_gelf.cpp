// Any datagrams through the GELF decoder. Properties: those of invariants.hpp.
// Input:   the first byte chooses the options; then datagrams: a byte says how long one is, the
//          last may be shorter. 255: all that is left.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "tests/unit/ingest/gelf/invariants.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

tocsin::gelf::Options choose_options(std::uint8_t byte) {
  tocsin::gelf::Options options;
  if ((byte & 1) != 0) options.max_message_bytes = 100;
  if ((byte & 2) != 0) options.limits.max_members = 4;
  if ((byte & 4) != 0) options.limits.max_key_bytes = 10;
  if ((byte & 8) != 0) options.default_level.reset();
  if ((byte & 16) != 0) options.default_host = "vm";
  return options;
}

std::vector<std::string> split(std::string_view input) {
  constexpr std::size_t kMostDatagrams = 500;  // below ChunkLimits::max_messages
  std::vector<std::string> datagrams;
  while (!input.empty() && datagrams.size() < kMostDatagrams) {
    std::size_t size = static_cast<unsigned char>(input.front());
    input.remove_prefix(1);
    size = size == 255 ? input.size() : std::min(size, input.size());
    datagrams.emplace_back(input.substr(0, size));
    input.remove_prefix(size);
  }
  return datagrams;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  tocsin::Origin origin;
  origin.received = tocsin::TimePoint(std::chrono::seconds(1795230000));
  origin.peer.family = tocsin::Peer::Family::kIpv6;
  const std::string_view input(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  require(tocsin::gelf::testing::broken_invariant(split(input), origin, choose_options(bytes[0]))
              .empty());
  return 0;
}
