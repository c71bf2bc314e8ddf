#include "src/rules/grok/engine/follow.hpp"

#include <algorithm>

namespace tocsin::rules::grok::engine {
namespace {

using Kind = Node::Kind;

Follow before_assertion(Assertion assertion, Follow after) {
  ByteSet end;
  end.set(kEndOfText);
  ByteSet allowed = ByteSet().set();  // to come next
  after.certain = false;
  switch (assertion) {
    case Assertion::kTextStart:
    case Assertion::kLineStart:
      break;
    case Assertion::kTextEnd:
      allowed = end;
      break;
    case Assertion::kLastLine:
    case Assertion::kLineEnd:
      allowed = end | byte_range('\n', '\n');
      break;
    case Assertion::kWordBoundary:
      after.after_word &= ~word_bytes();
      break;
    case Assertion::kNoWordBoundary:
      after.after_word &= word_bytes();
      break;
  }
  after.first &= allowed;
  after.after_word &= allowed;
  return after;
}

Follow before_lookahead(const Node& node, Follow after) {
  const Node& inner = *node.children.front();
  after.certain = false;
  if (!node.negated) {
    const Follow ahead = before(inner, Follow::anything());
    after.first &= ahead.first;
    after.after_word &= ahead.after_word;
  } else if (inner.kind == Kind::kSet) {
    after.first &= ~inner.set;
    after.after_word &= ~inner.set;
  } else if (inner.kind == Kind::kSequence && inner.children.empty()) {
    after.first.reset();
    after.after_word.reset();
  }
  return after;
}

Follow before_repeat(const Node& node, const Follow& after) {
  if (node.most == 0) return after;
  const Node& inner = *node.children.front();
  // A turn that may be empty has what follows, or a further turn, behind it: so this asks for what
  // a turn itself begins with, and adds what follows. Once at each level: levels may be many.
  const bool empty_turns = node.most > 1 && is_nullable(inner);
  Follow again = empty_turns ? either(before(inner, {{}, {}, false}), after) : before(inner, after);
  if (node.least > 0) {
    again.certain = false;
    return again;
  }
  Follow both = either(again, after);
  both.certain = after.certain;
  return both;
}

}  // namespace

Follow either(const Follow& one, const Follow& other) {
  return {one.first | other.first, one.after_word | other.after_word, one.certain || other.certain};
}

Follow before(const Node& node, const Follow& after) {
  switch (node.kind) {
    case Kind::kSet:
      return {node.set, node.set, false};
    case Kind::kSequence: {
      Follow follow = after;
      for (auto child = node.children.rbegin(); child != node.children.rend(); ++child) {
        follow = before(**child, follow);
      }
      return follow;
    }
    case Kind::kAlternation: {
      Follow follow{{}, {}, false};
      for (const Node* child : node.children) follow = either(follow, before(*child, after));
      return follow;
    }
    case Kind::kRepeat:
      return before_repeat(node, after);
    case Kind::kCapture:
    case Kind::kAtomic:
      return before(*node.children.front(), after);
    case Kind::kAhead:
      return before_lookahead(node, after);
    case Kind::kBehind: {
      Follow follow = after;
      follow.certain = false;
      return follow;
    }
    case Kind::kAssertion:
      return before_assertion(node.assertion, after);
    case Kind::kOpaque:
      break;
  }
  Follow unknown = Follow::anything();
  unknown.certain = false;
  return unknown;
}

bool is_nullable(const Node& node) {
  const auto nullable = [](const Node* child) { return is_nullable(*child); };
  switch (node.kind) {
    case Kind::kSet:
      return false;
    case Kind::kSequence:
      return std::all_of(node.children.begin(), node.children.end(), nullable);
    case Kind::kAlternation:
      return std::any_of(node.children.begin(), node.children.end(), nullable);
    case Kind::kRepeat:
      return node.least == 0 || is_nullable(*node.children.front());
    case Kind::kCapture:
    case Kind::kAtomic:
      return is_nullable(*node.children.front());
    case Kind::kAhead:
    case Kind::kBehind:
    case Kind::kAssertion:
    case Kind::kOpaque:
      break;
  }
  return true;
}

ByteSet consumed_bytes(const Node& node) {
  if (node.kind == Kind::kSet) return node.set;
  if (node.kind == Kind::kOpaque) return ascii_bytes();
  ByteSet all;
  if (node.kind == Kind::kAhead || node.kind == Kind::kBehind) return all;
  for (const Node* child : node.children) all |= consumed_bytes(*child);
  return all;
}

std::optional<std::size_t> fixed_length(const Node& node) {
  switch (node.kind) {
    case Kind::kSet:
      return 1;
    case Kind::kSequence: {
      std::size_t sum = 0;
      for (const Node* child : node.children) {
        const auto length = fixed_length(*child);
        if (!length) return {};
        sum += *length;
      }
      return sum;
    }
    case Kind::kAlternation: {
      const auto first = fixed_length(*node.children.front());
      const bool same =
          std::all_of(node.children.begin(), node.children.end(),
                      [&](const Node* child) { return fixed_length(*child) == first; });
      return same ? first : std::nullopt;
    }
    case Kind::kRepeat: {
      const auto length = fixed_length(*node.children.front());
      if (!length || node.least != node.most) return {};
      return node.least * *length;
    }
    case Kind::kCapture:
    case Kind::kAtomic:
      return fixed_length(*node.children.front());
    case Kind::kAhead:
    case Kind::kBehind:
    case Kind::kAssertion:
      return 0;
    case Kind::kOpaque:
      break;
  }
  return {};
}

bool has_capture(const Node& node) {
  return node.kind == Kind::kCapture ||
         std::any_of(node.children.begin(), node.children.end(),
                     [](const Node* child) { return has_capture(*child); });
}

}  // namespace tocsin::rules::grok::engine
