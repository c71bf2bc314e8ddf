#include "src/app/grok_cases.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <ostream>
#include <utility>
#include <vector>

#include "src/app/grok_json.hpp"
#include "src/app/line_reader.hpp"
#include "src/rules/grok/pattern_set.hpp"

namespace tocsin::app {
namespace {

using rules::grok::AddedField;
using rules::grok::Array;
using rules::grok::Effort;
using rules::grok::FieldMatch;
using rules::grok::Filter;
using rules::grok::FilterOptions;
using rules::grok::Member;
using rules::grok::Object;
using rules::grok::PatternLibrary;
using rules::grok::PatternSet;
using rules::grok::Place;
using rules::grok::Value;

constexpr std::chrono::milliseconds kReferenceTimeout{30'000};

std::string json_of(const Value& value) {
  std::string text;
  append_json(value, text);
  return text;
}

Error wrong_shape(const std::string& option, const Value& value, std::string_view expected) {
  return Error{Errc::kSyntax, option,
               "found " + json_of(value) + ", expected " + std::string(expected)};
}

// A text, or a list of texts.
Result<std::vector<std::string>> read_texts(const std::string& option, const Value& value) {
  std::vector<std::string> texts;
  if (const std::string* text = value.text()) {
    texts.push_back(*text);
    return texts;
  }
  const Array* const array = value.array();
  if (array == nullptr) return wrong_shape(option, value, "a text or a list of texts");
  for (const Value& element : *array) {
    if (element.text() == nullptr) return wrong_shape(option, value, "a text or a list of texts");
    texts.push_back(*element.text());
  }
  return texts;
}

// {name: text or texts}, or the flat list [name, text, name, text...].
Result<std::vector<AddedField>> read_pairs(const std::string& option, const Value& value) {
  std::vector<AddedField> pairs;
  const Object* const object = value.object();
  if (object != nullptr) {
    for (const Member& member : *object) {
      auto texts = read_texts(option, member.value);
      if (!texts) return texts.error();
      pairs.push_back({member.key, *std::move(texts)});
    }
    return pairs;
  }
  const auto flat = read_texts(option, value);
  if (!flat || flat->size() % 2 != 0) {
    return wrong_shape(option, value, "an object, or a list of names and values in turn");
  }
  for (std::size_t i = 0; i < flat->size(); i += 2) pairs.push_back({(*flat)[i], {(*flat)[i + 1]}});
  return pairs;
}

Result<bool> read_bool(const std::string& option, const Value& value) {
  if (const bool* truth = std::get_if<bool>(&value.data)) return *truth;
  return wrong_shape(option, value, "true or false");
}

Result<Effort> read_timeout(const std::string& option, const Value& value) {
  constexpr std::int64_t kMost_ms = 24LL * 3600 * 1000;
  const std::int64_t* const number = std::get_if<std::int64_t>(&value.data);
  if (number == nullptr || *number < 0 || *number > kMost_ms) {
    return wrong_shape(option, value, "milliseconds, at most a day; 0 for no limit");
  }
  return Effort(std::chrono::milliseconds(*number == 0 ? kMost_ms : *number));
}

// Moves a good result to `to`.
template <class T>
Result<void> put(Result<T> from, T& to) {
  if (!from) return from.error();
  to = *std::move(from);
  return {};
}

// What patterns_dir and pattern_definitions bring, whose order does not depend on the options'.
struct OwnPatterns {
  std::vector<std::string> directories;
  std::string glob = "*";
  std::vector<AddedField> definitions;

  Result<void> add_to(PatternLibrary& library) const {
    for (const std::string& directory : directories) {
      if (Result<void> added = library.add_directory(directory, glob); !added) return added;
    }
    for (const AddedField& definition : definitions) {
      library.define(definition.field, {definition.values.front(),
                                        Place{"pattern_definitions " + definition.field, 1, 1}});
    }
    return {};
  }
};

Result<std::vector<AddedField>> read_definitions(const std::string& option, const Value& value) {
  auto pairs = read_pairs(option, value);
  if (!pairs) return pairs;
  for (const AddedField& pair : *pairs) {
    if (pair.values.size() != 1) return wrong_shape(option, value, "one expression for each name");
  }
  return pairs;
}

Result<void> read_option(const std::string& name, const Value& value, FilterOptions& options,
                         OwnPatterns& own) {
  if (name == "break_on_match") return put(read_bool(name, value), options.break_on_match);
  if (name == "named_captures_only") {
    return put(read_bool(name, value), options.named_captures_only);
  }
  if (name == "keep_empty_captures") {
    return put(read_bool(name, value), options.keep_empty_captures);
  }
  if (name == "overwrite") return put(read_texts(name, value), options.overwrite);
  if (name == "tag_on_failure") return put(read_texts(name, value), options.tag_on_failure);
  if (name == "tag_on_timeout") return put(read_texts(name, value), options.tag_on_timeout);
  if (name == "timeout_millis") return put(read_timeout(name, value), options.effort);
  if (name == "add_tag") return put(read_texts(name, value), options.add_tag);
  if (name == "remove_tag") return put(read_texts(name, value), options.remove_tag);
  if (name == "remove_field") return put(read_texts(name, value), options.remove_field);
  if (name == "add_field") return put(read_pairs(name, value), options.add_field);
  if (name == "patterns_dir") return put(read_texts(name, value), own.directories);
  if (name == "pattern_definitions") return put(read_definitions(name, value), own.definitions);
  if (name == "id" || name == "enable_metric") return {};
  const std::string* const text = value.text();
  if (name == "target" || name == "patterns_files_glob" || name == "timeout_scope") {
    if (text == nullptr) return wrong_shape(name, value, "a text");
    if (name == "target") options.target = *text;
    if (name == "patterns_files_glob") own.glob = *text;
    if (name == "timeout_scope") {
      if (*text != "pattern" && *text != "event") {
        return wrong_shape(name, value, "pattern or event");
      }
      options.effort_is_of_event = *text == "event";
    }
    return {};
  }
  return Error{Errc::kUnknownName, name, "found an option that the grok filter does not have"};
}

// `pattern` of a case.
Result<std::vector<FieldMatch>> read_match(const Value& pattern) {
  std::vector<AddedField> pairs;
  if (pattern.object() != nullptr) {
    auto read = read_pairs("pattern", pattern);
    if (!read) return read.error();
    pairs = *std::move(read);
  } else {
    auto texts = read_texts("pattern", pattern);
    if (!texts) return texts.error();
    pairs.push_back({"message", *std::move(texts)});
  }
  std::vector<FieldMatch> match;
  for (AddedField& pair : pairs) {
    FieldMatch field{pair.field, {}};
    for (std::string& text : pair.values)
      field.expressions.push_back({text, Place{"pattern", 1, 1}});
    match.push_back(std::move(field));
  }
  return match;
}

// One line of the file.
struct Case {
  std::string id;
  Object members;

  [[nodiscard]] const Value* find(std::string_view key) const {
    return rules::grok::find(members, key);
  }
  [[nodiscard]] bool is_true(std::string_view key) const {
    const Value* const value = find(key);
    return value != nullptr && *value == Value{true};
  }
  [[nodiscard]] Object object(std::string_view key) const {
    const Value* const value = find(key);
    return value == nullptr || value->object() == nullptr ? Object{} : *value->object();
  }
};

// What came out, in the words of a case.
struct Outcome {
  bool compile_error = false;
  std::string why;  // of a compile error
  bool match = false;
  Object fields;
  std::vector<std::string> removed;
};

Object event_of(const Case& one) {
  if (one.find("event") != nullptr) return one.object("event");
  Object event;
  const Value* const line = one.find("line");
  event.push_back({"message", line == nullptr ? Value{} : *line});
  return event;
}

Outcome difference(const Object& before, const Object& after) {
  Outcome outcome;
  for (const Member& member : after) {
    const Value* const old = rules::grok::find(before, member.key);
    if (old == nullptr || !(*old == member.value)) outcome.fields.push_back(member);
  }
  for (const Member& member : before) {
    if (rules::grok::find(after, member.key) == nullptr) outcome.removed.push_back(member.key);
  }
  return outcome;
}

std::string described(const Outcome& outcome) {
  if (outcome.compile_error) return "refused: " + outcome.why;
  std::string text = outcome.match ? "match " : "no match ";
  text += json_of({outcome.fields});
  for (const std::string& field : outcome.removed) text += " without " + field;
  return text;
}

class CaseRunner {
 public:
  explicit CaseRunner(const GrokCaseOptions& options) : options_(options) {}

  // Fails only when the case cannot be run at all.
  Result<Outcome> run(const Case& one) {
    const Result<const Made*> made = filter_of(one);
    if (!made) return made.error();
    const Made& filter = **made;
    if (!filter.filter) {
      Outcome refused;
      refused.compile_error = true;
      refused.why = filter.why;
      return refused;
    }
    const Object before = event_of(one);
    Object after = before;
    const auto applied = filter.filter->apply(after, scratch_);
    Outcome outcome = difference(before, after);
    outcome.match = applied == Filter::Outcome::kMatched;
    return outcome;
  }

  [[nodiscard]] static Outcome expected(const Case& one) {
    Outcome outcome;
    outcome.compile_error = one.is_true("compile_error");
    outcome.match = one.is_true("match");
    outcome.fields = one.object("fields");
    const Value* const removed = one.find("removed");
    if (removed != nullptr && removed->array() != nullptr) {
      for (const Value& field : *removed->array()) {
        if (field.text() != nullptr) outcome.removed.push_back(*field.text());
      }
    }
    return outcome;
  }

  [[nodiscard]] static bool is_same(const Case& one, const Outcome& a, const Outcome& b) {
    if (a.compile_error || b.compile_error) return a.compile_error == b.compile_error;
    const Object options = one.object("options");
    const Value* const tags = rules::grok::find(options, "tag_on_failure");
    const bool match_counts = tags == nullptr || !(*tags == Value{Array{}});
    return (a.match == b.match || !match_counts) && Value{a.fields} == Value{b.fields} &&
           std::is_permutation(a.removed.begin(), a.removed.end(), b.removed.begin(),
                               b.removed.end());
  }

 private:
  // A filter, or why there is none.
  struct Made {
    std::optional<Filter> filter;
    std::string why;
  };

  Result<const PatternLibrary*> library_of(PatternSet set) {
    auto found = libraries_.find(set);
    if (found == libraries_.end()) {
      auto loaded = rules::grok::load_pattern_set(options_.patterns_root, set);
      if (!loaded) return loaded.error();
      found = libraries_.emplace(set, *std::move(loaded)).first;
    }
    return &found->second;
  }

  // Many cases share a filter.
  Result<const Made*> filter_of(const Case& one) {
    const Value* const set_name = one.find("pattern_set");
    const Value* const pattern = one.find("pattern");
    if (set_name == nullptr || set_name->text() == nullptr || pattern == nullptr) {
      return Error{Errc::kSyntax, {}, "found no pattern_set or no pattern, expected both"};
    }
    const Object members = one.object("options");
    const std::string key = *set_name->text() + json_of(*pattern) + json_of({members});
    if (const auto known = filters_.find(key); known != filters_.end()) return &known->second;
    const auto set = rules::grok::parse_pattern_set(*set_name->text());
    if (!set) return set.error();
    const auto shipped = library_of(*set);
    if (!shipped) return shipped.error();
    PatternLibrary library = **shipped;
    auto options = read_grok_options(members, library);
    if (!options) return options.error();
    auto match = read_match(*pattern);
    if (!match) return match.error();
    options->match = *std::move(match);
    options->compat = options_.compat;
    auto filter = Filter::make(*std::move(options), library);
    Made made;
    if (filter) {
      made.filter = *std::move(filter);
    } else {
      made.why = filter.error().message();
    }
    return &filters_.emplace(key, std::move(made)).first->second;
  }

  const GrokCaseOptions& options_;
  std::map<PatternSet, PatternLibrary> libraries_;
  std::map<std::string, Made> filters_;
  Filter::Scratch scratch_;
};

Result<Case> parse_case(std::string_view line) {
  auto value = parse_grok_json(line);
  if (!value) return value.error();
  if (value->object() == nullptr) return Error{Errc::kSyntax, {}, "found no object, expected one"};
  Case one{{}, std::move(*value->object())};
  const Value* const id = one.find("id");
  if (id == nullptr || id->text() == nullptr) {
    return Error{Errc::kSyntax, {}, "found no id, expected a text"};
  }
  one.id = *id->text();
  return one;
}

// Whether the case on `line` passes; if not, `report` says what came out. kSyntax and others: it is
// no case, or one that cannot be run.
Result<bool> run_one(std::string_view line, CaseRunner& runner, std::string& report) {
  const auto one = parse_case(line);
  if (!one) return one.error();
  const auto outcome = runner.run(*one);
  if (!outcome) return outcome.error();
  const Outcome expected = CaseRunner::expected(*one);
  if (CaseRunner::is_same(*one, expected, *outcome)) return true;
  report = one->id + " failed\n  expected " + described(expected) + "\n  actual   " +
           described(*outcome) + "\n";
  return false;
}

Result<bool> run_all(const GrokCaseOptions& options, std::ostream& out) {
  Result<LineReader> reader = LineReader::open(options.file, {});
  if (!reader) return reader.error();
  CaseRunner runner(options);
  std::size_t passed = 0;
  std::size_t failed = 0;
  for (;;) {
    const auto line = reader->next();
    if (!line) return line.error();
    if (!line->has_value()) break;
    if ((*line)->empty()) continue;
    std::string report;
    const Result<bool> good = run_one(**line, runner, report);
    if (!good) {
      report = reader->name() + ":" + std::to_string(reader->line()) + ": " +
               good.error().message() + "\n";
    }
    ++(good && *good ? passed : failed);
    out << report;
  }
  if (passed + failed == 0) {
    return Error{Errc::kSyntax, reader->name(), "found no case, expected one on each line"};
  }
  out << passed << " passed, " << failed << " failed\n";
  return failed == 0;
}

}  // namespace

Result<FilterOptions> read_grok_options(const Object& members, PatternLibrary& library) {
  FilterOptions options;
  options.effort = kReferenceTimeout;
  OwnPatterns own;
  for (const Member& member : members) {
    if (Result<void> read = read_option(member.key, member.value, options, own); !read) {
      return read.error();
    }
  }
  if (Result<void> added = own.add_to(library); !added) return added.error();
  return options;
}

int run_grok_cases(const GrokCaseOptions& options, std::ostream& out, std::ostream& err) {
  const Result<bool> done = run_all(options, out);
  out.flush();
  if (done) return *done ? 0 : 1;
  err << done.error().message() << "\n";
  return 1;
}

}  // namespace tocsin::app
