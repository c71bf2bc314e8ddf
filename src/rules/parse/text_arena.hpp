// TextArena: memory for the texts that parsing one event makes. All of it is given back at once, by
// reset(), and used again for the next event.
// Threads: one.
// Cost:    no allocation once it has seen the largest event; more than kKeptBytes is not kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace tocsin::rules::parse {

class TextArena {
 public:
  static constexpr std::size_t kBlockBytes = std::size_t{64} << 10;
  static constexpr std::size_t kKeptBytes = std::size_t{1} << 20;

  // Ends the life of everything that was handed out.
  void reset() noexcept;

  // `bytes` bytes of unspecified content.
  [[nodiscard]] char* allocate(std::size_t bytes) {
    if (bytes > left_) [[unlikely]]
      next_block(bytes);
    char* const memory = at_;
    at_ += bytes;
    left_ -= bytes;
    return memory;
  }
  // Gives back what of the last allocate() was not needed: all but `used` bytes from `begin` on.
  void shrink_to(const char* begin, std::size_t used) noexcept {
    left_ += static_cast<std::size_t>(at_ - begin) - used;
    at_ -= static_cast<std::size_t>(at_ - begin) - used;
  }

  // `count` elements of unspecified content.
  template <class T>
  [[nodiscard]] std::span<T> array(std::size_t count) {
    static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);
    char* memory = allocate(count * sizeof(T) + alignof(T));
    const auto offset = reinterpret_cast<std::uintptr_t>(memory) % alignof(T);
    if (offset != 0) memory += alignof(T) - offset;
    return {reinterpret_cast<T*>(memory), count};
  }

  [[nodiscard]] std::string_view copy(std::string_view text) {
    char* const memory = allocate(text.size());
    text.copy(memory, text.size());
    return {memory, text.size()};
  }
  [[nodiscard]] std::string_view join(std::initializer_list<std::string_view> parts);

 private:
  void next_block(std::size_t bytes);

  struct Block {
    std::unique_ptr<char[]> memory;
    std::size_t size;
  };
  std::vector<Block> blocks_;
  std::size_t next_ = 0;  // of blocks_, the first that is untouched since reset()
  char* at_ = nullptr;
  std::size_t left_ = 0;
};

}  // namespace tocsin::rules::parse
