// FeedbackFile: the file in which feedback is kept: lines are put at its end and are on the disk when
// that returns; now and then it is written anew, by way of a second file, so that a crash leaves the
// one or the other whole.
// Threads: one owner. Every call may wait for the disk.
// Errors:  kIo with the path; kUnavailable: another process has the file; kLimit: it is too large, or
//          has too many copies. A line that could not be put is not there, nor a part of it; should
//          the disk not even let go of that part, no more is put until it does.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "src/base/unique_fd.hpp"
#include "tocsin/result.hpp"

namespace tocsin::app {

class FeedbackFile {
 public:
  static constexpr std::size_t kMaxBytes = std::size_t{256} << 20;

  // Made if there is none, and from now on this process' own.
  [[nodiscard]] static Result<FeedbackFile> open(const std::filesystem::path& path);

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] Result<std::string> read() const;

  [[nodiscard]] Result<void> append(std::string_view lines);
  [[nodiscard]] Result<void> replace(std::string_view text);
  // Leaves a copy of the file as it is at "PATH.SUFFIX", or "PATH.SUFFIX.2" and so on where others
  // are: which of them has it. The same content is not copied twice.
  [[nodiscard]] Result<std::filesystem::path> keep_copy(std::string_view suffix) const;

 private:
  FeedbackFile(std::filesystem::path path, base::UniqueFd fd) noexcept
      : path_(std::move(path)), fd_(std::move(fd)) {}

  [[nodiscard]] Result<void> cut_off_rest();

  std::filesystem::path path_;
  base::UniqueFd fd_;  // locked
  std::size_t size_ = 0;
  bool lacks_end_ = false;  // the last line was torn by a crash
  bool has_rest_ = false;   // behind size_ is a part of lines that were refused
};

}  // namespace tocsin::app
