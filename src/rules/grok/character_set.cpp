#include "src/rules/grok/character_set.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <string_view>
#include <utility>

namespace tocsin::rules::grok {
namespace {

using Ascii = CharacterSet::Ascii;

void append_code_point(char32_t code, std::string& out) {
  char digits[8];
  char* const end =
      std::to_chars(digits, digits + sizeof digits, static_cast<std::uint32_t>(code), 16).ptr;
  out += "\\x{";
  out.append(digits, end);
  out += "}";
}

bool is_alphanumeric(std::size_t c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

// As an item of a bracket.
void append_item(std::size_t c, std::string& out) {
  if (is_alphanumeric(c)) {
    out.push_back(static_cast<char>(c));
  } else if (c > ' ' && c < kLastAscii) {
    out.push_back('\\');
    out.push_back(static_cast<char>(c));
  } else {
    append_code_point(static_cast<char32_t>(c), out);
  }
}

void append_ranges(const Ascii& ascii, std::string& out) {
  for (std::size_t first = 0; first < ascii.size(); ++first) {
    if (!ascii[first]) continue;
    std::size_t last = first;
    while (last + 1 < ascii.size() && ascii[last + 1]) ++last;
    append_item(first, out);
    if (last > first + 1) out.push_back('-');
    if (last > first) append_item(last, out);
    first = last;
  }
}

std::string bracket(bool negated, const Ascii& ascii, std::string_view items) {
  std::string out = negated ? "[^" : "[";
  append_ranges(ascii, out);
  out += items;
  return out + "]";
}

}  // namespace

CharacterSet CharacterSet::range(char32_t first, char32_t last) {
  CharacterSet set;
  for (char32_t c = first; c <= std::min(last, kLastAscii); ++c) set.ascii_.set(c);
  if (last > kLastAscii) {
    set.beyond_ = Beyond::kItems;
    append_code_point(std::max<char32_t>(first, kLastAscii + 1), set.items_);
    set.items_ += "-";
    append_code_point(last, set.items_);
  }
  return set;
}

CharacterSet CharacterSet::property(const Ascii& ascii, std::string items) {
  CharacterSet set(ascii);
  set.beyond_ = Beyond::kItems;
  set.items_ = std::move(items);
  set.items_ascii_ = ascii;
  return set;
}

CharacterSet CharacterSet::operator~() const {
  CharacterSet result = *this;
  result.ascii_.flip();
  switch (beyond_) {
    case Beyond::kNone:
      result.beyond_ = Beyond::kAll;
      break;
    case Beyond::kAll:
      result.beyond_ = Beyond::kNone;
      break;
    case Beyond::kItems:
      result.beyond_ = Beyond::kAllButItems;
      break;
    case Beyond::kAllButItems:
      result.beyond_ = Beyond::kItems;
      break;
    case Beyond::kExpression:
      result.items_ = "(?:(?!" + items_ + ")(?s:.))";
      break;
  }
  return result;
}

std::string CharacterSet::beyond_expression() const {
  switch (beyond_) {
    case Beyond::kNone:
      return "(?!)";
    case Beyond::kAll:
      return "(?s:.)";
    case Beyond::kItems:
      return "[" + items_ + "]";
    case Beyond::kAllButItems:
      return "[^" + items_ + "]";
    case Beyond::kExpression:
      break;
  }
  return items_;
}

CharacterSet& CharacterSet::operator|=(const CharacterSet& other) {
  ascii_ |= other.ascii_;
  if (beyond_ == Beyond::kAll || other.beyond_ == Beyond::kNone) return *this;
  if (beyond_ == Beyond::kNone || other.beyond_ == Beyond::kAll) {
    beyond_ = other.beyond_;
    items_ = other.items_;
    items_ascii_ = other.items_ascii_;
  } else if (beyond_ == Beyond::kItems && other.beyond_ == Beyond::kItems) {
    items_ += other.items_;
    items_ascii_ |= other.items_ascii_;
  } else {
    items_ = "(?:" + beyond_expression() + "|" + other.beyond_expression() + ")";
    beyond_ = Beyond::kExpression;
  }
  return *this;
}

CharacterSet& CharacterSet::operator&=(const CharacterSet& other) {
  ascii_ &= other.ascii_;
  if (beyond_ == Beyond::kNone || other.beyond_ == Beyond::kAll) return *this;
  if (beyond_ == Beyond::kAll || other.beyond_ == Beyond::kNone) {
    beyond_ = other.beyond_;
    items_ = other.items_;
    items_ascii_ = other.items_ascii_;
  } else if (beyond_ == Beyond::kAllButItems && other.beyond_ == Beyond::kAllButItems) {
    items_ += other.items_;
    items_ascii_ |= other.items_ascii_;
  } else {
    items_ = "(?:(?=" + beyond_expression() + ")" + other.beyond_expression() + ")";
    beyond_ = Beyond::kExpression;
  }
  return *this;
}

void CharacterSet::ignore_ascii_case() {
  for (Ascii* const ascii : {&ascii_, &items_ascii_}) {
    for (std::size_t upper = 'A'; upper <= 'Z'; ++upper) {
      const std::size_t lower = upper + ('a' - 'A');
      const bool holds = (*ascii)[upper] || (*ascii)[lower];
      ascii->set(upper, holds);
      ascii->set(lower, holds);
    }
  }
}

void CharacterSet::append_ascii(std::string& out) const {
  if (ascii_.none()) {
    out += "(?:(?!))";
  } else if (ascii_.all()) {
    out += "(?s:.)";
  } else if (ascii_.count() <= ascii_.size() / 2) {
    out += bracket(false, ascii_, {});
  } else {
    out += bracket(true, ~ascii_, {});
  }
}

void CharacterSet::append_utf(std::string& out) const {
  const bool items_add_nothing = (items_ascii_ & ~ascii_).none();
  const bool items_take_nothing = (items_ascii_ & ascii_).none();
  if (beyond_ == Beyond::kNone) {
    out += ascii_.none() ? "(?:(?!))" : bracket(false, ascii_, {});
  } else if (beyond_ == Beyond::kAll) {
    out += ascii_.all() ? "(?s:.)" : bracket(true, ~ascii_, {});
  } else if (beyond_ == Beyond::kItems && items_add_nothing) {
    out += bracket(false, ascii_, items_);
  } else if (beyond_ == Beyond::kAllButItems && items_take_nothing) {
    out += bracket(true, ~ascii_, items_);
  } else {
    out += "(?:";
    if (ascii_.any()) out += bracket(false, ascii_, {}) + "|";
    out += "(?![\\x{0}-\\x{7f}])" + beyond_expression() + ")";
  }
}

}  // namespace tocsin::rules::grok
