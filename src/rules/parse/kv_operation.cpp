#include "src/rules/parse/kv_operation.hpp"

#include <algorithm>
#include <bitset>
#include <span>
#include <string_view>

#include "src/rules/grok/subject.hpp"

namespace tocsin::rules::parse {
namespace {

constexpr int kMostDepth = 4;

// A key and its values so far.
struct Pair {
  std::string_view key;
  std::uint64_t hash;
  Value value;
};

struct KvMemory final : Operation::Memory {
  grok::Subject subject;
  std::vector<Pair> pairs;
};

// What separates: each letter of a set, or what an expression matches.
class Delimiter {
 public:
  Delimiter(const std::string& letters, const std::optional<grok::Regex>& pattern)
      : pattern_(pattern ? &*pattern : nullptr) {
    for (const char c : letters) letters_.set(static_cast<unsigned char>(c));
  }

  [[nodiscard]] bool is_pattern() const noexcept { return pattern_ != nullptr; }
  [[nodiscard]] bool has(char c) const noexcept { return letters_[static_cast<unsigned char>(c)]; }

  struct Found {
    std::size_t begin;
    std::size_t end;  // behind it
  };
  // The first one at `from` or behind it; at the end of the text when there is none.
  [[nodiscard]] Found find(const grok::Subject& subject, std::size_t from) const {
    const std::string_view text = subject.text();
    if (!is_pattern()) {
      while (from < text.size() && !has(text[from])) {
        from += text[from] == '\\' ? 2 : 1;  // a letter behind a backslash separates nothing
      }
      from = std::min(from, text.size());
      return {from, from + (from < text.size() ? 1 : 0)};
    }
    grok::Groups groups;
    grok::Effort effort = grok::kDefaultEffort;
    if (pattern_->search_from(subject, from, effort, groups) != grok::Regex::Outcome::kMatch) {
      return {text.size(), text.size()};
    }
    const auto whole = groups.find(0);
    if (!whole || whole->empty()) return {text.size(), text.size()};
    const auto begin = static_cast<std::size_t>(whole->data() - text.data());
    return {begin, begin + whole->size()};
  }

 private:
  std::bitset<256> letters_;
  const grok::Regex* pattern_;
};

class Kv final : public Operation {
 public:
  explicit Kv(KvOptions options)
      : options_(std::move(options)),
        field_split_(options_.field_split, options_.field_split_pattern),
        value_split_(options_.value_split, options_.value_split_pattern) {}

  std::unique_ptr<Memory> make_memory() const override { return std::make_unique<KvMemory>(); }

  Outcome apply(Record& record, Memory* memory) const override {
    auto& own = static_cast<KvMemory&>(*memory);
    const Value value = record.find(options_.field);
    own.pairs.clear();
    for (const Value& element : value.elements()) {
      if (!element.is_text()) continue;
      if (!gather(element.text(), {}, 0, record.arena(), own)) return Outcome::kFailed;
    }
    if (!value.is_none()) add_defaults(own);
    if (own.pairs.empty()) return Outcome::kSkipped;
    bool taken = true;
    for (const Pair& pair : own.pairs) {
      const std::string_view name = name_of(pair.key, record.arena());
      taken = record.set(FieldKey(name), pair.value) && taken;
    }
    return taken ? Outcome::kDone : Outcome::kFailed;
  }

  std::string explain(const Record&, const Memory*) const override {
    return "found more than " + std::to_string(kMostPairs) + " pairs in " + options_.field.text() +
           ", or one that its field cannot hold";
  }

 private:
  [[nodiscard]] std::string_view name_of(std::string_view key, TextArena& arena) const {
    if (options_.target) return arena.join({options_.target->text(), ".", key});
    return key;
  }

  // False: too many pairs. `outer`: the key of the value that `text` is; empty: none.
  bool gather(std::string_view text, std::string_view outer, int depth, TextArena& arena,
              KvMemory& memory) const {
    memory.subject.view(text);
    if (memory.subject.text().data() != text.data()) {
      text = arena.copy(memory.subject.text());
      memory.subject.view(text);
    }
    std::size_t at = 0;
    Delimiter::Found key_end = value_split_.find(memory.subject, 0);
    // Invariant: everything before `at` belongs to pairs that were taken, or to none; key_end is
    // the first value_split at or behind `at`. Looked for only when passed, or words without one
    // would each be searched to the end of the text.
    while (at < text.size()) {
      if (key_end.begin < at) key_end = value_split_.find(memory.subject, at);
      if (key_end.begin == text.size()) break;
      const Delimiter::Found field_end = field_split_.find(memory.subject, at);
      if (key_end.begin == at || !ends_key(text, at, field_end, key_end)) {
        // No pair begins here: go on behind what ends the word.
        const std::size_t next = std::min(field_end.end, key_end.end);
        at = std::max(next, at + 1);
        continue;
      }
      const std::string_view key = text.substr(at, std::min(field_end.begin, key_end.begin) - at);
      std::size_t begin = key_end.end;
      while (options_.lenient && begin < text.size() && text[begin] == ' ') ++begin;
      std::string_view value;
      at = read_value(begin, memory.subject, value);
      if (!take(key, value, outer, depth, arena, memory)) return false;
      memory.subject.view(text);  // inner pairs had it
    }
    return true;
  }

  // Whether what stands at `at` is a key with its value_split behind it.
  [[nodiscard]] bool ends_key(std::string_view text, std::size_t at, Delimiter::Found field_end,
                              Delimiter::Found key_end) const noexcept {
    if (key_end.begin < field_end.begin) return true;
    if (!options_.lenient || field_end.begin == at) return false;
    // Only blanks may stand between the word and its value_split.
    const std::string_view between = text.substr(field_end.begin, key_end.begin - field_end.begin);
    return between.find_first_not_of(' ') == std::string_view::npos;
  }

  // Reads the value at `begin`; returns where it ends, its quotes included.
  std::size_t read_value(std::size_t begin, const grok::Subject& subject,
                         std::string_view& value) const {
    const std::string_view text = subject.text();
    if (begin < text.size()) {
      if (const char close = closing(text[begin]); close != 0) {
        const std::size_t end = find_unescaped(text, begin + 1, close);
        if (end < text.size() &&
            (end + 1 == text.size() || field_split_.find(subject, end + 1).begin == end + 1)) {
          value = text.substr(begin + 1, end - begin - 1);
          return end + 1;
        }
      }
    }
    const std::size_t end = field_split_.find(subject, begin).begin;
    value = text.substr(begin, end - begin);
    return end;
  }

  // What closes what `open` opens; 0: it opens nothing.
  [[nodiscard]] char closing(char open) const noexcept {
    if (open == '"' || open == '\'') return open;
    if (!options_.include_brackets) return 0;
    return open == '(' ? ')' : open == '[' ? ']' : open == '<' ? '>' : '\0';
  }

  static std::size_t find_unescaped(std::string_view text, std::size_t from, char wanted) noexcept {
    while (from < text.size() && text[from] != wanted) from += text[from] == '\\' ? 2 : 1;
    return std::min(from, text.size());
  }

  bool take(std::string_view key, std::string_view value, std::string_view outer, int depth,
            TextArena& arena, KvMemory& memory) const {
    if (value.empty() && !options_.allow_empty_values) return true;
    key = transformed(without(trimmed(key, options_.trim_key), options_.remove_char_key, arena),
                      options_.transform_key, arena);
    const auto& included = options_.include_keys;
    if (!included.empty() && std::ranges::find(included, key) == included.end()) return true;
    if (std::ranges::find(options_.exclude_keys, key) != options_.exclude_keys.end()) return true;
    value =
        transformed(without(trimmed(value, options_.trim_value), options_.remove_char_value, arena),
                    options_.transform_value, arena);
    if (!options_.prefix.empty()) key = arena.join({options_.prefix, key});
    if (!outer.empty()) key = arena.join({outer, ".", key});
    if (options_.recursive && depth < kMostDepth) {
      const std::size_t before = memory.pairs.size();
      if (!gather(value, key, depth + 1, arena, memory)) return false;
      if (memory.pairs.size() > before) return true;
    }
    return add(key, Value::text(value), arena, memory);
  }

  bool add(std::string_view key, const Value& value, TextArena& arena, KvMemory& memory) const {
    const std::uint64_t hash = name_hash(key);
    const auto known = std::ranges::find_if(
        memory.pairs, [&](const Pair& pair) { return pair.hash == hash && pair.key == key; });
    if (known == memory.pairs.end()) {
      if (memory.pairs.size() == kMostPairs) return false;
      memory.pairs.push_back({key, hash, value});
      return true;
    }
    const std::span<const Value> values = known->value.elements();
    const bool repeats = std::ranges::find(values, value) != values.end();
    if (repeats && !options_.allow_duplicate_values) return true;
    if (values.size() == kMostPairs) return false;
    known->value = concatenated(known->value, value, arena);
    return true;
  }

  void add_defaults(KvMemory& memory) const {
    for (const auto& [key, value] : options_.default_keys) {
      const auto is_key = [&, name = std::string_view(key)](const Pair& pair) {
        return pair.key == name;
      };
      if (std::ranges::none_of(memory.pairs, is_key)) {
        memory.pairs.push_back({key, name_hash(key), Value::text(value)});
      }
    }
  }

  KvOptions options_;
  Delimiter field_split_;
  Delimiter value_split_;
};

}  // namespace

OperationPtr make_kv(KvOptions options) {
  return std::make_unique<Kv>(std::move(options));
}

}  // namespace tocsin::rules::parse
