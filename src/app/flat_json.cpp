#include "src/app/flat_json.hpp"

#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "src/settings/complaints.hpp"
#include "src/settings/nearest.hpp"

namespace tocsin::app {
namespace {

using rapidjson::SizeType;

// Numbers stay text, so that they are converted in one place and by no one's rounding but ours.
constexpr unsigned kParseFlags = rapidjson::kParseIterativeFlag |
                                 rapidjson::kParseNumbersAsStringsFlag |
                                 rapidjson::kParseValidateEncodingFlag;

constexpr std::string_view kNested = "found a list or another object, expected a text or a number";
constexpr std::string_view kOther = "found another value, expected a text or a number";

}  // namespace

// What rapidjson calls. False ends the parsing; `fault` then says why.
class FlatJson::Handler {
 public:
  Handler(FlatJson& to, std::string_view source, const rapidjson::MemoryStream& stream)
      : to_(to), source_(source), stream_(stream) {}

  bool Null() { return fail(kOther); }
  bool Bool(bool) { return fail(kOther); }
  bool RawNumber(const char* text, SizeType size, bool) { return add({text, size}, true); }
  bool String(const char* text, SizeType size, bool) { return add({text, size}, false); }
  bool Key(const char* text, SizeType size, bool) {
    key_.assign(text, size);
    value_at_ = std::min(source_.find_first_not_of(" \t\r\n:", stream_.Tell()), source_.size());
    if (to_.find(key_) != nullptr) return fail("found it twice, expected each key once");
    return true;
  }
  bool StartObject() {
    if (std::exchange(inside_, true)) return fail(kNested);
    return true;
  }
  bool EndObject(SizeType) {
    to_.end_ = stream_.Tell();
    return true;
  }
  bool StartArray() { return fail(kNested); }
  bool EndArray(SizeType) { return false; }

  // Never called with numbers as strings, but the parser names them.
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(std::int64_t) { return false; }
  bool Uint64(std::uint64_t) { return false; }
  bool Double(double) { return false; }

  [[nodiscard]] const std::string& fault() const noexcept { return fault_; }
  [[nodiscard]] std::size_t fault_at() const noexcept { return inside_ ? value_at_ : 0; }

 private:
  bool fail(std::string_view text) {
    fault_ = key_.empty() ? std::string(text) : key_ + ": " + std::string(text);
    return false;
  }
  bool add(std::string_view value, bool is_number) {
    if (!inside_) return fail("found a text or a number, expected a JSON object");
    if (to_.members_.size() == kMaxMembers) {
      return fail("found another member, expected at most " + std::to_string(kMaxMembers));
    }
    to_.members_.push_back({key_, std::string(value), is_number, value_at_});
    return true;
  }

  FlatJson& to_;
  const std::string_view source_;
  const rapidjson::MemoryStream& stream_;
  std::string key_;
  std::size_t value_at_ = 0;
  bool inside_ = false;
  std::string fault_;
};

Result<FlatJson> FlatJson::parse(std::string_view json, PlaceOf place) {
  FlatJson flat;
  flat.place_ = std::move(place);
  rapidjson::MemoryStream stream(json.data(), json.size());
  Handler handler(flat, json, stream);
  rapidjson::Reader reader;
  const rapidjson::ParseResult result = reader.Parse<kParseFlags>(stream, handler);
  if (!handler.fault().empty()) {
    return Error{Errc::kSyntax, flat.place_(handler.fault_at()), handler.fault()};
  }
  if (result.IsError()) {
    return Error{Errc::kSyntax, flat.place_(std::min(result.Offset(), json.size())),
                 "not a JSON object: " + std::string(rapidjson::GetParseError_En(result.Code()))};
  }
  // The parser takes a NUL for the end of the text.
  if (stream.Tell() < json.size()) {
    return Error{Errc::kSyntax, flat.place_(stream.Tell()),
                 "found something behind the JSON object, expected its end"};
  }
  return flat;
}

const FlatJson::Member* FlatJson::find(std::string_view key) const {
  const auto at = std::ranges::find(members_, key, &Member::key);
  return at == members_.end() ? nullptr : &*at;
}

const FlatJson::Member* FlatJson::take(std::string_view key) {
  known_.emplace_back(key);
  return find(key);
}

std::string FlatJson::text(std::string_view key, std::string_view expected) {
  std::string value = text_or_empty(key);
  if (value.empty())
    complain(key, Errc::kSyntax, "found nothing, expected " + std::string(expected));
  return value;
}

std::string FlatJson::text_or_empty(std::string_view key) {
  const Member* const member = take(key);
  if (member == nullptr) return {};
  if (!member->is_number) return member->value;
  complain(key, Errc::kSyntax, "found the number " + member->value + ", expected a text in quotes");
  return {};
}

std::optional<double> FlatJson::number(std::string_view key) {
  const Member* const member = take(key);
  if (member == nullptr) return std::nullopt;
  double value = 0;
  const char* const last = member->value.data() + member->value.size();
  const auto [end, error] = std::from_chars(member->value.data(), last, value);
  if (member->is_number && error == std::errc() && end == last) return value;
  complain(key, Errc::kSyntax,
           "found " + settings::in_quotes(member->value) + ", expected a number");
  return std::nullopt;
}

void FlatJson::complain(std::string_view key, Errc code, std::string_view text) {
  const Member* const member = find(key);
  complain_at(member == nullptr ? end_ : member->offset, code,
              std::string(key) + ": " + std::string(text));
}

void FlatJson::complain_at(std::size_t offset, Errc code, std::string text) {
  if (!fault_) fault_ = Error{code, place_(offset), std::move(text)};
}

void FlatJson::finish() {
  for (const Member& member : members_) {
    if (std::ranges::find(known_, member.key) != known_.end()) continue;
    const std::string_view meant = settings::nearest(member.key, known_);
    complain_at(member.offset, Errc::kUnknownName,
                "found the key " + settings::in_quotes(member.key) +
                    (meant.empty() ? std::string(", which means nothing here")
                                   : ", did you mean " + settings::in_quotes(meant) + "?"));
  }
}

}  // namespace tocsin::app
