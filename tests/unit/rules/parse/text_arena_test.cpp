#include "src/rules/parse/text_arena.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>

#include "tests/support/counting_new.hpp"

namespace tocsin::rules::parse {
namespace {

TEST_CASE("what is copied stays until the reset, however much comes behind it") {
  TextArena arena;
  const std::string_view first = arena.copy("first");
  const std::string_view second = arena.copy(std::string(3 * TextArena::kBlockBytes, 'x'));
  const std::string_view third = arena.join({"a", "", "bc"});
  CHECK(first == "first");
  CHECK(second == std::string(3 * TextArena::kBlockBytes, 'x'));
  CHECK(third == "abc");
}

TEST_CASE("what an allocation did not need is used by the next") {
  TextArena arena;
  char* const memory = arena.allocate(100);
  arena.shrink_to(memory, 3);
  CHECK(arena.allocate(1) == memory + 3);
}

TEST_CASE("arrays are aligned wherever they begin") {
  TextArena arena;
  for (std::size_t i = 0; i < 10; ++i) {
    (void)arena.allocate(i);
    const auto numbers = arena.array<double>(3);
    CHECK(numbers.size() == 3);
    CHECK(reinterpret_cast<std::uintptr_t>(numbers.data()) % alignof(double) == 0);
  }
}

TEST_CASE("after a reset the same memory serves again, without the heap") {
  TextArena arena;
  const auto use = [&arena] {
    for (int i = 0; i < 10; ++i) (void)arena.allocate(TextArena::kBlockBytes / 2);
    (void)arena.allocate(2 * TextArena::kBlockBytes);
    arena.reset();
  };
  use();
  const std::uint64_t before = tocsin::testing::heap_allocations();
  for (int i = 0; i < 5; ++i) use();
  CHECK(tocsin::testing::heap_allocations() == before);
}

TEST_CASE("the memory of an exceptional event is given back") {
  TextArena arena;
  (void)arena.allocate(2 * TextArena::kKeptBytes);
  arena.reset();
  const std::uint64_t before = tocsin::testing::heap_allocations();
  (void)arena.allocate(2 * TextArena::kKeptBytes);
  CHECK(tocsin::testing::heap_allocations() > before);
}

}  // namespace
}  // namespace tocsin::rules::parse
