// The three byte forms that events and identities are read from. Whatever bytes come: no read past
// the view, and what is accepted survives a round trip.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "src/event/compact_form.hpp"
#include "src/event/event_codec.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

// Compares bytes, not events: a metric may be NaN, which equals nothing.
void msgpack_round_trip(std::string_view bytes) {
  const auto decoded = tocsin::event::decode_event(bytes);
  if (!decoded) return;
  const std::string encoded = tocsin::event::encode_event(*decoded);
  const auto again = tocsin::event::decode_event(encoded);
  require(again.has_value());
  require(tocsin::event::encode_event(*again) == encoded);
}

void compact_event_is_canonical(std::string_view bytes) {
  const auto event = tocsin::event::parse_event(bytes);
  if (!event) return;
  std::string again;
  tocsin::event::append_event(*event, again);
  require(again == bytes);
}

void compact_identity_is_canonical(std::string_view bytes) {
  const auto identity = tocsin::event::parse_identity(bytes);
  if (!identity) return;
  std::string again;
  tocsin::event::append_identity(*identity, again);
  require(again == bytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  msgpack_round_trip(bytes);
  compact_event_is_canonical(bytes);
  compact_identity_is_canonical(bytes);
  return 0;
}
