#include "src/rules/parse/text_arena.hpp"

#include <algorithm>

namespace tocsin::rules::parse {

void TextArena::reset() noexcept {
  // Most events need one block.
  if (next_ == 1 && blocks_.size() == 1 && blocks_.front().size <= kKeptBytes) {
    at_ = blocks_.front().memory.get();
    left_ = blocks_.front().size;
    return;
  }
  std::size_t kept = 0;
  std::size_t blocks = 0;
  while (blocks < blocks_.size() && (kept += blocks_[blocks].size) <= kKeptBytes) ++blocks;
  blocks_.resize(std::min(blocks, blocks_.size()));
  next_ = 0;
  at_ = nullptr;
  left_ = 0;
  if (!blocks_.empty()) next_block(0);
}

void TextArena::next_block(std::size_t bytes) {
  while (next_ < blocks_.size() && blocks_[next_].size < bytes) ++next_;
  if (next_ == blocks_.size()) {
    const std::size_t size = std::max(bytes, kBlockBytes);
    blocks_.push_back({std::make_unique_for_overwrite<char[]>(size), size});
  }
  at_ = blocks_[next_].memory.get();
  left_ = blocks_[next_].size;
  ++next_;
}

std::string_view TextArena::join(std::initializer_list<std::string_view> parts) {
  std::size_t size = 0;
  for (const std::string_view part : parts) size += part.size();
  char* const memory = allocate(size);
  char* at = memory;
  for (const std::string_view part : parts) {
    part.copy(at, part.size());
    at += part.size();
  }
  return {memory, size};
}

}  // namespace tocsin::rules::parse
