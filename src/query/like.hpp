// The pattern of `=~`: '%' stands for any text, everything else for itself, anchored at both ends.
// Example: "api.%.p9%" matches "api.checkout.p99" and not "my.api.x.p99".
// Cost:    linear in the text for each piece between two '%'; no allocation, no backtracking.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::query {

class LikePattern {
 public:
  explicit LikePattern(std::string text);

  [[nodiscard]] bool matches(std::string_view subject) const noexcept;

  // As written.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  // What every matching text begins with; all of it when the pattern has no '%'.
  [[nodiscard]] std::string_view prefix() const noexcept { return piece(0); }
  // What every matching text ends with; all of it when the pattern has no '%'.
  [[nodiscard]] std::string_view suffix() const noexcept { return piece(pieces_.size() - 1); }
  [[nodiscard]] bool is_literal() const noexcept { return pieces_.size() == 1; }

 private:
  struct Piece {
    std::size_t offset;
    std::size_t length;
  };

  [[nodiscard]] std::string_view piece(std::size_t index) const noexcept {
    return std::string_view(text_).substr(pieces_[index].offset, pieces_[index].length);
  }

  std::string text_;
  std::vector<Piece> pieces_;  // what stands between the '%', one more than there are '%'
};

}  // namespace tocsin::query
