#include "ingest/tail/checkpoints.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <limits>
#include <utility>

#include "ingest/tail/file_search.hpp"
#include "src/base/system_error.hpp"
#include "src/base/unique_fd.hpp"

namespace tocsin::tail {
namespace {

constexpr std::string_view kTitle = "tocsin-tail 1";
constexpr std::string_view kEnd = "end ";
constexpr std::size_t kHashDigits = 16;
constexpr std::uint64_t kMostFileBytes = 64 * 1024 * 1024;
constexpr std::uint64_t kMostOffset = std::numeric_limits<std::int64_t>::max();

void append_path(std::string& out, std::string_view path) {
  for (const char c : path) {
    if (c == '\\') {
      out += "\\\\";
    } else if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
}

void append_hash(std::string& out, std::uint64_t hash) {
  std::array<char, kHashDigits> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), hash, 16).ptr;
  const auto size = static_cast<std::size_t>(end - digits.data());
  out.append(kHashDigits - size, '0').append(digits.data(), size);
}

// One line being read; knows where it stands, for complaints.
class LineReader {
 public:
  LineReader(std::string_view file, std::size_t number, std::string_view line)
      : file_(file), number_(number), line_(line) {}

  [[nodiscard]] Result<std::uint64_t> number(std::string_view what, int base, std::uint64_t most) {
    const std::size_t begin = at_;
    const char* const from = line_.data() + begin;
    std::uint64_t value = 0;
    const auto [to, error] = std::from_chars(from, line_.data() + line_.size(), value, base);
    if (to == from) return fault(Errc::kSyntax, begin, "expected the " + std::string(what));
    if (error != std::errc() || value > most) {
      return fault(Errc::kRange, begin,
                   "the " + std::string(what) + " is larger than " + std::to_string(most));
    }
    at_ += static_cast<std::size_t>(to - from);
    if (at_ == line_.size() || line_[at_] != ' ') {
      return fault(Errc::kSyntax, at_, "expected a blank behind the " + std::string(what));
    }
    ++at_;
    return value;
  }

  // All that is left of the line.
  [[nodiscard]] Result<std::string> path() {
    std::string path;
    if (at_ == line_.size()) return fault(Errc::kSyntax, at_, "expected a path");
    for (; at_ < line_.size(); ++at_) {
      if (line_[at_] != '\\') {
        path += line_[at_];
        continue;
      }
      const char escaped = at_ + 1 < line_.size() ? line_[at_ + 1] : '\0';
      if (escaped != '\\' && escaped != 'n') {
        return fault(Errc::kSyntax, at_, R"(a backslash that begins neither \\ nor \n)");
      }
      path += escaped == 'n' ? '\n' : '\\';
      ++at_;
    }
    return path;
  }

  [[nodiscard]] Error fault(Errc code, std::size_t at, std::string text) const {
    return {code, std::string(file_) + ":" + std::to_string(number_) + ":" + std::to_string(at + 1),
            std::move(text)};
  }

 private:
  std::string_view file_;
  std::size_t number_;
  std::string_view line_;
  std::size_t at_ = 0;
};

Result<Checkpoint> parse_line(LineReader reader) {
  constexpr auto kAny = std::numeric_limits<std::uint64_t>::max();
  Checkpoint read;
  struct Field {
    std::uint64_t& to;
    std::string_view what;
    int base;
    std::uint64_t most;
  };
  const std::array<Field, 5> fields{{
      {read.identity.key.device, "device", 10, kAny},
      {read.identity.key.inode, "inode", 10, kAny},
      {read.identity.head_bytes, "number of head bytes", 10, Head::kMostBytes},
      {read.identity.head_hash, "hash of the head", 16, kAny},
      {read.offset, "offset", 10, kMostOffset},
  }};
  for (const Field& field : fields) {
    auto value = reader.number(field.what, field.base, field.most);
    if (!value) return value.error();
    field.to = *value;
  }
  auto path = reader.path();
  if (!path) return path.error();
  read.path = *std::move(path);
  return read;
}

Result<std::string> read_file(int fd, const std::string& file) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return base::system_error(file, "cannot read", errno);
  const auto size = static_cast<std::uint64_t>(status.st_size);
  if (size > kMostFileBytes) {
    return Error{Errc::kLimit, file + ":1:1",
                 std::to_string(size) + " bytes of positions; expected at most " +
                     std::to_string(kMostFileBytes)};
  }
  std::string text(size, '\0');
  const auto got = read_at(fd, text.data(), text.size(), 0);
  if (!got) return base::system_error(file, "cannot read", errno);
  text.resize(*got);
  return text;
}

bool write_all(int fd, std::string_view text) noexcept {
  while (!text.empty()) {
    const ssize_t wrote = ::write(fd, text.data(), text.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return true;
}

}  // namespace

std::string print_checkpoints(const std::vector<Checkpoint>& checkpoints) {
  std::string out(kTitle);
  out += '\n';
  for (const Checkpoint& checkpoint : checkpoints) {
    const FileIdentity& identity = checkpoint.identity;
    for (const std::uint64_t number :
         {identity.key.device, identity.key.inode, identity.head_bytes}) {
      out += std::to_string(number);
      out += ' ';
    }
    append_hash(out, identity.head_hash);
    out += ' ';
    out += std::to_string(checkpoint.offset);
    out += ' ';
    append_path(out, checkpoint.path);
    out += '\n';
  }
  return out.append(kEnd).append(std::to_string(checkpoints.size())).append("\n");
}

Result<std::vector<Checkpoint>> parse_checkpoints(std::string_view text, std::string_view file) {
  std::vector<Checkpoint> checkpoints;
  for (std::size_t number = 1;; ++number) {
    const std::size_t lf = text.find('\n');
    const std::string_view line = text.substr(0, lf);
    const LineReader reader(file, number, line);
    if (lf == std::string_view::npos) {
      return reader.fault(Errc::kSyntax, line.size(), "the file ends before its line \"end\"");
    }
    text.remove_prefix(lf + 1);
    if (number == 1) {
      if (line == kTitle) continue;
      return reader.fault(Errc::kSyntax, 0, "expected the line \"" + std::string(kTitle) + "\"");
    }
    if (line.starts_with(kEnd)) {
      const std::string count = std::to_string(checkpoints.size());
      if (line.substr(kEnd.size()) != count) {
        return reader.fault(Errc::kSyntax, kEnd.size(), "expected " + count + ", the lines before");
      }
      if (!text.empty()) {
        return LineReader(file, number + 1, text).fault(Errc::kSyntax, 0, "text behind the end");
      }
      return checkpoints;
    }
    auto read = parse_line(reader);
    if (!read) return read.error();
    checkpoints.push_back(*std::move(read));
  }
}

Result<void> Checkpoints::load() {
  if (file_.empty()) return {};
  const base::UniqueFd fd(::open(file_.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd && errno == ENOENT) return {};
  if (!fd) return base::system_error(file_, "cannot open", errno);
  auto text = read_file(fd.get(), file_);
  if (!text && text.error().code == Errc::kIo) return text.error();
  auto read =
      text ? parse_checkpoints(*text, file_) : Result<std::vector<Checkpoint>>(text.error());
  if (!read) {
    Error error = read.error();
    const std::string aside = file_ + ".broken";
    if (::rename(file_.c_str(), aside.c_str()) != 0) {
      return base::system_error(file_, "cannot set aside the broken file", errno);
    }
    error.text += "; the file is set aside as " + aside;
    return error;
  }
  for (Checkpoint& checkpoint : *read) put(std::move(checkpoint));
  changed_ = false;
  return {};
}

Result<void> Checkpoints::save() {
  if (file_.empty() || !changed_) return {};
  auto replaced = replace_file(print_checkpoints(all()));
  if (replaced) changed_ = false;
  return replaced;
}

Result<void> Checkpoints::replace_file(std::string_view text) const {
  const std::string fresh = file_ + ".new";
  base::UniqueFd fd(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640));
  if (!fd) return base::system_error(fresh, "cannot open for writing", errno);
  if (!write_all(fd.get(), text) || (sync_ && ::fsync(fd.get()) != 0)) {
    return base::system_error(fresh, "cannot write", errno);
  }
  fd.reset();
  if (::rename(fresh.c_str(), file_.c_str()) != 0) {
    return base::system_error(file_, "cannot replace", errno);
  }
  if (!sync_) return {};
  // The new name is safe only with the folder.
  const base::UniqueFd folder(::open(folder_of(file_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder || ::fsync(folder.get()) != 0) {
    return base::system_error(folder_of(file_), "cannot sync", errno);
  }
  return {};
}

void Checkpoints::put(Checkpoint checkpoint) {
  const FileKey key = checkpoint.identity.key;
  const auto [at, is_new] = by_key_.try_emplace(key);
  Kept& kept = at->second;
  changed_ |= is_new || kept.checkpoint != checkpoint;
  if (!is_new) by_touch_.erase(kept.touched);
  kept = {std::move(checkpoint), ++touches_};
  by_touch_.emplace(kept.touched, key);
  if (by_key_.size() > most_) remove(by_touch_.begin()->second);
}

void Checkpoints::remove(const FileKey& key) {
  const auto at = by_key_.find(key);
  if (at == by_key_.end()) return;
  by_touch_.erase(at->second.touched);
  by_key_.erase(at);
  changed_ = true;
}

const Checkpoint* Checkpoints::find(const FileKey& key, std::string_view path) const {
  if (const auto at = by_key_.find(key); at != by_key_.end()) return &at->second.checkpoint;
  for (const auto& [other, kept] : by_key_) {
    if (other.inode == key.inode && kept.checkpoint.path == path) return &kept.checkpoint;
  }
  return nullptr;
}

bool Checkpoints::knows_path(std::string_view path) const {
  for (const auto& [key, kept] : by_key_) {
    if (kept.checkpoint.path == path) return true;
  }
  return false;
}

std::vector<Checkpoint> Checkpoints::all() const {
  std::vector<Checkpoint> all;
  all.reserve(by_touch_.size());
  for (const auto& [touched, key] : by_touch_) all.push_back(by_key_.at(key).checkpoint);
  return all;
}

}  // namespace tocsin::tail
