#include "src/rules/grok/candidates.hpp"

#include <algorithm>

namespace tocsin::rules::grok {
namespace {

constexpr std::size_t kLeastLiterals = 3;  // for a pass to be worth it
constexpr std::size_t kBits = 64;

}  // namespace

std::size_t Candidates::Flags::next(std::size_t index, std::size_t end) const {
  while (index < std::min(end, kMost)) {
    const std::uint64_t left = words_[index / kBits] >> index % kBits;
    if (left != 0) {
      return std::min(end, index + static_cast<std::size_t>(std::countr_zero(left)));
    }
    index = (index / kBits + 1) * kBits;
  }
  return std::min(index, end);
}

Candidates::Candidates(const std::vector<std::string>& literals) {
  const std::size_t count = std::min(literals.size(), kMost);
  always_.assign((count + kBits - 1) / kBits, ~std::uint64_t{0});
  std::vector<std::string> known;
  for (std::size_t i = 0; i < count; ++i) {
    if (literals[i].size() < engine::LiteralSet::kLeastBytes) continue;
    known.push_back(literals[i]);
    of_.push_back(static_cast<std::uint32_t>(i));
  }
  if (known.size() < kLeastLiterals) return;
  literals_.emplace(known);
  for (const std::uint32_t i : of_) always_[i / kBits] &= ~(std::uint64_t{1} << i % kBits);
}

void Candidates::find(const Subject& subject, Flags& flags) const noexcept {
  std::copy(always_.begin(), always_.end(), flags.words_.begin());
  if (!literals_) return;
  literals_->find(subject.padded(), [&](std::uint32_t literal) {
    flags.words_[of_[literal] / kBits] |= std::uint64_t{1} << of_[literal] % kBits;
  });
}

}  // namespace tocsin::rules::grok
