// Fetches memory that will be needed soon, so that a walk through many records does not wait for
// each of them.
// Cost:    one instruction for each cache line; harmless where nothing is mapped.
#pragma once

#include <cstddef>

#include "src/base/counter.hpp"

namespace tocsin::base {

inline void prefetch(const void* from, std::size_t bytes) noexcept {
  const auto* const memory = static_cast<const char*>(from);
  for (std::size_t at = 0; at < bytes; at += kCacheLine) __builtin_prefetch(memory + at, 1);
}

}  // namespace tocsin::base
