#include "ingest/tail/tailer.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <utility>

#include "src/base/system_error.hpp"

namespace tocsin::tail {
namespace {

Error too_small(std::string_view option, std::size_t value, std::size_t least) {
  return {Errc::kRange, "",
          std::string(option) + " is " + std::to_string(value) + "; expected at least " +
              std::to_string(least)};
}

Result<void> check(const Options& options) {
  if (options.paths.empty()) return Error{Errc::kRange, "", "no paths; expected at least one"};
  if (options.max_line_bytes == 0) return too_small("max_line_bytes", 0, 1);
  if (options.max_files == 0) return too_small("max_files", 0, 1);
  if (options.multi_line.max_lines == 0) return too_small("max_lines", 0, 1);
  if (options.multi_line.max_bytes == 0) return too_small("max_bytes", 0, 1);
  if (options.max_checkpoints < options.max_files) {
    return too_small("max_checkpoints", options.max_checkpoints, options.max_files);
  }
  return {};
}

// Not waiting for the writer of a pipe, which the path may have become.
base::UniqueFd open_file(const std::string& path) {
  return base::UniqueFd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
}

bool is_behind_line_end(int fd, std::uint64_t offset) noexcept {
  char before = '\n';
  return offset == 0 || (read_at(fd, &before, 1, offset - 1) == 1U && before == '\n');
}

Follower::Position resume_at(int fd, std::uint64_t offset) noexcept {
  using Before = LineCutter::Before;
  return {offset, is_behind_line_end(fd, offset) ? Before::kLineEnd : Before::kCutLine};
}

// What follows belongs to a line that began before our time.
Follower::Position start_at_end(int fd, std::uint64_t size) noexcept {
  using Before = LineCutter::Before;
  return {size, is_behind_line_end(fd, size) ? Before::kLineEnd : Before::kOpenLine};
}

}  // namespace

Result<std::unique_ptr<Tailer>> Tailer::create(Options options, DecoderFactory decoders,
                                               Intake& intake, Complain complain) {
  if (auto checked = check(options); !checked) return checked.error();
  std::optional<LinePattern> pattern;
  if (options.multi_line.rule == MultiLineOptions::Rule::kStartPattern) {
    auto compiled = LinePattern::compile(options.multi_line.start_pattern);
    if (!compiled) {
      Error error = compiled.error();
      error.text = "start_pattern: " + error.text;
      return error;
    }
    pattern.emplace(*std::move(compiled));
  }
  std::unique_ptr<Tailer> made(new Tailer(std::move(options), std::move(decoders), intake,
                                          std::move(complain), std::move(pattern)));
  if (auto loaded = made->checkpoints_.load(); !loaded) {
    if (loaded.error().code == Errc::kIo) return loaded.error();
    made->complain(loaded.error());
  }
  if (made->options_.with_inotify) {
    auto watches = Watches::create();
    if (watches) {
      made->watches_.emplace(*std::move(watches));
    } else {
      made->complain(watches.error());
    }
  }
  return made;
}

Tailer::Tailer(Options options, DecoderFactory decoders, Intake& intake, Complain complain,
               std::optional<LinePattern> start_pattern)
    : options_(std::move(options)),
      decoders_(std::move(decoders)),
      complain_(std::move(complain)),
      start_pattern_(std::move(start_pattern)),
      shared_{options_, start_pattern_ ? &*start_pattern_ : nullptr, intake, counters_},
      checkpoints_(options_.checkpoint_file, options_.max_checkpoints, options_.sync_checkpoints) {}

void Tailer::read_watches() {
  if (!watches_) return;
  const Watches::News news = watches_->read();
  if (news.lost) want_polls();
  rescan_wanted_ |= news.names_changed || news.lost;
  if (news.files.empty()) return;
  for (auto& [key, file] : files_) file.dirty |= news.files.contains(file.watch);
}

void Tailer::want_polls() noexcept {
  for (auto& [key, file] : files_) file.dirty = true;
}

// Goes on behind the file that was polled last, so that a busy one cannot starve the others; one
// that stalled comes first again.
Tailer::Step Tailer::turn(const Now& now) {
  if (rescan_wanted_) rescan(now);
  auto at = files_.upper_bound(last_polled_);
  int polls = 0;
  for (std::size_t seen = files_.size(); seen > 0 && polls < kPollsPerTurn; --seen) {
    if (at == files_.end()) at = files_.begin();
    if (!at->second.is_due()) {
      ++at;
      continue;
    }
    ++polls;
    const Follower::Step step = at->second.follower->poll(now);
    if (step == Follower::Step::kFull) {
      counters_.stalls.add(1);
      return Step::kFull;
    }
    last_polled_ = at->first;
    switch (step) {
      case Follower::Step::kIdle:
        at->second.dirty = false;
        ++at;
        break;
      case Follower::Step::kEnded:
        at = forget(at);
        rescan_wanted_ = true;  // there is room for another one
        break;
      case Follower::Step::kBroken:
        counters_.errors.add(1);
        complain(base::system_error(at->second.home, "cannot read", errno));
        at = forget(at);
        break;
      case Follower::Step::kMore:
      case Follower::Step::kFull:
        ++at;
        break;
    }
  }
  const bool more = rescan_wanted_ || std::any_of(files_.begin(), files_.end(),
                                                  [](const auto& f) { return f.second.is_due(); });
  return more ? Step::kMore : Step::kIdle;
}

void Tailer::rescan(const Now& now) {
  rescan_wanted_ = false;
  deciding_ = false;
  over_limit_ = 0;
  refused_now_.clear();
  if (watches_) watches_->set_folders(find_folders(options_.paths));
  const std::vector<FoundFile> found = find_files(options_.paths, options_.exclude);

  for (auto& [key, file] : files_) file.found_as.clear();
  std::vector<const FoundFile*> fresh;
  for (const FoundFile& each : found) {
    const auto known = files_.find(each.key);
    if (known == files_.end()) {
      fresh.push_back(&each);
    } else if (known->second.found_as.empty() || each.path == known->second.home) {
      known->second.found_as = each.path;
    }
  }
  if (starting_) resume_renamed(found, now);
  std::set<FileKey> opened;
  for (const FoundFile* each : fresh) {
    // Opened already, perhaps, under another path.
    if (!files_.contains(each->key) && open(*each, now)) opened.insert(each->key);
  }
  settle_homes(found, opened, now);
  release_held(now);
  end_unnamed(now);

  counters_.waiting.set(over_limit_);
  refused_.swap(refused_now_);
  starting_ = false;
}

// Files that no pattern matches any more, but that were not finished when we stopped: renamed
// since, or just before. Those of one home are read in the order in which they were last written
// to.
void Tailer::resume_renamed(const std::vector<FoundFile>& found, const Now& now) {
  std::set<FileKey> named;
  for (const FoundFile& each : found) named.insert(each.key);
  std::map<std::string, std::set<std::uint64_t>> wanted;
  for (const Checkpoint& known : checkpoints_.all()) {
    if (named.contains(known.identity.key)) continue;
    wanted[folder_of(known.path)].insert(known.identity.key.inode);
  }
  std::vector<Resumable> resumable;
  for (const auto& [folder, inodes] : wanted) {
    for (const FoundFile& renamed : find_inodes(folder, inodes)) {
      if (!named.insert(renamed.key).second) continue;
      if (auto opened = open_resumable(renamed)) resumable.push_back(*std::move(opened));
    }
  }
  std::stable_sort(resumable.begin(), resumable.end(),
                   [](const Resumable& a, const Resumable& b) { return a.written < b.written; });
  std::map<std::string, FileKey> last_of;
  for (Resumable& each : resumable) {
    if (files_.size() >= options_.max_files) break;
    const Follower::Position position = resume_at(each.fd.get(), each.offset);
    follow(std::move(each.fd), {"", each.key}, each.home, position, now);
    const auto [last, is_first] = last_of.try_emplace(each.home, each.key);
    if (is_first) continue;
    succeed(files_.at(last->second), last->second, files_.at(each.key), now);
    last->second = each.key;
  }
}

std::optional<Tailer::Resumable> Tailer::open_resumable(const FoundFile& renamed) const {
  Resumable opened;
  opened.fd = open_file(renamed.path);
  struct stat status {};
  if (!opened.fd || ::fstat(opened.fd.get(), &status) != 0) return std::nullopt;
  opened.key = key_of(status);
  const Checkpoint* known = checkpoint_of(opened.fd.get(), opened.key,
                                          static_cast<std::uint64_t>(status.st_size), renamed.path);
  if (opened.key != renamed.key || known == nullptr) return std::nullopt;
  opened.home = known->path;
  opened.offset = known->offset;
  opened.written = {status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
  return opened;
}

// Where the home of a file leads to another one, that is its successor if it is new to us.
void Tailer::settle_homes(const std::vector<FoundFile>& found, const std::set<FileKey>& opened,
                          const Now& now) {
  std::vector<Files::value_type*> displaced;
  for (auto& entry : files_) {
    const Followed& file = entry.second;
    if (file.owns_home && file.found_as != file.home) displaced.push_back(&entry);
  }
  if (displaced.empty()) return;
  for (const FoundFile& each : found) {
    const auto successor = files_.find(each.key);
    if (successor == files_.end()) continue;  // found no room yet
    for (auto* entry : displaced) {
      auto& [key, old] = *entry;
      if (!old.owns_home || old.home != each.path || key == each.key) continue;
      if (opened.contains(each.key)) {
        counters_.rotations.add(1);
        succeed(old, key, successor->second, now);
      }
      old.owns_home = !old.found_as.empty();
      if (old.owns_home) old.home = old.found_as;
    }
  }
}

void Tailer::succeed(Followed& old, const FileKey& key, Followed& successor, const Now& now) {
  successor.after.push_back(key);
  old.replaced_since = now.steady;
  old.owns_home = false;
}

void Tailer::release_held(const Now& now) {
  for (auto& [key, file] : files_) {
    if (file.after.empty()) continue;
    std::erase_if(file.after, [&](const FileKey& old) { return !goes_first(files_.at(old), now); });
    deciding_ |= !file.after.empty();
  }
}

// Whether the successor of `old` must still wait.
bool Tailer::goes_first(const Followed& old, const Now& now) const {
  if (now.steady - *old.replaced_since >= kMostWaits * options_.rotation_wait) return false;
  // One that no path leads to is ended when it is quiet, and what it still holds comes first.
  return old.found_as.empty() || !old.follower->is_quiet(now, options_.rotation_wait);
}

void Tailer::end_unnamed(const Now& now) {
  for (auto& [key, file] : files_) {
    if (!file.found_as.empty() || file.ending) continue;
    deciding_ = true;
    const bool is_over = file.replaced_since || file.follower->is_deleted();
    if (!file.follower->is_quiet(now, is_over ? options_.rotation_wait : options_.orphan_wait)) {
      continue;
    }
    file.ending = file.dirty = true;
    file.follower->end();
  }
}

bool Tailer::open(const FoundFile& found, const Now& now) {
  if (files_.size() >= options_.max_files) {
    ++over_limit_;
    return false;
  }
  base::UniqueFd fd = open_file(found.path);
  if (!fd) {
    complain_of_open(found.path, errno);
    return false;
  }
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0 || key_of(status) != found.key || !S_ISREG(status.st_mode)) {
    rescan_wanted_ = true;  // renamed meanwhile
    return false;
  }
  const auto size = static_cast<std::uint64_t>(status.st_size);
  Follower::Position position;
  std::string home = found.path;
  if (const Checkpoint* known = checkpoint_of(fd.get(), found.key, size, found.path)) {
    position = resume_at(fd.get(), known->offset);
    if (starting_) home = known->path;  // so that what has this name now comes after it
  } else if (starting_ && options_.start == Start::kEnd && !checkpoints_.knows_path(found.path)) {
    position = start_at_end(fd.get(), size);
  }
  follow(std::move(fd), found, std::move(home), position, now);
  return true;
}

void Tailer::follow(base::UniqueFd fd, const FoundFile& found, std::string home,
                    Follower::Position position, const Now& now) {
  Followed file;
  if (watches_) file.watch = watches_->add_file(fd.get());
  file.follower =
      std::make_unique<Follower>(shared_, std::move(fd), found.key, position, decoders_(home), now);
  file.home = std::move(home);
  file.found_as = found.path;
  files_.emplace(found.key, std::move(file));
  counters_.open_files.set(files_.size());
}

// Null: it was never read, or what was read has gone.
const Checkpoint* Tailer::checkpoint_of(int fd, const FileKey& key, std::uint64_t size,
                                        const std::string& path) const {
  const Checkpoint* known = checkpoints_.find(key, path);
  if (known == nullptr || known->offset > size || !begins_as(fd, known->identity)) return nullptr;
  return known;
}

Tailer::Files::iterator Tailer::forget(Files::iterator at) {
  const auto& [key, file] = *at;
  if (watches_) watches_->remove_file(file.watch);
  const bool is_finished = file.ending && file.replaced_since;
  if (is_finished || file.follower->is_deleted()) {
    checkpoints_.remove(key);
  } else {
    remember(file);
  }
  for (auto& [other, held] : files_) std::erase(held.after, key);
  const auto next = files_.erase(at);
  counters_.open_files.set(files_.size());
  return next;
}

void Tailer::remember(const Followed& file) {
  checkpoints_.put({file.follower->identity(), file.follower->committed(), file.home});
}

void Tailer::save() {
  // All of them, so that none that is open is the longest untouched one.
  for (const auto& [key, file] : files_) remember(file);
  const auto saved = checkpoints_.save();
  if (!saved) {
    counters_.errors.add(1);
    if (!save_failed_) complain(saved.error());
  }
  save_failed_ = !saved;
}

void Tailer::close(const Now& now) {
  // For files that came a moment ago: next time they would count as never seen.
  rescan(now);
  drain(now);
  for (auto at = files_.begin(); at != files_.end();) {
    const Follower& follower = *at->second.follower;
    if (!follower.is_deleted()) {
      ++at;
      continue;
    }
    counters_.lost_bytes.add(follower.uncommitted_bytes());
    at = forget(at);
  }
  save();
}

// What has no name cannot be found again, and ends here; of the rest open lines and records stay
// for the next time.
void Tailer::drain(const Now& now) {
  for (auto& [key, file] : files_) {
    if (file.follower->is_deleted()) {
      file.follower->end();
    } else if (!file.after.empty()) {
      continue;  // its turn comes the next time
    }
    // No more than what is there now, so that a busy writer cannot keep us.
    constexpr std::uint64_t kPollBytes = Follower::kChunkBytes * Follower::kChunksPerPoll;
    std::uint64_t polls = file.follower->uncommitted_bytes() / kPollBytes + 2;
    Follower::Step step = Follower::Step::kMore;
    while (step == Follower::Step::kMore && polls-- > 0) step = file.follower->poll(now);
    if (step == Follower::Step::kFull) return;
  }
}

void Tailer::complain_of_open(const std::string& path, int error_number) {
  if (error_number == ENOENT) return;  // gone since it was found
  counters_.errors.add(1);
  refused_now_.insert(path);
  if (!refused_.contains(path)) complain(base::system_error(path, "cannot open", error_number));
}

void Tailer::complain(const Error& error) {
  if (complain_) complain_(error);
}

}  // namespace tocsin::tail
