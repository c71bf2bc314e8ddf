#include "src/base/huge_pages.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <cstring>
#include <vector>

namespace tocsin::base {
namespace {

bool is_aligned(const void* memory, std::size_t alignment) {
  return reinterpret_cast<std::uintptr_t>(memory) % alignment == 0;
}

TEST_CASE("a table of a huge page or more begins where one can, a smaller one at a cache line") {
  struct Row {
    std::size_t bytes;
    std::size_t alignment;
  };
  for (const Row& row : {Row{1, 64}, Row{kHugePage - 1, 64}, Row{kHugePage, kHugePage},
                         Row{2 * kHugePage + 1, kHugePage}}) {
    CAPTURE(row.bytes);
    void* const memory = allocate_table(row.bytes);
    REQUIRE(memory != nullptr);
    CHECK(is_aligned(memory, row.alignment));
    std::memset(memory, 0x5a, row.bytes);  // all of it may be written
    CHECK(static_cast<unsigned char*>(memory)[row.bytes - 1] == 0x5a);
    free_table(memory, row.bytes);
  }
}

TEST_CASE("a container grows through tables of both kinds and keeps what it holds") {
  std::vector<std::uint64_t, TableAllocator<std::uint64_t>> numbers;
  constexpr std::uint64_t kCount = 3 * kHugePage / sizeof(std::uint64_t);
  for (std::uint64_t i = 0; i < kCount; ++i) numbers.push_back(i * i);
  CHECK(is_aligned(numbers.data(), kHugePage));
  bool kept = true;
  for (std::uint64_t i = 0; i < kCount; ++i) kept = kept && numbers[i] == i * i;
  CHECK(kept);
  const auto other = numbers;  // an allocator of its own, equal to the first
  CHECK(other == numbers);
}

}  // namespace
}  // namespace tocsin::base
