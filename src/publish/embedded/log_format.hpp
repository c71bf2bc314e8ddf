// The bytes of the embedded store's log, and how to find the good ones in a damaged file.
//
//   file    = "tocsinR1", frame*
//   frame   = length (4), header check (4), payload check (8), payload
//   payload = kind (1), expiry (8, ns since the epoch; 2^63 - 1: never),
//             key length (4), key, member length (4), member, value
//   numbers are little endian. Checks are XXH3-64 seeded with the frame's offset in the file, so
//   that a frame inside a value, or one that a bad disk moved, is never taken for a record. The
//   header check (its low half) covers the length; the payload check covers the payload.
//
// Damage: a reader that meets bytes that are no frame looks for the next frame byte by byte.
//         What it passed over is counted. A torn tail is damage that reaches the end of the file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "src/publish/embedded/file.hpp"
#include "tocsin/event.hpp"
#include "tocsin/result.hpp"
#include "tocsin/store.hpp"

namespace tocsin::publish {

inline constexpr std::string_view kLogMagic = "tocsinR1";
inline constexpr std::size_t kMaxPayloadBytes = std::size_t{16} << 20;
inline constexpr TimePoint kNever = TimePoint::max();

// A record as it is stored: with an absolute end instead of a ttl.
struct StoredRecord {
  Record record;
  TimePoint expires = kNever;
};

[[nodiscard]] std::size_t frame_bytes(const Record& record) noexcept;
// Appends the frame that will stand at `offset` of the file. Precondition: the payload fits.
void append_frame(const StoredRecord& stored, std::uint64_t offset, std::string& out);

// Reads a log from its start.
// Cost: one pass over good bytes; memory for one frame.
class LogReader {
 public:
  explicit LogReader(const AppendFile& file) : file_(file) {}
  explicit LogReader(AppendFile&&) = delete;

  // kUnsupported when the file is of another version of this format; else success, even if the
  // first bytes are damaged.
  [[nodiscard]] Result<void> read_magic();
  // The next good record; empty at the end.
  [[nodiscard]] Result<std::optional<StoredRecord>> next();

  // Offset behind the last good frame.
  [[nodiscard]] std::uint64_t good_end() const noexcept { return good_end_; }
  [[nodiscard]] std::uint64_t damaged_bytes() const noexcept { return damaged_bytes_; }
  // Of the above, those before the last good frame. Known once next() said the end.
  [[nodiscard]] std::uint64_t damaged_inside_bytes() const noexcept {
    return damaged_inside_bytes_;
  }

 private:
  [[nodiscard]] Result<bool> fill(std::size_t bytes);
  [[nodiscard]] Result<std::optional<StoredRecord>> frame_here();
  void pass_damaged_byte() noexcept;
  [[nodiscard]] std::uint64_t offset() const noexcept { return buffer_offset_ + position_; }

  const AppendFile& file_;
  std::string buffer_;
  std::uint64_t buffer_offset_ = 0;  // of buffer_ in the file
  std::size_t position_ = 0;         // in buffer_
  std::uint64_t good_end_ = 0;
  std::uint64_t damaged_bytes_ = 0;
  std::uint64_t damaged_inside_bytes_ = 0;
};

}  // namespace tocsin::publish
