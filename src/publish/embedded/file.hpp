// The few things the embedded store asks of a file system, with errors as Results.
// Threads: plain values; one owner.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/unique_fd.hpp"
#include "tocsin/result.hpp"

namespace tocsin::publish {

// A file that grows at its end.
class AppendFile {
 public:
  // Creates the file (mode 0600) if it does not exist.
  [[nodiscard]] static Result<AppendFile> open(const std::string& path);

  // All of `bytes`, or an error and perhaps a part of them at the end of the file.
  [[nodiscard]] Result<void> append(std::string_view bytes);
  // Until here everything survives a power cut.
  [[nodiscard]] Result<void> sync();
  [[nodiscard]] Result<void> truncate(std::uint64_t size_bytes);
  // Up to `into.size()` bytes from `offset`; returns how many, 0 at the end.
  [[nodiscard]] Result<std::size_t> read_at(std::uint64_t offset, std::string& into) const;

  [[nodiscard]] std::uint64_t size_bytes() const noexcept { return size_bytes_; }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  AppendFile(std::string path, base::UniqueFd fd, std::uint64_t size_bytes)
      : path_(std::move(path)), fd_(std::move(fd)), size_bytes_(size_bytes) {}

  std::string path_;
  base::UniqueFd fd_;
  std::uint64_t size_bytes_ = 0;  // grows by complete appends only
};

// A directory of ours: created if missing, and held against every other process while this lives.
class LockedDirectory {
 public:
  // kUnavailable when another process holds it: the text names that process if it can be known.
  [[nodiscard]] static Result<LockedDirectory> open(const std::string& path);

  [[nodiscard]] Result<std::vector<std::string>> file_names() const;
  [[nodiscard]] std::string path_of(std::string_view name) const;
  [[nodiscard]] Result<void> rename(std::string_view from, std::string_view to) const;
  void remove(
      std::string_view name) const noexcept;  // a file that stays is found at the next start
  // Until here every rename and creation survives a power cut.
  [[nodiscard]] Result<void> sync() const;

 private:
  LockedDirectory(std::string path, base::UniqueFd lock)
      : path_(std::move(path)), lock_(std::move(lock)) {}

  std::string path_;
  base::UniqueFd lock_;  // flock() goes with the last descriptor: also on kill -9
};

}  // namespace tocsin::publish
