#include "ingest/tail/follower.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <utility>

namespace tocsin::tail {

Follower::Follower(const Shared& shared, base::UniqueFd fd, FileKey key, Position position,
                   std::unique_ptr<Decoder> decoder, const Now& now)
    : shared_(shared),
      fd_(std::move(fd)),
      key_(key),
      decoder_(std::move(decoder)),
      position_(position.offset),
      committed_(position.offset),
      seen_size_(position.offset),
      cutter_(shared.options.max_line_bytes),
      last_growth_(now.steady) {
  const MultiLineOptions& joining = shared.options.multi_line;
  if (joining.rule != MultiLineOptions::Rule::kNone) {
    multi_line_.emplace(joining, shared.start_pattern, shared.counters);
  }
  cutter_.restart(position.offset, position.before);
  // A file that became shorter meanwhile has a shorter head, and the first poll sees its size.
  (void)head_.load(fd_.get(), position.offset);
}

Follower::Step Follower::poll(const Now& now) {
  at_end_ = false;
  origin_.received = now.wall;
  for (int chunks = 0;; ++chunks) {
    if (!hand_over(anew_ ? Extent::kOpenRecord : Extent::kWholeLines)) return Step::kFull;
    if (anew_) begin_anew(0);
    if (chunks == kChunksPerPoll) return Step::kMore;
    const Read outcome = read(now);
    if (outcome == Read::kFailed) return Step::kBroken;
    if (outcome == Read::kNone && !anew_) break;
  }
  if (ending_) return hand_over(Extent::kOpenRecord) ? Step::kEnded : Step::kFull;
  if (!hand_over_overdue(now)) return Step::kFull;
  chunk_.reset();
  at_end_ = true;
  return Step::kIdle;
}

bool Follower::is_quiet(const Now& now, std::chrono::nanoseconds span) const noexcept {
  struct stat status {};
  if (!at_end_ || ::fstat(fd_.get(), &status) != 0) return false;
  if (static_cast<std::uint64_t>(status.st_size) != position_) return false;
  // A file that was only just read may have been quiet for long.
  const TimePoint written(std::chrono::seconds(status.st_mtim.tv_sec) +
                          std::chrono::nanoseconds(status.st_mtim.tv_nsec));
  return now.steady - last_growth_ >= span || now.wall - written >= span;
}

bool Follower::is_deleted() const noexcept {
  struct stat status {};
  return ::fstat(fd_.get(), &status) == 0 && status.st_nlink == 0;
}

std::uint64_t Follower::uncommitted_bytes() const noexcept {
  struct stat status {};
  if (::fstat(fd_.get(), &status) != 0) return 0;
  const auto size = static_cast<std::uint64_t>(status.st_size);
  return size > committed_ ? size - committed_ : 0;
}

// Precondition: what was read before is cut.
Follower::Read Follower::read(const Now& now) {
  if (!chunk_) chunk_ = std::make_unique_for_overwrite<char[]>(kChunkBytes);
  std::size_t size = 0;
  auto is_same = continues_at(position_);
  if (is_same == true) {
    const auto got = read_at(fd_.get(), chunk_.get(), kChunkBytes, position_);
    if (!got) return Read::kFailed;
    size = *got;
    // First, so that the very first bytes of a file are checked too.
    head_.extend(position_, {chunk_.get(), size});
    if (size > 0) is_same = continues_at(position_ + size);
    if (is_same == false) size = still_old(size);
  }
  if (!is_same) return Read::kFailed;
  if (!*is_same) {
    anew_ = true;
    shared_.counters.truncations.add(1);
    const std::uint64_t read_to = position_ + size;
    if (seen_size_ > read_to) shared_.counters.lost_bytes.add(seen_size_ - read_to);
    last_growth_ = now.steady;
  }
  if (size == 0) return Read::kNone;
  cutter_.feed({chunk_.get(), size});
  position_ += size;
  shared_.counters.bytes.add(size);
  last_growth_ = now.steady;
  return Read::kBytes;
}

// Whether the file is still the one that was read: it begins as before and has at least `size`
// bytes.
// Empty: it cannot be said.
std::optional<bool> Follower::continues_at(std::uint64_t size) noexcept {
  struct stat status {};
  if (::fstat(fd_.get(), &status) != 0) return std::nullopt;
  const auto file_size = static_cast<std::uint64_t>(status.st_size);
  if (file_size < size || !head_.still_begins(fd_.get())) return false;
  seen_size_ = file_size;
  return true;
}

// The file began anew during the read of `size` bytes. Returns how many of them are of the old
// contents: all, or those before the ones that the file still holds, for these come again from 0.
std::size_t Follower::still_old(std::size_t size) const {
  const auto again = std::make_unique_for_overwrite<char[]>(size);
  // New contents only grow: where they end before the chunk does, the end of the chunk is old.
  if (read_at(fd_.get(), again.get(), size, position_) != size) return size;
  while (size > 0 && again[size - 1] == chunk_[size - 1]) --size;
  return size;
}

// Precondition: nothing is open.
void Follower::begin_anew(std::uint64_t position) noexcept {
  assert(!record_ && !line_);
  anew_ = false;
  head_.clear();
  position_ = committed_ = seen_size_ = position;
  cutter_.restart(position, LineCutter::Before::kLineEnd);
}

// What waited long enough for its rest is handed over without it.
bool Follower::hand_over_overdue(const Now& now) {
  const auto quiet = now.steady - last_growth_;
  if (cutter_.has_open_line()) {
    if (quiet < shared_.options.partial_line_wait) return true;
    if (!hand_over(Extent::kOpenLine)) return false;
  }
  const bool waits = multi_line_ && multi_line_->is_open();
  return !waits || quiet < shared_.options.multi_line.max_wait || hand_over(Extent::kOpenRecord);
}

// False: the pipeline is full. To be called again then.
bool Follower::hand_over(Extent extent) {
  for (;;) {
    if (!hand_over_record()) return false;
    record_ = next_record(extent);
    if (!record_) return true;
  }
}

bool Follower::hand_over_record() {
  if (!record_) return true;
  if (!decoded_) {
    record_->text.remove_prefix(decoder_->decode(record_->text, origin_));
    if (!record_->text.empty()) return false;
    decoded_ = true;
  }
  if (!decoder_->flush()) return false;
  decoded_ = false;
  committed_ = record_->end;
  record_.reset();
  return true;
}

std::optional<Record> Follower::next_record(Extent extent) {
  for (;;) {
    if (!line_) line_ = cutter_.next();
    if (!line_ && extent != Extent::kWholeLines) line_ = cutter_.cut_open_line();
    if (!line_) break;
    if (take_line(*line_)) {
      line_.reset();
      continue;
    }
    if (multi_line_) return multi_line_->take();  // and line_ begins the next one
    const Line line = *std::exchange(line_, std::nullopt);
    return Record{line.text, line.end};
  }
  if (extent == Extent::kOpenRecord && multi_line_ && multi_line_->is_open()) {
    return multi_line_->take();
  }
  return std::nullopt;
}

// Whether nothing is to be handed over because of this line, and it is dealt with.
bool Follower::take_line(const Line& line) {
  if (line.kind == Line::Kind::kOverlong) {
    shared_.counters.overlong.add(1);
    shared_.intake.reject(RejectCause::kOversized, line.text, static_cast<std::size_t>(committed_),
                          "line longer than max_line_bytes");
  }
  const bool joins = multi_line_ && multi_line_->is_open();
  if (line.kind != Line::Kind::kText || (line.text.empty() && !joins)) {
    skip_to(line.end);
    return true;
  }
  if (!multi_line_ || (joins && !multi_line_->continues(line.text))) return false;
  multi_line_->add(line.text, line.end);
  return true;
}

// The file up to `end` is dealt with, once the open record is.
void Follower::skip_to(std::uint64_t end) noexcept {
  if (multi_line_ && multi_line_->is_open()) {
    multi_line_->cover(end);
  } else {
    committed_ = end;
  }
}

}  // namespace tocsin::tail
