#include "src/query/like.hpp"

#include <utility>

namespace tocsin::query {

LikePattern::LikePattern(std::string text) : text_(std::move(text)) {
  std::size_t start = 0;
  for (std::size_t wildcard = text_.find('%'); wildcard != std::string::npos;
       wildcard = text_.find('%', start)) {
    pieces_.push_back({start, wildcard - start});
    start = wildcard + 1;
  }
  pieces_.push_back({start, text_.size() - start});
}

// The first and the last piece are pinned to the ends; each piece between them may take its
// leftmost place, because that leaves the most room for those after it.
bool LikePattern::matches(std::string_view subject) const noexcept {
  if (is_literal()) return subject == text_;
  const std::string_view first = piece(0);
  const std::string_view last = piece(pieces_.size() - 1);
  if (subject.size() < first.size() + last.size()) return false;
  if (!subject.starts_with(first) || !subject.ends_with(last)) return false;
  subject.remove_prefix(first.size());
  subject.remove_suffix(last.size());
  for (std::size_t index = 1; index + 1 < pieces_.size(); ++index) {
    const std::size_t found = subject.find(piece(index));
    if (found == std::string_view::npos) return false;
    subject.remove_prefix(found + pieces_[index].length);
  }
  return true;
}

}  // namespace tocsin::query
