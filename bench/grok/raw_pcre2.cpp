#include "bench/grok/raw_pcre2.hpp"

#include <cstdint>
#include <stdexcept>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

namespace tocsin::bench::grok {

struct RawPcre2::Compiled {
  ~Compiled() {
    pcre2_match_data_free(match);
    pcre2_match_context_free(context);
    pcre2_jit_stack_free(stack);
    pcre2_code_free(code);
  }

  pcre2_code* code = nullptr;
  pcre2_match_data* match = nullptr;
  pcre2_match_context* context = pcre2_match_context_create(nullptr);
  pcre2_jit_stack* stack = pcre2_jit_stack_create(32 * 1024, 1024 * 1024, nullptr);
};

RawPcre2::RawPcre2(const std::string& written) : compiled_(std::make_unique<Compiled>()) {
  int error = 0;
  PCRE2_SIZE at = 0;
  compiled_->code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(written.data()), written.size(),
                                  PCRE2_DOTALL | PCRE2_MULTILINE, &error, &at, nullptr);
  if (compiled_->code == nullptr || pcre2_jit_compile(compiled_->code, PCRE2_JIT_COMPLETE) != 0) {
    throw std::runtime_error("PCRE2 refuses " + written);
  }
  compiled_->match = pcre2_match_data_create_from_pattern(compiled_->code, nullptr);
  pcre2_jit_stack_assign(compiled_->context, nullptr, compiled_->stack);
}

RawPcre2::RawPcre2(RawPcre2&&) noexcept = default;
RawPcre2& RawPcre2::operator=(RawPcre2&&) noexcept = default;
RawPcre2::~RawPcre2() = default;

bool RawPcre2::match(std::string_view line) const {
  const int found = pcre2_jit_match(compiled_->code, reinterpret_cast<PCRE2_SPTR>(line.data()),
                                    line.size(), 0, 0, compiled_->match, compiled_->context);
  if (found < 0 && found != PCRE2_ERROR_NOMATCH) throw std::runtime_error("PCRE2 gave up");
  return found >= 0;
}

std::span<const std::size_t> RawPcre2::groups() const {
  return {pcre2_get_ovector_pointer(compiled_->match),
          std::size_t{2} * pcre2_get_ovector_count(compiled_->match)};
}

}  // namespace tocsin::bench::grok
