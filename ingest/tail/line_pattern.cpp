#include "ingest/tail/line_pattern.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <utility>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

namespace tocsin::tail {
namespace {

// Only the interpreter uses the heap, where machine code is not available.
constexpr std::uint32_t kHeapLimitKib = 4096;

struct Free {
  void operator()(pcre2_code* p) const noexcept { pcre2_code_free(p); }
  void operator()(pcre2_match_context* p) const noexcept { pcre2_match_context_free(p); }
  void operator()(pcre2_match_data* p) const noexcept { pcre2_match_data_free(p); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

std::string complaint(int code, std::size_t offset) {
  std::array<PCRE2_UCHAR, 256> text{};
  pcre2_get_error_message(code, text.data(), text.size());
  return std::string(reinterpret_cast<const char*>(text.data())) + " (byte " +
         std::to_string(offset) + " of the expression)";
}

}  // namespace

struct LinePattern::Compiled {
  Owned<pcre2_code> code;
  Owned<pcre2_match_context> context;
  Owned<pcre2_match_data> match;
};

LinePattern::LinePattern(std::unique_ptr<Compiled> compiled) noexcept
    : compiled_(std::move(compiled)) {}
LinePattern::LinePattern(LinePattern&&) noexcept = default;
LinePattern& LinePattern::operator=(LinePattern&&) noexcept = default;
LinePattern::~LinePattern() = default;

Result<LinePattern> LinePattern::compile(std::string_view pattern) {
  int code = 0;
  PCRE2_SIZE offset = 0;
  // \C splits a character and is unsafe together with UTF.
  constexpr std::uint32_t kOptions = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C;
  auto compiled = std::make_unique<Compiled>();
  compiled->code.reset(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(),
                                     kOptions, &code, &offset, nullptr));
  if (!compiled->code) return Error{Errc::kSyntax, {}, complaint(code, offset)};
  compiled->context.reset(pcre2_match_context_create(nullptr));
  compiled->match.reset(pcre2_match_data_create(1, nullptr));
  if (!compiled->context || !compiled->match) {
    return Error{Errc::kLimit, {}, "no memory for a regular expression"};
  }
  // A refusal is no fault: the search then interprets, slower and with the same outcome.
  (void)pcre2_jit_compile(compiled->code.get(), PCRE2_JIT_COMPLETE);
  pcre2_set_match_limit(compiled->context.get(), kMatchLimit);
  pcre2_set_heap_limit(compiled->context.get(), kHeapLimitKib);
  return LinePattern(std::move(compiled));
}

LinePattern::Outcome LinePattern::search(std::string_view line) const noexcept {
  // Zero: matched, and the one pair of offsets could not hold every group. None is read.
  const int found =
      pcre2_match(compiled_->code.get(), reinterpret_cast<PCRE2_SPTR>(line.data()), line.size(), 0,
                  0, compiled_->match.get(), compiled_->context.get());
  if (found >= 0) return Outcome::kMatch;
  return found == PCRE2_ERROR_NOMATCH ? Outcome::kNoMatch : Outcome::kGaveUp;
}

}  // namespace tocsin::tail
