// Checkpoints: how far each file was read, kept in a file over restarts.
//
//     file  := "tocsin-tail 1" LF line* "end " count LF
//     line  := device " " inode " " head-bytes " " head-hash " " offset " " path LF
//
// Numbers are decimal, the hash is 16 hexadecimal digits. In the path a backslash is "\\", an LF
// "\n". The longest untouched comes first.
// Threads: one thread.
// Errors:  kSyntax, kRange and kLimit with file:line:column for a file that is not of this form;
//          kIo with the file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ingest/tail/file_identity.hpp"
#include "tocsin/result.hpp"

namespace tocsin::tail {

struct Checkpoint {
  FileIdentity identity;
  std::uint64_t offset = 0;  // behind the last line that was accepted
  std::string path;          // under which the file was found

  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

// Both are pure.
[[nodiscard]] std::string print_checkpoints(const std::vector<Checkpoint>& checkpoints);
[[nodiscard]] Result<std::vector<Checkpoint>> parse_checkpoints(std::string_view text,
                                                                std::string_view file);

class Checkpoints {
 public:
  // `file` empty: kept in memory only. At most `most` are kept; beyond, the longest untouched go.
  Checkpoints(std::string file, std::size_t most, bool sync)
      : file_(std::move(file)), most_(most), sync_(sync) {}

  // Reads the file. A missing one is an empty one; one that cannot be read as above is renamed to
  // FILE.broken, and the error says so: what follows begins without it.
  [[nodiscard]] Result<void> load();
  // Replaces the file, all of it or nothing. Does nothing if nothing changed since.
  [[nodiscard]] Result<void> save();

  void put(Checkpoint checkpoint);
  void remove(const FileKey& key);

  // Null: none. By device and inode, else by inode and path, for device numbers may change when the
  // machine starts again. The caller compares the head.
  [[nodiscard]] const Checkpoint* find(const FileKey& key, std::string_view path) const;
  // Whether a file was ever followed under this path.
  [[nodiscard]] bool knows_path(std::string_view path) const;
  // The longest untouched first.
  [[nodiscard]] std::vector<Checkpoint> all() const;
  [[nodiscard]] std::size_t size() const noexcept { return by_key_.size(); }

 private:
  struct Kept {
    Checkpoint checkpoint;
    std::uint64_t touched = 0;  // grows with each put()
  };

  [[nodiscard]] Result<void> replace_file(std::string_view text) const;

  const std::string file_;
  const std::size_t most_;
  const bool sync_;

  std::map<FileKey, Kept> by_key_;
  std::map<std::uint64_t, FileKey> by_touch_;
  std::uint64_t touches_ = 0;
  bool changed_ = false;
};

}  // namespace tocsin::tail
