// A text as programs read it: a copy with the byte kEndOfText behind it again and again, so that
// what looks at sixteen bytes together needs no care at the end.
// Threads: one per thread, reused.
// Cost:    one pass; no allocation once the longest text was seen.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace tocsin::rules::grok::engine {

class PaddedText {
 public:
  static constexpr std::size_t kPaddingBytes = 64;

  // Whether it is all ASCII.
  bool assign(std::string_view text);

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::string_view text() const {
    return {reinterpret_cast<const char*>(bytes_.get()), size_};
  }
  // size() bytes and the padding. Precondition: assigned once.
  [[nodiscard]] const std::uint8_t* bytes() const { return bytes_.get(); }

 private:
  std::unique_ptr<std::uint8_t[]> bytes_;
  std::size_t capacity_ = 0;  // without the padding
  std::size_t size_ = 0;
};

}  // namespace tocsin::rules::grok::engine
