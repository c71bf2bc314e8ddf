// Which file this is. A name is not enough, for rotation gives it to another file; nor is the
// inode, for file systems give that of a deleted file to the next one. So the identity holds a hash
// of how the file begins too.
//
//     device, inode, head_bytes = min(1024, bytes read so far), XXH3 of that many bytes
//
// Limits:  two files of one inode whose first KiB is the same (a long fixed header) look alike.
#pragma once

#include <sys/stat.h>

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tocsin::tail {

// What stands for a file as long as it is open.
struct FileKey {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;

  friend auto operator<=>(const FileKey&, const FileKey&) = default;
};

struct FileIdentity {
  FileKey key;
  std::uint64_t head_bytes = 0;
  std::uint64_t head_hash = 0;

  friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

[[nodiscard]] inline FileKey key_of(const struct stat& status) noexcept {
  return {status.st_dev, status.st_ino};
}

// Reads until `size` bytes are there or the file ends. Empty: failed, see errno.
[[nodiscard]] std::optional<std::size_t> read_at(int fd, char* to, std::size_t size,
                                                 std::uint64_t offset) noexcept;

// How a file begins, as far as it was read.
class Head {
 public:
  static constexpr std::size_t kMostBytes = 1024;

  void clear() noexcept { size_ = 0; }
  // `bytes` were read at `offset`, behind all that was read before.
  void extend(std::uint64_t offset, std::string_view bytes) noexcept;
  // Takes it from the file, of which `read_bytes` count as read. False: the file has fewer.
  [[nodiscard]] bool load(int fd, std::uint64_t read_bytes) noexcept;
  // Whether the file still begins so. A file that cannot be read does not.
  [[nodiscard]] bool still_begins(int fd) const noexcept;

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::uint64_t hash() const noexcept;

 private:
  std::array<char, kMostBytes> bytes_;
  std::size_t size_ = 0;
};

// Whether the file begins as `identity` says.
[[nodiscard]] bool begins_as(int fd, const FileIdentity& identity) noexcept;

}  // namespace tocsin::tail
