// A line as expressions see it: valid UTF-8, and known to be ASCII or not.
// Each byte that belongs to no character is replaced by U+FFFD, as the reference's input does, so
// that the search can go without checks.
// Threads: one per thread, reused.
// Cost:    a copy for the engine and another where one is made; no allocation once the longest line
//          was seen.
#pragma once

#include <string>
#include <string_view>

#include "src/rules/grok/engine/padded_text.hpp"

namespace tocsin::rules::grok {

class Subject {
 public:
  Subject() { view({}); }
  explicit Subject(std::string_view text) { assign(text); }
  Subject(const Subject&) = delete;
  Subject& operator=(const Subject&) = delete;

  // A copy of `text`.
  void assign(std::string_view text);
  // `text` itself, which must stay as it is while this is used, or a copy if it had to be repaired.
  void view(std::string_view text);

  // data() is not null, even if what was given is.
  [[nodiscard]] std::string_view text() const { return text_; }
  [[nodiscard]] bool is_ascii() const { return ascii_; }
  // The same text, as the engine reads it.
  [[nodiscard]] const engine::PaddedText& padded() const { return padded_; }

 private:
  engine::PaddedText padded_;
  std::string copy_;
  std::string_view text_;  // the copy, or what was given
  bool ascii_ = true;
};

}  // namespace tocsin::rules::grok
