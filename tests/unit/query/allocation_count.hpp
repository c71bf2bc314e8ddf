// Counts every operator new of this test binary, on all threads.
#pragma once

#include <cstddef>

namespace tocsin::query::testing {

[[nodiscard]] std::size_t allocation_count() noexcept;

}  // namespace tocsin::query::testing
