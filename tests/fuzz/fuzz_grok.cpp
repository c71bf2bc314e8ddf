// Any text as a grok expression, on any line. Properties: it is refused with a place and a reason,
// or compiled; on a line of ASCII our engine, PCRE2 with the text for ASCII and PCRE2 with the text
// for UTF find the same, group by group and place by place; groups lie within the line; the filter
// leaves the line's other fields alone and its captures are valid UTF-8.
// Input:   the expression up to the first newline, then the line. An expression behind a '~' is of
//          the legacy patterns, else of those of ECS.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "src/event/utf8.hpp"
#include "src/rules/grok/dialect.hpp"
#include "src/rules/grok/expansion.hpp"
#include "src/rules/grok/filter.hpp"
#include "src/rules/grok/pattern_set.hpp"
#include "src/rules/grok/regex.hpp"

namespace {

namespace grok = tocsin::rules::grok;
using grok::Regex;

constexpr std::size_t kMaxExpressionBytes = 2048;  // compiling much more takes too long

void require(bool holds) {
  if (!holds) std::abort();
}

grok::PatternLibrary load_library(grok::PatternSet set) {
  auto shipped = grok::load_pattern_set(TOCSIN_PATTERNS, set);
  require(shipped.has_value());
  require(shipped
              ->add_text("LOOP a%{LOOP}\n"
                         "PAIR %{WORD:key}=%{INT:value:int}\n"
                         "SET [[[:alnum:]]_%&&[^x]]+\n",
                         "library")
              .has_value());
  return *std::move(shipped);
}

// An expression, and the names that it may use.
struct Definition {
  std::string_view expression;
  const grok::PatternLibrary& library;
};

Definition read_definition(std::string_view text) {
  static const grok::PatternLibrary ecs = load_library(grok::PatternSet::kEcsV1);
  static const grok::PatternLibrary legacy = load_library(grok::PatternSet::kLegacy);
  if (text.starts_with('~')) return {text.substr(1), legacy};
  return {text, ecs};
}

// An expression, as far as it could be compiled.
struct Compiled {
  std::optional<Regex> regex;
  std::optional<grok::Filter> filter;
};

std::optional<Regex> compile_regex(const Definition& definition) {
  const auto source = grok::expand(definition.expression, {"expression", 1, 1}, definition.library,
                                   grok::Unnamed::kDoNotCapture);
  if (!source) return {};
  const auto translation = grok::translate(*source);
  if (!translation) return {};
  auto regex = Regex::compile(*translation, *source);
  if (!regex) return {};
  return *std::move(regex);
}

std::optional<grok::Filter> make_filter(const Definition& definition) {
  grok::FilterOptions options;
  options.match.push_back(
      {"message", {{std::string(definition.expression), {"expression", 1, 1}}}});
  options.target = "out";
  auto filter = grok::Filter::make(std::move(options), definition.library);
  if (filter) return *std::move(filter);
  require(!filter.error().where.empty() && !filter.error().text.empty());
  return {};
}

std::shared_ptr<const Compiled> compile(std::string_view text) {
  // These are dear to compile and worth many lines each, so they are kept.
  constexpr std::array<std::string_view, 16> kKept = {
      "%{COMBINEDAPACHELOG}",  "%{SYSLOGLINE}",      "%{HAPROXYHTTP}",   "%{CATALINALOG}",
      "%{NAGIOSLOGLINE}",      "%{S3_ACCESS_LOG}",   "%{SHOREWALL}",     "%{IPORHOST:a}:%{INT:b}",
      "%{IP:a} %{QS:b}",       "%{NUMBER:a}%{WORD}", "%{HTTPDATE:a}\\]", "^%{TIMESTAMP_ISO8601:a} ",
      "~%{COMBINEDAPACHELOG}", "~%{SYSLOGLINE}",     "~%{HAPROXYHTTP}",  "~%{NAGIOSLOGLINE}"};
  static std::map<std::string_view, std::shared_ptr<const Compiled>> kept;
  const auto name = std::find(kKept.begin(), kKept.end(), text);
  if (name != kKept.end() && kept.count(*name) != 0) return kept[*name];
  const Definition definition = read_definition(text);
  auto compiled = std::make_shared<const Compiled>(
      Compiled{compile_regex(definition), make_filter(definition)});
  if (name != kKept.end()) kept[*name] = compiled;
  return compiled;
}

std::string describe(const grok::Groups& all, const grok::Subject& subject) {
  const std::string_view line = subject.text();
  std::string text;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto group = all.find(i);
    if (!group) {
      text += "-";
      continue;
    }
    const auto at = static_cast<std::size_t>(group->data() - line.data());
    require(at <= line.size() && group->size() <= line.size() - at);
    text += "<" + std::to_string(at) + " " + std::string(*group) + ">";
  }
  return text;
}

// Aborts unless all ways find the same, as far as they do not give up.
void compare_ways(const Regex& regex, const grok::Subject& subject) {
  const auto found_by = [&](auto search) -> std::optional<std::string> {
    grok::Effort effort = grok::kDefaultEffort;
    grok::Groups groups;
    const Regex::Outcome outcome = search(effort, groups);
    if (outcome == Regex::Outcome::kGaveUp) return {};
    return outcome == Regex::Outcome::kMatch ? describe(groups, subject) : "no match";
  };
  const auto by_engine = found_by([&](grok::Effort& effort, grok::Groups& groups) {
    return regex.search(subject, effort, groups);
  });
  const auto by_utf = found_by([&](grok::Effort& effort, grok::Groups& groups) {
    return regex.search(subject, Regex::Twin::kUtf, effort, groups);
  });
  if (by_engine && by_utf) require(by_engine == by_utf);
  if (!subject.is_ascii()) return;
  const auto by_ascii = found_by([&](grok::Effort& effort, grok::Groups& groups) {
    return regex.search(subject, Regex::Twin::kAscii, effort, groups);
  });
  if (by_engine && by_ascii) require(by_engine == by_ascii);
  if (by_utf && by_ascii) require(by_utf == by_ascii);
}

void require_valid(const grok::Value& value) {
  std::string json;
  append_json(value, json);
  require(tocsin::event::is_utf8(json));
}

void apply(const grok::Filter& filter, std::string_view line) {
  grok::Object event{{"message", {std::string(line)}}};
  grok::Filter::Scratch scratch;
  const auto outcome = filter.apply(event, scratch);
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
  const std::shared_ptr<const Compiled> compiled = compile(expression);
  const grok::Subject subject(line);
  if (compiled->regex) compare_ways(*compiled->regex, subject);
  if (compiled->filter) apply(*compiled->filter, line);
  return 0;
}
