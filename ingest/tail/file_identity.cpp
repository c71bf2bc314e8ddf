#include "ingest/tail/file_identity.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <xxhash.h>

namespace tocsin::tail {

std::optional<std::size_t> read_at(int fd, char* to, std::size_t size,
                                   std::uint64_t offset) noexcept {
  std::size_t got = 0;
  while (got < size) {
    const ssize_t more = ::pread(fd, to + got, size - got, static_cast<off_t>(offset + got));
    if (more < 0 && errno == EINTR) continue;
    if (more < 0) return std::nullopt;
    if (more == 0) break;
    got += static_cast<std::size_t>(more);
  }
  return got;
}

void Head::extend(std::uint64_t offset, std::string_view bytes) noexcept {
  if (offset != size_) return;  // behind the head, which is complete
  const std::size_t size = std::min(bytes.size(), kMostBytes - size_);
  if (size == 0) return;
  std::memcpy(bytes_.data() + size_, bytes.data(), size);
  size_ += size;
}

bool Head::load(int fd, std::uint64_t read_bytes) noexcept {
  const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(read_bytes, kMostBytes));
  const auto got = read_at(fd, bytes_.data(), wanted, 0);
  size_ = got.value_or(0);
  return got == wanted;
}

bool Head::still_begins(int fd) const noexcept {
  std::array<char, kMostBytes> now;
  return read_at(fd, now.data(), size_, 0) == size_ &&
         std::memcmp(now.data(), bytes_.data(), size_) == 0;
}

std::uint64_t Head::hash() const noexcept {
  return XXH3_64bits(bytes_.data(), size_);
}

bool begins_as(int fd, const FileIdentity& identity) noexcept {
  Head head;
  return identity.head_bytes <= Head::kMostBytes && head.load(fd, identity.head_bytes) &&
         head.hash() == identity.head_hash;
}

}  // namespace tocsin::tail
