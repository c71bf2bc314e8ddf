#include "src/series/arena.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>
#include <new>

namespace tocsin::series {

Arena::Arena(std::size_t cap_bytes) : cap_bytes_(std::min(cap_bytes, kMaxCapBytes)) {
  // The whole table now, so that growing it later can neither throw nor move.
  chunks_.reserve(cap_bytes_ / kChunkBytes + 1);
}

std::size_t Arena::class_of(std::size_t bytes) noexcept {
  if (bytes <= kFineBytes) return (bytes + kUnitBytes - 1) / kUnitBytes - 1;
  return kFineClasses + static_cast<std::size_t>(std::bit_width((bytes - 1) / kFineBytes)) - 1;
}

std::size_t Arena::class_bytes(std::size_t size_class) noexcept {
  if (size_class < kFineClasses) return (size_class + 1) * kUnitBytes;
  return kFineBytes << (size_class - kFineClasses + 1);
}

std::size_t Arena::rounded_bytes(std::size_t bytes) noexcept {
  return class_bytes(class_of(bytes));
}

Arena::Ref Arena::pop(std::size_t size_class) noexcept {
  const Ref block = free_[size_class];
  if (block != kNone) std::memcpy(&free_[size_class], address(block), sizeof(Ref));
  return block;
}

void Arena::push(std::size_t size_class, Ref block) noexcept {
  std::memcpy(address(block), &free_[size_class], sizeof(Ref));
  free_[size_class] = block;
}

// Order: a free block of the very size; the open end; a new chunk; and only when the cap forbids
// that, a larger free block cut in two. Cutting early would grind large blocks to dust, because
// neighbours are never joined again.
Arena::Ref Arena::allocate(std::size_t bytes) noexcept {
  assert(bytes > 0 && bytes <= kMaxBlockBytes);
  const std::size_t size_class = class_of(bytes);
  const std::size_t size = class_bytes(size_class);
  Ref block = pop(size_class);
  if (block == kNone && (open_bytes_ >= size || add_chunk(size))) block = cut(size);
  if (block == kNone) block = split_larger(size_class);
  if (block == kNone) {
    ++refused_;
    return kNone;
  }
  bytes_in_use_ += size;
  return block;
}

void Arena::release(Ref block, std::size_t bytes) noexcept {
  assert(block != kNone);
  const std::size_t size_class = class_of(bytes);
  bytes_in_use_ -= class_bytes(size_class);
  push(size_class, block);
}

Arena::Ref Arena::cut(std::size_t bytes) noexcept {
  const Ref block = open_;
  open_ += static_cast<Ref>(bytes / kUnitBytes);
  open_bytes_ -= bytes;
  return block;
}

Arena::Ref Arena::split_larger(std::size_t size_class) noexcept {
  for (std::size_t larger = size_class + 1; larger < kClasses; ++larger) {
    const Ref block = pop(larger);
    if (block == kNone) continue;
    const std::size_t size = class_bytes(size_class);
    keep_for_later(block + static_cast<Ref>(size / kUnitBytes), class_bytes(larger) - size);
    return block;
  }
  return kNone;
}

void Arena::keep_for_later(Ref first, std::size_t bytes) noexcept {
  while (bytes >= kUnitBytes) {
    std::size_t size_class = class_of(std::min(bytes, kMaxBlockBytes));
    if (class_bytes(size_class) > bytes) --size_class;
    push(size_class, first);
    first += static_cast<Ref>(class_bytes(size_class) / kUnitBytes);
    bytes -= class_bytes(size_class);
  }
}

bool Arena::add_chunk(std::size_t wanted_bytes) noexcept {
  const std::size_t left = (cap_bytes_ - bytes_reserved_) / kUnitBytes * kUnitBytes;
  const std::size_t size = std::min(kChunkBytes, left);
  const bool first = chunks_.empty();
  if (size < wanted_bytes + (first ? kUnitBytes : 0)) return false;
  std::unique_ptr<std::byte[]> chunk(new (std::nothrow) std::byte[size + kReadableSlackBytes]);
  if (!chunk) return false;
  // Decoders may look at the slack but never at what it says; it gets a value all the same.
  std::memset(chunk.get() + size, 0, kReadableSlackBytes);
  keep_for_later(open_, open_bytes_);
  open_ = static_cast<Ref>(chunks_.size() << kChunkShift);
  open_bytes_ = size;
  chunks_.push_back(std::move(chunk));
  bytes_reserved_ += size;
  if (first) static_cast<void>(cut(kUnitBytes));  // position 0 means "none"
  return true;
}

}  // namespace tocsin::series
