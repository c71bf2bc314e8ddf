// Complaints: everything that is wrong with one file, each thing with its place.
// A loader goes on after a mistake, so that a user sees all of them at once; a value that was
// complained about is simply not set.
// Threads: one per file being read; not shared.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tocsin/result.hpp"

namespace tocsin::settings {

// A place in a file. Both count from 1; columns count characters (code points).
struct Position {
  int line = 1;
  int column = 1;

  friend auto operator<=>(const Position&, const Position&) = default;
};

// "file:line:column".
[[nodiscard]] std::string place(std::string_view file, Position position);

// The outcome of reading files: `value` is there exactly when `errors` is empty.
template <class T>
struct Loaded {
  std::optional<T> value;
  std::vector<Error> errors;

  explicit operator bool() const noexcept { return value.has_value(); }
};

class Complaints {
 public:
  // Enough to correct a file by, few enough to read.
  static constexpr std::size_t kMax = 100;

  explicit Complaints(std::string file) : file_(std::move(file)) {}

  [[nodiscard]] const std::string& file() const noexcept { return file_; }
  [[nodiscard]] bool empty() const noexcept { return found_.empty(); }
  [[nodiscard]] std::size_t count() const noexcept { return found_.size() + suppressed_; }

  // `text` reads "found X, expected Y", without a final full stop.
  void add(Errc code, Position position, std::string text);

  // Forgets what was found: for a fault that makes everything before it doubtful.
  void clear() noexcept;

  // In the order of the file; after kMax one more error says that there are others.
  [[nodiscard]] std::vector<Error> take();

 private:
  struct Found {
    Position position;
    Errc code;
    std::string text;
  };

  std::string file_;
  std::vector<Found> found_;
  std::size_t suppressed_ = 0;
};

// `text` with its control characters blanked: fit to be shown on one line of a terminal.
[[nodiscard]] std::string on_one_line(std::string_view text);

// `text` as an error message quotes it: in single quotes, on one line, cut when long.
[[nodiscard]] std::string in_quotes(std::string_view text);

}  // namespace tocsin::settings
