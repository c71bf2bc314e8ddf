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

namespace tocsin::syslog {

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
    if (text.empty()) return;  // of no bytes the address may be null, which memcpy forbids
    std::memcpy(memory_.get() + used_, text.data(), text.size());
    used_ += text.size();
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
