#include "src/app/grok_json.hpp"

#include <charconv>
#include <cstdint>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

namespace tocsin::app {
namespace {

using rules::grok::Array;
using rules::grok::BigInteger;
using rules::grok::Null;
using rules::grok::Object;
using rules::grok::Value;

constexpr std::size_t kMaxDepth = 64;

// Builds a Value from the reader's events.
class Builder : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Builder> {
 public:
  using Size = rapidjson::SizeType;

  // NOLINTBEGIN(readability-identifier-naming): the reader's names
  bool Null() { return add({rules::grok::Null{}}); }
  bool Bool(bool truth) { return add({truth}); }
  bool String(const char* text, Size size, bool) { return add({std::string(text, size)}); }
  bool RawNumber(const char* digits, Size size, bool) { return add(number({digits, size})); }
  bool StartObject() { return open({Object{}}); }
  bool StartArray() { return open({Array{}}); }
  bool EndObject(Size) { return close(); }
  bool EndArray(Size) { return close(); }
  bool Key(const char* key, Size size, bool) {
    open_.back().key.assign(key, size);
    return true;
  }
  // NOLINTEND(readability-identifier-naming)

  Value take() { return std::move(done_); }

 private:
  struct Open {
    Value value;
    std::string key;  // of the member that is next
  };

  static Value number(std::string_view digits) {
    const char* const end = digits.data() + digits.size();
    if (digits.find_first_of(".eE") != std::string_view::npos) {
      double real = 0;
      std::from_chars(digits.data(), end, real);
      return {real};
    }
    std::int64_t integer = 0;
    if (std::from_chars(digits.data(), end, integer).ec == std::errc()) return {integer};
    return {BigInteger{std::string(digits)}};
  }

  bool open(Value value) {
    if (open_.size() == kMaxDepth) return false;
    open_.push_back({std::move(value), {}});
    return true;
  }

  bool close() {
    Value value = std::move(open_.back().value);
    open_.pop_back();
    return add(std::move(value));
  }

  bool add(Value value) {
    if (open_.empty()) {
      done_ = std::move(value);
    } else if (Array* const array = open_.back().value.array()) {
      array->push_back(std::move(value));
    } else if (Object* const object = open_.back().value.object()) {
      Value* const old = rules::grok::find(*object, open_.back().key);
      if (old != nullptr) {
        *old = std::move(value);  // the last of equal keys counts
      } else {
        object->push_back({open_.back().key, std::move(value)});
      }
    }
    return true;
  }

  std::vector<Open> open_;
  Value done_;
};

}  // namespace

Result<Value> parse_grok_json(std::string_view text) {
  rapidjson::MemoryStream stream(text.data(), text.size());
  rapidjson::Reader reader;
  Builder builder;
  constexpr unsigned kFlags = rapidjson::kParseNumbersAsStringsFlag |
                              rapidjson::kParseValidateEncodingFlag |
                              rapidjson::kParseIterativeFlag;
  const rapidjson::ParseResult parsed = reader.Parse<kFlags>(stream, builder);
  if (!parsed) {
    return Error{Errc::kSyntax, "byte " + std::to_string(parsed.Offset()),
                 std::string("found no JSON: ") + rapidjson::GetParseError_En(parsed.Code())};
  }
  return builder.take();
}

}  // namespace tocsin::app
