// Gives each set of bytes a bit in one of the pages that operations look bytes up in, or a vector.
#pragma once

#include <cstdint>
#include <vector>

#include "src/rules/grok/engine/byte_set.hpp"
#include "src/rules/grok/engine/operation.hpp"

namespace tocsin::rules::grok::engine {

class SetPages {
 public:
  struct Bits {
    std::uint16_t page;
    std::uint64_t one;
    std::uint64_t other;
  };

  // Bits of both sets in one page; of equal sets the same.
  [[nodiscard]] Bits find_or_add(const ByteSet& one, const ByteSet& other);

  // The number of its vector.
  [[nodiscard]] std::uint16_t find_or_add_vector(const ByteSet& set);

  [[nodiscard]] const std::vector<SetPage>& pages() const { return pages_; }
  [[nodiscard]] const std::vector<SetVector>& vectors() const { return vectors_; }

 private:
  // Zero: it is not there, and the page is full.
  std::uint64_t find_or_add_in(std::size_t page, const ByteSet& set);

  std::vector<SetPage> pages_;
  std::vector<std::vector<ByteSet>> sets_;  // of each page, in the order of bits
  std::vector<SetVector> vectors_;
  std::vector<ByteSet> vector_sets_;
};

}  // namespace tocsin::rules::grok::engine
