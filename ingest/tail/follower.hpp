// Follower: reads one open file as it grows and hands its lines to a Decoder.
//
// Each record is decoded and flushed before the next one is cut, so that committed() says exactly
// what the pipeline has accepted. Whoever begins there after a crash repeats at most what was
// accepted since committed() was last kept, and loses nothing.
//
// Truncation. Before and behind each read the file must be at least as long as what was read of it,
// and begin as before:
//
//     size, head as expected -> read chunk -> size, head as expected: the writer appended the chunk
//     if not, here or there: the file began anew; read it from 0
//
// What was read of the old contents still counts, their open line included. Only a file whose new
// beginning equals the old one and which regrew past the position is not noticed.
//
// Threads: one thread.
// Memory:  while there is something to read a chunk of 64 KiB; an open line; an open record.
// Cost:    three system calls for each poll that finds nothing, five for each chunk.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "ingest/tail/counters.hpp"
#include "ingest/tail/file_identity.hpp"
#include "ingest/tail/line_cutter.hpp"
#include "ingest/tail/line_pattern.hpp"
#include "ingest/tail/multi_line.hpp"
#include "ingest/tail/options.hpp"
#include "src/base/unique_fd.hpp"
#include "tocsin/decoder.hpp"
#include "tocsin/intake.hpp"

namespace tocsin::tail {

// What time it is: for events, and for waiting.
struct Now {
  using Steady = std::chrono::steady_clock::time_point;

  TimePoint wall{};
  Steady steady{};
};

class Follower {
 public:
  // What the followers of one listener share; it outlives them. `start_pattern` may be null.
  struct Shared {
    const Options& options;
    const LinePattern* start_pattern;
    Intake& intake;
    Counters& counters;
  };

  // Where to begin.
  struct Position {
    std::uint64_t offset = 0;
    LineCutter::Before before = LineCutter::Before::kLineEnd;
  };

  enum class Step : std::uint8_t {
    kIdle,    // all that is there was handed over, but for what waits for its rest
    kMore,    // there may be more to read
    kFull,    // the pipeline is full: ask again soon
    kEnded,   // after end(): there is nothing more, and what waited was handed over
    kBroken,  // reading failed, see errno; begin again at committed()
  };

  // `fd`: a regular file of at least `position.offset` bytes, open for reading.
  Follower(const Shared& shared, base::UniqueFd fd, FileKey key, Position position,
           std::unique_ptr<Decoder> decoder, const Now& now);

  // Reads and hands over, at most kChunksPerPoll chunks.
  [[nodiscard]] Step poll(const Now& now);

  // The file will not be continued: what is left of it is all there will be.
  void end() noexcept { ending_ = true; }

  // Whether nothing was written for at least `span`, and nothing is left to be read or taken.
  [[nodiscard]] bool is_quiet(const Now& now, std::chrono::nanoseconds span) const noexcept;
  // The file has no name any more.
  [[nodiscard]] bool is_deleted() const noexcept;

  [[nodiscard]] FileIdentity identity() const noexcept {
    return {key_, head_.size(), head_.hash()};
  }
  // Offset behind the last record that was accepted.
  [[nodiscard]] std::uint64_t committed() const noexcept { return committed_; }
  // Bytes that are there and not accepted.
  [[nodiscard]] std::uint64_t uncommitted_bytes() const noexcept;
  [[nodiscard]] int fd() const noexcept { return fd_.get(); }

  static constexpr std::size_t kChunkBytes = 64 * 1024;
  // A busy file must not keep the others waiting.
  static constexpr int kChunksPerPoll = 4;

 private:
  // What may be cut: lines that have their LF; the open line too; the open record too.
  enum class Extent : std::uint8_t { kWholeLines, kOpenLine, kOpenRecord };
  enum class Read : std::uint8_t { kBytes, kNone, kFailed };

  [[nodiscard]] Read read(const Now& now);
  [[nodiscard]] std::optional<bool> continues_at(std::uint64_t size) noexcept;
  [[nodiscard]] std::size_t still_old(std::size_t size) const;
  void begin_anew(std::uint64_t position) noexcept;
  [[nodiscard]] bool hand_over(Extent extent);
  [[nodiscard]] bool hand_over_overdue(const Now& now);
  [[nodiscard]] bool hand_over_record();
  [[nodiscard]] std::optional<Record> next_record(Extent extent);
  [[nodiscard]] bool take_line(const Line& line);
  void skip_to(std::uint64_t end) noexcept;

  // Fixed after construction.
  const Shared shared_;
  const base::UniqueFd fd_;
  const FileKey key_;
  const std::unique_ptr<Decoder> decoder_;

  Head head_;
  std::uint64_t position_;  // of what is read next
  std::uint64_t committed_;
  std::uint64_t seen_size_;  // of the file
  std::unique_ptr<char[]> chunk_;
  LineCutter cutter_;
  std::optional<MultiLine> multi_line_;

  std::optional<Line> line_;      // cut, and waits until the open record was handed over
  std::optional<Record> record_;  // not yet accepted; views the chunk, the cutter or multi_line_
  bool decoded_ = false;          // record_ is in the decoder, and only flush() remains

  Origin origin_;
  Now::Steady last_growth_;
  bool at_end_ = false;  // the last poll found nothing more
  bool anew_ = false;    // the old contents were read; the new ones begin at 0
  bool ending_ = false;
};

}  // namespace tocsin::tail
