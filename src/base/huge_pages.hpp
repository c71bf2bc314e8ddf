// Memory for large tables that are read at random: asks the kernel for huge pages, so that a
// look-up costs one trip to memory and not a second one for the page table.
// Memory:  becomes resident in steps of up to 2 MiB as it is touched.
// Errors:  std::bad_alloc. A kernel without huge pages gives ordinary ones.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <new>

namespace tocsin::base {

inline constexpr std::size_t kHugePage = std::size_t{2} << 20;

// Uninitialised; freed by free_table with the same size.
[[nodiscard]] inline void* allocate_table(std::size_t bytes) {
  if (bytes < kHugePage) return ::operator new (bytes, std::align_val_t{64});
  void* memory = ::operator new (bytes, std::align_val_t{kHugePage});
  (void)::madvise(memory, bytes, MADV_HUGEPAGE);  // a wish, not a need
  return memory;
}

inline void free_table(void* memory, std::size_t bytes) noexcept {
  ::operator delete (memory, std::align_val_t{bytes < kHugePage ? 64 : kHugePage});
}

// The same for containers.
template <class T>
struct TableAllocator {
  using value_type = T;

  TableAllocator() = default;
  template <class U>
  TableAllocator(const TableAllocator<U>&) noexcept {}  // NOLINT(*-explicit-*)

  [[nodiscard]] T* allocate(std::size_t count) {
    return static_cast<T*>(allocate_table(count * sizeof(T)));
  }
  void deallocate(T* memory, std::size_t count) noexcept { free_table(memory, count * sizeof(T)); }
  friend bool operator==(const TableAllocator&, const TableAllocator&) noexcept { return true; }
};

}  // namespace tocsin::base
