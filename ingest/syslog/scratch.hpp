// Scratch: memory for the texts that an event needs and the record does not hold: keys of
// attributes, values without their escapes, cleaned text.
// Invariant: nothing moves between two calls of start(), so views stay valid.
// Memory:  as much as the largest message needed so far.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <type_traits>

namespace tocsin::syslog {

// Copies `text` to `to`, where there is room for it, and returns what is behind the copy. Most
// texts are a few bytes long, and are copied without a call: as two words that overlap in the
// middle.
[[gnu::always_inline]] inline char* copy_short(std::string_view text, char* to) noexcept {
  const char* const from = text.data();
  const std::size_t size = text.size();
  const auto copy_ends = [&](auto bytes) {
    std::memcpy(to, from, bytes);
    std::memcpy(to + size - bytes, from + size - bytes, bytes);
  };
  if (size > 32) {
    std::memcpy(to, from, size);
  } else if (size >= 16) {
    copy_ends(std::integral_constant<std::size_t, 16>());
  } else if (size >= 8) {
    copy_ends(std::integral_constant<std::size_t, 8>());
  } else if (size >= 4) {
    copy_ends(std::integral_constant<std::size_t, 4>());
  } else if (size >= 2) {
    copy_ends(std::integral_constant<std::size_t, 2>());
  } else if (size == 1) {
    *to = *from;
  }
  return to + size;
}

class Scratch {
 public:
  // Forgets all texts and makes room for `bytes`.
  void start(std::size_t bytes) {
    if (bytes > capacity_) {
      memory_ = std::make_unique_for_overwrite<char[]>(bytes);
      capacity_ = bytes;
    }
    used_ = 0;
    open_ = 0;
  }

  // Appends to the text that is being written.
  void add(std::string_view text) noexcept {
    assert(text.size() <= capacity_ - used_);
    used_ = static_cast<std::size_t>(copy_short(text, end()) - memory_.get());
  }
  // The same for one who writes himself: from end() on, and then says where he stopped.
  [[nodiscard]] char* end() noexcept { return memory_.get() + used_; }
  void set_end(const char* end) noexcept {
    used_ = static_cast<std::size_t>(end - memory_.get());
    assert(used_ <= capacity_);
  }

  // Bytes of the text that is being written.
  [[nodiscard]] std::size_t open_size() const noexcept { return used_ - open_; }

  // The text written since the last call; the next one begins.
  [[nodiscard]] std::string_view take() noexcept {
    const std::string_view text(memory_.get() + open_, used_ - open_);
    open_ = used_;
    return text;
  }

 private:
  std::unique_ptr<char[]> memory_;
  std::size_t capacity_ = 0;
  std::size_t used_ = 0;
  std::size_t open_ = 0;  // where the text begins that is being written
};

}  // namespace tocsin::syslog
