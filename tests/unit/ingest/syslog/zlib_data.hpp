// Compressed data for tests.
#pragma once

#include <zlib.h>

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace tocsin::syslog::testing {

inline std::string deflated(std::string_view text) {
  uLongf size = compressBound(static_cast<uLong>(text.size()));
  std::string out(size, '\0');
  REQUIRE(compress(reinterpret_cast<Bytef*>(out.data()), &size,
                   reinterpret_cast<const Bytef*>(text.data()),
                   static_cast<uLong>(text.size())) == Z_OK);
  out.resize(size);
  return out;
}

}  // namespace tocsin::syslog::testing
