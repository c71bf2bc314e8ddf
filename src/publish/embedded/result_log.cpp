#include "src/publish/embedded/result_log.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

namespace tocsin::publish {
namespace {

constexpr std::string_view kNamePrefix = "results-";
constexpr std::string_view kNameSuffix = ".log";
constexpr std::string_view kUnfinishedSuffix = ".new";
constexpr std::string_view kDamagedName = "results.damaged";
constexpr std::size_t kGenerationDigits = 8;
constexpr std::size_t kWriteBytes = std::size_t{256} << 10;

std::string generation_name(std::uint64_t generation) {
  std::string digits = std::to_string(generation);
  if (digits.size() < kGenerationDigits) digits.insert(0, kGenerationDigits - digits.size(), '0');
  return std::string(kNamePrefix) + digits + std::string(kNameSuffix);
}

// The generation that a file name says; 0 for every other name.
std::uint64_t generation_of(std::string_view name) {
  if (!name.starts_with(kNamePrefix) || !name.ends_with(kNameSuffix)) return 0;
  name.remove_prefix(kNamePrefix.size());
  name.remove_suffix(kNameSuffix.size());
  std::uint64_t generation = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), generation);
  return error == std::errc() && end == name.data() + name.size() ? generation : 0;
}

}  // namespace

Result<std::unique_ptr<ResultLog>> ResultLog::open(const std::string& directory,
                                                   const Replay& replay) {
  auto locked = LockedDirectory::open(directory);
  if (!locked) return std::move(locked).error();
  std::unique_ptr<ResultLog> log(new ResultLog(std::move(*locked)));
  auto loaded = log->load(replay);
  if (!loaded) return std::move(loaded).error();
  return log;
}

Result<void> ResultLog::load(const Replay& replay) {
  const auto names = directory_.file_names();
  if (!names) return names.error();
  for (const std::string& name : *names) generation_ = std::max(generation_, generation_of(name));
  if (generation_ > 0) {
    auto loaded = load_generation(replay);
    if (!loaded) return loaded;
  }
  // Left behind by a process that ended between a rename and a removal, or while writing.
  for (const std::string& name : *names) {
    const std::uint64_t generation = generation_of(name);
    const bool old = generation > 0 && generation < generation_;
    if (old || name.ends_with(kUnfinishedSuffix)) directory_.remove(name);
  }
  return {};
}

Result<void> ResultLog::load_generation(const Replay& replay) {
  auto file = AppendFile::open(directory_.path_of(generation_name(generation_)));
  if (!file) return std::move(file).error();
  LogReader reader(*file);
  auto magic = reader.read_magic();
  if (!magic && magic.error().code == Errc::kUnsupported) return magic;
  for (bool more = magic.has_value(); more;) {
    auto next = reader.next();
    if (!next) {  // the disk cannot be read here: use what there is, write a new file
      damaged_bytes_ = file->size_bytes() - reader.good_end() + reader.damaged_inside_bytes();
      damaged_inside_ = true;
      return {};
    }
    more = next->has_value();
    if (more) replay(std::move(**next));
  }
  damaged_bytes_ = reader.damaged_bytes();
  damaged_inside_ = reader.damaged_inside_bytes() > 0 || reader.good_end() < kLogMagic.size();
  if (damaged_bytes_ > 0 && !damaged_inside_) {
    // Cannot be cut off: stays broken, and the first rewrite replaces the file.
    if (!file->truncate(reader.good_end())) return {};
  }
  if (reader.good_end() >= kLogMagic.size()) file_ = std::move(*file);
  return {};
}

void ResultLog::stage(const StoredRecord& stored) {
  if (broken()) return;
  append_frame(stored, file_->size_bytes() + staged_.size(), staged_);
}

Result<void> ResultLog::append() {
  if (staged_.empty()) return {};
  auto written = file_->append(staged_);
  staged_.clear();
  synced_ = false;
  if (!written) file_.reset();
  return written;
}

Result<void> ResultLog::sync() {
  if (broken() || synced_) return {};
  auto done = file_->sync();
  // After a failed fdatasync the kernel may have forgotten the pages: only new writing helps.
  if (!done) file_.reset();
  synced_ = true;
  return done;
}

Result<void> ResultLog::rewrite(const Source& source) {
  const std::string name = generation_name(generation_ + 1);
  const std::string unfinished = name + std::string(kUnfinishedSuffix);
  directory_.remove(unfinished);
  auto file = write_generation(directory_.path_of(unfinished), source);
  if (!file) {
    directory_.remove(unfinished);
    return std::move(file).error();
  }
  if (auto renamed = directory_.rename(unfinished, name); !renamed) return renamed;
  const std::string old_name = generation_name(generation_);
  ++generation_;
  file_ = std::move(*file);
  staged_.clear();
  synced_ = true;
  auto synced = directory_.sync();
  if (synced && generation_ > 1) retire(old_name);
  return synced;
}

Result<AppendFile> ResultLog::write_generation(const std::string& path, const Source& source) {
  auto file = AppendFile::open(path);
  if (!file) return file;
  std::string buffer(kLogMagic);
  Result<void> written;
  const auto write_buffer = [&] {
    if (written) written = file->append(buffer);
    buffer.clear();
  };
  source([&](const StoredRecord& stored) {
    if (!written) return;
    append_frame(stored, file->size_bytes() + buffer.size(), buffer);
    if (buffer.size() >= kWriteBytes) write_buffer();
  });
  write_buffer();
  if (written) written = file->sync();
  if (!written) return std::move(written).error();
  return file;
}

void ResultLog::retire(const std::string& name) {
  // Kept for whoever wants to look; only the latest, so that damage cannot fill the disk.
  if (std::exchange(damaged_inside_, false) && directory_.rename(name, kDamagedName)) return;
  directory_.remove(name);
}

std::uint64_t ResultLog::size_bytes() const noexcept {
  return file_ ? file_->size_bytes() : 0;
}

}  // namespace tocsin::publish
