// Finds files: by the patterns of the settings, and by inode when they were renamed.
// Threads: safe from any thread.
// Memory:  as many paths as match.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/tail/file_identity.hpp"

namespace tocsin::tail {

struct FoundFile {
  std::string path;
  FileKey key;  // of the file itself, where the path is a symbolic link
};

// The regular files that match a pattern of `paths` and none of `exclude` (by base name), sorted by
// path. A directory that cannot be read has no files.
[[nodiscard]] std::vector<FoundFile> find_files(const std::vector<std::string>& paths,
                                                const std::vector<std::string>& exclude);

// The existing directories in which a file that matches could appear.
[[nodiscard]] std::vector<std::string> find_folders(const std::vector<std::string>& paths);

// The regular files of a directory that have one of these inodes, with any name.
[[nodiscard]] std::vector<FoundFile> find_inodes(const std::string& folder,
                                                 const std::set<std::uint64_t>& inodes);

// "a/b/c" -> "a/b", "c" -> ".", "/c" -> "/".
[[nodiscard]] std::string folder_of(std::string_view path);
// "a/b/c" -> "c".
[[nodiscard]] std::string_view base_name_of(std::string_view path) noexcept;

}  // namespace tocsin::tail
