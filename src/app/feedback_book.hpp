// FeedbackBook: all feedback that is in force; what shards are told, operators are listed, and a file
// keeps over restarts.
// Memory:  at most Options::max, one for each watch of each series. What has ended is forgotten.
// Threads: one owner: the HTTP server's thread, once that runs. give() and withdraw() wait for the disk.
// Errors:  kLimit: there is no room for all of it; kUnknownName: no such id; kIo: the file did not take
//          it. Then nothing has changed. A file that can be read but not written anew is no error.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "src/app/feedback.hpp"
#include "src/app/feedback_file.hpp"
#include "src/app/feedback_line.hpp"
#include "tocsin/result.hpp"

namespace tocsin::app {

// Of feedback since the start, one for each watch.
struct FeedbackCounts {
  std::array<std::uint64_t, kFeedbackKinds> given{};
  std::array<std::uint64_t, kFeedbackKinds> withdrawn{};
  std::array<std::uint64_t, kFeedbackKinds> ended{};
  std::uint64_t refused = 0;  // by Options::max
  std::uint64_t damaged = 0;  // lines of the file that could not be read
};

class FeedbackBook {
 public:
  struct Options {
    std::filesystem::path file;  // empty: kept in memory only
    std::size_t max = 10'000;
  };
  using Warn = std::function<void(const Error& error)>;

  // Reads the file and writes it anew without what has ended at `now`. `warn` hears of each line that
  // is damaged, with its place, of what was left out for want of room, of the copy that has either,
  // and of a file that could not be written anew, which then stays as it was.
  [[nodiscard]] static Result<FeedbackBook> open(const Options& options, TimePoint now,
                                                 const Warn& warn);

  // What was said at once; returns the id that all of it has from now on.
  [[nodiscard]] Result<std::uint64_t> give(std::vector<Feedback> said, TimePoint now);
  // Takes back what has this id; returns how many watches it was about.
  [[nodiscard]] Result<std::size_t> withdraw(std::uint64_t id, std::string author, TimePoint now);

  // In the order in which it was given.
  [[nodiscard]] const std::vector<FeedbackPtr>& in_force(TimePoint now);
  [[nodiscard]] FeedbackBySeriesPtr by_series() const;
  [[nodiscard]] std::array<std::uint64_t, kFeedbackKinds> levels(TimePoint now);
  [[nodiscard]] const FeedbackCounts& counts() const noexcept { return counts_; }
  [[nodiscard]] const Options& options() const noexcept { return options_; }

 private:
  explicit FeedbackBook(Options options) : options_(std::move(options)) {}

  Result<void> load(TimePoint now, const Warn& warn);
  void take(const FeedbackLine& line, TimePoint now);
  void make_room(const Warn& warn);
  void forget_ended(TimePoint now);
  [[nodiscard]] std::string whole_text() const;
  // Writes the file anew, with what is in force. What only the file has is copied first: where that
  // fails, the file stays as it was.
  Result<void> compact();
  // What is no longer in force fills the file; writing it anew costs time, so seldom.
  void compact_if_due();

  Options options_;
  std::optional<FeedbackFile> file_;
  std::size_t compact_bytes_ = 0;  // of the file when it was last written anew
  // The file has lines that are neither in entries_ nor past: the suffix of the copy that must be
  // made of it before it is written anew. Empty: it has none.
  std::string_view copy_first_;
  std::filesystem::path copy_;  // that was made of it; empty: none was
  std::vector<FeedbackPtr> entries_;
  std::uint64_t last_id_ = 0;
  FeedbackCounts counts_;
};

}  // namespace tocsin::app
