// What to do with bytes that cannot wait for a full pipeline.
#pragma once

#include <cstddef>
#include <string_view>

#include "tocsin/decoder.hpp"

namespace tocsin::listen {

// Decodes all of `bytes`, giving up what is buffered whenever the pipeline refuses, so that every
// record is still counted: taken, rejected or dropped.
// Returns the bytes that were left because the decoder took nothing although it had nothing
// buffered: 0 for every decoder that keeps its contract.
[[nodiscard]] inline std::size_t decode_or_drop(Decoder& decoder, std::string_view bytes,
                                                const Origin& origin) {
  std::size_t taken = decoder.decode(bytes, origin);
  while (taken < bytes.size()) {
    bytes.remove_prefix(taken);
    decoder.drop();
    taken = decoder.decode(bytes, origin);
    if (taken == 0) return bytes.size();
  }
  return 0;
}

}  // namespace tocsin::listen
