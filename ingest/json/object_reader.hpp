// ObjectReader: one JSON object as a flat list of members.
//   {"a": 1, "b": {"c": "x", "d": [1, {}]}, "e": null}
//     a = 1 (number), b.c = x (text), d = [1, {}] (JSON text as sent)
// Objects in objects become names with dots; arrays, and objects that are nested too deep, stay
// JSON text; null is not a value. Two members may have different meanings for the caller:
//   Names::unwrapped   an object whose members need no dot, as if they stood outside of it
//   Names::list        an array that is a list of texts when it holds nothing else
// Input:   any bytes. Bytes that are no UTF-8, and \u escapes of half a character (which JavaScript
//          writes when it cuts a text), become U+FFFD.
// Threads: one per decoder.
// Cost:    one copy and one pass; does not recurse, however deep the input is; allocates nothing
//          once its buffers have grown to the largest object.
// Source:  RFC 8259. Departure: a number that no double holds (1e999) is refused.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "ingest/json/options.hpp"

namespace tocsin::json_lines {

struct Field {
  enum class Kind : std::uint8_t { kText, kNumber, kBool, kJson };

  std::string_view key;
  std::string_view value;  // a text without its escapes; of the others what was sent
  Kind kind = Kind::kText;
  bool unwrapped = false;  // stood in the object Names::unwrapped

  [[nodiscard]] bool is_word() const noexcept {
    return kind == Kind::kText || kind == Kind::kNumber;
  }
};

class ObjectReader {
 public:
  struct Names {
    std::string_view unwrapped;  // both: of the object's own members; empty: none
    std::string_view list;
  };

  ObjectReader(const Limits& limits, const Names& names);
  ~ObjectReader();
  ObjectReader(const ObjectReader&) = delete;
  ObjectReader& operator=(const ObjectReader&) = delete;

  enum class Status : std::uint8_t {
    kObject,
    kNoObject,        // not JSON, another value than an object, or something behind it
    kTooManyMembers,  // Limits::max_members
    kLongKey,         // Limits::max_key_bytes
  };

  // What fields() and list() view lives until the next call, and as long as `object`.
  [[nodiscard]] Status read(std::string_view object);

  // Of the last read() that answered kNoObject: what was found, and what was expected; a constant.
  [[nodiscard]] std::string_view fault() const noexcept;

  // Of the last read() that answered kObject. In the order of the object; names may repeat.
  [[nodiscard]] std::span<const Field> fields() const noexcept;
  // The texts of Names::list.
  [[nodiscard]] std::span<const std::string_view> list() const noexcept;

 private:
  class Handler;

  std::unique_ptr<Handler> handler_;
};

}  // namespace tocsin::json_lines
