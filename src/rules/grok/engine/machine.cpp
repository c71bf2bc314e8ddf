#include "src/rules/grok/engine/machine_body.hpp"

namespace tocsin::rules::grok::engine {
namespace {

struct PortableBlocks {
  static std::uint32_t run_length(const std::uint8_t* at, const SetVector& set,
                                  std::uint32_t most) {
    std::uint32_t length = 0;
    while (length < most && (set.rows[at[length] & 15U] >> (at[length] >> 4) & 1) != 0) ++length;
    return length;
  }
  static std::uint32_t until(const std::uint8_t* at, std::uint8_t a, std::uint8_t b) {
    std::uint32_t length = 0;
    while (at[length] != a && at[length] != b && at[length] != kEndOfText) ++length;
    return length;
  }
  static std::uint32_t equal(const std::uint8_t* at, std::uint8_t byte) {
    std::uint32_t mask = 0;
    for (unsigned i = 0; i < 16; ++i) mask |= static_cast<std::uint32_t>(at[i] == byte) << i;
    return mask;
  }
  static std::uint32_t same(const std::uint8_t* a, const std::uint8_t* b) {
    std::uint32_t mask = 0;
    for (unsigned i = 0; i < 16; ++i) mask |= static_cast<std::uint32_t>(a[i] == b[i]) << i;
    return mask;
  }
  static std::uint32_t digits(const std::uint8_t* at) {
    std::uint32_t mask = 0;
    for (unsigned i = 0; i < 16; ++i) {
      mask |= static_cast<std::uint32_t>(at[i] >= '0' && at[i] <= '9') << i;
    }
    return mask;
  }
};

}  // namespace

Run run_portably(const Tables& tables, std::uint32_t start, const PaddedText& text,
                 std::size_t from, std::span<std::size_t> groups, Workspace& workspace) {
  return run_with<PortableBlocks>(tables, start, text, from, groups, workspace);
}

#if defined(__x86_64__)
RunFunction run_with_avx2;

RunFunction& best_run() noexcept {
  static RunFunction& best = __builtin_cpu_supports("avx2") ? run_with_avx2 : run_portably;
  return best;
}
#else
RunFunction& best_run() noexcept {
  return run_portably;
}
#endif

}  // namespace tocsin::rules::grok::engine
