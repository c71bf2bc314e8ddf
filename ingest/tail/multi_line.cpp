#include "ingest/tail/multi_line.hpp"

#include <cassert>
#include <utility>

namespace tocsin::tail {
namespace {

constexpr std::string_view kTraceback = "Traceback (most recent call last):";

bool is_indented(std::string_view line) noexcept {
  return line.empty() || line.front() == ' ' || line.front() == '\t';
}

}  // namespace

bool MultiLine::continues(std::string_view line) const noexcept {
  assert(is_open());
  if (lines_ >= options_.max_lines) return false;
  if (text_.size() + 1 + line.size() > options_.max_bytes) return false;
  return !is_start(line);
}

bool MultiLine::is_start(std::string_view line) const noexcept {
  if (options_.rule == MultiLineOptions::Rule::kIndent) {
    return !is_indented(line) && !in_traceback_;
  }
  const LinePattern::Outcome outcome = start_->search(line);
  if (outcome == LinePattern::Outcome::kGaveUp) counters_.give_ups.add(1);
  return outcome == LinePattern::Outcome::kMatch;
}

void MultiLine::add(std::string_view line, std::uint64_t end) {
  if (is_open()) {
    text_ += '\n';
  } else {
    text_.clear();
  }
  text_ += line;
  ++lines_;
  end_ = end;
  // Python indents the frames, but not the line behind them: "ValueError: ...".
  if (!is_indented(line)) in_traceback_ = line.ends_with(kTraceback);
}

Record MultiLine::take() noexcept {
  lines_ = 0;
  in_traceback_ = false;
  std::string_view text = text_;
  while (text.ends_with('\n')) text.remove_suffix(1);
  return {text, end_};
}

}  // namespace tocsin::tail
