// Compressed data for tests.
#pragma once

#include <zlib.h>

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace tocsin::wire::testing {

inline std::string deflated(std::string_view text) {
  uLongf size = compressBound(static_cast<uLong>(text.size()));
  std::string out(size, '\0');
  REQUIRE(compress(reinterpret_cast<Bytef*>(out.data()), &size,
                   reinterpret_cast<const Bytef*>(text.data()),
                   static_cast<uLong>(text.size())) == Z_OK);
  out.resize(size);
  return out;
}

// The same in the form of gzip(1).
inline std::string gzipped(std::string_view text) {
  z_stream state{};
  REQUIRE(deflateInit2(&state, Z_DEFAULT_COMPRESSION, Z_DEFLATED, MAX_WBITS + 16, 8,
                       Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&state, static_cast<uLong>(text.size())), '\0');
  std::string in(text);
  state.next_in = reinterpret_cast<Bytef*>(in.data());
  state.avail_in = static_cast<uInt>(in.size());
  state.next_out = reinterpret_cast<Bytef*>(out.data());
  state.avail_out = static_cast<uInt>(out.size());
  REQUIRE(deflate(&state, Z_FINISH) == Z_STREAM_END);
  out.resize(state.total_out);
  REQUIRE(deflateEnd(&state) == Z_OK);
  return out;
}

}  // namespace tocsin::wire::testing
