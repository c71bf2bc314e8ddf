#include "src/rules/grok/bracket.hpp"

#include <string>
#include <string_view>

#include "src/rules/grok/escape.hpp"
#include "src/rules/grok/property.hpp"

namespace tocsin::rules::grok {
namespace {

constexpr int kMaxNesting = 100;

struct Range7 {
  char first;
  char last;
};

template <std::size_t N>
CharacterSet ascii_set(const Range7 (&ranges)[N]) {
  CharacterSet set;
  for (const Range7& range : ranges) {
    set |= CharacterSet::range(static_cast<unsigned char>(range.first),
                               static_cast<unsigned char>(range.last));
  }
  return set;
}

CharacterSet only_ascii(const CharacterSet& set) {
  return CharacterSet(set.ascii());
}

// \w, \d or \s by its POSIX name.
CharacterSet class_of(char letter, Range range) {
  if (range == Range::kUnicode) {
    return *find_posix_set(letter == 'w' ? "word" : letter == 'd' ? "digit" : "space");
  }
  if (letter == 'w') return ascii_set({{'0', '9'}, {'A', 'Z'}, {'a', 'z'}, {'_', '_'}});
  if (letter == 'd') return ascii_set({{'0', '9'}});
  return ascii_set({{'\t', '\r'}, {' ', ' '}});
}

CharacterSet prepared(CharacterSet set, const SetOptions& options) {
  if (options.ignore_case) set.ignore_ascii_case();
  return set;
}

// {name} or {^name}, behind \p or \P.
CharacterSet take_property(Cursor& cursor, std::size_t begin, bool negated,
                           const SetOptions& options) {
  std::string_view name;
  if (cursor.take("{")) name = cursor.take_until("}");
  if (name.starts_with('^')) {
    negated = !negated;
    name.remove_prefix(1);
  }
  const auto set = find_property(name);
  if (!set) {
    cursor.fail(begin, "found the property '" + std::string(name) +
                           "', expected one such as \\p{L}, \\p{Alpha} or \\p{Greek}");
    return {};
  }
  const CharacterSet folded = prepared(*set, options);
  return negated ? ~folded : folded;
}

class BracketReader {
 public:
  BracketReader(Cursor& cursor, const SetOptions& options) : cursor_(cursor), options_(options) {}

  // Behind '[' and up to behind its ']'.
  CharacterSet read(int depth) {
    const std::size_t begin = cursor_.offset() - 1;
    if (depth > kMaxNesting) cursor_.fail(begin, "found sets nested too deeply");
    const bool negated = cursor_.take("^");
    CharacterSet left;  // of every && so far
    bool has_left = false;
    CharacterSet set;  // the union since then
    bool empty = true;
    if (cursor_.sees("]") && cursor_.rest().find(']', 1) != std::string_view::npos) {
      add_range_or_character(set);
      empty = false;
    }
    while (!cursor_.take("]")) {
      if (cursor_.at_end()) {
        cursor_.fail(begin, "found a set without an end, expected ']'");
        return {};
      }
      if (cursor_.take("&&")) {
        left = has_left ? intersection(left, set) : set;
        has_left = true;
        set = CharacterSet();
      } else {
        add_item(set, depth);
      }
      empty = false;
    }
    if (empty) cursor_.fail(begin, "found an empty set, expected characters between '[' and ']'");
    if (has_left) set = intersection(left, set);
    return negated ? ~set : set;
  }

 private:
  static CharacterSet intersection(CharacterSet a, const CharacterSet& b) {
    a &= b;
    return a;
  }

  void add_item(CharacterSet& set, int depth) {
    if (cursor_.sees("[:") && add_posix(set)) return;
    if (cursor_.take("[")) {
      set |= read(depth + 1);
      return;
    }
    if (cursor_.sees("\\")) {
      Cursor behind = cursor_;
      behind.skip(1);
      if (const auto escaped = take_escaped_set(behind, options_)) {
        cursor_ = behind;
        set |= *escaped;
        return;
      }
      if (behind.failed()) {
        cursor_ = behind;
        return;
      }
    }
    add_range_or_character(set);
  }

  // [:name:] or [:^name:]. False: it is no such thing, but a set that begins with a colon.
  bool add_posix(CharacterSet& set) {
    Cursor inner = cursor_;
    inner.skip(2);
    const bool negated = inner.take("^");
    const std::string_view name = inner.take_until(":]");
    auto named = name.empty() ? std::nullopt : find_posix_set(name);
    if (!named) return false;
    if (options_.range == Range::kAscii) named = only_ascii(*named);
    const CharacterSet folded = prepared(*named, options_);
    set |= negated ? ~folded : folded;
    cursor_ = inner;
    return true;
  }

  char32_t take_character() {
    const std::size_t begin = cursor_.offset();
    if (!cursor_.take("\\")) return cursor_.take_code_point();
    if (cursor_.take("b")) return '\b';
    if (cursor_.take("R") || cursor_.take("X")) {
      cursor_.fail(begin, "found \\R or \\X in a set, expected single characters");
      return 0;
    }
    return take_escaped_code_point(cursor_);
  }

  void add_range_or_character(CharacterSet& set) {
    const std::size_t begin = cursor_.offset();
    const char32_t first = take_character();
    char32_t last = first;
    if (sees_range_end()) {
      cursor_.skip(1);
      last = take_character();
    }
    if (last < first) {
      cursor_.fail(begin, "found a range that ends before it begins, expected a-z");
      return;
    }
    set |= prepared(CharacterSet::range(first, last), options_);
    if (options_.ignore_case) add_ascii_relatives(first, last, set);
  }

  // Whether "-x" follows, x being one character and not a set.
  bool sees_range_end() const {
    if (!cursor_.sees("-") || cursor_.sees("-]") || cursor_.sees("-[") || cursor_.sees("-&&")) {
      return false;
    }
    Cursor behind = cursor_;
    behind.skip(1);
    if (behind.at_end()) return false;
    if (!behind.take("\\")) return true;
    return !take_escaped_set(behind, options_) && !behind.failed();
  }

  // Two characters beyond ASCII have ASCII letters for their other case.
  static void add_ascii_relatives(char32_t first, char32_t last, CharacterSet& set) {
    constexpr char32_t kLongS = 0x17F;
    constexpr char32_t kKelvin = 0x212A;
    const auto holds = [&](char32_t code) { return first <= code && code <= last; };
    if (holds(kLongS)) set |= ascii_set({{'S', 'S'}, {'s', 's'}});
    if (holds(kKelvin)) set |= ascii_set({{'K', 'K'}, {'k', 'k'}});
  }

  Cursor& cursor_;
  const SetOptions options_;
};

}  // namespace

CharacterSet take_bracket(Cursor& cursor, const SetOptions& options) {
  return BracketReader(cursor, options).read(0);
}

std::optional<CharacterSet> take_escaped_set(Cursor& cursor, const SetOptions& options) {
  const std::size_t begin = cursor.offset() - 1;
  const char letter = cursor.peek();
  const auto with = [&](CharacterSet set, bool negated) {
    cursor.skip(1);
    return negated ? ~set : set;
  };
  switch (letter) {
    case 'w':
    case 'd':
    case 's':
      return with(class_of(letter, options.range), false);
    case 'W':
    case 'D':
    case 'S':
      return with(class_of(static_cast<char>(letter - 'A' + 'a'), options.range), true);
    case 'h':
    case 'H':
      return with(ascii_set({{'0', '9'}, {'A', 'F'}, {'a', 'f'}}), letter == 'H');
    case 'p':
    case 'P':
      // Without a brace it is a letter, as Ruby has it.
      if (!cursor.rest().substr(1).starts_with('{')) return {};
      cursor.skip(1);
      return take_property(cursor, begin, letter == 'P', options);
    default:
      return {};
  }
}

}  // namespace tocsin::rules::grok
