// Memory for what the series of one shard remember: many small blocks, few sizes, long lives.
// Blocks are named by 32-bit references, so that a million series spend 4 bytes a block, not 8.
// Cost:    allocate and release are O(1); the heap is asked only for chunks of 1 MiB, while the
//          shard still grows. A steady shard never calls malloc.
// Memory:  never above the cap given at construction. A request that would pass it is refused
//          (kNone) and counted; nothing else happens.
// Threads: one owner.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace tocsin::series {

class Arena {
 public:
  // A block: its position in units of kUnitBytes. Position 0 is never handed out.
  using Ref = std::uint32_t;
  static constexpr Ref kNone = 0;

  static constexpr std::size_t kUnitBytes = 8;
  static constexpr std::size_t kChunkBytes = std::size_t{1} << 20;
  static constexpr std::size_t kMaxBlockBytes = std::size_t{64} << 10;
  // Bytes behind any block that may be read (not written): decoders load whole words.
  static constexpr std::size_t kReadableSlackBytes = 16;
  // What 32-bit references can name.
  static constexpr std::size_t kMaxCapBytes = (std::size_t{1} << 32) * kUnitBytes;

  // `cap_bytes` limits what is taken from the heap; above kMaxCapBytes it counts as kMaxCapBytes.
  explicit Arena(std::size_t cap_bytes);
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  // At least `bytes` (1..kMaxBlockBytes), aligned to 8, uninitialised; kNone when the cap is
  // reached.
  [[nodiscard]] Ref allocate(std::size_t bytes) noexcept;
  // `bytes` is what was asked for, or anything that rounds to the same size.
  void release(Ref block, std::size_t bytes) noexcept;

  // Precondition: a block that is held. Stays valid until its release.
  [[nodiscard]] std::byte* at(Ref block) noexcept { return address(block); }
  [[nodiscard]] const std::byte* at(Ref block) const noexcept { return address(block); }
  template <class T>
  [[nodiscard]] T* as(Ref block) noexcept {
    return reinterpret_cast<T*>(address(block));
  }
  template <class T>
  [[nodiscard]] const T* as(Ref block) const noexcept {
    return reinterpret_cast<const T*>(address(block));
  }

  // The size a request is rounded up to: multiples of 8 up to 1 KiB, then powers of two.
  [[nodiscard]] static std::size_t rounded_bytes(std::size_t bytes) noexcept;

  [[nodiscard]] std::size_t bytes_in_use() const noexcept { return bytes_in_use_; }
  [[nodiscard]] std::size_t bytes_reserved() const noexcept { return bytes_reserved_; }
  [[nodiscard]] std::size_t cap_bytes() const noexcept { return cap_bytes_; }
  // Requests turned away so far.
  [[nodiscard]] std::uint64_t refused() const noexcept { return refused_; }

 private:
  static constexpr std::size_t kFineBytes = 1024;  // up to here one class per unit
  static constexpr std::size_t kFineClasses = kFineBytes / kUnitBytes;
  static constexpr std::size_t kClasses = kFineClasses + 6;  // 2, 4, 8, 16, 32, 64 KiB
  static constexpr unsigned kChunkShift = 17;                // units in a chunk, as a power of two
  static_assert((kUnitBytes << kChunkShift) == kChunkBytes);

  [[nodiscard]] static std::size_t class_of(std::size_t bytes) noexcept;
  [[nodiscard]] static std::size_t class_bytes(std::size_t size_class) noexcept;

  [[nodiscard]] std::byte* address(Ref block) const noexcept {
    return chunks_[block >> kChunkShift].get() +
           (block & ((Ref{1} << kChunkShift) - 1)) * kUnitBytes;
  }
  [[nodiscard]] Ref pop(std::size_t size_class) noexcept;
  void push(std::size_t size_class, Ref block) noexcept;
  // Cuts `bytes` from the open end of the newest chunk.
  [[nodiscard]] Ref cut(std::size_t bytes) noexcept;
  [[nodiscard]] Ref split_larger(std::size_t size_class) noexcept;
  void keep_for_later(Ref first, std::size_t bytes) noexcept;
  [[nodiscard]] bool add_chunk(std::size_t wanted_bytes) noexcept;

  std::size_t cap_bytes_;
  std::vector<std::unique_ptr<std::byte[]>> chunks_;
  std::array<Ref, kClasses> free_{};  // heads of lists threaded through the free blocks
  Ref open_ = 0;                      // first unit not yet cut, in the newest chunk
  std::size_t open_bytes_ = 0;
  std::size_t bytes_in_use_ = 0;
  std::size_t bytes_reserved_ = 0;
  std::uint64_t refused_ = 0;
};

}  // namespace tocsin::series
