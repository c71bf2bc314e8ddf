// ResultLog: the embedded store's records on disk.
//
// One file per generation, `results-00000007.log`. New values are appended; when the file has grown
// to twice what is alive in it, everything alive is written to the next generation, which
// replaces the old file by an atomic rename. So the newest generation is always complete: a
// snapshot followed by what came after it, in one format.
//
// Kept:    after append() returned, the records survive the end of this process, however it ends;
//          after sync() they survive a power cut. Directory entries are synced before the old
//          generation is removed.
// Damage:  a torn tail is cut off at the last good record. Damage further inside is passed over,
//          the rest is used, and the file is set aside as `results.damaged` at the next rewrite.
// Errors:  after a failed append the log is broken(): it takes nothing until a rewrite() succeeds.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "src/publish/embedded/file.hpp"
#include "src/publish/embedded/log_format.hpp"
#include "tocsin/result.hpp"

namespace tocsin::publish {

class ResultLog {
 public:
  using Replay = std::function<void(StoredRecord)>;
  // Hands every record alive to its argument.
  using Emit = std::function<void(const StoredRecord&)>;
  using Source = std::function<void(const Emit&)>;

  // Locks the directory and replays the newest generation, oldest record first. A log that could
  // not be read to the end starts broken(): what was read is used, and the next rewrite() repairs
  // it.
  [[nodiscard]] static Result<std::unique_ptr<ResultLog>> open(const std::string& directory,
                                                               const Replay& replay);

  // Adds to the next append(). `stored` may change or go afterwards.
  void stage(const StoredRecord& stored);
  // Writes what is staged, in one go.
  [[nodiscard]] Result<void> append();
  [[nodiscard]] Result<void> sync();
  // Starts the next generation with everything that `source` emits, synced.
  [[nodiscard]] Result<void> rewrite(const Source& source);

  [[nodiscard]] bool broken() const noexcept { return !file_.has_value(); }
  [[nodiscard]] bool synced() const noexcept { return synced_; }
  // What rewriting would shorten: the size of the present file, 0 when broken.
  [[nodiscard]] std::uint64_t size_bytes() const noexcept;
  // Found when opening; 0 for a sound file.
  [[nodiscard]] std::uint64_t damaged_bytes() const noexcept { return damaged_bytes_; }
  // Damage stands between good records: rewrite soon.
  [[nodiscard]] bool damaged_inside() const noexcept { return damaged_inside_; }

 private:
  explicit ResultLog(LockedDirectory directory) : directory_(std::move(directory)) {}

  [[nodiscard]] Result<void> load(const Replay& replay);
  [[nodiscard]] Result<void> load_generation(const Replay& replay);
  [[nodiscard]] Result<AppendFile> write_generation(const std::string& path, const Source& source);
  void retire(const std::string& name);

  const LockedDirectory directory_;
  std::optional<AppendFile> file_;  // empty: broken
  std::uint64_t generation_ = 0;    // 0: no file yet
  std::string staged_;
  bool synced_ = true;
  std::uint64_t damaged_bytes_ = 0;
  bool damaged_inside_ = false;
};

}  // namespace tocsin::publish
