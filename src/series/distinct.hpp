// How many different members one set saw in one window. Members arrive as 64-bit hashes, which must
// be evenly spread (XXH3 of the member's bytes). Up to 4096 different ones are kept, so the answer
// is exact; beyond that only the 4096 smallest matter: if those reach up to the fraction u of the
// hash range, there were about 4095 / u.
// Bound:   exact to 4096; beyond, the estimate's standard error is 1 / sqrt(4094) = 1.6 %.
// Merge:   the estimate after merge(a, b) equals that of one set that saw both; nothing counts
//          twice.
// Memory:  a handle of 16 bytes, the first member inline; 32 bytes for up to 4, then a hash table
//          of up to 64 KiB from the arena, given back when the window is cleared.
// Threads: one owner.
// Source:  k minimum values: Z. Bar-Yossef et al., "Counting Distinct Elements in a Data Stream",
//          RANDOM 2002; the unbiased (k - 1) / u and its error: K. Beyer et al., "On Synopses for
//          Distinct-Value Estimation Under Multiset Operations", SIGMOD 2007.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "src/series/arena.hpp"

namespace tocsin::series {

// A handle. Plain data, as History.
class Distinct {
 public:
  [[nodiscard]] bool empty() const noexcept { return stored_ == 0; }
  [[nodiscard]] bool is_exact() const noexcept { return !estimating_; }

 private:
  friend class DistinctPool;

  struct Table {
    Arena::Ref block;
    std::uint32_t bound;  // while estimating: high halves above this are of no interest
  };
  union {
    std::uint64_t only_ = 0;  // the only member, while room_log2_ == 0
    Table table_;             // 2^room_log2_ cells; 0 marks a free one
  };
  std::uint32_t stored_ = 0;
  std::uint8_t room_log2_ = 0;
  bool estimating_ = false;
};
static_assert(sizeof(Distinct) == 16);

class DistinctPool {
 public:
  static constexpr std::size_t kMaxExact = 4096;

  // Borrows `arena`, which must outlive the pool. Keeps 64 KiB of scratch space of its own.
  explicit DistinctPool(Arena& arena);
  DistinctPool(const DistinctPool&) = delete;
  DistinctPool& operator=(const DistinctPool&) = delete;

  // False, and nothing changed, when there is no memory.
  [[nodiscard]] bool add(Distinct& set, std::uint64_t member_hash) noexcept;
  // Adds what `other` saw; both from this pool. False when memory ran out half way: call it again
  // later, members already taken over do no harm.
  [[nodiscard]] bool merge(Distinct& set, const Distinct& other) noexcept;
  [[nodiscard]] double estimate(const Distinct& set) noexcept;
  // Empties the window.
  void clear(Distinct& set) noexcept;

  [[nodiscard]] std::size_t memory_bytes(const Distinct& set) const noexcept;

 private:
  [[nodiscard]] std::span<std::uint64_t> cells(const Distinct& set) noexcept;
  [[nodiscard]] bool make_room(Distinct& set) noexcept;
  [[nodiscard]] bool widen(Distinct& set) noexcept;
  // Copies the members to scratch_ and puts the smallest kMaxExact first; returns their number.
  std::size_t gather(const Distinct& set) noexcept;
  void keep_smallest(Distinct& set) noexcept;

  Arena& arena_;
  std::vector<std::uint64_t> scratch_;
};

}  // namespace tocsin::series
