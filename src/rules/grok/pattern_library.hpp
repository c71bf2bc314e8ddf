// The names that a grok expression may use, and what they stand for.
//
// A pattern file has one definition a line:
//
//     # comment
//     NAME  regular expression to the end of the line
//
// Leading blanks are skipped; a name without a body is ignored; a later definition of a name
// replaces an earlier one. So the order of loading is the order of precedence, lowest first: the
// shipped set, the user's directories in order, inline definitions.
// Errors:  kIo for a file or directory that cannot be read; kSyntax at file:line:column for bytes
//          that are not UTF-8; kLimit for a file that is too large.
// Threads: filled by one thread, then read by any.
// Source:  reference of the grok filter, section 1 "pattern files".
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "src/rules/grok/place.hpp"
#include "tocsin/result.hpp"

namespace tocsin::rules::grok {

struct Definition {
  std::string body;
  Place place;  // of the body
};

class PatternLibrary {
 public:
  void define(std::string name, Definition definition);

  // `source` names the text in complaints. Nothing of a text with an error is added.
  Result<void> add_text(std::string_view text, const std::string& source);
  Result<void> add_file(const std::filesystem::path& file);
  // Every regular file whose name matches the shell pattern `glob`, in the order of names; not
  // recursive, and *.md is documentation. A directory without such files is no error.
  Result<void> add_directory(const std::filesystem::path& directory, const std::string& glob);

  // Null: no such name. Lives until the name is defined anew.
  [[nodiscard]] const Definition* find(std::string_view name) const;
  [[nodiscard]] std::size_t size() const { return definitions_.size(); }

 private:
  std::map<std::string, Definition, std::less<>> definitions_;
};

}  // namespace tocsin::rules::grok
