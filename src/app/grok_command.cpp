#include "src/app/grok_command.hpp"

#include <filesystem>
#include <fstream>
#include <istream>
#include <ostream>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "src/app/grok_bench.hpp"
#include "src/app/grok_cases.hpp"
#include "src/rules/grok/explain/candidates.hpp"
#include "src/rules/grok/filter.hpp"
#include "src/rules/grok/matcher.hpp"
#include "src/rules/grok/pattern_library.hpp"
#include "src/rules/grok/pattern_set.hpp"
#include "src/rules/grok/subject.hpp"

namespace tocsin::app {
namespace {

using rules::grok::Array;
using rules::grok::Filter;
using rules::grok::Matcher;
using rules::grok::Member;
using rules::grok::Object;
using rules::grok::PatternLibrary;
using rules::grok::Place;
using rules::grok::PlacedText;
using rules::grok::Subject;
using rules::grok::Value;
using rules::grok::explain::Candidates;

// Of --bench, which holds its lines in memory.
constexpr std::size_t kMostBenchBytes = std::size_t{1} << 30;

Result<PatternLibrary> load_library(const GrokOptions& options) {
  const auto set = rules::grok::parse_pattern_set(options.pattern_set);
  if (!set) return Error{set.error().code, "--pattern-set", set.error().text};
  auto library = rules::grok::load_pattern_set(options.patterns_root, *set);
  if (!library) {
    return Error{library.error().code, library.error().where,
                 library.error().text + " (--patterns-root says where the shipped sets are)"};
  }
  for (const std::string& directory : options.directories) {
    if (Result<void> added = library->add_directory(directory, "*"); !added) return added.error();
  }
  for (const std::string& definition : options.definitions) {
    const std::size_t equals = definition.find('=');
    if (equals == std::string::npos || equals == 0) {
      return Error{Errc::kSyntax, "--define", "found '" + definition + "', expected NAME=REGEX"};
    }
    const std::string name = definition.substr(0, equals);
    library->define(name, {definition.substr(equals + 1), Place{"--define " + name, 1, 1}});
  }
  return library;
}

std::vector<PlacedText> expressions_of(const GrokOptions& options) {
  std::vector<PlacedText> expressions;
  for (const std::string& pattern : options.patterns) {
    const std::string name = "PATTERN " + std::to_string(expressions.size() + 1);
    expressions.push_back({pattern, Place{name, 1, 1}});
  }
  return expressions;
}

Result<Filter> make_filter(const GrokOptions& options, const PatternLibrary& library) {
  rules::grok::FilterOptions filter;
  filter.compat = options.compat;
  filter.match.push_back({"message", expressions_of(options)});
  return Filter::make(std::move(filter), library);
}

// The next line without its end; false: there is none.
bool next_line(std::istream& in, std::string& line) {
  if (!std::getline(in, line)) return false;
  if (line.ends_with('\r')) line.pop_back();
  return true;
}

Value integer(std::size_t number) {
  return {static_cast<std::int64_t>(number)};
}

// What is said of a line that does not match.
Object explanation(const Candidates& candidates, const Subject& line) {
  Object object;
  if (const auto nearest = candidates.nearest(line)) {
    const auto& stop = nearest->stop;
    Array within;
    for (const std::string& token : stop.within) within.push_back({token});
    object = {{"pattern", integer(nearest->candidate + 1)},
              {"byte", integer(stop.offset)},
              {"expected", {stop.expected}},
              {"within", {std::move(within)}},
              {"found", {stop.found}},
              {"place", {stop.place.text()}}};
  }
  object.push_back({"text", {candidates.explain(line)}});
  return object;
}

// {"match","fields","tags" of an event whose message was `line`, not yet closed.
void append_result(bool matched, const Object& event, std::string_view line, std::string& out) {
  Object fields;
  Value tags{Array{}};
  for (const Member& member : event) {
    const std::string* const text = member.value.text();
    if (member.key == "tags") {
      tags = member.value;
    } else if (member.key != "message" || text == nullptr || *text != line) {
      fields.push_back(member);
    }
  }
  out += matched ? "{\"match\":true,\"fields\":" : "{\"match\":false,\"fields\":";
  append_json(Value{std::move(fields)}, out);
  out += ",\"tags\":";
  append_json(tags, out);
}

Result<void> run_lines(const GrokOptions& options, const PatternLibrary& library, std::istream& in,
                       std::ostream& out) {
  const Result<Filter> filter = make_filter(options, library);
  if (!filter) return filter.error();
  const Result<Candidates> candidates = Candidates::make(expressions_of(options), library, {});
  if (!candidates) return candidates.error();
  Filter::Scratch scratch;
  Subject valid;  // what of a line is not UTF-8 must not reach the output
  std::string result;
  for (std::string line; next_line(in, line);) {
    valid.assign(line);
    Object event;
    event.push_back({"message", {std::string(valid.text())}});
    const bool matched = filter->apply(event, scratch) == Filter::Outcome::kMatched;
    result.clear();
    append_result(matched, event, valid.text(), result);
    if (options.explain && !matched) {
      result += ",\"explain\":";
      append_json(Value{explanation(*candidates, valid)}, result);
    }
    out << result << "}\n";
  }
  out.flush();
  if (!out) return Error{Errc::kIo, "", "the output cannot be written"};
  return {};
}

Result<int> run_bench(const GrokOptions& options, const PatternLibrary& library, std::istream& in,
                      std::ostream& out, std::ostream& err) {
  rules::grok::MatcherOptions how;
  how.compat = options.compat;
  const auto matcher = Matcher::compile(expressions_of(options), library, how);
  if (!matcher) return matcher.error();
  std::vector<std::string> lines;
  std::size_t bytes = 0;
  for (std::string line; bytes < kMostBenchBytes && next_line(in, line);) {
    bytes += line.size() + sizeof line;
    lines.push_back(std::move(line));
  }
  if (lines.empty()) return Error{Errc::kSyntax, "--bench", "found no line, expected some"};
  return run_grok_bench(*matcher, lines, out, err);
}

// The exit code.
Result<int> run_patterns(const GrokOptions& options, std::istream& in, std::ostream& out,
                         std::ostream& err) {
  const auto library = load_library(options);
  if (!library) return library.error();
  std::ifstream file;
  if (!options.input.empty()) {
    std::error_code ignored;
    if (std::filesystem::is_directory(options.input, ignored)) {
      return Error{Errc::kIo, options.input, "found a directory, expected a file"};
    }
    file.open(options.input, std::ios::binary);
    if (!file) return Error{Errc::kIo, options.input, "cannot be read"};
  }
  std::istream& from = options.input.empty() ? in : file;
  if (options.bench) return run_bench(options, *library, from, out, err);
  if (Result<void> done = run_lines(options, *library, from, out); !done) return done.error();
  return 0;
}

}  // namespace

int run_grok(const GrokOptions& options, std::istream& in, std::ostream& out, std::ostream& err) {
  if (options.patterns.empty() == options.cases.empty()) {
    err << "expected a PATTERN or --cases FILE, and not both\n";
    return 1;
  }
  if (!options.cases.empty()) {
    if (options.bench || options.explain || !options.input.empty() ||
        !options.directories.empty() || !options.definitions.empty()) {
      err << "--cases: a case says its own lines and patterns, and only whether it passes; found a "
             "further option, expected --patterns-root or --no-compat at most\n";
      return 1;
    }
    return run_grok_cases({options.cases, options.patterns_root, options.compat}, out, err);
  }
  const Result<int> status = run_patterns(options, in, out, err);
  if (status) return *status;
  err << status.error().message() << "\n";
  return 1;
}

}  // namespace tocsin::app
