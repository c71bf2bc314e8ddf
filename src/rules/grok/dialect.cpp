#include "src/rules/grok/dialect.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string_view>
#include <system_error>
#include <utility>

#include "src/rules/grok/bracket.hpp"
#include "src/rules/grok/cursor.hpp"
#include "src/rules/grok/escape.hpp"
#include "src/rules/grok/property.hpp"
#include "src/rules/grok/quantifier.hpp"

namespace tocsin::rules::grok {
namespace {

constexpr int kMaxNesting = 200;

// (?imx), and (?dau) for the range of named sets.
struct Options {
  bool ignore_case = false;
  bool dot_all = true;
  bool extended = false;
  Range range = Range::kDefault;

  [[nodiscard]] SetOptions for_sets() const { return {ignore_case, range}; }
};

// What the groups are called, found out by a first reading, since references may come before.
struct Groups {
  std::vector<std::string> names;  // "" for plain groups, while those count
  bool any_named = false;
  bool any_reference = false;  // to a number: then plain groups must capture
};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// name+1, name-1, 2+0: how many levels of recursion a reference goes up.
bool has_level(std::string_view name) {
  const std::size_t digits = name.find_last_not_of("0123456789") + 1;
  return digits > 1 && digits < name.size() && (name[digits - 1] == '+' || name[digits - 1] == '-');
}

class Translator {
 public:
  // `known`: null in the first reading.
  Translator(std::string_view source, const Groups* known) : cursor_(source), known_(known) {}

  void run() {
    alternation({}, 0);
    if (cursor_.sees(")")) {
      cursor_.fail(cursor_.offset(), "found ')' without an opening one, expected the end or \\)");
    }
  }

  [[nodiscard]] const Cursor& cursor() const { return cursor_; }
  [[nodiscard]] Groups take_groups() { return std::move(groups_); }
  [[nodiscard]] Translation take() {
    out_.groups = known_->names;
    return std::move(out_);
  }

 private:
  void write(std::string_view both) { write(both, both); }
  void write(std::string_view ascii, std::string_view utf) {
    out_.ascii += ascii;
    out_.utf += utf;
  }
  void write(const CharacterSet& set) {
    set.append_ascii(out_.ascii);
    set.append_utf(out_.utf);
  }

  void fail(std::size_t at, std::string complaint) { cursor_.fail(at, std::move(complaint)); }

  // Comments, and blanks where (?x) says so.
  void skip_ignored(const Options& options) {
    for (;;) {
      const std::size_t begin = cursor_.offset();
      if (cursor_.take("(?#")) {
        while (!cursor_.at_end() && !cursor_.sees(")")) cursor_.skip(cursor_.sees("\\") ? 2 : 1);
        if (!cursor_.take(")")) fail(begin, "found a comment without an end, expected ')'");
      } else if (options.extended && cursor_.sees("#")) {
        const std::size_t end = cursor_.rest().find('\n');
        cursor_.skip(end == std::string_view::npos ? cursor_.rest().size() : end + 1);
      } else if (options.extended && !cursor_.at_end() &&
                 std::string_view(" \t\n\v\f\r").find(cursor_.peek()) != std::string_view::npos) {
        cursor_.skip(1);
      } else {
        return;
      }
    }
  }

  // Branches up to ')' or the end, neither of which is passed.
  void alternation(Options options, int depth) {
    if (depth > kMaxNesting) {
      return fail(cursor_.offset(),
                  "found more than " + std::to_string(kMaxNesting) + " groups within another");
    }
    for (;;) {
      skip_ignored(options);
      if (cursor_.at_end() || cursor_.sees(")")) return;
      if (cursor_.take("|")) {
        write("|");
      } else {
        item(options, depth);
      }
    }
  }

  // An atom and its quantifiers.
  void item(const Options& options, int depth) {
    const std::size_t begin = cursor_.offset();
    const std::size_t ascii = out_.ascii.size();
    const std::size_t utf = out_.utf.size();
    out_.marks.push_back({utf, begin});
    Cursor ahead = cursor_;
    if (take_quantifier(ahead)) {
      return fail(begin, "found '" + std::string(1, cursor_.peek()) +
                             "' with nothing before it to repeat, expected a character or a group");
    }
    if (take_isolated_options(options, depth)) return;
    const bool repeatable = atom(options, depth);
    std::optional<Quantifier> pending;
    bool wrapped = repeatable;
    const auto wrap = [&] {
      out_.ascii.insert(ascii, "(?:");
      out_.utf.insert(utf, "(?:");
      write(")");
    };
    for (;;) {
      skip_ignored(options);
      const auto next = take_quantifier(cursor_);
      if (!next) break;
      if (!wrapped) {
        wrap();
        wrapped = true;
      }
      if (!pending) {
        pending = next;
      } else if (const auto both = collapsed(*pending, *next)) {
        pending = both;
      } else {
        write(*pending);
        wrap();
        pending = next;
      }
    }
    if (pending) write(*pending);
  }

  void write(const Quantifier& quantifier) {
    append(quantifier, out_.ascii);
    append(quantifier, out_.utf);
  }

  // Whether a quantifier may follow what was written without more ado.
  bool atom(const Options& options, int depth) {
    const std::size_t begin = cursor_.offset();
    if (cursor_.take("(")) return group(begin, options, depth);
    if (cursor_.take("[")) {
      write(take_bracket(cursor_, options.for_sets()));
      return true;
    }
    if (cursor_.take("\\")) return escape(begin, options);
    if (cursor_.take(".")) {
      write(".");
      return true;
    }
    if (cursor_.sees("^") || cursor_.sees("$")) {
      write(cursor_.rest().substr(0, 1));
      cursor_.skip(1);
      return false;
    }
    literal(cursor_.take_code_point(), options);
    return true;
  }

  void literal(char32_t code, const Options& options) {
    constexpr char32_t kLongS = 0x17F;  // other cases of ASCII letters
    constexpr char32_t kKelvin = 0x212A;
    if (code > kLastAscii) {
      const bool s = options.ignore_case && code == kLongS;
      const bool k = options.ignore_case && code == kKelvin;
      char digits[8];
      char* const end =
          std::to_chars(digits, digits + sizeof digits, static_cast<std::uint32_t>(code), 16).ptr;
      write(s ? "s" : k ? "k" : "(?:(?!))", "\\x{" + std::string(digits, end) + "}");
      return;
    }
    const char c = static_cast<char>(code);
    const bool plain = is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    constexpr char kHex[] = "0123456789abcdef";
    if (plain || c == ' ') {
      write(std::string(1, c));
    } else if (c > ' ' && c < '\x7f') {
      write(std::string("\\") + c);
    } else {
      write(std::string("\\x") + kHex[c >> 4] + kHex[c & 15]);
    }
  }

  bool escape(std::size_t begin, const Options& options) {
    if (const auto set = take_escaped_set(cursor_, options.for_sets())) {
      write(*set);
      return true;
    }
    const char letter = cursor_.peek();
    if (letter == 'b' || letter == 'B') {
      cursor_.skip(1);
      word_boundary(letter == 'B', options);
      return false;
    }
    if (letter == 'A' || letter == 'z' || letter == 'Z' || letter == 'K') {
      cursor_.skip(1);
      write(std::string("\\") + letter);
      return false;
    }
    if (letter == 'G') {  // every search begins at the start
      cursor_.skip(1);
      write("\\A");
      return false;
    }
    if (letter == 'R' || letter == 'X') {
      cursor_.skip(1);
      write(std::string("\\") + letter);
      return true;
    }
    const std::string_view rest = cursor_.rest();
    if (rest.starts_with("k<") || rest.starts_with("k'")) return named_reference(begin);
    if (rest.starts_with("g<") || rest.starts_with("g'")) return call(begin);
    if (rest.starts_with("M-")) {
      cursor_.fail_unsupported(begin, "found \\M-, expected a code point: \\uHHHH");
      return true;
    }
    if (letter >= '1' && letter <= '9') return numbered_reference(begin, options);
    literal(take_escaped_code_point(cursor_), options);
    return true;
  }

  void word_boundary(bool negated, const Options& options) {
    if (options.range == Range::kAscii) return write(negated ? "\\B" : "\\b");
    const std::string word = "[" + std::string(kWordItems) + "]";
    const std::string before = "(?(?<=" + word + ")";
    const std::string is = "(?=" + word + ")";
    const std::string is_not = "(?!" + word + ")";
    write(negated ? "\\B" : "\\b",
          before + (negated ? is + "|" + is_not : is_not + "|" + is) + ")");
  }

  // <name> or 'name', behind \k and \g.
  std::string_view take_reference(std::size_t begin) {
    cursor_.skip(1);
    const bool quoted = cursor_.peek() == '\'';
    cursor_.skip(1);
    const std::string_view name = cursor_.take_until(quoted ? "'" : ">");
    if (name.empty())
      fail(begin, "found a reference without a name or its end, expected \\k<name>");
    return name;
  }

  // Numbers of the groups that a reference means; empty after a failure.
  std::vector<std::size_t> resolve(std::size_t begin, std::string_view name) {
    std::vector<std::size_t> found;
    const std::size_t size = known_ == nullptr ? 0 : known_->names.size();
    std::ptrdiff_t number = 0;
    const auto parsed = std::from_chars(name.data(), name.data() + name.size(), number);
    const bool is_number = parsed.ec == std::errc() && parsed.ptr == name.data() + name.size();
    if (is_number) {
      groups_.any_reference = true;
      if (known_ == nullptr) return {};
      if (known_->any_named) {
        fail(begin, "found a reference to group " + std::string(name) +
                        ", expected one by name, since groups have names here");
        return {};
      }
      if (number < 0) number += static_cast<std::ptrdiff_t>(groups_.names.size()) + 1;
      if (number >= 1 && static_cast<std::size_t>(number) <= size) {
        found.push_back(static_cast<std::size_t>(number));
      }
    } else {
      for (std::size_t i = 0; i < size; ++i) {
        if (known_->names[i] == name) found.push_back(i + 1);
      }
    }
    if (found.empty() && known_ != nullptr) {
      fail(begin, "found a reference to the group '" + std::string(name) +
                      "', expected a group that is there");
    }
    return found;
  }

  [[nodiscard]] bool is_group(std::string_view name) const {
    return std::find(known_->names.begin(), known_->names.end(), name) != known_->names.end();
  }

  // Of several groups of that name the last that took part is meant; the choice is final.
  bool named_reference(std::size_t begin) {
    const std::string_view name = take_reference(begin);
    if (known_ != nullptr && has_level(name) && !is_group(name)) {
      cursor_.fail_unsupported(begin, "found a back reference with a level, \\k<" +
                                          std::string(name) +
                                          ">, expected one without: levels are not offered");
      return true;
    }
    const std::vector<std::size_t> groups = resolve(begin, name);
    std::string text;
    for (auto group = groups.rbegin(); group != groups.rend(); ++group) {
      text += (text.empty() ? "\\g{" : "|\\g{") + std::to_string(*group) + "}";
    }
    write(groups.size() == 1 ? text : "(?>" + text + ")");
    return true;
  }

  bool call(std::size_t begin) {
    const std::string_view name = take_reference(begin);
    if (name == "0") {
      write("(?R)");
      return true;
    }
    const std::vector<std::size_t> groups = resolve(begin, name);
    if (groups.size() > 1) {
      fail(begin, "found a call of '" + std::string(name) +
                      "', which several groups are called, expected the name of one");
    }
    write(groups.empty() ? "(?:)" : "(?" + std::to_string(groups.front()) + ")");
    return true;
  }

  // \1 to \9, and more digits while there are so many groups; else an octal number.
  bool numbered_reference(std::size_t begin, const Options& options) {
    std::size_t digits = 1;
    while (digits < cursor_.rest().size() && is_digit(cursor_.rest()[digits])) ++digits;
    const std::string_view text = cursor_.rest().substr(0, digits);
    groups_.any_reference = true;
    const bool is_group = digits == 1 || (known_ != nullptr && digits <= 4 &&
                                          std::stoul(std::string(text)) <= known_->names.size());
    if (!is_group) {
      literal(take_escaped_code_point(cursor_), options);
      return true;
    }
    cursor_.skip(digits);
    const std::vector<std::size_t> groups = resolve(begin, text);
    if (!groups.empty()) write("\\g{" + std::to_string(groups.front()) + "}");
    return true;
  }

  void close(std::size_t begin) {
    if (!cursor_.take(")")) fail(begin, "found a group without an end, expected ')'");
    write(")");
  }

  bool body(std::string_view opening, std::size_t begin, const Options& options, int depth) {
    write(opening);
    alternation(options, depth + 1);
    close(begin);
    return true;
  }

  bool group(std::size_t begin, const Options& options, int depth) {
    if (!cursor_.take("?")) return plain_group(begin, options, depth);
    for (const std::string_view kind : {":", ">", "=", "!", "<=", "<!"}) {
      if (!cursor_.take(kind)) continue;
      body("(?" + std::string(kind), begin, options, depth);
      return kind == ":" || kind == ">";  // assertions are wrapped before they repeat
    }
    if (cursor_.take("<")) return named_group(begin, ">", options, depth);
    if (cursor_.take("'")) return named_group(begin, "'", options, depth);
    if (cursor_.take("(")) return conditional(begin, options, depth);
    if (cursor_.sees("~")) {
      cursor_.fail_unsupported(
          begin,
          "found an absence operator (?~, expected an expression without: it is not offered");
      return true;
    }
    Options inner = options;
    if (!take_option_letters(begin, inner) || !cursor_.take(":")) {
      fail(begin,
           "found '(?' and not what may follow it, expected (?:, (?<name>, (?=, (?!, (?<=, "
           "(?<!, (?> or (?imx-imx");
      return true;
    }
    return body(opening_of(inner), begin, inner, depth);
  }

  bool plain_group(std::size_t begin, const Options& options, int depth) {
    const bool captures = known_ == nullptr || (!known_->any_named && known_->any_reference);
    if (captures) groups_.names.emplace_back();
    return body(captures ? "(" : "(?:", begin, options, depth);
  }

  bool named_group(std::size_t begin, std::string_view end, const Options& options, int depth) {
    const std::string_view name = cursor_.take_until(end);
    if (name.empty() || is_digit(name.front()) || name.find(')') != std::string_view::npos) {
      fail(begin, "found a group without a name, expected (?<name>...)");
      return true;
    }
    groups_.any_named = true;
    groups_.names.emplace_back(name);
    return body("(", begin, options, depth);
  }

  // (?(1)yes|no), (?(<name>)yes|no)
  bool conditional(std::size_t begin, const Options& options, int depth) {
    std::string_view name = cursor_.take_until(")");
    if (name.size() > 2 && (name.front() == '<' || name.front() == '\'')) {
      name = name.substr(1, name.size() - 2);
    }
    if (name.empty()) {
      fail(begin, "found a condition without a group, expected (?(<name>)yes|no)");
      return true;
    }
    const std::vector<std::size_t> groups = resolve(begin, name);
    const std::string number = std::to_string(groups.empty() ? 1 : groups.back());
    return body("(?(" + number + ")", begin, options, depth);
  }

  // imx-imx and dau. False: something else stands there.
  bool take_option_letters(std::size_t begin, Options& options) {
    bool on = true;
    for (; !cursor_.sees(":") && !cursor_.sees(")"); cursor_.skip(1)) {
      const char letter = cursor_.peek();
      if (letter == '-' && on) {
        on = false;
      } else if (letter == 'i') {
        options.ignore_case = on;
      } else if (letter == 'm') {
        options.dot_all = on;
      } else if (letter == 'x') {
        options.extended = on;
      } else if (letter == 'd' && on) {
        options.range = Range::kDefault;
      } else if (letter == 'a' && on) {
        options.range = Range::kAscii;
      } else if (letter == 'u' && on) {
        options.range = Range::kUnicode;
      } else {
        if (letter == 's') {
          fail(begin, "found the option 's', expected 'm', which lets '.' take newlines here");
        } else if (letter == 'P') {
          fail(begin, "found (?P, expected (?<name>...), \\k<name> or \\g<name>");
        }
        return false;
      }
    }
    return true;
  }

  // All that PCRE2 needs to know of the options inside a group.
  static std::string opening_of(const Options& options) {
    std::string on = options.ignore_case ? "i" : "";
    std::string off = options.ignore_case ? "" : "i";
    (options.dot_all ? on : off) += "s";
    return "(?" + on + (off.empty() ? "" : "-" + off) + ":";
  }

  // (?i) and its like hold to the end of the group, bars included.
  bool take_isolated_options(const Options& options, int depth) {
    Cursor ahead = cursor_;
    if (!ahead.take("(?")) return false;
    while (!ahead.at_end() && std::string_view("imxdau-").find(ahead.peek()) != std::string::npos) {
      ahead.skip(1);
    }
    if (!ahead.sees(")")) return false;
    const std::size_t begin = cursor_.offset();
    Options inner = options;
    cursor_.skip(2);
    if (!take_option_letters(begin, inner)) {
      fail(begin, "found wrong option letters, expected (?imx-imx)");
      return true;
    }
    cursor_.skip(1);
    write(opening_of(inner));
    alternation(inner, depth + 1);
    write(")");
    return true;
  }

  Cursor cursor_;
  const Groups* const known_;
  Groups groups_;
  Translation out_;
};

}  // namespace

std::size_t Translation::read_at(std::size_t written) const {
  const auto behind =
      std::upper_bound(marks.begin(), marks.end(), written,
                       [](std::size_t at, const Mark& mark) { return at < mark.written; });
  return behind == marks.begin() ? 0 : (behind - 1)->read;
}

Result<Translation> translate(const Expansion& source, PlainGroups plain) {
  const auto complaint = [&](const Cursor& cursor) {
    return Error{cursor.code(), source.place_of(cursor.failed_at()).text(), cursor.complaint()};
  };
  Translator first(source.regex(), nullptr);
  first.run();
  if (first.cursor().failed()) return complaint(first.cursor());
  Groups groups = first.take_groups();
  groups.any_reference = groups.any_reference || plain == PlainGroups::kCapture;
  if (groups.any_named) {
    std::erase(groups.names, std::string());
  } else if (!groups.any_reference) {
    groups.names.clear();
  }
  Translator second(source.regex(), &groups);
  second.run();
  if (second.cursor().failed()) return complaint(second.cursor());
  return second.take();
}

}  // namespace tocsin::rules::grok
