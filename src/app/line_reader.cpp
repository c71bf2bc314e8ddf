#include "src/app/line_reader.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace tocsin::app {
namespace {

constexpr std::size_t kChunkBytes = std::size_t{256} << 10;

Error io_error(const std::string& name, std::string text) {
  return {Errc::kIo, name, std::move(text)};
}

}  // namespace

struct LineReader::File {
  explicit File(gzFile file) : handle(file) {}
  ~File() { gzclose_r(handle); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  gzFile handle;
};

LineReader::LineReader(std::unique_ptr<File> file, std::string name, LineLimits limits)
    : file_(std::move(file)), name_(std::move(name)), limits_(limits) {}
LineReader::LineReader(LineReader&&) noexcept = default;
LineReader& LineReader::operator=(LineReader&&) noexcept = default;
LineReader::~LineReader() = default;

Result<LineReader> LineReader::open(const std::string& path, LineLimits limits) {
  const bool standard_input = path == "-";
  const std::string name = standard_input ? "stdin" : path;
  const int fd = standard_input ? ::dup(STDIN_FILENO) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    return io_error(name, std::string("cannot be opened: ") + std::strerror(errno));
  }
  struct stat status = {};
  if (::fstat(fd, &status) == 0 && S_ISDIR(status.st_mode)) {
    ::close(fd);
    return io_error(name, "a directory, expected a file");
  }
  const gzFile handle = gzdopen(fd, "rb");  // reads plain files as they are
  if (handle == nullptr) {
    ::close(fd);
    return io_error(name, "cannot be read: out of memory");
  }
  return LineReader(std::make_unique<File>(handle), name, limits);
}

Result<void> LineReader::read_more() {
  buffer_.erase(0, begin_);
  scanned_ -= begin_;
  begin_ = 0;
  const std::size_t held = buffer_.size();
  buffer_.resize(held + kChunkBytes);
  const int count = gzread(file_->handle, buffer_.data() + held, kChunkBytes);
  int code = Z_OK;
  const char* text = gzerror(file_->handle, &code);
  // A file that stops inside its gzip stream gives its bytes and says so here.
  if (count < 0 || (code != Z_OK && code != Z_STREAM_END)) {
    return io_error(
        name_, std::string("cannot be read: ") + (code == Z_ERRNO ? std::strerror(errno) : text));
  }
  buffer_.resize(held + static_cast<std::size_t>(count));
  total_ += static_cast<std::uint64_t>(count);
  at_end_ = count == 0;
  if (total_ > limits_.total_bytes) {
    return Error{Errc::kLimit, name_ + ":" + std::to_string(line_ + 1),
                 "more than " + std::to_string(limits_.total_bytes) +
                     " bytes of text, expected a smaller file"};
  }
  return {};
}

Result<std::optional<std::string_view>> LineReader::next() {
  for (;;) {
    const std::size_t newline = buffer_.find('\n', scanned_);
    const std::size_t end = newline == std::string::npos ? buffer_.size() : newline;
    if (end - begin_ > limits_.line_bytes) {
      return Error{Errc::kLimit, name_ + ":" + std::to_string(line_ + 1),
                   "a line of more than " + std::to_string(limits_.line_bytes) +
                       " bytes, expected a shorter one"};
    }
    const bool last_without_newline = newline == std::string::npos && at_end_ && end > begin_;
    if (newline != std::string::npos || last_without_newline) {
      std::string_view line = std::string_view(buffer_).substr(begin_, end - begin_);
      if (line.ends_with('\r')) line.remove_suffix(1);
      begin_ = scanned_ = last_without_newline ? end : end + 1;
      ++line_;
      return std::optional(line);
    }
    if (at_end_) return std::optional<std::string_view>();
    scanned_ = buffer_.size();
    if (Result<void> read = read_more(); !read) return read.error();
  }
}

}  // namespace tocsin::app
