// Tailer: follows all files that match some patterns, through rotation and restarts.
//
// A file keeps being read under whatever name it has. When its name leads to another file, that one
// is its successor: it is opened at once, but read only when the old one was quiet for
// rotation_wait, so that lines keep their order:
//
//     app.log (inode 7)  -- renamed -->  app.log.1 (inode 7), app.log (inode 8)
//     reads 7 ......................... reads 7 until it is quiet, then 8
//
// An old file that never gets quiet holds its successor up for no longer than kMostWaits of these.
//
// Delivery: at least once over a crash: a position is kept only after the pipeline accepted what is
//           before it. Exactly once over close(): what was read and not accepted is read again.
// Threads:  one thread; counters() from any.
// Memory:   max_files followers, max_checkpoints positions, as many paths as the patterns match.
// Errors:   what goes wrong with single files and positions goes to `complain`, once per occasion.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ingest/tail/checkpoints.hpp"
#include "ingest/tail/counters.hpp"
#include "ingest/tail/file_search.hpp"
#include "ingest/tail/follower.hpp"
#include "ingest/tail/line_pattern.hpp"
#include "ingest/tail/options.hpp"
#include "ingest/tail/watches.hpp"
#include "tocsin/intake.hpp"
#include "tocsin/result.hpp"

namespace tocsin::tail {

using Complain = std::function<void(const Error&)>;

class Tailer {
 public:
  enum class Step : std::uint8_t {
    kIdle,  // nothing to do before something happens or time passes
    kMore,  // call turn() again
    kFull,  // the same, after a pause: the pipeline is full
  };

  // Reads the checkpoint file. Errors: kRange for an option out of range, kSyntax for the start
  // pattern, kIo for a checkpoint file that cannot be opened; a broken one is only complained of.
  // `intake` outlives the object.
  [[nodiscard]] static Result<std::unique_ptr<Tailer>> create(Options options,
                                                              DecoderFactory decoders,
                                                              Intake& intake, Complain complain);

  // Readable when read_watches() has something to read. Negative: there is none, only polling.
  [[nodiscard]] int watch_fd() const noexcept { return watches_ ? watches_->fd() : -1; }
  void read_watches();

  // The next turn looks for files that came, went or were renamed.
  void want_rescan() noexcept { rescan_wanted_ = true; }
  // Whether something is to be decided that depends on the time: rescan soon.
  [[nodiscard]] bool is_deciding() const noexcept { return deciding_; }
  // The next turns look into every file.
  void want_polls() noexcept;

  // Reads some files for a while.
  [[nodiscard]] Step turn(const Now& now);

  // Writes the positions, if they changed.
  void save();
  // Reads what is there, as far as the pipeline takes it, and writes the positions. The last call.
  void close(const Now& now);

  [[nodiscard]] const Counters& counters() const noexcept { return counters_; }

  static constexpr int kMostWaits = 12;
  static constexpr int kPollsPerTurn = 32;

 private:
  struct Followed {
    std::unique_ptr<Follower> follower;
    std::string home;      // the path that it was opened for
    std::string found_as;  // the path that leads to it now; empty: none
    int watch = -1;
    bool owns_home = true;  // `home` does not lead to another file
    bool dirty = true;      // may have something to read
    bool ending = false;
    std::optional<Now::Steady> replaced_since;  // a successor was opened
    std::vector<FileKey> after;                 // files that are to be read before

    [[nodiscard]] bool is_due() const noexcept { return dirty && after.empty(); }
  };
  struct Resumable {
    base::UniqueFd fd;
    FileKey key;
    std::string home;
    std::uint64_t offset = 0;
    std::pair<std::int64_t, std::int64_t> written;  // seconds and nanoseconds
  };
  using Files = std::map<FileKey, Followed>;

  Tailer(Options options, DecoderFactory decoders, Intake& intake, Complain complain,
         std::optional<LinePattern> start_pattern);

  void rescan(const Now& now);
  void resume_renamed(const std::vector<FoundFile>& found, const Now& now);
  [[nodiscard]] std::optional<Resumable> open_resumable(const FoundFile& renamed) const;
  static void succeed(Followed& old, const FileKey& key, Followed& successor, const Now& now);
  void settle_homes(const std::vector<FoundFile>& found, const std::set<FileKey>& opened,
                    const Now& now);
  void release_held(const Now& now);
  [[nodiscard]] bool goes_first(const Followed& old, const Now& now) const;
  void end_unnamed(const Now& now);
  [[nodiscard]] bool open(const FoundFile& found, const Now& now);
  void follow(base::UniqueFd fd, const FoundFile& found, std::string home,
              Follower::Position position, const Now& now);
  [[nodiscard]] const Checkpoint* checkpoint_of(int fd, const FileKey& key, std::uint64_t size,
                                                const std::string& path) const;
  [[nodiscard]] Files::iterator forget(Files::iterator at);
  void remember(const Followed& file);
  void drain(const Now& now);
  void complain_of_open(const std::string& path, int error_number);
  void complain(const Error& error);

  // Fixed after construction.
  const Options options_;
  const DecoderFactory decoders_;
  const Complain complain_;
  const std::optional<LinePattern> start_pattern_;
  Counters counters_;
  const Follower::Shared shared_;

  Checkpoints checkpoints_;
  std::optional<Watches> watches_;
  Files files_;
  FileKey last_polled_;
  std::set<std::string> refused_;      // paths that could not be opened at the last rescan
  std::set<std::string> refused_now_;  // the same, of the one under way
  std::uint64_t over_limit_ = 0;       // files that found no room at the rescan under way
  bool starting_ = true;               // no rescan is done yet
  bool rescan_wanted_ = true;
  bool deciding_ = false;
  bool save_failed_ = false;
};

}  // namespace tocsin::tail
