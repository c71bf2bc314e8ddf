#include "src/rules/grok/pattern_library.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <system_error>
#include <utility>
#include <vector>

#include "src/event/utf8.hpp"
#include "src/settings/read_file.hpp"

namespace tocsin::rules::grok {
namespace {

constexpr std::size_t kMaxFileBytes = std::size_t{4} << 20;
constexpr std::string_view kBlanks = " \t\f\v";

// The length of the longest valid prefix of a line that is not UTF-8.
std::size_t valid_bytes(std::string_view line) {
  std::size_t good = line.size();
  while (!event::is_utf8(line.substr(0, good))) --good;
  return good;
}

}  // namespace

void PatternLibrary::define(std::string name, Definition definition) {
  definitions_.insert_or_assign(std::move(name), std::move(definition));
}

Result<void> PatternLibrary::add_text(std::string_view text, const std::string& source) {
  std::vector<std::pair<std::string, Definition>> found;
  for (std::size_t number = 1; !text.empty(); ++number) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!event::is_utf8(line)) {
      const Place bad = Place{source, number, 1}.after(line.substr(0, valid_bytes(line)));
      return Error{Errc::kSyntax, bad.text(),
                   "found bytes that are not UTF-8, expected UTF-8 text"};
    }
    const std::size_t name = line.find_first_not_of(kBlanks);
    if (name == std::string_view::npos || line[name] == '#') continue;
    const std::size_t name_end = line.find_first_of(kBlanks, name);
    const std::size_t body = line.find_first_not_of(kBlanks, name_end);
    if (name_end == std::string_view::npos || body == std::string_view::npos) continue;
    found.emplace_back(line.substr(name, name_end - name),
                       Definition{std::string(line.substr(body)),
                                  Place{source, number, 1}.after(line.substr(0, body))});
  }
  for (auto& [name, definition] : found) define(std::move(name), std::move(definition));
  return {};
}

Result<void> PatternLibrary::add_file(const std::filesystem::path& file) {
  const Result<std::string> text = settings::read_file(file, kMaxFileBytes);
  if (!text) return text.error();
  return add_text(*text, file.string());
}

Result<void> PatternLibrary::add_directory(const std::filesystem::path& directory,
                                           const std::string& glob) {
  std::error_code failed;
  std::vector<std::filesystem::path> files;
  for (std::filesystem::directory_iterator entry(directory, failed), end; !failed && entry != end;
       entry.increment(failed)) {
    std::error_code ignored;  // what vanished meanwhile is no file
    if (entry->is_regular_file(ignored) && entry->path().extension() != ".md" &&
        ::fnmatch(glob.c_str(), entry->path().filename().c_str(), FNM_PERIOD) == 0) {
      files.push_back(entry->path());
    }
  }
  if (failed) {
    return Error{Errc::kIo, directory.string(),
                 "cannot be read as a directory of patterns: " + failed.message()};
  }
  std::sort(files.begin(), files.end());
  for (const std::filesystem::path& file : files) {
    if (Result<void> added = add_file(file); !added) return added;
  }
  return {};
}

const Definition* PatternLibrary::find(std::string_view name) const {
  const auto found = definitions_.find(name);
  return found == definitions_.end() ? nullptr : &found->second;
}

}  // namespace tocsin::rules::grok
