// Reads a text file line by line, plain or gzip alike.
// Input:   a path; "-" is standard input. What starts as gzip is unpacked, all else is read as is.
// Output:  lines without their end, "\n" or "\r\n"; the last one may lack it.
// Threads: one reader per thread.
// Errors:  kIo with the file's name, kLimit with file:line. Final: the reader is not used again.
// Cost:    memory for the longest line seen, bounded by the limits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "tocsin/result.hpp"

namespace tocsin::app {

struct LineLimits {
  std::size_t line_bytes = std::size_t{64} << 20;
  std::uint64_t total_bytes = std::uint64_t{16} << 30;  // unpacked: ends a decompression bomb
};

class LineReader {
 public:
  [[nodiscard]] static Result<LineReader> open(const std::string& path, LineLimits limits);
  LineReader(LineReader&&) noexcept;
  LineReader& operator=(LineReader&&) noexcept;
  ~LineReader();

  // Empty at the end of the file. The view lives until the next call.
  [[nodiscard]] Result<std::optional<std::string_view>> next();

  [[nodiscard]] const std::string& name() const { return name_; }  // the path, or "stdin"
  [[nodiscard]] std::size_t line() const { return line_; }  // number of the last line, from 1

 private:
  struct File;
  LineReader(std::unique_ptr<File> file, std::string name, LineLimits limits);
  Result<void> read_more();

  std::unique_ptr<File> file_;
  std::string name_;
  LineLimits limits_;
  std::string buffer_;
  std::size_t begin_ = 0;    // of what was not yet returned
  std::size_t scanned_ = 0;  // up to here there is no line end after begin_
  std::uint64_t total_ = 0;
  std::size_t line_ = 0;
  bool at_end_ = false;
};

}  // namespace tocsin::app
