// Counts every heap allocation of this test binary, to prove that a steady state has none.
#pragma once

#include <cstdint>

namespace tocsin::testing {

[[nodiscard]] std::uint64_t heap_allocations() noexcept;

}  // namespace tocsin::testing
