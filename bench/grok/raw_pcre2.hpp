// PCRE2 with machine code and nothing around it: what grok is measured against. Searches a line of
// ASCII for the fully expanded expression and leaves the groups as offsets; no field, no type.
// Options: those that make it agree with grok (dot-all, multi-line), without UTF: its fastest.
// Errors:  an exception, since there is nothing to measure then.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace tocsin::bench::grok {

class RawPcre2 {
 public:
  // `written`: rules::grok::Translation::ascii.
  explicit RawPcre2(const std::string& written);
  RawPcre2(RawPcre2&&) noexcept;
  RawPcre2& operator=(RawPcre2&&) noexcept;
  ~RawPcre2();

  [[nodiscard]] bool match(std::string_view line) const;
  // Of the last match: begin and end of it and of each group, ~0 where a group took no part.
  [[nodiscard]] std::span<const std::size_t> groups() const;

 private:
  struct Compiled;
  std::unique_ptr<Compiled> compiled_;
};

}  // namespace tocsin::bench::grok
