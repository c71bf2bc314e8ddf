#include "ingest/graphite/pickle.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <system_error>

#include "ingest/graphite/number.hpp"
#include "src/base/byte_order.hpp"

namespace tocsin::graphite {
namespace {

constexpr std::size_t kMaxLongBytes = 128;  // more than 1023 bits are beyond a double
constexpr std::size_t kKeptValues = 1U << 15U;

// The operations, named as pickletools names them.
enum Operation : unsigned char {
  kMark = '(',
  kStop = '.',
  kNone = 'N',
  kNewTrue = 0x88,
  kNewFalse = 0x89,
  kInt = 'I',
  kBinInt = 'J',
  kBinInt1 = 'K',
  kBinInt2 = 'M',
  kLong = 'L',
  kLong1 = 0x8a,
  kLong4 = 0x8b,
  kFloat = 'F',
  kBinFloat = 'G',
  kString = 'S',
  kBinString = 'T',
  kShortBinString = 'U',
  kUnicode = 'V',
  kBinUnicode = 'X',
  kShortBinUnicode = 0x8c,
  kBinUnicode8 = 0x8d,
  kBinBytes = 'B',
  kShortBinBytes = 'C',
  kEmptyList = ']',
  kList = 'l',
  kAppend = 'a',
  kAppends = 'e',
  kEmptyTuple = ')',
  kTuple = 't',
  kTuple1 = 0x85,
  kTuple2 = 0x86,
  kTuple3 = 0x87,
  kPut = 'p',
  kBinPut = 'q',
  kLongBinPut = 'r',
  kMemoize = 0x94,
  kGet = 'g',
  kBinGet = 'h',
  kLongBinGet = 'j',
  kProto = 0x80,
  kFrame = 0x95,
};

Pickle::Value integer_value(std::int64_t integer, Pickle::Kind kind = Pickle::Kind::kInteger) {
  Pickle::Value value;
  value.kind = kind;
  value.integer = integer;
  return value;
}

Pickle::Value real_value(double real) {
  Pickle::Value value;
  value.kind = Pickle::Kind::kReal;
  value.real = real;
  return value;
}

// Nothing, an integer or a double.
Pickle::Value number_value(const Metric& number) {
  if (const auto* integer = std::get_if<std::int64_t>(&number)) return integer_value(*integer);
  if (const auto* real = std::get_if<double>(&number)) return real_value(*real);
  return {};
}

void append_utf8(std::string& out, std::uint32_t code) {
  const auto byte = [&](std::uint32_t bits) { out += static_cast<char>(bits); };
  if (code < 0x80) return byte(code);
  if (code < 0x800) {
    byte(0xC0U | code >> 6U);
  } else {
    if (code < 0x10000) {
      byte(0xE0U | code >> 12U);
    } else {
      byte(0xF0U | code >> 18U);
      byte(0x80U | (code >> 12U & 0x3FU));
    }
    byte(0x80U | (code >> 6U & 0x3FU));
  }
  byte(0x80U | (code & 0x3FU));
}

// `count` hexadecimal digits at `at`; empty when there are not so many.
std::optional<std::uint32_t> hex_at(std::string_view text, std::size_t at, std::size_t count) {
  if (text.size() < count || at > text.size() - count) return std::nullopt;
  std::uint32_t code = 0;
  const char* const begin = text.data() + at;
  const auto [stop, status] = std::from_chars(begin, begin + count, code, 16);
  if (status != std::errc{} || stop != begin + count) return std::nullopt;
  return code;
}

// Two's complement, lowest byte first, of any length: correctly rounded.
double double_from_long(std::string_view bytes) {
  const bool negative = (static_cast<unsigned char>(bytes.back()) & 0x80U) != 0;
  // The magnitude, highest byte first.
  std::string magnitude(bytes.rbegin(), bytes.rend());
  if (negative) {
    unsigned carry = 1;
    for (auto byte = magnitude.rbegin(); byte != magnitude.rend(); ++byte) {
      const unsigned sum = (~static_cast<unsigned char>(*byte) & 0xFFU) + carry;
      *byte = static_cast<char>(sum & 0xFFU);
      carry = sum >> 8U;
    }
  }
  const std::size_t leading = std::min(magnitude.find_first_not_of('\0'), magnitude.size());
  const std::string_view digits = std::string_view(magnitude).substr(leading);
  // 64 bits are 11 more than a double has; what is cut off behind them only breaks ties, and for
  // that one bit is enough.
  std::uint64_t top = 0;
  const std::size_t kept = std::min<std::size_t>(digits.size(), 8);
  for (std::size_t i = 0; i < kept; ++i) top = top << 8U | static_cast<unsigned char>(digits[i]);
  if (digits.find_first_not_of('\0', kept) != std::string_view::npos) top |= 1;
  const double value =
      std::ldexp(static_cast<double>(top), static_cast<int>(8 * (digits.size() - kept)));
  return negative ? -value : value;
}

}  // namespace

std::optional<Refusal> Pickle::read(std::string_view bytes) {
  bytes_ = bytes;
  at_ = 0;
  operation_at_ = 0;
  pushed_ = 0;
  stopped_ = false;
  root_ = {};
  stack_.clear();
  marks_.clear();
  memo_.clear();
  containers_.clear();
  items_.clear();
  rewritten_.clear();
  if (bytes.size() > kMaxBytes)
    return Refusal{RejectCause::kOversized, 0, "the pickle is too long"};
  while (!stopped_) {
    operation_at_ = at_;
    if (at_ == bytes_.size()) {
      return Refusal{RejectCause::kTruncated, at_, "the pickle ends without its STOP"};
    }
    if (!step(static_cast<unsigned char>(bytes_[at_++]))) {
      refusal_.offset = operation_at_;
      return refusal_;
    }
  }
  return std::nullopt;
}

// One case for each operation; what is not listed is not done.
bool Pickle::step(unsigned char operation) {
  switch (operation) {
    case kMark:
      marks_.push_back(stack_.size());
      return marks_.size() <= max_values_ || refuse(RejectCause::kOversized, "too many marks");
    case kStop:
      return stop();
    case kNone: {
      Value none;
      none.kind = Kind::kNone;
      return push(none);
    }
    case kNewTrue:
    case kNewFalse:
      return push(integer_value(operation == kNewTrue ? 1 : 0, Kind::kBool));
    case kInt:
    case kLong:
      return push_integer_line(operation == kLong);
    case kBinInt: {
      const auto bits = take_integer<std::uint32_t>();
      return bits && push(integer_value(static_cast<std::int32_t>(*bits)));
    }
    case kBinInt1: {
      const auto number = take_integer<std::uint8_t>();
      return number && push(integer_value(*number));
    }
    case kBinInt2: {
      const auto number = take_integer<std::uint16_t>();
      return number && push(integer_value(*number));
    }
    case kLong1: {
      const auto length = take_integer<std::uint8_t>();
      return length && push_long(*length);
    }
    case kLong4: {
      const auto length = take_integer<std::uint32_t>();
      return length && push_long(*length);
    }
    case kFloat:
      return push_real_line();
    case kBinFloat: {
      const auto bytes = take(sizeof(std::uint64_t));
      return bytes && push(real_value(std::bit_cast<double>(
                          base::load_big_endian<std::uint64_t>(bytes->data()))));
    }
    case kString:
      return push_quoted_line();
    case kUnicode:
      return push_unicode_line();
    case kShortBinString:
    case kShortBinUnicode:
    case kShortBinBytes: {
      const auto length = take_integer<std::uint8_t>();
      return length && push_text(*length);
    }
    case kBinString:
    case kBinUnicode:
    case kBinBytes: {
      const auto length = take_integer<std::uint32_t>();
      return length && push_text(*length);
    }
    case kBinUnicode8: {
      const auto length = take_integer<std::uint64_t>();
      return length && push_text(*length);
    }
    case kEmptyList:
      return push_container(Kind::kList);
    case kEmptyTuple:
      return push_container(Kind::kTuple);
    case kList:
      return collect_to_mark(Kind::kList);
    case kTuple:
      return collect_to_mark(Kind::kTuple);
    case kTuple1:
    case kTuple2:
    case kTuple3:
      return collect(Kind::kTuple, operation - kTuple1 + 1U);
    case kAppend:
      return append(1);
    case kAppends:
      return append_to_mark();
    case kPut:
      return store_line();
    case kBinPut: {
      const auto number = take_integer<std::uint8_t>();
      return number && store(*number);
    }
    case kLongBinPut: {
      const auto number = take_integer<std::uint32_t>();
      return number && store(*number);
    }
    case kMemoize:
      return store(memo_.size());
    case kGet:
      return load_line();
    case kBinGet: {
      const auto number = take_integer<std::uint8_t>();
      return number && load(*number);
    }
    case kLongBinGet: {
      const auto number = take_integer<std::uint32_t>();
      return number && load(*number);
    }
    case kProto:
      return begin_protocol();
    case kFrame:
      return begin_frame();
    default:
      return refuse(RejectCause::kUnsupported,
                    "an operation that is not needed for lists, tuples, texts and numbers");
  }
}

bool Pickle::refuse(RejectCause cause, std::string_view text) {
  refusal_ = {cause, 0, text};
  return false;
}

std::optional<std::string_view> Pickle::take(std::size_t length) {
  if (length > bytes_.size() - at_) {
    refuse(RejectCause::kTruncated, "the pickle ends within an operation");
    return std::nullopt;
  }
  const std::string_view taken = bytes_.substr(at_, length);
  at_ += length;
  return taken;
}

// Without its LF.
std::optional<std::string_view> Pickle::take_line() {
  const std::size_t lf = bytes_.find('\n', at_);
  if (lf == std::string_view::npos) {
    refuse(RejectCause::kTruncated, "the pickle ends within a line");
    return std::nullopt;
  }
  const std::string_view line = bytes_.substr(at_, lf - at_);
  at_ = lf + 1;
  return line;
}

template <class T>
std::optional<T> Pickle::take_integer() {
  const auto bytes = take(sizeof(T));
  if (!bytes) return std::nullopt;
  return base::load_little_endian<T>(bytes->data());
}

bool Pickle::push(Value value) {
  if (++pushed_ > max_values_) {
    return refuse(RejectCause::kOversized, "more values in a pickle than the limit");
  }
  stack_.push_back(value);
  return true;
}

bool Pickle::push_container(Kind kind) {
  Container made;
  made.place = static_cast<std::uint32_t>(operation_at_);
  Value value;
  value.kind = kind;
  value.container = containers_.size();
  containers_.push_back(made);
  return push(value);
}

bool Pickle::push_text(std::size_t length) {
  Value value;
  value.kind = Kind::kText;
  value.offset = at_;
  value.length = static_cast<std::uint32_t>(length);  // no more than kMaxBytes, or it is not taken
  return take(length) && push(value);
}

// `raw` lies in the pickle.
bool Pickle::push_rewritten(std::string_view raw, bool (Pickle::*rewrite)(std::string_view)) {
  Value value;
  value.kind = Kind::kText;
  value.rewritten = true;
  value.offset = rewritten_.size();
  if (!(this->*rewrite)(raw)) return false;
  value.length = static_cast<std::uint32_t>(rewritten_.size() - value.offset);
  return push(value);
}

// A text as Python's repr() writes it: 'servers.web-1', "it's", 'a\x41\n'.
bool Pickle::push_quoted_line() {
  const auto line = take_line();
  if (!line) return false;
  if (line->size() < 2 || line->front() != line->back() ||
      (line->front() != '\'' && line->front() != '"')) {
    return refuse(RejectCause::kSyntax, "a text without quotes around it");
  }
  const std::string_view inner = line->substr(1, line->size() - 2);
  if (inner.find('\\') != std::string_view::npos) {
    return push_rewritten(inner, &Pickle::rewrite_escapes);
  }
  Value value;
  value.kind = Kind::kText;
  value.offset = static_cast<std::size_t>(inner.data() - bytes_.data());
  value.length = static_cast<std::uint32_t>(inner.size());
  return push(value);
}

// Bytes are Latin-1, everything else is an escape.
bool Pickle::push_unicode_line() {
  const auto line = take_line();
  if (!line) return false;
  const bool simple = std::all_of(line->begin(), line->end(), [](char c) {
    return c != '\\' && static_cast<unsigned char>(c) < 0x80;
  });
  if (!simple) return push_rewritten(*line, &Pickle::rewrite_unicode);
  Value value;
  value.kind = Kind::kText;
  value.offset = static_cast<std::size_t>(line->data() - bytes_.data());
  value.length = static_cast<std::uint32_t>(line->size());
  return push(value);
}

// Source: Python's string escapes. An unknown one stands for itself, backslash and all.
bool Pickle::rewrite_escapes(std::string_view raw) {
  constexpr std::string_view kLetters = "\\'\"abfnrtv";
  constexpr std::string_view kMeanings = "\\'\"\a\b\f\n\r\t\v";
  for (std::size_t at = 0; at < raw.size();) {
    if (raw[at] != '\\') {
      rewritten_ += raw[at++];
      continue;
    }
    if (at + 1 == raw.size())
      return refuse(RejectCause::kSyntax, "a text that ends in a backslash");
    const char letter = raw[at + 1];
    const std::size_t known = kLetters.find(letter);
    if (known != std::string_view::npos) {
      rewritten_ += kMeanings[known];
      at += 2;
    } else if (letter == 'x') {
      const auto code = hex_at(raw, at + 2, 2);
      if (!code) return refuse(RejectCause::kSyntax, "\\x without two hexadecimal digits");
      rewritten_ += static_cast<char>(*code);
      at += 4;
    } else if (letter >= '0' && letter <= '7') {
      unsigned code = 0;
      std::size_t digit = at + 1;
      for (; digit < raw.size() && digit < at + 4 && raw[digit] >= '0' && raw[digit] <= '7';
           ++digit) {
        code = code * 8 + static_cast<unsigned>(raw[digit] - '0');
      }
      rewritten_ += static_cast<char>(code & 0xFFU);
      at = digit;
    } else {
      rewritten_ += '\\';
      ++at;
    }
  }
  return true;
}

// \uXXXX and \UXXXXXXXX; surrogates in pairs, as Python 2 wrote them. One alone becomes bytes that
// are not UTF-8 and is replaced with them later.
bool Pickle::rewrite_unicode(std::string_view raw) {
  for (std::size_t at = 0; at < raw.size();) {
    const bool escape =
        raw[at] == '\\' && at + 1 < raw.size() && (raw[at + 1] == 'u' || raw[at + 1] == 'U');
    if (!escape) {
      append_utf8(rewritten_, static_cast<unsigned char>(raw[at++]));
      continue;
    }
    const std::size_t digits = raw[at + 1] == 'u' ? 4 : 8;
    auto code = hex_at(raw, at + 2, digits);
    if (!code || *code > 0x10FFFF) {
      return refuse(RejectCause::kSyntax, "an escape that is no Unicode character");
    }
    at += 2 + digits;
    if (*code >= 0xD800 && *code < 0xDC00 && raw.substr(std::min(at, raw.size()), 2) == "\\u") {
      const auto low = hex_at(raw, at + 2, 4);
      if (low && *low >= 0xDC00 && *low < 0xE000) {
        code = 0x10000 + ((*code - 0xD800) << 10U) + (*low - 0xDC00);
        at += 6;
      }
    }
    append_utf8(rewritten_, *code);
  }
  return true;
}

// "42", "-7"; "01" and "00" are True and False if it is an INT; a LONG ends in "L".
bool Pickle::push_integer_line(bool is_long) {
  auto line = take_line();
  if (!line) return false;
  if (!is_long && (*line == "01" || *line == "00")) {
    return push(integer_value(*line == "01" ? 1 : 0, Kind::kBool));
  }
  if (is_long && line->ends_with('L')) line->remove_suffix(1);
  const std::size_t digits = !line->empty() && line->front() == '-' ? 1 : 0;
  if (digits == line->size() ||
      line->find_first_not_of("0123456789", digits) != std::string_view::npos) {
    return refuse(RejectCause::kSyntax, "an integer with something else than digits");
  }
  return push(number_value(parse_number(*line)));
}

bool Pickle::push_real_line() {
  const auto line = take_line();
  if (!line) return false;
  const auto number = as_double(parse_number(*line));
  if (!number) return refuse(RejectCause::kSyntax, "a float that is not a number");
  return push(real_value(*number));
}

bool Pickle::push_long(std::size_t length) {
  const auto bytes = take(length);
  if (!bytes) return false;
  if (length > kMaxLongBytes)
    return refuse(RejectCause::kUnsupported, "an integer beyond all doubles");
  if (length == 0) return push(integer_value(0));
  if (length > sizeof(std::int64_t)) return push(real_value(double_from_long(*bytes)));
  const bool negative = (static_cast<unsigned char>(bytes->back()) & 0x80U) != 0;
  std::uint64_t bits = negative ? ~std::uint64_t{0} : 0;
  for (auto byte = bytes->rbegin(); byte != bytes->rend(); ++byte) {
    bits = bits << 8U | static_cast<unsigned char>(*byte);
  }
  return push(integer_value(static_cast<std::int64_t>(bits)));
}

// Makes the top `count` values the items of a new list or tuple in their place.
bool Pickle::collect(Kind kind, std::size_t count) {
  if (above_mark() < count) {
    return refuse(RejectCause::kSyntax, "a tuple of more values than there are");
  }
  const std::uint64_t container = containers_.size();
  const std::size_t begin = stack_.size() - count;
  containers_.emplace_back().place = static_cast<std::uint32_t>(operation_at_);
  for (std::size_t i = begin; i < stack_.size(); ++i) {
    if (!add(container, stack_[i])) return false;
  }
  stack_.resize(begin);
  Value value;
  value.kind = kind;
  value.container = container;
  return push(value);
}

bool Pickle::collect_to_mark(Kind kind) {
  if (marks_.empty()) return refuse(RejectCause::kSyntax, "a list or tuple without its mark");
  const std::size_t count = above_mark();
  marks_.pop_back();
  return collect(kind, count);
}

// Moves the top `count` values into the list below them.
bool Pickle::append(std::size_t count) {
  if (above_mark() < count + 1) {
    return refuse(RejectCause::kSyntax, "nothing to append, or nothing to append it to");
  }
  const std::size_t begin = stack_.size() - count;
  const Value list = stack_[begin - 1];
  if (list.kind != Kind::kList) {
    return refuse(RejectCause::kUnsupported, "something is appended to what is not a list");
  }
  for (std::size_t i = begin; i < stack_.size(); ++i) {
    if (!add(list.container, stack_[i])) return false;
  }
  stack_.resize(begin);
  return true;
}

bool Pickle::append_to_mark() {
  if (marks_.empty()) return refuse(RejectCause::kSyntax, "values to append without their mark");
  const std::size_t count = above_mark();
  marks_.pop_back();
  return append(count);
}

bool Pickle::add(std::uint64_t container, const Value& value) {
  Container& into = containers_[container];
  if (value.has_items()) {
    Container& added = containers_[value.container];
    if (into.stands_in_another || container == value.container) {
      return refuse(RejectCause::kUnsupported, "a list that contains itself, or might");
    }
    added.stands_in_another = true;
    into.depth = std::max(into.depth, added.depth + 1);
    if (into.depth > kMaxDepth) {
      return refuse(RejectCause::kUnsupported, "lists and tuples nested deeper than the limit");
    }
  }
  if (items_.size() == max_values_) {
    return refuse(RejectCause::kOversized, "more values in a pickle than the limit");
  }
  const auto index = static_cast<std::uint32_t>(items_.size());
  items_.push_back({value, kEnd});
  if (into.first == kEnd) {
    into.first = index;
  } else {
    items_[into.last].next = index;
  }
  into.last = index;
  ++into.size;
  return true;
}

// Numbers run on from 0, or from 1 as in Python 2: the memory for them stays in proportion to the
// operations that fill it.
bool Pickle::store(std::uint64_t number) {
  if (above_mark() == 0) return refuse(RejectCause::kSyntax, "nothing to remember");
  if (number > memo_.size() + 1) {
    return refuse(RejectCause::kUnsupported, "remembered values that are not numbered in order");
  }
  if (memo_.size() > max_values_) {
    return refuse(RejectCause::kOversized, "more remembered values than the limit");
  }
  if (number >= memo_.size()) memo_.resize(number + 1);
  memo_[number] = stack_.back();
  return true;
}

bool Pickle::load(std::uint64_t number) {
  if (number >= memo_.size() || memo_[number].kind == Kind::kUnset) {
    return refuse(RejectCause::kSyntax, "a value is recalled that was never remembered");
  }
  return push(memo_[number]);
}

bool Pickle::store_line() {
  const auto line = take_line();
  if (!line) return false;
  const Metric number = parse_number(*line);
  const auto* index = std::get_if<std::int64_t>(&number);
  if (index == nullptr || *index < 0)
    return refuse(RejectCause::kSyntax, "the number of a value is none");
  return store(static_cast<std::uint64_t>(*index));
}

bool Pickle::load_line() {
  const auto line = take_line();
  if (!line) return false;
  const Metric number = parse_number(*line);
  const auto* index = std::get_if<std::int64_t>(&number);
  if (index == nullptr || *index < 0)
    return refuse(RejectCause::kSyntax, "the number of a value is none");
  return load(static_cast<std::uint64_t>(*index));
}

bool Pickle::stop() {
  if (!marks_.empty() || stack_.size() != 1) {
    return refuse(RejectCause::kSyntax, "the pickle stops with more or less than one value");
  }
  root_ = stack_.back();
  stopped_ = true;
  return true;
}

bool Pickle::begin_protocol() {
  const auto version = take_integer<std::uint8_t>();
  if (!version) return false;
  return *version <= 5 || refuse(RejectCause::kUnsupported, "a pickle protocol above 5");
}

// Tells readers how much to fetch; everything is here already.
bool Pickle::begin_frame() {
  const auto length = take_integer<std::uint64_t>();
  if (!length) return false;
  return *length <= bytes_.size() - at_ ||
         refuse(RejectCause::kTruncated, "the pickle ends within a frame");
}

std::uint32_t Pickle::first(const Value& container) const noexcept {
  return containers_[container.container].first;
}

std::size_t Pickle::size(const Value& container) const noexcept {
  return containers_[container.container].size;
}

std::size_t Pickle::place(const Value& container) const noexcept {
  return containers_[container.container].place;
}

std::string_view Pickle::text(const Value& value, std::string_view bytes) const noexcept {
  const std::string_view source = value.rewritten ? std::string_view(rewritten_) : bytes;
  return source.substr(value.offset, value.length);
}

void Pickle::shrink() {
  const auto trim = [](auto& values) {
    if (values.capacity() > kKeptValues) {
      values.clear();
      values.shrink_to_fit();
    }
  };
  trim(stack_);
  trim(marks_);
  trim(memo_);
  trim(containers_);
  trim(items_);
}

}  // namespace tocsin::graphite
