// Which of many literals a text holds: one pass over the text for all of them.
//
//     {"Accepted", "Failed pass"}  on  "sshd: Failed password"   bit 1
//
// Of each literal its three rarest bytes side by side, its core, are looked for: where fingerprints
// say that one may stand, a hash table says which literals have just this core, and those are
// compared.
// Threads: fixed after construction.
// Cost:    some nanoseconds for each 32 bytes of text, and for each place that looks like a core.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/rules/grok/engine/fingerprints.hpp"
#include "src/rules/grok/engine/padded_text.hpp"

namespace tocsin::rules::grok::engine {

class LiteralSet {
 public:
  static constexpr std::size_t kLeastBytes = Fingerprints::kPlaces;  // of a literal

  // Precondition: none is shorter than kLeastBytes.
  explicit LiteralSet(const std::vector<std::string>& literals);

  // Calls `found` with the number of each literal that `text` holds; more than once if it is there
  // more than once.
  template <class Found>
  void find(const PaddedText& text, Found found) const noexcept {
    std::array<std::uint32_t, kPlacesAtOnce> places;
    for (std::size_t from = 0; from <= text.size();) {
      const std::size_t count = find_(fingerprints_, text, from, places);
      for (std::size_t i = 0; i < count; ++i) {
        for (std::uint32_t number = first_at(text, places[i]); number != kNone;
             number = literals_[number].next) {
          if (stands_at(literals_[number], text, places[i])) found(number);
        }
      }
      if (count < kPlacesAtOnce) return;
      from = places[count - 1] + std::size_t{1};
    }
  }

 private:
  static constexpr std::size_t kPlacesAtOnce = 64;
  static constexpr std::uint32_t kNone = 0xFFFF'FFFF;

  struct Literal {
    std::string text;
    std::uint32_t core;    // where in it
    std::uint32_t packed;  // its bytes
    std::uint32_t next;    // of those with the same hash; kNone: the last
  };

  static std::uint32_t pack(const std::uint8_t* core) {
    return static_cast<std::uint32_t>(core[0] | core[1] << 8 | core[2] << 16);
  }
  [[nodiscard]] std::size_t slot_of(std::uint32_t packed) const {
    return packed * 0x9E37'79B1U >> shift_;
  }
  [[nodiscard]] std::uint32_t first_at(const PaddedText& text, std::size_t at) const {
    return first_[slot_of(pack(text.bytes() + at))];
  }
  [[nodiscard]] static bool stands_at(const Literal& literal, const PaddedText& text,
                                      std::size_t at) {
    return pack(text.bytes() + at) == literal.packed && at >= literal.core &&
           text.text().substr(at - literal.core).starts_with(literal.text);
  }

  std::vector<Literal> literals_;
  std::vector<std::uint32_t> first_;  // by hash; kNone: there is none
  unsigned shift_ = 0;
  Fingerprints fingerprints_;
  FindFingerprints* find_ = &best_find_fingerprints();
};

}  // namespace tocsin::rules::grok::engine
