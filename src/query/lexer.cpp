#include "src/query/lexer.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <system_error>
#include <utility>

#include "src/query/string_literal.hpp"

namespace tocsin::query {
namespace {

struct Spelling {
  std::string_view text;
  TokenKind kind;
};

constexpr Spelling kWords[] = {
    {"and", TokenKind::kAnd},     {"or", TokenKind::kOr},           {"not", TokenKind::kNot},
    {"in", TokenKind::kIn},       {"tagged", TokenKind::kTagged},   {"true", TokenKind::kTrue},
    {"false", TokenKind::kFalse}, {"missing", TokenKind::kMissing}, {"nil", TokenKind::kNil},
    {"null", TokenKind::kNil},
};

// Longer ones first.
constexpr Spelling kOperators[] = {
    {"=~", TokenKind::kLike},      {"~=", TokenKind::kRegex},        {"!=", TokenKind::kNotEqual},
    {"<=", TokenKind::kLessEqual}, {">=", TokenKind::kGreaterEqual}, {"=", TokenKind::kEqual},
    {"<", TokenKind::kLess},       {">", TokenKind::kGreater},       {"(", TokenKind::kLeftParen},
    {")", TokenKind::kRightParen}, {",", TokenKind::kComma},
};

// What other languages write, and what is meant. Tried before the operators; longer ones first.
struct Habit {
  std::string_view found;
  std::string_view meant;
};
constexpr Habit kHabits[] = {
    {"==", "="},          {"<>", "!="},  {"=<", "<="}, {"=>", ">="},
    {"!~", "not ... ~="}, {"&&", "and"}, {"||", "or"},
};
constexpr Habit kLoneHabits[] = {{"!", "not"}, {"~", "~="}, {"&", "and"}, {"|", "or"}};

constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}
constexpr bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr bool starts_name(char c) noexcept {
  return is_letter(c) || c == '_';
}
constexpr bool continues_name(char c) noexcept {
  return starts_name(c) || is_digit(c) || c == '-' || c == '.' || c == '/';
}
constexpr bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
constexpr bool is_continuation_byte(char c) noexcept {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

std::string lower(std::string_view text) {
  std::string lowered(text);
  std::ranges::transform(lowered, lowered.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return lowered;
}

const Spelling* find_word(std::string_view word) noexcept {
  const auto* const at = std::ranges::find(kWords, word, &Spelling::text);
  return at == std::end(kWords) ? nullptr : at;
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Token next() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
    start_ = at_;
    if (at_ == text_.size()) return finish(TokenKind::kEnd);
    const char c = text_[at_];
    if (starts_name(c)) return word();
    if (is_digit(c) || (c == '-' && at_ + 1 < text_.size() && continues_number(text_[at_ + 1]))) {
      return number();
    }
    if (c == '"' || c == '\'') return string(c);
    if (c == '`') return quoted_name();
    return symbol();
  }

 private:
  static bool continues_number(char c) noexcept { return is_digit(c) || c == 'I'; }

  Token finish(TokenKind kind) const {
    Token token;
    token.kind = kind;
    token.offset = start_;
    token.source = text_.substr(start_, at_ - start_);
    return token;
  }

  Token invalid(std::size_t offset, std::string complaint, Errc code = Errc::kSyntax) const {
    Token token = finish(TokenKind::kInvalid);
    token.offset = offset;
    token.text = std::move(complaint);
    token.code = code;
    return token;
  }

  std::string_view take_name() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && continues_name(text_[at_])) ++at_;
    return text_.substr(begin, at_ - begin);
  }

  Token real(double value) const {
    Token token = finish(TokenKind::kReal);
    token.real = value;
    return token;
  }

  Token word() {
    const std::string_view name = take_name();
    if (const Spelling* known = find_word(name)) return finish(known->kind);
    if (name == "Infinity") return real(std::numeric_limits<double>::infinity());
    if (name == "NaN") return real(std::numeric_limits<double>::quiet_NaN());
    const std::string lowered = lower(name);
    if (find_word(lowered) != nullptr) {
      return invalid(start_, "found '" + std::string(name) + "' where '" + lowered +
                                 "' was expected: the words of the language are in lower case (a "
                                 "field of that name is written `" +
                                 std::string(name) + "`)");
    }
    Token token = finish(TokenKind::kName);
    token.text = name;
    return token;
  }

  void skip_digits() {
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
  }

  bool skip_fraction_and_exponent() {
    const std::size_t begin = at_;
    const auto digit_at = [this](std::size_t at) {
      return at < text_.size() && is_digit(text_[at]);
    };
    if (at_ < text_.size() && text_[at_] == '.' && digit_at(at_ + 1)) {
      ++at_;
      skip_digits();
    }
    if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
      const bool sign = at_ + 1 < text_.size() && (text_[at_ + 1] == '+' || text_[at_ + 1] == '-');
      if (digit_at(at_ + (sign ? 2 : 1))) {
        at_ += sign ? 2 : 1;
        skip_digits();
      }
    }
    return at_ != begin;
  }

  Token number() {
    if (text_.substr(at_).starts_with("-I")) {
      ++at_;
      if (take_name() == "Infinity") return real(-std::numeric_limits<double>::infinity());
      return not_a_number();
    }
    if (text_[at_] == '-') ++at_;
    skip_digits();
    const bool is_real = skip_fraction_and_exponent();
    const std::string_view digits = text_.substr(start_, at_ - start_);
    if (!is_real && at_ < text_.size() && (text_[at_] == 'L' || text_[at_] == 'N')) ++at_;
    if (at_ < text_.size() && continues_name(text_[at_])) {
      (void)take_name();
      return not_a_number();
    }
    return is_real ? real_from(digits) : integer_from(digits);
  }

  Token not_a_number() const {
    return invalid(start_, "found '" + excerpt(text_.substr(start_, at_ - start_)) +
                               "' where a number was expected (a name starts with a letter; any "
                               "other is quoted: `1min`)");
  }

  Token integer_from(std::string_view digits) const {
    Token token = finish(TokenKind::kInteger);
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), token.integer);
    if (read.ec == std::errc{}) return token;
    return invalid(
        start_,
        "found '" + excerpt(digits) +
            "' where an integer of 64 bits was expected (a decimal point makes it a real "
            "number)",
        Errc::kRange);
  }

  Token real_from(std::string_view digits) const {
    double value = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (read.ec == std::errc{}) return real(value);
    return invalid(start_,
                   "found '" + excerpt(digits) + "', which is outside the range of a double",
                   Errc::kRange);
  }

  Token string(char quote) {
    std::string contents;
    ++at_;
    while (at_ < text_.size() && text_[at_] != quote) {
      if (text_[at_] != '\\') {
        contents.push_back(text_[at_++]);
        continue;
      }
      const std::size_t backslash = at_;
      if (std::optional<std::string> fault = read_escape(text_, at_, contents)) {
        return invalid(backslash, *std::move(fault));
      }
    }
    if (at_ == text_.size()) return unclosed(quote);
    ++at_;
    Token token = finish(TokenKind::kString);
    token.text = std::move(contents);
    return token;
  }

  Token unclosed(char quote) const {
    return invalid(start_, std::string("found the end where the closing ") + quote +
                               " of this quotation was expected");
  }

  Token quoted_name() {
    const std::size_t close = text_.find_first_of("`\n", at_ + 1);
    if (close == std::string_view::npos || text_[close] == '\n') return unclosed('`');
    const std::string_view name = text_.substr(at_ + 1, close - at_ - 1);
    at_ = close + 1;
    if (name.empty())
      return invalid(start_, "found `` where a name between the quotes was expected");
    Token token = finish(TokenKind::kName);
    token.text = name;
    return token;
  }

  Token habit(const Habit& habit) const {
    return invalid(start_, "found '" + std::string(habit.found) + "' where '" +
                               std::string(habit.meant) + "' was expected");
  }

  Token symbol() {
    const std::string_view rest = text_.substr(at_);
    for (const Habit& other : kHabits) {
      if (rest.starts_with(other.found)) return habit(other);
    }
    for (const Spelling& known : kOperators) {
      if (rest.starts_with(known.text)) {
        at_ += known.text.size();
        return finish(known.kind);
      }
    }
    for (const Habit& other : kLoneHabits) {
      if (rest.starts_with(other.found)) return habit(other);
    }
    std::size_t length = 1;
    while (length < rest.size() && is_continuation_byte(rest[length])) ++length;
    return invalid(start_, "found '" + excerpt(rest.substr(0, length)) +
                               "', which is no part of the language (names with other characters "
                               "than letters, digits and _ - . / are quoted: `a name`)");
  }

  const std::string_view text_;
  std::size_t at_ = 0;     // next byte to read
  std::size_t start_ = 0;  // first byte of the token being read
};

}  // namespace

std::vector<Token> tokenise(std::string_view text) {
  Lexer lexer(text);
  std::vector<Token> tokens;
  do {
    tokens.push_back(lexer.next());
  } while (tokens.back().kind != TokenKind::kEnd && tokens.back().kind != TokenKind::kInvalid);
  return tokens;
}

bool is_bare_name(std::string_view name) {
  return !name.empty() && starts_name(name.front()) && std::ranges::all_of(name, continues_name) &&
         find_word(lower(name)) == nullptr && name != "Infinity" && name != "NaN";
}

}  // namespace tocsin::query
