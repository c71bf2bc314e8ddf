#include "ingest/tail/line_cutter.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace tocsin::tail {

void LineCutter::restart(std::uint64_t offset, Before before) noexcept {
  rest_ = {};
  position_ = offset;
  kept_.clear();
  open_ = too_long_ = handed_out_ = false;
  skip_ = before == Before::kOpenLine;
  after_cut_ = before == Before::kCutLine;
}

void LineCutter::feed(std::string_view chunk) noexcept {
  assert(rest_.empty());
  rest_ = chunk;
}

// Ends the validity of the last line.
void LineCutter::release() noexcept {
  if (std::exchange(handed_out_, false)) kept_.clear();
}

std::optional<Line> LineCutter::next() {
  release();
  if (rest_.empty()) return std::nullopt;
  const std::size_t lf = rest_.find('\n');
  const std::string_view piece = rest_.substr(0, lf);
  const bool whole = lf != std::string_view::npos;
  const bool in_place = whole && !open_ && piece.find('\0') == std::string_view::npos;
  if (!in_place) keep(piece);
  const std::size_t used = whole ? lf + 1 : rest_.size();
  rest_.remove_prefix(used);
  position_ += used;
  if (!whole) return std::nullopt;
  const Line line = close_line(in_place ? piece : std::string_view(kept_));
  skip_ = after_cut_ = false;
  return line;
}

std::optional<Line> LineCutter::cut_open_line() {
  assert(rest_.empty());
  release();
  if (!has_open_line()) return std::nullopt;
  const Line line = close_line(kept_);
  // The rest of a line that is too long already is not another line.
  skip_ = line.kind == Line::Kind::kOverlong;
  after_cut_ = !skip_;
  return line;
}

void LineCutter::keep(std::string_view piece) {
  open_ = true;
  if (skip_) return;
  while (!piece.empty()) {
    const std::size_t nul = std::min(piece.find('\0'), piece.size());
    // One more than the limit, for a CR.
    const std::size_t room = max_line_bytes_ + 1 - kept_.size();
    kept_.append(piece.substr(0, std::min(nul, room)));
    too_long_ |= nul > room;
    piece.remove_prefix(nul);
    piece.remove_prefix(std::min(piece.find_first_not_of('\0'), piece.size()));
  }
}

Line LineCutter::close_line(std::string_view text) noexcept {
  handed_out_ = true;
  open_ = false;
  const bool cut_short = std::exchange(too_long_, false);
  if (skip_) return {{}, position_, Line::Kind::kSkipped};
  if (!cut_short && text.ends_with('\r')) text.remove_suffix(1);
  if (cut_short || text.size() > max_line_bytes_) {
    return {text.substr(0, max_line_bytes_), position_, Line::Kind::kOverlong};
  }
  if (text.empty() && after_cut_) return {{}, position_, Line::Kind::kSkipped};
  return {text, position_, Line::Kind::kText};
}

}  // namespace tocsin::tail
