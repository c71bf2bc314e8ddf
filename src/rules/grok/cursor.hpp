// A place in a regular expression that is being read, and the first thing found wrong with it.
// After a failure there is nothing left to read, so that every loop ends by itself.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "tocsin/result.hpp"

namespace tocsin::rules::grok {

class Cursor {
 public:
  // `text` is valid UTF-8 and outlives this.
  explicit Cursor(std::string_view text) : text_(text) {}

  [[nodiscard]] bool at_end() const { return at_ == text_.size(); }
  [[nodiscard]] std::size_t offset() const { return at_; }
  [[nodiscard]] std::string_view rest() const { return text_.substr(at_); }
  // NUL at the end, and where a NUL stands.
  [[nodiscard]] char peek() const { return at_end() ? '\0' : text_[at_]; }
  [[nodiscard]] bool sees(std::string_view text) const { return rest().starts_with(text); }

  void skip(std::size_t bytes);
  // Whether `text` was next; then it is passed.
  bool take(std::string_view text);
  // The next code point. Precondition: !at_end().
  char32_t take_code_point();
  // Everything before `end`, which is passed too; empty, and nothing is passed, when none follows.
  std::string_view take_until(std::string_view end);

  // Remembers the first complaint, "found ..., expected ...", about what stands at `offset`.
  void fail(std::size_t offset, std::string complaint);
  // The same for what is well formed and not offered.
  void fail_unsupported(std::size_t offset, std::string complaint);
  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] std::size_t failed_at() const { return failed_at_; }
  [[nodiscard]] const std::string& complaint() const { return complaint_; }
  [[nodiscard]] Errc code() const { return code_; }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  bool failed_ = false;
  std::size_t failed_at_ = 0;
  std::string complaint_;
  Errc code_ = Errc::kSyntax;
};

}  // namespace tocsin::rules::grok
