#include "ingest/tail/file_search.hpp"

#include <dirent.h>
#include <fnmatch.h>
#include <glob.h>
#include <sys/stat.h>

#include <algorithm>
#include <memory>
#include <optional>

namespace tocsin::tail {
namespace {

// The matches of all patterns, sorted, each once.
std::vector<std::string> expand(const std::vector<std::string>& patterns) {
  std::vector<std::string> matches;
  for (const std::string& pattern : patterns) {
    glob_t found{};
    if (::glob(pattern.c_str(), GLOB_BRACE | GLOB_NOSORT, nullptr, &found) == 0) {
      matches.insert(matches.end(), found.gl_pathv, found.gl_pathv + found.gl_pathc);
    }
    ::globfree(&found);
  }
  std::sort(matches.begin(), matches.end());
  matches.erase(std::unique(matches.begin(), matches.end()), matches.end());
  return matches;
}

std::optional<FileKey> key_of_regular(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  return key_of(status);
}

struct CloseFolder {
  void operator()(DIR* folder) const noexcept { ::closedir(folder); }
};

}  // namespace

std::vector<FoundFile> find_files(const std::vector<std::string>& paths,
                                  const std::vector<std::string>& exclude) {
  std::vector<FoundFile> files;
  for (std::string& path : expand(paths)) {
    const std::string name(base_name_of(path));
    const bool excluded = std::any_of(exclude.begin(), exclude.end(), [&](const std::string& e) {
      return ::fnmatch(e.c_str(), name.c_str(), 0) == 0;
    });
    if (excluded) continue;
    if (const auto key = key_of_regular(path)) files.push_back({std::move(path), *key});
  }
  return files;
}

std::vector<std::string> find_folders(const std::vector<std::string>& paths) {
  std::vector<std::string> patterns;
  patterns.reserve(paths.size());
  for (const std::string& path : paths) patterns.push_back(folder_of(path));
  std::vector<std::string> folders = expand(patterns);
  std::erase_if(folders, [](const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) != 0 || !S_ISDIR(status.st_mode);
  });
  return folders;
}

std::vector<FoundFile> find_inodes(const std::string& folder,
                                   const std::set<std::uint64_t>& inodes) {
  std::vector<FoundFile> files;
  const std::unique_ptr<DIR, CloseFolder> open(::opendir(folder.c_str()));
  if (!open) return files;
  while (const dirent* entry = ::readdir(open.get())) {
    if (!inodes.contains(entry->d_ino)) continue;
    std::string path = folder + "/" + entry->d_name;
    if (const auto key = key_of_regular(path)) files.push_back({std::move(path), *key});
  }
  return files;
}

std::string folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return ".";
  return std::string(path.substr(0, std::max<std::size_t>(slash, 1)));
}

std::string_view base_name_of(std::string_view path) noexcept {
  return path.substr(path.rfind('/') + 1);
}

}  // namespace tocsin::tail
