// Reads the part of Python's pickle format that data points are made of: lists, tuples, texts,
// numbers and None. A stack machine of our own that knows no objects: an operation that would look
// up a name, call something or build anything else refuses the whole pickle.
//
// A pickle is a program. "(lp0" pushes a mark, makes a list of what lies above it (nothing) and
// stores the list as number 0; "I42" pushes an integer; "a" appends the top of the stack to the
// list below it; "." ends. What is on the stack then is the result, here read as a tree:
//   items(root) gives (name, (time, value)) pairs, each again a value with items.
// A value may stand in several places (clients share tuples), so the tree is never copied or
// unfolded. Nothing that already stands in a list or tuple may grow: there are no circles.
// Input:   one pickle, protocol 0 to 5. Texts are kept as offsets, so that the caller may move the
//          bytes between read() and text().
// Errors:  a Refusal with the offset of the operation.
// Limits:  every length is compared with what is left before anything is read; values, nesting and
//          numbers of stored values are bounded, and with them memory: about 80 bytes a value.
// Cost:    one pass; no allocation once the vectors have grown.
// Source:  pickletools of Python 3.11 for the operations; PEP 307, 3154, 574.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/graphite/refusal.hpp"

namespace tocsin::graphite {

class Pickle {
 public:
  enum class Kind : std::uint8_t { kUnset, kNone, kBool, kInteger, kReal, kText, kList, kTuple };

  struct Value {
    Kind kind = Kind::kUnset;
    bool rewritten = false;    // kText: stands in the buffer of texts with escapes
    std::uint32_t length = 0;  // kText: bytes
    union {
      std::int64_t integer = 0;  // kBool, kInteger
      double real;               // kReal; integers beyond 64 bits too
      std::uint64_t offset;      // kText
      std::uint64_t container;   // kList, kTuple
    };

    [[nodiscard]] bool has_items() const noexcept {
      return kind == Kind::kList || kind == Kind::kTuple;
    }
  };

  static constexpr std::size_t kMaxDepth = 16;
  static constexpr std::size_t kMaxBytes = 1U << 30U;

  // A pickle with more values than this is refused as kOversized.
  explicit Pickle(std::size_t max_values) : max_values_(max_values) {}

  // Runs the program. Afterwards, or until the next read, the others may be asked.
  [[nodiscard]] std::optional<Refusal> read(std::string_view bytes);

  [[nodiscard]] const Value& root() const noexcept { return root_; }
  // Where the program ended; what lies behind it was not read.
  [[nodiscard]] std::size_t end() const noexcept { return at_; }

  // Walks through the items of a list or tuple: for (i = first(v); i != kEnd; i = next(i)) item(i).
  static constexpr std::uint32_t kEnd = static_cast<std::uint32_t>(-1);
  [[nodiscard]] std::uint32_t first(const Value& container) const noexcept;
  [[nodiscard]] std::uint32_t next(std::uint32_t item) const noexcept { return items_[item].next; }
  [[nodiscard]] const Value& item(std::uint32_t item) const noexcept { return items_[item].value; }
  [[nodiscard]] std::size_t size(const Value& container) const noexcept;
  // Where in the pickle a list or tuple was begun or made.
  [[nodiscard]] std::size_t place(const Value& container) const noexcept;

  // The text, which views `bytes` (what was given to read, wherever it lies now) or this object.
  [[nodiscard]] std::string_view text(const Value& value, std::string_view bytes) const noexcept;

  // Gives the memory of an unusually large pickle back.
  void shrink();

 private:
  struct Item {
    Value value;
    std::uint32_t next = kEnd;
  };
  struct Container {
    std::uint32_t first = kEnd;
    std::uint32_t last = kEnd;
    std::uint32_t size = 0;
    std::uint32_t place = 0;
    std::uint32_t depth = 1;
    bool stands_in_another = false;  // and may not grow any more
  };

  std::optional<Refusal> run(std::string_view bytes);
  bool step(unsigned char operation);

  // Each returns false after it has set refusal_.
  bool refuse(RejectCause cause, std::string_view text);
  bool push(Value value);
  bool push_container(Kind kind);
  bool push_text(std::size_t length);
  bool push_rewritten(std::string_view raw, bool (Pickle::*rewrite)(std::string_view));
  bool push_quoted_line();
  bool push_unicode_line();
  bool push_integer_line(bool is_long);
  bool push_real_line();
  bool push_long(std::size_t length);
  bool collect(Kind kind, std::size_t count);
  bool collect_to_mark(Kind kind);
  bool append(std::size_t count);
  bool append_to_mark();
  bool add(std::uint64_t container, const Value& value);
  bool store(std::uint64_t number);
  bool load(std::uint64_t number);
  bool store_line();
  bool load_line();
  bool stop();
  bool begin_frame();
  bool begin_protocol();

  bool rewrite_escapes(std::string_view raw);
  bool rewrite_unicode(std::string_view raw);

  // Operands. Empty, with refusal_ set, when the pickle ends before.
  std::optional<std::string_view> take(std::size_t length);
  std::optional<std::string_view> take_line();
  template <class T>
  std::optional<T> take_integer();

  // How many values lie above the last mark.
  [[nodiscard]] std::size_t above_mark() const noexcept {
    return stack_.size() - (marks_.empty() ? 0 : marks_.back());
  }

  const std::size_t max_values_;

  std::string_view bytes_;  // valid during read()
  std::size_t at_ = 0;
  std::size_t operation_at_ = 0;
  std::size_t pushed_ = 0;
  bool stopped_ = false;
  Value root_;
  Refusal refusal_;
  std::vector<Value> stack_;
  std::vector<std::size_t> marks_;  // heights of the stack
  std::vector<Value> memo_;         // numbered values
  std::vector<Container> containers_;
  std::vector<Item> items_;
  std::string rewritten_;
};

}  // namespace tocsin::graphite
