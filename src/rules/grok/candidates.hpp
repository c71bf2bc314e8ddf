// Which expressions of a list may match a text, found in one pass over it: each is known by a
// literal that all of its matches hold, and only those are tried whose literal is there.
//
//     {"from %{IP}", "%{INT} users", "%{WORD}"}  on  "3 users"   the second, and always the third
//
// Threads: fixed after construction; each search with flags of its own.
// Cost:    no allocation.
// Source:  reference of the grok filter, section 9, 4.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "src/rules/grok/engine/literal_set.hpp"
#include "src/rules/grok/subject.hpp"

namespace tocsin::rules::grok {

class Candidates {
 public:
  static constexpr std::size_t kMost = 1024;  // those behind are tried always

  class Flags {
   public:
    [[nodiscard]] bool has(std::size_t index) const {
      return index >= kMost || (words_[index / 64] >> index % 64 & 1) != 0;
    }
    // The first at or behind `index`, `end` if there is none. Precondition: of `end` candidates.
    [[nodiscard]] std::size_t next(std::size_t index, std::size_t end) const;

   private:
    friend class Candidates;
    std::array<std::uint64_t, kMost / 64> words_;  // as many as there are candidates are set
  };

  // Of each expression a literal, empty: not known. Few are not worth a pass: all count as found.
  explicit Candidates(const std::vector<std::string>& literals);

  // Whether find() would say more than that all are candidates.
  [[nodiscard]] bool tells() const { return literals_.has_value(); }
  void find(const Subject& subject, Flags& flags) const noexcept;

 private:
  std::vector<std::uint64_t> always_;
  std::optional<engine::LiteralSet> literals_;
  std::vector<std::uint32_t> of_;  // which expression a literal is of
};

}  // namespace tocsin::rules::grok
