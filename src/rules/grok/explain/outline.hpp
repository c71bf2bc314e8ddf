// The outline of an expression that dialect.hpp has written: what stands one behind the other, what
// is within what, and so which of two places in it is further on.
//
//     (a|bc)\[x+     items: "(a|bc)" [ "a" | "b" "c" ]  "\["  "x+"
//
// Further on is, of two items that stand one behind the other, the later one; of two in different
// branches of a group, neither: there counts how far the line was read.
// Threads: immutable.
// Cost:    one pass over the text; a comparison takes as many steps as groups are nested.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

namespace tocsin::rules::grok::explain {

class Outline {
 public:
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

  struct Item {
    std::size_t begin;              // in the text
    std::uint32_t group = kNone;    // the group it is in, as an item; kNone: the text itself
    std::uint32_t branch = 0;       // of the group, from 0
    std::uint32_t order = 0;        // how many items stand before it in its branch
    std::uint32_t depth = 0;        // how many groups it is in
    std::uint32_t branches = 1;     // of its own, when it is a group
    bool literal = false;           // one character that stands for itself, once
    bool inside_assertion = false;  // what is found there is looked at, not matched
  };

  // `written`: Translation::utf; not kept.
  explicit Outline(std::string_view written);

  [[nodiscard]] const std::vector<Item>& items() const { return items_; }
  // The item that begins at `offset`; kNone: none does.
  [[nodiscard]] std::uint32_t item_at(std::size_t offset) const { return by_offset_[offset]; }

  // A place in the expression and one in the line.
  struct Reached {
    std::uint32_t item = kNone;
    std::size_t line = 0;
  };
  // Whether `a` is further on than `b`. Neither is kNone.
  [[nodiscard]] bool is_further(const Reached& a, const Reached& b) const;

  // How many items a match that waits for `item` has passed.
  [[nodiscard]] std::size_t passed(std::uint32_t item) const;

 private:
  // `item` itself, or the group around it that is in `depth` groups.
  [[nodiscard]] std::uint32_t ancestor(std::uint32_t item, std::uint32_t depth) const;

  std::vector<Item> items_;  // in the order in which they begin
  std::vector<std::uint32_t> by_offset_;
  std::uint32_t branches_ = 1;  // of the text itself
};

}  // namespace tocsin::rules::grok::explain
