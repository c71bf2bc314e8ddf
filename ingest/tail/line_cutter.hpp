// LineCutter: cuts what was read from a file into lines.
//     line := any byte but LF, LF
// A CR before the LF is no part of the line, nor are NULs, wherever they stand: a crash of the
// machine, or a truncation below a writer that does not append, leaves runs of them of any length.
// Memory:  one line, of at most max_line_bytes and one.
// Cost:    lines within one chunk that hold no NUL are not copied.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tocsin::tail {

struct Line {
  enum class Kind : std::uint8_t {
    kText,
    kOverlong,  // `text` is only how it begins
    kSkipped,   // of no interest: `text` is empty
  };
  std::string_view text;  // valid until the cutter is called again
  std::uint64_t end = 0;  // offset in the file behind the line and its LF
  Kind kind = Kind::kText;
};

class LineCutter {
 public:
  // What stands in the file just before the first chunk.
  enum class Before : std::uint8_t {
    kLineEnd,   // an LF, or nothing
    kCutLine,   // a line that was cut where it stopped: an LF that follows is its own
    kOpenLine,  // a line whose rest is to be skipped
  };

  explicit LineCutter(std::size_t max_line_bytes) noexcept : max_line_bytes_(max_line_bytes) {}

  // Forgets all; the next chunk stands at `offset`.
  void restart(std::uint64_t offset, Before before) noexcept;

  // The next bytes of the file. Precondition: next() found the last chunk used up. The chunk stays
  // where it is until that is so again.
  void feed(std::string_view chunk) noexcept;

  // The next line; none when the chunk is used up.
  [[nodiscard]] std::optional<Line> next();

  // Whether there is a line without its end. Precondition of both: the chunk is used up.
  [[nodiscard]] bool has_open_line() const noexcept { return open_ && !skip_; }
  // Ends that line here.
  [[nodiscard]] std::optional<Line> cut_open_line();

 private:
  void release() noexcept;
  void keep(std::string_view piece);
  [[nodiscard]] Line close_line(std::string_view text) noexcept;

  const std::size_t max_line_bytes_;
  std::string_view rest_;       // of the chunk
  std::uint64_t position_ = 0;  // of rest_ in the file

  std::string kept_;         // what came of the open line, without NULs
  bool open_ = false;        // bytes of the open line came, if only NULs
  bool too_long_ = false;    // more of it came than kept_ holds
  bool skip_ = false;        // its rest is of no interest
  bool after_cut_ = false;   // it follows a line that was cut
  bool handed_out_ = false;  // kept_ is the text of the last line
};

}  // namespace tocsin::tail
