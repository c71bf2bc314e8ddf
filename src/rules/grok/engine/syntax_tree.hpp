// A regular expression as a tree, read from the text that dialect.hpp writes for PCRE2.
//
//     "(a|[0-9]+)x"   sequence(capture 1(alternation(set a, repeat 1..(set 0-9))), set x)
//
// That text is regular and small in its means (every punctuation is escaped, groups are numbered,
// no verbs), so reading it is simple. What a tree has no node for is opaque: back references,
// calls, conditions, and in the text for UTF all sets and letters with unknown cases. An opaque
// node matches nobody knows what, the empty text included.
// Memory:  nodes live as long as their tree, wherever it is moved; they do not change.
// Source:  PCRE2 10.42, pcre2pattern, for what is read; dialect.hpp for what is written.
#pragma once

#include <cstdint>
#include <deque>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "src/rules/grok/engine/byte_set.hpp"

namespace tocsin::rules::grok::engine {

enum class Assertion : std::uint8_t {
  kTextStart,  // \A
  kTextEnd,    // \z
  kLastLine,   // \Z: at the end, or before a newline that ends the text
  kLineStart,  // ^ in multi-line mode: not behind a newline that ends the text
  kLineEnd,    // $ in multi-line mode
  kWordBoundary,
  kNoWordBoundary,
};

struct Node {
  enum class Kind : std::uint8_t {
    kSet,          // one byte of `set`
    kSequence,     // `children`, one after the other; none: the empty text
    kAlternation,  // the first of `children` that leads to a match
    kRepeat,       // its child, `least` to `most` times
    kCapture,      // its child, which is what group `group` captures
    kAtomic,       // its child, whose first match is final
    kAhead,        // its child matches here, or with `negated` does not
    kBehind,       // its child matches what ends here, or with `negated` does not
    kAssertion,
    kOpaque,
  };
  enum class Greed : std::uint8_t { kGreedy, kLazy, kPossessive };
  static constexpr std::uint32_t kUnbounded = std::numeric_limits<std::uint32_t>::max();

  Kind kind = Kind::kSequence;
  ByteSet set;
  std::vector<const Node*> children;
  std::uint32_t least = 0;
  std::uint32_t most = kUnbounded;
  Greed greed = Greed::kGreedy;
  std::uint32_t group = 0;  // from 1
  bool negated = false;
  Assertion assertion = Assertion::kTextStart;
};

// Of which of the dialect's two texts.
enum class Encoding : std::uint8_t { kAscii, kUtf };

class SyntaxTree {
 public:
  // Empty: not a text that the dialect writes, or nested beyond kMostNesting.
  [[nodiscard]] static std::optional<SyntaxTree> read(std::string_view written, Encoding encoding);

  SyntaxTree(SyntaxTree&&) = default;
  SyntaxTree& operator=(SyntaxTree&&) = default;
  SyntaxTree(const SyntaxTree&) = delete;  // nodes point at each other
  SyntaxTree& operator=(const SyntaxTree&) = delete;
  ~SyntaxTree() = default;

  [[nodiscard]] const Node& root() const { return *root_; }

  // A further node, for trees that are made from this one.
  const Node& add(Node node) { return nodes_.emplace_back(std::move(node)); }

 private:
  SyntaxTree() = default;

  std::deque<Node> nodes_;
  const Node* root_ = nullptr;
};

inline constexpr int kMostNesting = 1000;

}  // namespace tocsin::rules::grok::engine
