// MultiLine: joins the lines that belong together, such as a stack trace, into one record.
// The lines of a record are joined by LF; empty lines inside it stay, those at its end do not.
// Memory:  one record, of at most max_bytes, or of one line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "ingest/tail/counters.hpp"
#include "ingest/tail/line_pattern.hpp"
#include "ingest/tail/options.hpp"

namespace tocsin::tail {

struct Record {
  std::string_view text;
  std::uint64_t end = 0;  // offset in the file behind its last line
};

class MultiLine {
 public:
  // `start`: for Rule::kStartPattern; null otherwise. All three outlive the object.
  MultiLine(const MultiLineOptions& options, const LinePattern* start, Counters& counters) noexcept
      : options_(options), start_(start), counters_(counters) {}

  // Whether there is a record that more lines may join.
  [[nodiscard]] bool is_open() const noexcept { return lines_ > 0; }

  // Whether `line` belongs to the open record. If not, take() comes before add().
  [[nodiscard]] bool continues(std::string_view line) const noexcept;
  void add(std::string_view line, std::uint64_t end);
  // The file up to `end` needs no record of its own; it goes with the open one.
  void cover(std::uint64_t end) noexcept { end_ = end; }

  // Ends the open record. Its text is valid until the next add().
  [[nodiscard]] Record take() noexcept;

 private:
  [[nodiscard]] bool is_start(std::string_view line) const noexcept;

  const MultiLineOptions& options_;
  const LinePattern* const start_;
  Counters& counters_;

  std::string text_;
  std::size_t lines_ = 0;
  std::uint64_t end_ = 0;
  bool in_traceback_ = false;  // the line that says what was raised is still to come
};

}  // namespace tocsin::tail
