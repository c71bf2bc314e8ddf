// A line as expressions see it: valid UTF-8, and known to be ASCII or not.
// Each byte that belongs to no character is replaced by U+FFFD, as the reference's input does, so
// that the search can go without checks.
// Threads: one per thread; holds a copy, which is reused, so fields may change while it is matched.
// Cost:    one copy and one pass; no allocation once the longest line was seen.
#pragma once

#include <string>
#include <string_view>

namespace tocsin::rules::grok {

class Subject {
 public:
  void assign(std::string_view text);

  [[nodiscard]] std::string_view text() const { return text_; }
  [[nodiscard]] bool is_ascii() const { return ascii_; }

 private:
  std::string text_;
  bool ascii_ = true;
};

}  // namespace tocsin::rules::grok
