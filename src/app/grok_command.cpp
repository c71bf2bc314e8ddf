#include "src/app/grok_command.hpp"

#include <istream>
#include <ostream>
#include <string_view>
#include <utility>

#include "src/app/grok_cases.hpp"
#include "src/rules/grok/filter.hpp"
#include "src/rules/grok/pattern_library.hpp"
#include "src/rules/grok/pattern_set.hpp"
#include "src/rules/grok/subject.hpp"

namespace tocsin::app {
namespace {

using rules::grok::Array;
using rules::grok::Filter;
using rules::grok::Member;
using rules::grok::Object;
using rules::grok::PatternLibrary;
using rules::grok::Place;
using rules::grok::Value;

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

Result<Filter> make_filter(const GrokOptions& options) {
  const auto library = load_library(options);
  if (!library) return library.error();
  rules::grok::FilterOptions filter;
  filter.compat = options.compat;
  rules::grok::FieldMatch match{"message", {}};
  for (const std::string& pattern : options.patterns) {
    const std::string name = "PATTERN " + std::to_string(match.expressions.size() + 1);
    match.expressions.push_back({pattern, Place{name, 1, 1}});
  }
  filter.match.push_back(std::move(match));
  return Filter::make(std::move(filter), *library);
}

// {"match","fields","tags"} of an event whose message was `line`.
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
  out += "}\n";
}

}  // namespace

int run_grok(const GrokOptions& options, std::istream& in, std::ostream& out, std::ostream& err) {
  if (options.patterns.empty() == options.cases.empty()) {
    err << "expected a PATTERN or --cases FILE, and not both\n";
    return 1;
  }
  if (!options.cases.empty()) {
    return run_grok_cases({options.cases, options.patterns_root, options.compat}, out, err);
  }
  const Result<Filter> filter = make_filter(options);
  if (!filter) {
    err << filter.error().message() << "\n";
    return 1;
  }
  Filter::Scratch scratch;
  rules::grok::Subject valid;  // what of a line is not UTF-8 must not reach the output
  std::string result;
  for (std::string line; std::getline(in, line);) {
    if (line.ends_with('\r')) line.pop_back();
    valid.assign(line);
    Object event;
    event.push_back({"message", {std::string(valid.text())}});
    const bool matched = filter->apply(event, scratch) == Filter::Outcome::kMatched;
    result.clear();
    append_result(matched, event, valid.text(), result);
    out << result;
  }
  out.flush();
  if (out) return 0;
  err << "the output cannot be written\n";
  return 1;
}

}  // namespace tocsin::app
