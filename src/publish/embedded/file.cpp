#include "src/publish/embedded/file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "src/base/system_error.hpp"

namespace tocsin::publish {
namespace {

using base::system_error;
using base::UniqueFd;

constexpr mode_t kPrivateFile = 0600;

// The process id that the holder of the lock left in it; empty if it left none.
std::string read_holder(int fd) {
  char text[20];
  const ssize_t size = ::pread(fd, text, sizeof(text), 0);
  std::string holder(text, size > 0 ? static_cast<std::size_t>(size) : 0);
  return holder.substr(0, holder.find_first_not_of("0123456789"));
}

// For people only: nothing depends on it, so errors are of no interest.
void write_holder(int fd) {
  const std::string holder = std::to_string(::getpid()) + '\n';
  if (::ftruncate(fd, 0) != 0) return;
  [[maybe_unused]] const ssize_t written = ::pwrite(fd, holder.data(), holder.size(), 0);
}

}  // namespace

Result<AppendFile> AppendFile::open(const std::string& path) {
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, kPrivateFile));
  if (!fd) return system_error(path, "open", errno);
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return system_error(path, "stat", errno);
  return AppendFile(path, std::move(fd), static_cast<std::uint64_t>(status.st_size));
}

Result<void> AppendFile::append(std::string_view bytes) {
  const std::size_t whole = bytes.size();
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd_.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return system_error(path_, "write", errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  size_bytes_ += whole;
  return {};
}

Result<void> AppendFile::sync() {
  if (::fdatasync(fd_.get()) != 0) return system_error(path_, "fdatasync", errno);
  return {};
}

Result<void> AppendFile::truncate(std::uint64_t size_bytes) {
  if (::ftruncate(fd_.get(), static_cast<off_t>(size_bytes)) != 0) {
    return system_error(path_, "truncate", errno);
  }
  size_bytes_ = size_bytes;
  return {};
}

Result<std::size_t> AppendFile::read_at(std::uint64_t offset, std::string& into) const {
  for (;;) {
    const ssize_t size = ::pread(fd_.get(), into.data(), into.size(), static_cast<off_t>(offset));
    if (size >= 0) return static_cast<std::size_t>(size);
    if (errno != EINTR) return system_error(path_, "read", errno);
  }
}

Result<LockedDirectory> LockedDirectory::open(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return system_error(path, "create directory", error.value());

  const std::string lock_path = path + "/LOCK";
  UniqueFd fd(::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kPrivateFile));
  if (!fd) return system_error(lock_path, "open", errno);
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return system_error(lock_path, "lock", errno);
    const std::string holder = read_holder(fd.get());
    return Error{Errc::kUnavailable, path,
                 "in use by another process" + (holder.empty() ? "" : " (pid " + holder + ")") +
                     "; give each daemon a directory of its own"};
  }
  write_holder(fd.get());
  return LockedDirectory(path, std::move(fd));
}

Result<std::vector<std::string>> LockedDirectory::file_names() const {
  std::vector<std::string> names;
  std::error_code error;
  for (std::filesystem::directory_iterator at(path_, error), end; !error && at != end;
       at.increment(error)) {
    names.push_back(at->path().filename().string());
  }
  if (error) return system_error(path_, "list", error.value());
  return names;
}

std::string LockedDirectory::path_of(std::string_view name) const {
  return (path_ + '/').append(name);
}

Result<void> LockedDirectory::rename(std::string_view from, std::string_view to) const {
  if (::rename(path_of(from).c_str(), path_of(to).c_str()) != 0) {
    return system_error(path_of(from), "rename", errno);
  }
  return {};
}

void LockedDirectory::remove(std::string_view name) const noexcept {
  ::unlink(path_of(name).c_str());
}

Result<void> LockedDirectory::sync() const {
  const UniqueFd fd(::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) return system_error(path_, "open", errno);
  if (::fsync(fd.get()) != 0) return system_error(path_, "fsync", errno);
  return {};
}

}  // namespace tocsin::publish
