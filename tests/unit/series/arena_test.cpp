#include "src/series/arena.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <random>
#include <vector>

namespace tocsin::series {
namespace {

TEST_CASE("a size is rounded to 8 bytes up to 1 KiB and to a power of two beyond") {
  CHECK(Arena::rounded_bytes(1) == 8);
  CHECK(Arena::rounded_bytes(8) == 8);
  CHECK(Arena::rounded_bytes(9) == 16);
  CHECK(Arena::rounded_bytes(1024) == 1024);
  CHECK(Arena::rounded_bytes(1025) == 2048);
  CHECK(Arena::rounded_bytes(2048) == 2048);
  CHECK(Arena::rounded_bytes(65536) == 65536);
}

TEST_CASE("a released block serves the next request of its size") {
  Arena arena(1 << 20);
  const Arena::Ref first = arena.allocate(100);
  arena.release(first, 100);
  CHECK(arena.allocate(104) == first);
  CHECK(arena.bytes_in_use() == 104);
}

TEST_CASE("blocks never overlap and keep what was written") {
  struct Held {
    Arena::Ref block;
    std::size_t bytes;
    unsigned char mark;
  };
  Arena arena(8 << 20);
  std::mt19937_64 random(1);
  std::vector<Held> held;
  std::size_t in_use = 0;
  const auto intact = [&](const Held& one) {
    const std::byte* const at = arena.at(one.block);
    for (std::size_t i = 0; i < one.bytes; ++i) {
      if (at[i] != static_cast<std::byte>(one.mark)) return false;
    }
    return true;
  };
  std::size_t damaged = 0;
  for (int step = 0; step < 20'000; ++step) {
    if (held.empty() || random() % 5 < 3) {
      const std::size_t bytes =
          random() % 20 == 0 ? 1 + random() % Arena::kMaxBlockBytes : 1 + random() % 1024;
      const Arena::Ref block = arena.allocate(bytes);
      if (block == Arena::kNone) continue;
      held.push_back({block, bytes, static_cast<unsigned char>(random())});
      std::memset(arena.at(block), held.back().mark, bytes);
      in_use += Arena::rounded_bytes(bytes);
    } else {
      std::swap(held[random() % held.size()], held.back());
      damaged += intact(held.back()) ? 0 : 1;
      in_use -= Arena::rounded_bytes(held.back().bytes);
      arena.release(held.back().block, held.back().bytes);
      held.pop_back();
    }
  }
  for (const Held& one : held) damaged += intact(one) ? 0 : 1;
  CHECK(damaged == 0);
  CHECK(arena.bytes_in_use() == in_use);
  CHECK(arena.bytes_reserved() <= arena.cap_bytes());
}

TEST_CASE("at the cap a request is refused and counted, and a release makes room again") {
  Arena arena(4096);
  std::vector<Arena::Ref> blocks;
  for (;;) {
    const Arena::Ref block = arena.allocate(512);
    if (block == Arena::kNone) break;
    blocks.push_back(block);
  }
  CHECK(blocks.size() == 7);  // 8 bytes stand for "no block"
  CHECK(arena.refused() == 1);
  CHECK(arena.bytes_reserved() == 4096);
  arena.release(blocks.back(), 512);
  CHECK(arena.allocate(512) != Arena::kNone);
}

TEST_CASE("at the cap a larger free block is cut for smaller ones") {
  Arena arena(1032);
  const Arena::Ref large = arena.allocate(1024);
  REQUIRE(large != Arena::kNone);
  arena.release(large, 1024);
  std::size_t small = 0;
  while (arena.allocate(64) != Arena::kNone) ++small;
  CHECK(small == 16);
}

TEST_CASE("a cap below one block refuses everything") {
  Arena arena(0);
  CHECK(arena.allocate(8) == Arena::kNone);
  CHECK(arena.refused() == 1);
  CHECK(arena.bytes_reserved() == 0);
}

}  // namespace
}  // namespace tocsin::series
