#include "src/query/regex.hpp"

#include <array>
#include <atomic>
#include <utility>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

namespace tocsin::query {
namespace {

// Only the interpreter uses the heap, where machine code is not available.
constexpr std::uint32_t kHeapLimitKib = 4096;
constexpr std::size_t kJitStackStartBytes = 32U * 1024;
constexpr std::size_t kJitStackMostBytes = 512U * 1024;

struct Free {
  void operator()(pcre2_code* p) const noexcept { pcre2_code_free(p); }
  void operator()(pcre2_match_context* p) const noexcept { pcre2_match_context_free(p); }
  void operator()(pcre2_match_data* p) const noexcept { pcre2_match_data_free(p); }
  void operator()(pcre2_jit_stack* p) const noexcept { pcre2_jit_stack_free(p); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

// What PCRE2 writes to while it searches: one for each thread, shared by all its patterns.
struct Scratch {
  Owned<pcre2_match_data> match{pcre2_match_data_create(1, nullptr)};
  Owned<pcre2_jit_stack> stack{
      pcre2_jit_stack_create(kJitStackStartBytes, kJitStackMostBytes, nullptr)};
};

Scratch& scratch() noexcept {
  thread_local Scratch mine;
  return mine;
}

// PCRE2 asks on the searching thread. A null answer means its built-in 32 KiB.
pcre2_jit_stack* stack_of_this_thread(void*) noexcept {
  return scratch().stack.get();
}

std::string complaint(int code, std::size_t offset) {
  std::array<PCRE2_UCHAR, 256> text{};
  pcre2_get_error_message(code, text.data(), text.size());
  return std::string(reinterpret_cast<const char*>(text.data())) + " (byte " +
         std::to_string(offset) + " of the expression)";
}

}  // namespace

struct Regex::Compiled {
  // Fixed after construction.
  std::string pattern;
  Owned<pcre2_code> code;
  Owned<pcre2_match_context> context;
  // Written by every searching thread, read by whoever reports. Relaxed: a statistic that orders
  // nothing; shared because giving up is rare and dear anyway.
  std::atomic<std::uint64_t> give_ups{0};
};

Regex::Regex(std::unique_ptr<Compiled> compiled) noexcept : compiled_(std::move(compiled)) {}
Regex::Regex(Regex&&) noexcept = default;
Regex& Regex::operator=(Regex&&) noexcept = default;
Regex::~Regex() = default;

Result<Regex> Regex::compile(std::string pattern) {
  int code = 0;
  PCRE2_SIZE offset = 0;
  // \C splits a character and is unsafe together with UTF.
  constexpr std::uint32_t kOptions = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C;
  auto compiled = std::make_unique<Compiled>();
  compiled->code.reset(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(),
                                     kOptions, &code, &offset, nullptr));
  if (!compiled->code) return Error{Errc::kSyntax, {}, complaint(code, offset)};
  compiled->context.reset(pcre2_match_context_create(nullptr));
  if (!compiled->context) return Error{Errc::kLimit, {}, "no memory for a regular expression"};
  // A refusal is no fault: the search then interprets, slower and with the same outcome.
  (void)pcre2_jit_compile(compiled->code.get(), PCRE2_JIT_COMPLETE);
  pcre2_jit_stack_assign(compiled->context.get(), stack_of_this_thread, nullptr);
  pcre2_set_match_limit(compiled->context.get(), kMatchLimit);
  pcre2_set_heap_limit(compiled->context.get(), kHeapLimitKib);
  compiled->pattern = std::move(pattern);
  return Regex(std::move(compiled));
}

Regex::Outcome Regex::search(std::string_view subject) const noexcept {
  pcre2_match_data* const match = scratch().match.get();
  // Zero: matched, and the one pair of offsets could not hold every group. None is read.
  const int found =
      match == nullptr
          ? PCRE2_ERROR_NOMEMORY
          : pcre2_match(compiled_->code.get(), reinterpret_cast<PCRE2_SPTR>(subject.data()),
                        subject.size(), 0, 0, match, compiled_->context.get());
  if (found >= 0) return Outcome::kMatch;
  if (found == PCRE2_ERROR_NOMATCH) return Outcome::kNoMatch;
  compiled_->give_ups.fetch_add(1, std::memory_order_relaxed);
  return Outcome::kGaveUp;
}

const std::string& Regex::pattern() const noexcept {
  return compiled_->pattern;
}

std::uint64_t Regex::give_ups() const noexcept {
  return compiled_->give_ups.load(std::memory_order_relaxed);
}

}  // namespace tocsin::query
