// The broken files of tests/data: each says in its first line, `# expect: LINE:COLUMN TEXT`, the
// one error that it must give.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::tests {

struct BadFile {
  std::string name;  // of the file, without its folder
  std::string text;
  std::string position;  // "LINE:COLUMN"
  std::string complaint;
};

inline std::vector<BadFile> bad_files(const std::string& folder) {
  constexpr std::string_view kMark = "# expect: ";
  std::vector<BadFile> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream stream(entry.path(), std::ios::binary);
    BadFile file{entry.path().filename().string(),
                 {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()},
                 {},
                 {}};
    const std::string line = file.text.substr(0, file.text.find('\n'));
    if (line.compare(0, kMark.size(), kMark) == 0) {
      const std::size_t blank = line.find(' ', kMark.size());
      file.position = line.substr(kMark.size(), blank - kMark.size());
      if (blank != std::string::npos) file.complaint = line.substr(blank + 1);
    }
    files.push_back(std::move(file));
  }
  std::sort(files.begin(), files.end(),
            [](const BadFile& a, const BadFile& b) { return a.name < b.name; });
  return files;
}

// No variable is set.
inline std::optional<std::string> empty_environment(std::string_view /*name*/) {
  return std::nullopt;
}

}  // namespace tocsin::tests
