#include "src/rules/grok/explain/outline.hpp"

#include <algorithm>

namespace tocsin::rules::grok::explain {
namespace {

// Behind the closing `end` that no backslash hides, from `at` on.
std::size_t behind(std::string_view text, std::size_t at, char end) {
  while (at < text.size() && text[at] != end) at += text[at] == '\\' ? 2 : 1;
  return std::min(at + 1, text.size());
}

bool is_assertion(std::string_view group) {
  for (const std::string_view opening : {"(?=", "(?!", "(?<=", "(?<!", "(?("}) {
    if (group.starts_with(opening)) return true;
  }
  return false;
}

// Behind what opens a group: "(", "(?:", "(?-is:", "(?<=", "(?(1)". A call, "(?1)", ends itself.
std::size_t behind_opening(std::string_view text, std::size_t at) {
  if (!text.substr(at).starts_with("(?")) return at + 1;
  const std::string_view rest = text.substr(at);
  if (rest.starts_with("(?<")) return at + 4;
  if (rest.starts_with("(?(?")) return at + 2;  // the condition is an assertion: a group of its own
  if (rest.starts_with("(?(")) return behind(text, at, ')');
  const std::size_t end = text.find_first_of(":=!>)", at);
  return end == std::string_view::npos ? text.size() : text[end] == ')' ? end : end + 1;
}

// Behind one atom that is no group.
std::size_t behind_atom(std::string_view text, std::size_t at) {
  if (text[at] == '[') return behind(text, at + 1, ']');
  if (text[at] != '\\') return at + 1;
  const std::size_t letter = at + 1;
  if (letter >= text.size()) return text.size();
  const bool braced = letter + 1 < text.size() && text[letter + 1] == '{';
  if (braced && std::string_view("xpPg").find(text[letter]) != std::string_view::npos) {
    return behind(text, letter, '}');
  }
  return std::min(letter + (text[letter] == 'x' ? 3 : 1), text.size());
}

bool is_literal(std::string_view atom) {
  if (atom.front() != '\\')
    return std::string_view("[.^$").find(atom.front()) == std::string_view::npos;
  const char letter = atom[1];
  const bool is_letter = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
  return letter == 'x' || !is_letter;
}

std::size_t behind_quantifier(std::string_view text, std::size_t at) {
  if (at == text.size()) return at;
  if (text[at] == '{') {
    at = behind(text, at, '}');
  } else if (std::string_view("*+?").find(text[at]) != std::string_view::npos) {
    ++at;
  } else {
    return at;
  }
  const bool more = at < text.size() && (text[at] == '?' || text[at] == '+');
  return more ? at + 1 : at;
}

}  // namespace

Outline::Outline(std::string_view written) : by_offset_(written.size() + 1, kNone) {
  std::uint32_t group = kNone;
  std::uint32_t branch = 0;
  std::uint32_t order = 0;
  // What is next: `order`th item of the `branch`th branch of `group`.
  for (std::size_t at = 0; at < written.size();) {
    if (written[at] == '|') {
      ++(group == kNone ? branches_ : items_[group].branches);
      ++branch;
      order = 0;
      ++at;
    } else if (written[at] == ')' && group != kNone) {
      const Item& closed = items_[group];
      branch = closed.branch;
      order = closed.order + 1;
      group = closed.group;
      at = behind_quantifier(written, at + 1);
    } else {
      Item item{at, group, branch, order};
      if (group != kNone) {
        item.depth = items_[group].depth + 1;
        item.inside_assertion =
            items_[group].inside_assertion || is_assertion(written.substr(items_[group].begin));
      }
      const auto number = static_cast<std::uint32_t>(items_.size());
      by_offset_[at] = number;
      if (written[at] == '(') {
        at = behind_opening(written, at);
        group = number;
        branch = order = 0;
      } else {
        const std::size_t end = behind_atom(written, at);
        const std::size_t quantified = behind_quantifier(written, end);
        item.literal = quantified == end && is_literal(written.substr(at, end - at));
        at = quantified;
        ++order;
      }
      items_.push_back(item);
    }
  }
}

std::uint32_t Outline::ancestor(std::uint32_t item, std::uint32_t depth) const {
  while (items_[item].depth > depth) item = items_[item].group;
  return item;
}

bool Outline::is_further(const Reached& a, const Reached& b) const {
  // Invariant: both are in the same branches of all groups so far.
  std::uint32_t branches = branches_;
  const std::uint32_t common = std::min(items_[a.item].depth, items_[b.item].depth);
  for (std::uint32_t depth = 0; depth <= common; ++depth) {
    if (branches > 1 && a.line != b.line) return a.line > b.line;
    const std::uint32_t of_a = ancestor(a.item, depth);
    const std::uint32_t of_b = ancestor(b.item, depth);
    if (of_a != of_b) {
      return items_[of_a].branch == items_[of_b].branch && items_[of_a].order > items_[of_b].order;
    }
    branches = items_[of_a].branches;
  }
  return items_[a.item].depth > items_[b.item].depth;
}

std::size_t Outline::passed(std::uint32_t item) const {
  std::size_t sum = 0;
  for (; item != kNone; item = items_[item].group) sum += items_[item].order;
  return sum;
}

}  // namespace tocsin::rules::grok::explain
