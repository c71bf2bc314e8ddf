#include "src/app/feedback_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

#include "src/base/system_error.hpp"

namespace tocsin::app {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kMode = 0640;
constexpr int kMaxCopies = 100;
// More names than one are behind a path only while another daemon writes its file anew: rarely once.
constexpr int kMaxTries = 10;

Error failed(const fs::path& path, std::string_view action) {
  return base::system_error(path.string(), action, errno);
}

bool is_at(int fd, const fs::path& path) {
  struct stat opened {};
  struct stat there {};
  return ::fstat(fd, &opened) == 0 && ::stat(path.c_str(), &there) == 0 &&
         opened.st_dev == there.st_dev && opened.st_ino == there.st_ino;
}

// A file may be replaced by its owner after it was opened here and before it is locked. Then nobody
// has the lock of the old one, but it is not the file any more.
Result<base::UniqueFd> open_locked(const fs::path& path, int flags) {
  for (int tries = 0; tries < kMaxTries; ++tries) {
    base::UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | flags, kMode));
    if (!fd) return failed(path, "cannot open");
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
      if (errno != EWOULDBLOCK) return failed(path, "cannot lock");
      break;
    }
    if (is_at(fd.get(), path)) return fd;
  }
  return Error{Errc::kUnavailable, path.string(), "another process has this file"};
}

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno != EINTR) return false;
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// A name lasts only when its directory is on the disk too.
bool sync_directory_of(const fs::path& path) {
  const fs::path directory = path.has_parent_path() ? path.parent_path() : fs::path(".");
  const base::UniqueFd fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return fd && ::fsync(fd.get()) == 0;
}

bool holds(const fs::path& path, std::string_view text) {
  std::error_code error;
  if (!fs::is_regular_file(path, error) || fs::file_size(path, error) != text.size()) return false;
  std::ifstream in(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {}) == text;
}

}  // namespace

Result<FeedbackFile> FeedbackFile::open(const fs::path& path) {
  auto fd = open_locked(path, 0);
  if (!fd) return fd.error();
  struct stat found {};
  if (::fstat(fd->get(), &found) != 0) return failed(path, "cannot look at");
  if (!S_ISREG(found.st_mode)) return Error{Errc::kIo, path.string(), "not a regular file"};
  if (!sync_directory_of(path)) return failed(path, "cannot keep");
  const auto size = static_cast<std::size_t>(found.st_size);
  if (size > kMaxBytes) {
    return Error{
        Errc::kLimit, path.string(),
        "found " + std::to_string(size) + " bytes, expected at most " + std::to_string(kMaxBytes)};
  }
  FeedbackFile file(path, std::move(*fd));
  file.size_ = size;
  char last = '\n';
  if (size > 0 && ::pread(file.fd_.get(), &last, 1, found.st_size - 1) != 1) {
    return failed(path, "cannot read");
  }
  file.lacks_end_ = last != '\n';
  return file;
}

Result<std::string> FeedbackFile::read() const {
  std::string text(size_, '\0');
  std::size_t read = 0;
  while (read < size_) {
    const ssize_t got =
        ::pread(fd_.get(), text.data() + read, size_ - read, static_cast<off_t>(read));
    if (got < 0 && errno != EINTR) return failed(path_, "cannot read");
    if (got == 0) break;  // somebody else has cut it
    if (got > 0) read += static_cast<std::size_t>(got);
  }
  text.resize(read);
  return text;
}

Result<void> FeedbackFile::append(std::string_view lines) {
  if (auto cut = cut_off_rest(); !cut) return cut;
  std::string after_end;
  if (lacks_end_) lines = after_end.append("\n").append(lines);
  if (write_all(fd_.get(), lines) && ::fdatasync(fd_.get()) == 0) {
    size_ += lines.size();
    lacks_end_ = false;
    return {};
  }
  const Error error = failed(path_, "cannot write");
  // What was begun would spoil the next line. Where it stays, the next append() says so.
  has_rest_ = true;
  (void)cut_off_rest();
  return error;
}

Result<void> FeedbackFile::cut_off_rest() {
  if (!has_rest_) return {};
  if (::ftruncate(fd_.get(), static_cast<off_t>(size_)) != 0) {
    return failed(path_, "cannot cut off the lines before, which were refused");
  }
  has_rest_ = false;
  return {};
}

Result<void> FeedbackFile::replace(std::string_view text) {
  fs::path fresh = path_;
  fresh += ".new";
  auto fd = open_locked(fresh, O_TRUNC);
  if (!fd) return fd.error();
  if (!write_all(fd->get(), text) || ::fsync(fd->get()) != 0) {
    const Error error = failed(fresh, "cannot write");
    ::unlink(fresh.c_str());  // it takes room on a disk that may be full
    return error;
  }
  if (::rename(fresh.c_str(), path_.c_str()) != 0) return failed(path_, "cannot replace");
  fd_ = std::move(*fd);
  size_ = text.size();
  lacks_end_ = false;
  has_rest_ = false;
  if (!sync_directory_of(path_)) return failed(path_, "cannot keep");
  return {};
}

Result<fs::path> FeedbackFile::keep_copy(std::string_view suffix) const {
  const auto text = read();
  if (!text) return text.error();
  for (int number = 1; number <= kMaxCopies; ++number) {
    fs::path copy = path_;
    copy += "." + std::string(suffix) + (number == 1 ? "" : "." + std::to_string(number));
    const base::UniqueFd fd(::open(copy.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kMode));
    if (!fd && errno == EEXIST) {
      if (holds(copy, *text)) return copy;
      continue;
    }
    if (!fd) return failed(copy, "cannot keep a copy");
    if (write_all(fd.get(), *text) && ::fsync(fd.get()) == 0 && sync_directory_of(copy)) {
      return copy;
    }
    const Error error = failed(copy, "cannot keep a copy");
    ::unlink(copy.c_str());
    return error;
  }
  return Error{Errc::kLimit, path_.string(),
               "found " + std::to_string(kMaxCopies) + " copies of it, expected fewer"};
}

}  // namespace tocsin::app
