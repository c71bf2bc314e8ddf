#include "src/rules/parse/json_operation.hpp"

#include <rapidjson/reader.h>
#include <rapidjson/stream.h>

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

namespace tocsin::rules::parse {
namespace {

using rapidjson::SizeType;

// Numbers stay text, so that 64 bits survive. In place: texts need no copies of their own.
// Iterative: depth is not that of our stack.
constexpr unsigned kParseFlags = rapidjson::kParseInsituFlag | rapidjson::kParseIterativeFlag |
                                 rapidjson::kParseNumbersAsStringsFlag |
                                 rapidjson::kParseValidateEncodingFlag;

constexpr std::size_t kMostDepth = 32;

Value number_of(std::string_view text) {
  const char* const end = text.data() + text.size();
  std::int64_t integer = 0;
  if (const auto read = std::from_chars(text.data(), end, integer);
      read.ec == std::errc() && read.ptr == end) {
    return Value::integer(integer);
  }
  double real = 0;
  const bool has_fraction = text.find_first_of(".eE") != std::string_view::npos;
  if (const auto read = std::from_chars(text.data(), end, real);
      has_fraction && read.ec == std::errc() && read.ptr == end) {
    return Value::real(real);
  }
  return Value::text(text);
}

// Takes what the parser finds into a record.
// Invariant: while raw_depth_ is not 0, what comes belongs to a list or object that stays text;
// while in_list_, to a list whose elements are gathered.
class Handler {
 public:
  struct Scope {
    std::size_t outer_path_size;
  };
  struct Member {
    std::string_view name;
    Value value;
  };
  struct Buffers {
    std::vector<Member> members;  // found so far: nothing is stored unless all of it is JSON
    std::vector<Scope> scopes;
    std::vector<char> path;  // names of the objects around the parser's place, a dot behind each
    std::vector<Value> elements;
  };

  Handler(std::string_view source, rapidjson::InsituStringStream& stream,
          const std::optional<FieldName>& target, TextArena& arena, Buffers& buffers)
      : source_(source), stream_(stream), target_(target), arena_(arena), buffers_(buffers) {
    buffers_.members.clear();
    buffers_.scopes.clear();
    buffers_.path.clear();
  }

  // What rapidjson calls. False ends the parsing.
  bool Null() { return scalar({}); }
  bool Bool(bool value) { return scalar(Value::boolean(value)); }
  bool RawNumber(const char* text, SizeType size, bool) { return scalar(number_of({text, size})); }
  bool String(const char* text, SizeType size, bool) { return scalar(Value::text({text, size})); }
  bool Key(const char* text, SizeType size, bool) {
    if (raw_depth_ == 0 && !in_list_) key_ = {text, size};
    return true;
  }
  bool StartObject() {
    if (raw_depth_ > 0) return nest();
    if (in_list_) return become_raw();
    if (buffers_.scopes.size() == kMostDepth) return begin_raw();
    std::vector<char>& path = buffers_.path;
    buffers_.scopes.push_back({path.size()});
    const bool is_root = buffers_.scopes.size() == 1;
    const std::string_view name = is_root ? root() : key_;
    if (is_root && !target_) return true;
    path.insert(path.end(), name.begin(), name.end());
    path.push_back('.');
    return true;
  }
  bool EndObject(SizeType) {
    if (raw_depth_ > 0) return end_raw();
    buffers_.path.resize(buffers_.scopes.back().outer_path_size);
    buffers_.scopes.pop_back();
    return true;
  }
  bool StartArray() {
    if (raw_depth_ > 0) return nest();
    if (in_list_) return become_raw();
    if (buffers_.scopes.empty() && !target_) return false;
    in_list_ = true;
    begin_ = stream_.Tell();
    buffers_.elements.clear();
    return true;
  }
  bool EndArray(SizeType) {
    if (raw_depth_ > 0) return end_raw();
    in_list_ = false;
    const std::vector<Value>& elements = buffers_.elements;
    const auto list = arena_.array<Value>(elements.size());
    std::ranges::copy(elements, list.begin());
    return store(Value::list(list));
  }

  // Never called with numbers as strings, but the parser names them.
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(std::int64_t) { return false; }
  bool Uint64(std::uint64_t) { return false; }
  bool Double(double) { return false; }

 private:
  [[nodiscard]] std::string_view root() const {
    return target_ ? std::string_view(target_->text()) : std::string_view();
  }

  bool scalar(const Value& value) {
    if (raw_depth_ > 0) return true;
    if (!in_list_) return store(value);
    if (value.is_none()) return become_raw(0);
    buffers_.elements.push_back(value);
    return true;
  }
  bool begin_raw() {
    begin_ = stream_.Tell();
    raw_depth_ = 1;
    return true;
  }
  // The list that is being gathered stays text after all. `inner`: levels that begin here.
  bool become_raw(std::size_t inner = 1) {
    in_list_ = false;
    raw_depth_ = 1 + inner;
    return true;
  }
  bool nest() {
    ++raw_depth_;
    return true;
  }
  bool end_raw() {
    if (--raw_depth_ > 0) return true;
    // From the source: the parser has changed its copy.
    return store(Value::text(source_.substr(begin_, stream_.Tell() + 1 - begin_)));
  }

  bool store(const Value& value) {
    const std::vector<char>& path = buffers_.path;
    std::string_view name = key_;
    if (buffers_.scopes.empty()) {
      if (!target_) return false;
      name = target_->text();
    } else if (!path.empty()) {
      name = arena_.join({{path.data(), path.size()}, key_});
    }
    if (buffers_.members.size() == Record::kMaxFields) return false;
    buffers_.members.push_back({name, value});
    return true;
  }

  const std::string_view source_;
  rapidjson::InsituStringStream& stream_;
  const std::optional<FieldName>& target_;
  TextArena& arena_;
  Buffers& buffers_;
  std::string_view key_;
  std::size_t begin_ = 0;  // of the list or object at hand, in the source
  std::size_t raw_depth_ = 0;
  bool in_list_ = false;
};

struct JsonMemory final : Operation::Memory {
  rapidjson::Reader reader;
  Handler::Buffers buffers;
};

class Json final : public Operation {
 public:
  explicit Json(JsonOptions options) : options_(std::move(options)) {}

  std::unique_ptr<Memory> make_memory() const override { return std::make_unique<JsonMemory>(); }

  Outcome apply(Record& record, Memory* memory) const override {
    auto& own = static_cast<JsonMemory&>(*memory);
    const Value value = record.find(options_.field);
    if (value.is_none()) return Outcome::kSkipped;
    const std::string_view source = as_text(value, record.arena());
    // The parser writes into its copy, which fields then view.
    char* const copy = record.arena().allocate(source.size() + 1);
    source.copy(copy, source.size());
    copy[source.size()] = '\0';
    rapidjson::InsituStringStream stream(copy);
    Handler handler(source, stream, options_.target, record.arena(), own.buffers);
    const bool parsed = !own.reader.Parse<kParseFlags>(stream, handler).IsError();
    // The parser takes a NUL for the end of the text.
    if (!parsed || stream.Tell() != source.size()) {
      return options_.skip_on_invalid ? Outcome::kSkipped : Outcome::kFailed;
    }
    bool taken = true;
    for (const Handler::Member& member : own.buffers.members) {
      taken = record.set(FieldKey(member.name), member.value) && taken;
    }
    return taken ? Outcome::kDone : Outcome::kFailed;
  }

  std::string explain(const Record&, const Memory*) const override {
    return "found no JSON in " + options_.field.text() +
           (options_.target ? ", expected a value" : ", expected an object {...}") +
           " whose members their fields can hold";
  }

 private:
  JsonOptions options_;
};

}  // namespace

OperationPtr make_json(JsonOptions options) {
  return std::make_unique<Json>(std::move(options));
}

}  // namespace tocsin::rules::parse
