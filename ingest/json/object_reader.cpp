#include "ingest/json/object_reader.hpp"

#include <rapidjson/error/error.h>
#include <rapidjson/reader.h>
#include <rapidjson/stream.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <vector>

#include "ingest/json/utf8_text.hpp"
#include "ingest/syslog/scratch.hpp"

namespace tocsin::json_lines {
namespace {

using rapidjson::SizeType;

// Numbers stay text, so that 64 bits survive. In place: texts need no copies of their own.
constexpr unsigned kParseFlags = rapidjson::kParseInsituFlag | rapidjson::kParseIterativeFlag |
                                 rapidjson::kParseNumbersAsStringsFlag;

// The number that four hexadecimal digits write; 0: they do not.
unsigned read_hex4(const char* at) noexcept {
  unsigned value = 0;
  for (int i = 0; i < 4; ++i) {
    const char c = at[i];
    const char lower = static_cast<char>(c | 0x20);
    if (c >= '0' && c <= '9') {
      value = value * 16 + static_cast<unsigned>(c - '0');
    } else if (lower >= 'a' && lower <= 'f') {
      value = value * 16 + static_cast<unsigned>(lower - 'a') + 10;
    } else {
      return 0;
    }
  }
  return value;
}

// Replaces each \uD800 to \uDFFF that is not half of a pair by \uFFFD, in place.
void mend_surrogates(char* at, const char* end) noexcept {
  constexpr std::ptrdiff_t kEscape = 6;  // \uXXXX
  const auto surrogate = [end](const char* escape) noexcept -> unsigned {
    if (end - escape < kEscape || escape[0] != '\\' || escape[1] != 'u') return 0;
    const unsigned unit = read_hex4(escape + 2);
    return unit >= 0xD800 && unit <= 0xDFFF ? unit : 0;
  };
  while (at != end) {
    at = static_cast<char*>(std::memchr(at, '\\', static_cast<std::size_t>(end - at)));
    if (at == nullptr) return;
    const unsigned first = surrogate(at);
    if (first == 0) {
      at += std::min<std::ptrdiff_t>(2, end - at);  // an escaped backslash begins no escape
      continue;
    }
    const bool is_pair = first < 0xDC00 && surrogate(at + kEscape) >= 0xDC00;
    if (!is_pair) std::memcpy(at + 2, "FFFD", 4);
    at += is_pair ? 2 * kEscape : kEscape;
  }
}

// What the parser misses, where it finds another character and where it finds the end.
struct Fault {
  rapidjson::ParseErrorCode code;
  std::string_view at_character;
  std::string_view at_end;
};
constexpr Fault kFaults[] = {
    {rapidjson::kParseErrorDocumentRootNotSingular,
     "found something behind the JSON object, expected its end",
     "found something behind the JSON object, expected its end"},
    {rapidjson::kParseErrorValueInvalid, "found another character, expected a JSON value",
     "found the end of the JSON object too early, expected a value"},
    {rapidjson::kParseErrorObjectMissName, "found another character, expected a name in quotes",
     "found the end of the JSON object too early, expected a name in quotes or '}'"},
    {rapidjson::kParseErrorObjectMissColon, "found another character, expected ':' behind a name",
     "found the end of the JSON object too early, expected ':' behind a name"},
    {rapidjson::kParseErrorObjectMissCommaOrCurlyBracket,
     "found another character, expected ',' or '}' behind a value",
     "found the end of the JSON object too early, expected ',' or '}'"},
    {rapidjson::kParseErrorArrayMissCommaOrSquareBracket,
     "found another character, expected ',' or ']' behind a value",
     "found the end of the JSON object too early, expected ',' or ']'"},
    {rapidjson::kParseErrorStringUnicodeEscapeInvalidHex,
     "found another character, expected four hexadecimal digits behind \\u",
     "found the end of the JSON object too early, expected four hexadecimal digits behind \\u"},
    {rapidjson::kParseErrorStringEscapeInvalid,
     "found a control character or an unknown escape, expected one of \"\\/bfnrtu behind a "
     "backslash",
     "found the end of the JSON object too early, expected one of \"\\/bfnrtu"},
    {rapidjson::kParseErrorStringMissQuotationMark, "found a NUL, expected a closing quote",
     "found the end of the JSON object too early, expected a closing quote"},
    {rapidjson::kParseErrorNumberTooBig, "found a number above 1.8e308, expected one that is not",
     "found a number above 1.8e308, expected one that is not"},
    {rapidjson::kParseErrorNumberMissFraction,
     "found another character, expected a digit behind the decimal point",
     "found the end of the JSON object too early, expected a digit behind the decimal point"},
    {rapidjson::kParseErrorNumberMissExponent,
     "found another character, expected a digit of the exponent",
     "found the end of the JSON object too early, expected a digit of the exponent"},
};
constexpr std::string_view kNoObject = "found another value, expected a JSON object";

std::string_view text_of(rapidjson::ParseErrorCode code, bool at_end) noexcept {
  for (const Fault& fault : kFaults) {
    if (fault.code == code) return at_end ? fault.at_end : fault.at_character;
  }
  return kNoObject;
}

}  // namespace

// The handler of the parser's events.
// Invariant: while raw_depth_ is not 0, what comes belongs to an array or object that stays text.
class ObjectReader::Handler {
 public:
  Handler(const Limits& limits, const Names& names) : limits_(limits), names_(names) {}

  Status read(std::string_view object);

  [[nodiscard]] std::string_view fault() const noexcept { return fault_; }
  [[nodiscard]] std::span<const Field> fields() const noexcept { return fields_; }
  [[nodiscard]] std::span<const std::string_view> list() const noexcept { return list_; }

  // What rapidjson calls. False ends the parsing.
  bool Null() { return raw_depth_ == 0 || other_element(); }
  bool Bool(bool value) {
    if (raw_depth_ > 0) return other_element();
    return add(Field::Kind::kBool, value ? "true" : "false");
  }
  bool RawNumber(const char* text, SizeType size, bool) {
    if (raw_depth_ > 0) return other_element();
    return add(Field::Kind::kNumber, {text, size});
  }
  bool String(const char* text, SizeType size, bool) {
    if (raw_depth_ > 0) return text_element({text, size});
    return add(Field::Kind::kText, {text, size});
  }
  bool Key(const char* text, SizeType size, bool) {
    if (raw_depth_ == 0) key_ = {text, size};
    return true;
  }
  bool StartObject() {
    if (raw_depth_ > 0) return nest();
    if (scopes_.size() >= limits_.max_depth && !scopes_.empty()) return begin_raw();
    return enter();
  }
  bool EndObject(SizeType) {
    if (raw_depth_ > 0) return end_raw();
    path_.resize(scopes_.back().outer_path_size);
    unwrapped_ = scopes_.back().outer_unwrapped;
    scopes_.pop_back();
    return true;
  }
  bool StartArray() {
    if (raw_depth_ > 0) return nest();
    is_list_ = scopes_.size() == 1 && !names_.list.empty() && key_ == names_.list;
    if (is_list_) list_.clear();  // of equal names the last counts
    return begin_raw();
  }
  bool EndArray(SizeType) { return end_raw(); }

  // Never called with numbers as strings, but the parser names them.
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(std::int64_t) { return false; }
  bool Uint64(std::uint64_t) { return false; }
  bool Double(double) { return false; }

 private:
  struct Scope {
    std::size_t outer_path_size = 0;
    bool outer_unwrapped = false;
  };

  bool fail(Status status) {
    status_ = status;
    return false;
  }

  bool enter() {
    scopes_.push_back({path_.size(), unwrapped_});
    if (scopes_.size() == 1) return true;
    if (scopes_.size() == 2 && !names_.unwrapped.empty() && key_ == names_.unwrapped) {
      unwrapped_ = true;
      return true;
    }
    if (path_.size() + key_.size() >= limits_.max_key_bytes) return fail(Status::kLongKey);
    path_.insert(path_.end(), key_.begin(), key_.end());
    path_.push_back('.');
    return true;
  }

  bool begin_raw() {
    raw_begin_ = stream_->Tell();
    raw_depth_ = 1;
    return true;
  }
  bool nest() {
    ++raw_depth_;
    return other_element();
  }
  bool end_raw() {
    if (--raw_depth_ > 0) return true;
    if (is_list_) {
      is_list_ = false;
      return true;
    }
    // In the source, because the parser has changed its copy.
    return add(Field::Kind::kJson, source_.substr(raw_begin_, stream_->Tell() + 1 - raw_begin_));
  }
  // An element that is no text.
  bool other_element() {
    if (is_list_) list_.clear();
    is_list_ = false;
    return true;
  }
  bool text_element(std::string_view text) {
    if (!is_list_) return true;
    if (list_.size() == limits_.max_members) return fail(Status::kTooManyMembers);
    list_.push_back(text);
    return true;
  }

  bool add(Field::Kind kind, std::string_view value) {
    if (fields_.size() == limits_.max_members) return fail(Status::kTooManyMembers);
    if (path_.size() + key_.size() > limits_.max_key_bytes) return fail(Status::kLongKey);
    std::string_view key = key_;
    if (!path_.empty()) {
      keys_.add({path_.data(), path_.size()});
      keys_.add(key_);
      key = keys_.take();
    }
    fields_.push_back({key, value, kind, unwrapped_});
    return true;
  }

  void start(std::string_view object);

  // Fixed after construction.
  const Limits limits_;
  const Names names_;

  rapidjson::Reader reader_;
  Utf8Text utf8_;

  // Of the object at hand; they keep their memory.
  std::string_view source_;
  std::vector<char> copy_;  // of source_, with a NUL behind; texts lose their escapes in it
  syslog::Scratch keys_;    // names with dots
  std::vector<Field> fields_;
  std::vector<std::string_view> list_;
  rapidjson::InsituStringStream* stream_ = nullptr;  // only while it is parsed
  Status status_ = Status::kObject;
  std::string_view fault_;

  std::vector<Scope> scopes_;  // objects around the place of the parser
  std::vector<char> path_;     // their names, a dot behind each
  std::string_view key_;
  bool unwrapped_ = false;
  bool is_list_ = false;  // inside Names::list, and so far it holds texts only
  std::size_t raw_depth_ = 0;
  std::size_t raw_begin_ = 0;
};

void ObjectReader::Handler::start(std::string_view object) {
  source_ = utf8_.of(object);
  if (copy_.size() <= source_.size()) copy_.resize(source_.size() + 1);
  std::copy(source_.begin(), source_.end(), copy_.begin());
  copy_[source_.size()] = '\0';
  mend_surrogates(copy_.data(), copy_.data() + source_.size());

  // A member takes five bytes at least: "":1,
  const std::size_t members = std::min(source_.size() / 5 + 1, limits_.max_members);
  keys_.start(members * limits_.max_key_bytes);
  fields_.clear();
  list_.clear();
  scopes_.clear();
  path_.clear();
  unwrapped_ = false;
  is_list_ = false;
  raw_depth_ = 0;
  status_ = Status::kObject;
}

ObjectReader::Status ObjectReader::Handler::read(std::string_view object) {
  const std::size_t first = object.find_first_not_of(" \t\r\n");
  fault_ = kNoObject;
  if (first == std::string_view::npos || object[first] != '{') return Status::kNoObject;
  start(object);
  rapidjson::InsituStringStream stream(copy_.data());
  stream_ = &stream;
  const rapidjson::ParseResult result = reader_.Parse<kParseFlags>(stream, *this);
  stream_ = nullptr;
  if (status_ != Status::kObject) return status_;
  // The parser takes a NUL for the end of the text.
  const bool at_end = stream.Tell() == source_.size();
  if (!result.IsError() && at_end) return Status::kObject;
  fault_ = result.IsError() ? text_of(result.Code(), at_end)
                            : text_of(rapidjson::kParseErrorDocumentRootNotSingular, false);
  return Status::kNoObject;
}

ObjectReader::ObjectReader(const Limits& limits, const Names& names)
    : handler_(std::make_unique<Handler>(limits, names)) {}
ObjectReader::~ObjectReader() = default;

ObjectReader::Status ObjectReader::read(std::string_view object) {
  return handler_->read(object);
}

std::string_view ObjectReader::fault() const noexcept {
  return handler_->fault();
}

std::span<const Field> ObjectReader::fields() const noexcept {
  return handler_->fields();
}

std::span<const std::string_view> ObjectReader::list() const noexcept {
  return handler_->list();
}

}  // namespace tocsin::json_lines
