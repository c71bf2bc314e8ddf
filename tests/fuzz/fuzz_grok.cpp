// Any text as a grok expression, on any line. Properties: it is refused with a place and a reason, or
// compiled; on a line of ASCII the text for ASCII and the text for UTF find the same, group by group;
// groups lie within the line; the filter leaves the line's other fields alone and its captures are
// valid UTF-8.
// Input:   the expression up to the first newline, then the line.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "src/event/utf8.hpp"
#include "src/rules/grok/dialect.hpp"
#include "src/rules/grok/expansion.hpp"
#include "src/rules/grok/filter.hpp"
#include "src/rules/grok/regex.hpp"

namespace {

namespace grok = tocsin::rules::grok;
using grok::Regex;

constexpr std::size_t kMaxExpressionBytes = 2048;  // compiling much more takes too long

void require(bool holds) {
  if (!holds) std::abort();
}

const grok::PatternLibrary& library() {
  static const grok::PatternLibrary all = [] {
    grok::PatternLibrary made;
    require(made.add_text("INT (?:[+-]?(?:[0-9]+))\nWORD \\b\\w+\\b\nDATA .*?\nGREEDYDATA .*\n"
                          "QS (?>(?<!\\\\)\"(?:\\\\.|[^\\\\\"]+)*\")\nLOOP a%{LOOP}\n"
                          "PAIR %{WORD:key}=%{INT:value:int}\nSET [[[:alnum:]]_%&&[^x]]+\n",
                          "library")
                .has_value());
    return made;
  }();
  return all;
}

// Aborts unless both texts of `source` find the same on a line of ASCII.
void compare_twins(const grok::Expansion& source, std::string_view line) {
  const auto translation = grok::translate(source);
  if (!translation) return;
  const auto regex = Regex::compile(*translation, source);
  if (!regex) return;
  grok::Subject subject;
  subject.assign(line);
  if (!subject.is_ascii()) return;
  grok::Effort effort = grok::kDefaultEffort;
  grok::Groups groups;
  const auto utf = regex->search(subject, Regex::Twin::kUtf, effort, groups);
  std::string found;
  const auto describe = [&](const grok::Groups& all) {
    std::string text;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const auto group = all.find(i);
      require(!group ||
              subject.text().substr(static_cast<std::size_t>(group->data() - subject.text().data()),
                                    group->size()) == *group);
      text += group ? "<" + std::string(*group) + ">" : "-";
    }
    return text;
  };
  if (utf == Regex::Outcome::kMatch) found = describe(groups);
  effort = grok::kDefaultEffort;
  const auto ascii = regex->search(subject, Regex::Twin::kAscii, effort, groups);
  if (utf == Regex::Outcome::kGaveUp || ascii == Regex::Outcome::kGaveUp) return;
  require(utf == ascii);
  if (ascii == Regex::Outcome::kMatch) require(describe(groups) == found);
}

void require_valid(const grok::Value& value) {
  std::string json;
  append_json(value, json);
  require(tocsin::event::is_utf8(json));
}

void run_filter(std::string_view expression, std::string_view line) {
  grok::FilterOptions options;
  options.match.push_back({"message", {{std::string(expression), {"expression", 1, 1}}}});
  options.target = "out";
  const auto filter = grok::Filter::make(std::move(options), library());
  if (!filter) {
    require(!filter.error().where.empty() && !filter.error().text.empty());
    return;
  }
  grok::Object event{{"message", {std::string(line)}}};
  grok::Filter::Scratch scratch;
  const auto outcome = filter->apply(event, scratch);
  require(*grok::find(event, "message") == grok::Value{std::string(line)});
  require((grok::find(event, "tags") == nullptr) == (outcome == grok::Filter::Outcome::kMatched));
  if (const grok::Value* const out = grok::find(event, "out")) require_valid(*out);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t end = std::min(input.find('\n'), input.size());
  const std::string_view expression = input.substr(0, end);
  const std::string_view line = input.substr(std::min(end + 1, input.size()));
  // Files and settings are checked to be UTF-8 before anything of them gets here.
  if (expression.size() > kMaxExpressionBytes || !tocsin::event::is_utf8(expression)) return 0;
  const auto expansion =
      grok::expand(expression, {"expression", 1, 1}, library(), grok::Unnamed::kDoNotCapture);
  if (expansion) compare_twins(*expansion, line);
  run_filter(expression, line);
  return 0;
}
