// Any bytes through the decoder of JSON lines. Properties: those of invariants.hpp.
// Input:   the first byte chooses the options, the rest is what was received.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "tests/unit/ingest/json/invariants.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

tocsin::json_lines::Options choose_options(std::uint8_t byte) {
  tocsin::json_lines::Options options;
  if ((byte & 1) != 0) options.whole_bodies = true;
  if ((byte & 2) != 0) options.max_line_bytes = 60;
  if ((byte & 4) != 0) options.limits.max_members = 3;
  if ((byte & 8) != 0) options.limits.max_depth = 1 + (byte >> 6);
  if ((byte & 16) != 0) options.limits.max_key_bytes = 9;
  if ((byte & 32) != 0) options.default_host = "vm";
  return options;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const tocsin::json_lines::Options options = choose_options(bytes[0]);
  const std::string_view input(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  tocsin::Origin origin;
  origin.received = tocsin::TimePoint(std::chrono::seconds(1795230000));
  origin.peer.family = tocsin::Peer::Family::kUnix;
  tocsin::json_lines::testing::LongLived long_lived(options);
  // Something to remember: an object with everything, and one that breaks off within everything.
  const std::string_view before =
      R"({"time":1,"host":"h","tags":["a"],"attributes":{"ingest":"x","o":{"p":[1]}},"level":3})"
      "\n{\"attributes\":{\"o\":{\"tags\":[\"b\",{\"c\":\n";
  require(long_lived.decoder.decode(before, origin) == before.size());
  require(
      tocsin::json_lines::testing::broken_invariant(input, origin, options, long_lived).empty());
  return 0;
}
