#include "src/rules/grok/engine/compiler.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "src/rules/grok/engine/byte_frequency.hpp"
#include "src/rules/grok/engine/mandatory_literals.hpp"
#include "src/rules/grok/engine/padded_text.hpp"
#include "src/rules/grok/engine/scanners.hpp"
#include "src/rules/grok/engine/set_pages.hpp"

namespace tocsin::rules::grok::engine {
namespace {

using Kind = Node::Kind;
using Do = Operation::Kind;
using Nodes = std::vector<const Node*>;

constexpr std::uint32_t kMostUnrolled = 8;  // copies of what is repeated a counted number of times
constexpr std::size_t kMostUnrolledNodes = 120;
constexpr std::size_t kMostFactoredNodes = 60;
constexpr std::size_t kMostLiteralBytes = PaddedText::kPaddingBytes;
constexpr double kMostPlaces = 50;      // of a thousand, for prefixes to be looked for
constexpr double kMostExpected = 30e6;  // expected_count() of a pivot
constexpr int kMostFactoredBytes = 5;
constexpr int kMostDepth = 500;

// What comes behind the node that is being compiled.
struct Next {
  std::uint32_t operation;
  Follow follow;
};

// The branches of an alternation, with those of alternations within in their place; of any other
// node, itself.
void flatten_branches(const Node& node, Nodes& branches) {
  if (node.kind != Kind::kAlternation) {
    branches.push_back(&node);
    return;
  }
  for (const Node* child : node.children) flatten_branches(*child, branches);
}

std::size_t node_count(const Node& node) {
  std::size_t count = 1;
  for (const Node* child : node.children) count += node_count(*child);
  return count;
}

// If everything that matches from one place on and leads further must end at the same place, which
// is before the first byte that it cannot hold: what comes next there. Empty: several ends.
std::optional<Follow> one_end(const ByteSet& consumed, bool never_empty, const Follow& after) {
  Follow end = after;
  if (never_empty && is_subset(consumed, word_bytes())) end.first = after.after_word;
  if ((consumed & end.first).any()) return {};
  return end;
}

class Compiler {
 public:
  explicit Compiler(SyntaxTree& tree) : tree_(tree) {}

  std::optional<Compiled> run() {
    fail_ = emit({.kind = Do::kFail});
    const Next end{emit({.kind = Do::kAccept}), Follow::anything()};
    choose_pivots();
    Compiled compiled;
    compiled.start = compile(tree_.root(), end);
    if (refused_) return {};
    tables_.vectors = pages_.vectors();
    tables_.literals.append(kLiteralPaddingBytes, '\0');
    tables_.recaptures = has_repeated_capture(tree_.root());
    compiled.first = before(tree_.root(), end.follow);
    compiled.begin = begin_of(tree_.root());
    compiled.prefixes = find_prefixes(tree_.root());
    if (expected_places(compiled.prefixes) < kMostPlaces) {
      compiled.prefixes = merge_prefixes(std::move(compiled.prefixes));
    }
    if (expected_places(compiled.prefixes) > kMostPlaces) compiled.prefixes.clear();
    resolve_jumps(compiled.start);
    compiled.pivots = std::move(pivots_);
    tables_.pages = pages_.pages();
    compiled.tables = std::move(tables_);
    return compiled;
  }

 private:
  static bool has_repeated_capture(const Node& node) {
    if (node.kind == Kind::kRepeat && node.most > 1) return has_capture(node);
    return std::any_of(node.children.begin(), node.children.end(),
                       [](const Node* child) { return has_repeated_capture(*child); });
  }

  // Where a match may begin, if it is not anywhere.
  static Begin begin_of(const Node& node) {
    switch (node.kind) {
      case Kind::kAssertion:
        return node.assertion == Assertion::kTextStart   ? Begin::kTextStart
               : node.assertion == Assertion::kLineStart ? Begin::kLineStarts
                                                         : Begin::kAnywhere;
      case Kind::kRepeat: {
        // What begins with ".*" and matches somewhere also matches from the start of the text on.
        const Node& inner = *node.children.front();
        const bool takes_all = inner.kind == Kind::kSet && inner.set == ascii_bytes() &&
                               node.least == 0 && node.most == Node::kUnbounded &&
                               node.greed != Node::Greed::kPossessive;
        return takes_all ? Begin::kTextStart : Begin::kAnywhere;
      }
      case Kind::kSequence:
        return node.children.empty() ? Begin::kAnywhere : begin_of(*node.children.front());
      case Kind::kCapture:
        return begin_of(*node.children.front());
      case Kind::kAlternation: {
        const Begin first = begin_of(*node.children.front());
        const bool same = std::all_of(node.children.begin(), node.children.end(),
                                      [&](const Node* child) { return begin_of(*child) == first; });
        return same ? first : Begin::kAnywhere;
      }
      default:
        return Begin::kAnywhere;
    }
  }

  // Which literals of the outermost sequence the search is to know of.

  void choose_pivots() {
    // Joined as compile_sequence() joins bytes.
    const std::vector<MandatoryLiteral> literals = mandatory_literals(tree_.root());
    const auto is_rarer = [](const MandatoryLiteral& a, const MandatoryLiteral& b) {
      return expected_count(a.text) < expected_count(b.text);
    };
    std::vector<MandatoryLiteral> rarest = literals;
    std::stable_sort(rarest.begin(), rarest.end(), is_rarer);
    rarest.resize(std::min(rarest.size(), kMostPivots));
    for (const MandatoryLiteral& literal : literals) {
      if (expected_count(literal.text) > kMostExpected) continue;
      const bool chosen = std::any_of(rarest.begin(), rarest.end(), [&](const MandatoryLiteral& l) {
        return l.last == literal.last;
      });
      if (!chosen) continue;
      pivot_of_[literal.last] = pivots_.size();
      // Its end, if it is long: as much as is compared at once, within the padding of a text.
      const std::size_t size = std::min(literal.text.size(), kMostLiteralBytes);
      const std::string end = literal.text.substr(literal.text.size() - size);
      pivots_.push_back({end, rarest_byte(end), 0});
    }
  }

  // Operations.

  std::uint32_t emit(const Operation& operation) {
    if (tables_.operations.size() >= kMostOperations) refused_ = true;
    if (refused_ && !tables_.operations.empty()) return 0;
    tables_.operations.push_back(operation);
    return static_cast<std::uint32_t>(tables_.operations.size() - 1);
  }

  std::uint32_t refuse() {
    refused_ = true;
    return 0;
  }

  std::uint32_t emit_with_sets(Operation operation, const ByteSet& set, const ByteSet& then) {
    const SetPages::Bits bits = pages_.find_or_add(set, then);
    operation.page = bits.page;
    operation.set = bits.one;
    operation.then = bits.other;
    return emit(operation);
  }

  // A list of ways; its place among all.
  std::uint32_t add_ways(const std::vector<std::uint32_t>& operations) {
    const auto begin = static_cast<std::uint32_t>(tables_.ways.size());
    for (const std::uint32_t operation : operations) {
      tables_.ways.push_back(static_cast<std::uint16_t>(operation));
    }
    tables_.ways.push_back(kLastWay);
    return begin;
  }

  // The operation that is done where `operation` is named.
  [[nodiscard]] std::uint32_t resolved(std::uint32_t operation) const {
    while (tables_.operations[operation].kind == Do::kJump) {
      operation = tables_.operations[operation].next;
    }
    return operation;
  }

  void resolve_jumps(std::uint32_t& start) {
    start = resolved(start);
    for (Operation& operation : tables_.operations) {
      operation.next = resolved(operation.next);
      operation.other = resolved(operation.other);
    }
    for (JumpTable& table : tables_.jumps) {
      for (std::uint16_t& jump : table) jump = static_cast<std::uint16_t>(resolved(jump));
    }
    for (std::uint16_t& way : tables_.ways) {
      if (way != kLastWay) way = static_cast<std::uint16_t>(resolved(way));
    }
    for (Pivot& pivot : pivots_) pivot.rest = resolved(pivot.rest);
  }

  // Nodes. Each function returns the first operation of what it compiled.

  std::uint32_t compile(const Node& node, const Next& next) {
    if (refused_ || depth_ > kMostDepth) return refuse();
    ++depth_;
    const std::uint32_t operation = compile_kind(node, next);
    --depth_;
    return operation;
  }

  std::uint32_t compile_kind(const Node& node, const Next& next) {
    if (const auto scanner = find_scanner(node, next.follow.first)) {
      return compile_scan(*scanner, 0, next, compile_plain(node, next));
    }
    return compile_plain(node, next);
  }

  std::uint32_t compile_plain(const Node& node, const Next& next) {
    switch (node.kind) {
      case Kind::kSet:
      case Kind::kSequence:
        return compile_sequence(node, next);
      case Kind::kAlternation: {
        Nodes branches;
        flatten_branches(node, branches);
        return compile_choice(branches, next, 0);
      }
      case Kind::kRepeat:
        return compile_repeat(node, next);
      case Kind::kCapture:
        return compile_capture(node, next);
      case Kind::kAtomic:
        return compile_atomic(*node.children.front(), next);
      case Kind::kAhead:
      case Kind::kBehind:
        return compile_look(node, next);
      case Kind::kAssertion:
        return emit({.kind = Do::kAssert,
                     .byte = static_cast<std::uint8_t>(node.assertion),
                     .next = next.operation});
      case Kind::kOpaque:
        break;
    }
    return refuse();
  }

  std::uint32_t compile_scan(Scanner scanner, std::uint16_t capture, const Next& next,
                             std::uint32_t otherwise) {
    return emit({.kind = Do::kScan,
                 .capture = capture,
                 .next = next.operation,
                 .other = otherwise,
                 .least = static_cast<std::uint32_t>(scanner)});
  }

  // What one operation matches is saved by it too.
  std::uint32_t compile_capture(const Node& node, const Next& next) {
    const Node& inner = *node.children.front();
    const auto slot = static_cast<std::uint16_t>(2 * node.group);
    if (inner.kind == Kind::kRepeat && inner.children.front()->kind == Kind::kSet) {
      const std::uint32_t run = compile(inner, next);
      if (run != next.operation) {
        tables_.operations[run].capture = slot;
        return run;
      }
    }
    const std::uint32_t end = emit({.kind = Do::kSave,
                                    .capture = static_cast<std::uint16_t>(slot + 1),
                                    .next = next.operation});
    const auto scanner = find_scanner(inner, next.follow.first);
    const Next then{end, next.follow};
    const std::uint32_t body = scanner ? compile_plain(inner, then) : compile(inner, then);
    const std::uint32_t begin = emit({.kind = Do::kSave, .capture = slot, .next = body});
    return scanner ? compile_scan(*scanner, slot, next, begin) : begin;
  }

  // Bytes that stand side by side become one operation.
  std::uint32_t compile_sequence(const Node& node, Next next) {
    const Nodes items = items_of(node);
    for (std::size_t end = items.size(); end > 0 && !refused_;) {
      std::size_t begin = end - 1;
      if (is_literal(*items[begin])) {
        while (begin > 0 && end - begin < kMostLiteralBytes && is_literal(*items[begin - 1]))
          --begin;
        next.operation = compile_literal(items, begin, end, next.operation);
      } else if (items[begin]->kind == Kind::kSet) {
        next.operation = compile_set(items[begin]->set, next.operation);
      } else {
        next.operation = with_byte_behind(compile(*items[begin], next), next.operation);
      }
      for (; end > begin; --end) next.follow = before(*items[end - 1], next.follow);
    }
    return next.operation;
  }

  // `operation`, which passes the single byte that `next` wants as well, if both are of that kind.
  std::uint32_t with_byte_behind(std::uint32_t operation, std::uint32_t next) {
    Operation& first = tables_.operations[operation];
    const Operation& second = tables_.operations[next];
    const bool passes = first.kind == Do::kRun || first.kind == Do::kScan;
    if (passes && first.byte == 0 && first.next == next && second.kind == Do::kByte &&
        second.slot == 0) {
      first.byte = second.byte;
      first.next = second.next;
    }
    return operation;
  }

  std::uint32_t compile_literal(const Nodes& items, std::size_t begin, std::size_t end,
                                std::uint32_t next) {
    std::uint16_t pivot = 0;
    if (const auto found = pivot_of_.find(items[end - 1]); found != pivot_of_.end()) {
      pivots_[found->second].rest = next;
      pivot = static_cast<std::uint16_t>(found->second + 1);
    }
    if (end - begin == 1) {
      return emit({.kind = Do::kByte,
                   .byte = static_cast<std::uint8_t>(lowest_byte(items[begin]->set)),
                   .slot = pivot,
                   .next = next});
    }
    const std::size_t offset = tables_.literals.size();
    for (std::size_t i = begin; i < end; ++i)
      tables_.literals.push_back(lowest_byte(items[i]->set));
    return emit({.kind = Do::kBytes,
                 .slot = pivot,
                 .next = next,
                 .least = static_cast<std::uint32_t>(offset),
                 .most = static_cast<std::uint32_t>(end - begin)});
  }

  std::uint32_t compile_set(const ByteSet& set, std::uint32_t next) {
    if (set.none()) return fail_;
    if (set.count() > 1) return emit_with_sets({.kind = Do::kSet, .next = next}, set, set);
    return emit(
        {.kind = Do::kByte, .byte = static_cast<std::uint8_t>(lowest_byte(set)), .next = next});
  }

  // What `compile_body` makes, with its frames dropped at its end, where it is followed as
  // `inner_follow` says.
  template <class CompileBody>
  std::uint32_t compile_cut(bool keeps_captures, const Next& next, const Follow& inner_follow,
                            CompileBody compile_body) {
    if (marks_ == kMostMarks) return refuse();
    const auto slot = static_cast<std::uint16_t>(marks_++);
    const std::uint32_t cut = emit_cut(keeps_captures, slot, inner_follow, next.operation);
    const std::size_t pushing = pushing_;
    const std::uint32_t body = compile_body(Next{cut, inner_follow});
    --marks_;
    if (refused_) return 0;
    if (pushing_ == pushing) {
      tables_.operations[cut].kind = Do::kJump;
      return body;
    }
    pushing_ = pushing;
    return emit({.kind = Do::kMark, .slot = slot, .next = body});
  }

  std::uint32_t emit_cut(bool keeps_captures, std::uint16_t slot, const Follow& follow,
                         std::uint32_t next) {
    return emit_with_sets({.kind = Do::kCut, .flag = keeps_captures, .slot = slot, .next = next},
                          follow.first, follow.first);
  }

  std::uint32_t compile_atomic(const Node& inner, const Next& next) {
    return compile_cut(has_capture(inner), next, Follow::anything(),
                       [&](const Next& end) { return compile(inner, end); });
  }

  std::uint32_t compile_look(const Node& node, const Next& next) {
    const Node& inner = *node.children.front();
    const bool behind = node.kind == Kind::kBehind;
    if (inner.kind == Kind::kSet) {
      return emit_with_sets({.kind = behind ? Do::kBehindIs : Do::kAheadIs,
                             .flag = node.negated,
                             .next = next.operation},
                            inner.set, inner.set);
    }
    if (node.negated && is_empty(inner)) return fail_;
    if (node.negated && has_capture(inner)) return refuse();
    const std::uint32_t found = emit({.kind = Do::kAccept});
    const auto look = [&](const Node& body, std::size_t length, std::uint32_t then) {
      const std::size_t pushing = pushing_;  // its frames are gone when it is done
      const std::uint32_t entry = compile(body, {found, Follow::anything()});
      pushing_ = pushing;
      return emit({.kind = Do::kLook,
                   .flag = node.negated,
                   .next = then,
                   .other = entry,
                   .most = static_cast<std::uint32_t>(length)});
    };
    if (!behind) return look(inner, 0, next.operation);
    const auto length = fixed_length(inner);
    if (!length) return refuse();
    return look(inner, *length, next.operation);
  }

  static bool is_empty(const Node& node) {
    return node.kind == Kind::kSequence && node.children.empty();
  }

  // Repeats.

  std::uint32_t compile_repeat(const Node& node, const Next& next) {
    if (node.most == 0) return next.operation;
    const Node& inner = *node.children.front();
    if (inner.kind == Kind::kSet) return compile_run(node, next);
    if (node.greed == Node::Greed::kPossessive) {
      Node greedy = node;
      greedy.greed = Node::Greed::kGreedy;
      return compile_atomic(tree_.add(std::move(greedy)), next);
    }
    if (node.least == 1 && node.most == 1) return compile(inner, next);
    if (node.least == 0 && node.most == 1) return compile_optional(node, inner, next);
    if (node.greed == Node::Greed::kLazy && next.follow.certain && node.least != node.most) {
      return compile(repeated(node, inner, node.least, node.least), next);
    }
    if (is_nullable(inner) && node.least != node.most) return refuse();
    const bool few = node.most <= kMostUnrolled && node.least <= kMostUnrolled &&
                     node.most * node_count(inner) <= kMostUnrolledNodes;
    return few ? compile(unrolled(node), next) : compile_loop(node, next);
  }

  std::uint32_t compile_optional(const Node& repeat, const Node& inner, const Next& next) {
    const Node& empty = tree_.add({});
    const bool lazy = repeat.greed == Node::Greed::kLazy;
    return compile_choice(lazy ? Nodes{&empty, &inner} : Nodes{&inner, &empty}, next, 0);
  }

  // "x{2,4}" as "xx(?:x(?:x)?)?".
  const Node& unrolled(const Node& node) {
    const Node& inner = *node.children.front();
    Node sequence;
    sequence.children.assign(node.least, &inner);
    const Node* rest = nullptr;
    for (std::uint32_t i = node.least; i < node.most; ++i) {
      Node more;
      more.children.push_back(&inner);
      if (rest != nullptr) more.children.push_back(rest);
      rest = &repeated(node, tree_.add(std::move(more)), 0, 1);
    }
    if (rest != nullptr) sequence.children.push_back(rest);
    return tree_.add(std::move(sequence));
  }

  const Node& repeated(const Node& like, const Node& inner, std::uint32_t least,
                       std::uint32_t most) {
    Node node = like;
    node.children = {&inner};
    node.least = least;
    node.most = most;
    return tree_.add(std::move(node));
  }

  // Of one set.
  std::uint32_t compile_run(const Node& node, const Next& next) {
    const ByteSet& set = node.children.front()->set;
    const Follow& follow = next.follow;
    const bool lazy = node.greed == Node::Greed::kLazy;
    Operation run{.kind = Do::kRun, .next = next.operation, .least = node.least, .most = node.most};
    const bool never_empty = node.least > 0;
    if (lazy && follow.certain) {
      if (node.least == 0) return next.operation;
      run.most = node.least;
    } else if (node.least != node.most && node.greed != Node::Greed::kPossessive &&
               !follow.certain && !one_end(set, never_empty, follow)) {
      run.kind = lazy ? Do::kRunLazy : Do::kRunBack;
      ++pushing_;
    }
    run.flag = set == ascii_bytes() && run.kind != Do::kRunLazy;
    // What may follow ends a lazy run; so there is nothing of it in the vector.
    run.vector = pages_.find_or_add_vector(run.kind == Do::kRunLazy ? set & ~follow.first : set);
    return emit_with_sets(run, set, follow.first);
  }

  // Of anything that is not empty.
  std::uint32_t compile_loop(const Node& node, const Next& next) {
    const auto end = one_end(consumed_bytes(node), node.least > 0, next.follow);
    if (next.follow.certain || !end) return compile_turns(node, next);
    return compile_cut(has_capture(node), next, *end,
                       [&](const Next& cut) { return compile_turns(node, cut); });
  }

  //     count, again: mark   turn -> body, count up, cut -> again
  //                            `---> next
  //
  // The mark and the cut are there when nothing behind can fail: a turn that is over is then never
  // come back to.
  std::uint32_t compile_turns(const Node& node, const Next& next) {
    const Node& inner = *node.children.front();
    const bool counted = node.least > 1 || node.most != Node::kUnbounded;
    const bool certain = next.follow.certain;
    if (marks_ == kMostMarks || counters_ == kMostCounters) return refuse();
    const auto mark_slot = static_cast<std::uint16_t>(marks_);
    const auto counter = static_cast<std::uint16_t>(counters_);
    if (counted) ++counters_;
    const std::uint32_t fork = emit({.kind = counted ? Do::kTurn : Do::kFork,
                                     .slot = counter,
                                     .least = node.least,
                                     .most = node.most});
    const std::uint32_t mark = emit({.kind = Do::kMark, .slot = mark_slot, .next = fork});
    const std::uint32_t cut = emit_cut(has_capture(inner), mark_slot, Follow::anything(), mark);
    const std::uint32_t end =
        counted ? emit({.kind = Do::kCountUp, .slot = counter, .next = cut}) : cut;
    Follow turn = either(before(inner, next.follow), next.follow);
    turn.certain = certain;
    const std::size_t pushing = pushing_;
    if (certain) ++marks_;
    const std::uint32_t body = compile(inner, {end, turn});
    if (certain) --marks_;
    if (refused_) return 0;
    const Branch again{body, before(inner, turn)};
    const Branch done{next.operation, next.follow};
    const bool lazy = node.greed == Node::Greed::kLazy;
    if (counted && lazy) return refuse();
    fill_fork(fork, lazy ? done : again, lazy ? again : done);
    const bool drops = certain && pushing_ != pushing;
    if (!drops) {
      tables_.operations[mark].kind = Do::kJump;
      tables_.operations[cut].kind = Do::kJump;
    } else {
      pushing_ = pushing;
    }
    if (counted) return emit({.kind = Do::kCount, .slot = counter, .next = mark});
    if (node.least == 0) return mark;
    return drops ? emit({.kind = Do::kMark, .slot = mark_slot, .next = body}) : body;
  }

  // Choices.

  struct Branch {
    std::uint32_t operation;
    Follow follow;
  };

  // A fork that takes `one` where both are open.
  void fill_fork(std::uint32_t fork, const Branch& one, const Branch& other) {
    const SetPages::Bits bits = pages_.find_or_add(one.follow.first, other.follow.first);
    Operation& operation = tables_.operations[fork];
    operation.page = bits.page;
    operation.set = bits.one;
    operation.then = bits.other;
    operation.next = one.operation;
    operation.other = other.operation;
    if ((one.follow.first & other.follow.first).any()) ++pushing_;
  }

  // The first of `branches` that leads to a match. `factored`: bytes consumed for all.
  std::uint32_t compile_choice(Nodes branches, const Next& next, int factored) {
    if (branches.size() == 1) return compile(*branches.front(), next);
    if (const auto either = compile_either(branches, next, factored)) return *either;
    const bool keeps = std::any_of(branches.begin(), branches.end(),
                                   [](const Node* branch) { return has_capture(*branch); });
    const auto compile_all = [&](const Next& end) {
      return compile_branches(branches, end, factored);
    };
    if (next.follow.certain) return compile_cut(keeps, next, next.follow, compile_all);
    std::size_t suffix = branches.size();  // from here on the branches have one end
    ByteSet consumed;
    bool never_empty = true;
    for (; suffix > 0; --suffix) {
      consumed |= consumed_bytes(*branches[suffix - 1]);
      never_empty = never_empty && !is_nullable(*branches[suffix - 1]);
      const auto end = one_end(consumed, never_empty, next.follow);
      if (!end) break;
      if (suffix == 1) return compile_cut(keeps, next, *end, compile_all);
    }
    if (branches.size() - suffix >= 2) {
      Node rest;
      rest.kind = Kind::kAlternation;
      const auto begin = branches.begin() + static_cast<std::ptrdiff_t>(suffix);
      rest.children.assign(begin, branches.end());
      branches.erase(begin, branches.end());
      branches.push_back(&tree_.add(std::move(rest)));
    }
    return compile_branches(branches, next, factored);
  }

  // "(?:-|x) " where "- " stands has mostly found what it looks for: if a literal comes first, and
  // another behind the choice, both are compared before anything is pushed. Empty: they do not.
  std::optional<std::uint32_t> compile_either(const Nodes& branches, const Next& next,
                                              int factored) {
    const Nodes items = items_of(*branches.front());
    if (!std::all_of(items.begin(), items.end(), [](const Node* i) { return is_literal(*i); }))
      return {};
    const Operation behind = tables_.operations[next.operation];
    if (behind.kind != Do::kByte && behind.kind != Do::kBytes) return {};
    std::string literal;
    for (const Node* item : items) literal.push_back(lowest_byte(item->set));
    literal += behind.kind == Do::kByte ? std::string(1, static_cast<char>(behind.byte))
                                        : tables_.literals.substr(behind.least, behind.most);
    if (literal.size() > kMostLiteralBytes) return {};
    ByteSet consumed;
    bool never_empty = true;
    for (const Node* branch : branches) {
      consumed |= consumed_bytes(*branch);
      never_empty = never_empty && !is_nullable(*branch);
    }
    const bool one = one_end(consumed, never_empty, next.follow).has_value();
    const std::uint32_t other =
        compile_choice({branches.begin() + 1, branches.end()}, next, factored);
    if (!one) ++pushing_;
    const std::size_t offset = tables_.literals.size();
    tables_.literals += literal;
    return emit({.kind = Do::kEither,
                 .flag = !one,
                 .slot = behind.slot,
                 .next = behind.next,
                 .other = other,
                 .least = static_cast<std::uint32_t>(offset),
                 .most = static_cast<std::uint32_t>(literal.size())});
  }

  // Which branches are open, by their numbers, in order.
  using List = std::vector<std::size_t>;

  std::uint32_t compile_branches(const Nodes& branches, const Next& next, int factored) {
    if (branches.size() == 1) return compile(*branches.front(), next);
    std::vector<Follow> follows;
    for (const Node* branch : branches) follows.push_back(before(*branch, next.follow));
    std::map<List, ByteSet> bytes_of;
    const ByteSet all = Follow::anything().first;
    for (std::size_t byte = 0; byte < all.size(); ++byte) {
      if (!all[byte]) continue;
      List open;
      for (std::size_t i = 0; i < branches.size(); ++i) {
        if (follows[i].first[byte]) open.push_back(i);
      }
      bytes_of[open].set(byte);
    }
    std::vector<std::uint32_t> compiled(branches.size(), kNotCompiled);
    const auto operation_of = [&](std::size_t i) {
      if (compiled[i] == kNotCompiled) compiled[i] = compile(*branches[i], next);
      return compiled[i];
    };
    const auto compile_list = [&](const List& open, const ByteSet& bytes) {
      if (open.empty()) return fail_;
      if (open.size() == 1) return operation_of(open.front());
      if (const auto shared = compile_factored(branches, open, bytes, next, factored))
        return *shared;
      std::vector<std::uint32_t> operations;
      for (const std::size_t i : open) operations.push_back(operation_of(i));
      ++pushing_;
      const std::uint32_t ways = emit({.kind = Do::kWays, .least = add_ways(operations)});
      return compile_guard(branches, open, bytes, {ways, next.follow});
    };
    if (bytes_of.size() == 1) return compile_list(bytes_of.begin()->first, {});
    JumpTable table{};
    for (const auto& [open, bytes] : bytes_of) {
      const std::uint32_t operation = compile_list(open, bytes);
      for (std::size_t byte = 0; byte < bytes.size(); ++byte) {
        if (bytes[byte]) table[byte] = static_cast<std::uint16_t>(operation);
      }
    }
    tables_.jumps.push_back(table);
    return emit(
        {.kind = Do::kTable, .least = static_cast<std::uint32_t>(tables_.jumps.size() - 1)});
  }

  // Consumes one of `bytes` for all open branches and goes on with what is left of them. Empty: it
  // cannot be done, or takes too much room.
  std::optional<std::uint32_t> compile_factored(const Nodes& branches, const List& open,
                                                const ByteSet& bytes, const Next& next,
                                                int factored) {
    if (bytes.none() || bytes[kEndOfText] || factored == kMostFactoredBytes) return {};
    if (tables_.operations.size() > kMostOperations / 2) return {};
    std::size_t nodes = 0;
    for (const std::size_t i : open) nodes += node_count(*branches[i]);
    if (nodes > kMostFactoredNodes) return {};
    Nodes rests;
    for (const std::size_t i : open) {
      const Node* const rest = rest_behind(*branches[i], bytes, next.follow);
      if (rest == nullptr) return {};
      flatten_branches(*rest, rests);
    }
    const std::uint32_t then = compile_choice(rests, next, factored + 1);
    return emit({.kind = Do::kSkip, .next = then});
  }

  // What is left to match of `node` behind one of `bytes`, with any of which it may begin.
  // Null: that depends on the byte, or on more than the byte.
  const Node* rest_behind(const Node& node, const ByteSet& bytes, const Follow& after) {
    switch (node.kind) {
      case Kind::kSet:
        return is_subset(bytes, node.set) ? &tree_.add({}) : nullptr;
      case Kind::kAlternation: {
        Node rests;
        rests.kind = Kind::kAlternation;
        for (const Node* branch : node.children) {
          if ((before(*branch, after).first & bytes).none()) continue;
          const Node* const rest = rest_behind(*branch, bytes, after);
          if (rest == nullptr) return nullptr;
          rests.children.push_back(rest);
        }
        return rests.children.empty() ? nullptr : &tree_.add(std::move(rests));
      }
      case Kind::kSequence:
      case Kind::kRepeat:
        break;
      default:
        return nullptr;
    }
    const Nodes items = items_of(node);
    for (std::size_t i = 0; i < items.size(); ++i) {
      Node behind;
      behind.children.assign(items.begin() + static_cast<std::ptrdiff_t>(i) + 1, items.end());
      const Follow then = before(behind, after);
      const Node& item = *items[i];
      const Node* rest = nullptr;
      if (item.kind != Kind::kRepeat) {
        rest = is_nullable(item) ? nullptr : rest_behind(item, bytes, then);
      } else if (item.least == 0 && (before(*item.children.front(), then).first & bytes).none() &&
                 !is_nullable(*item.children.front())) {
        continue;  // it takes no part
      } else if (item.least > 0 || (then.first & bytes).none()) {
        rest = rest_of_repeat(item, bytes, then);
      }
      if (rest == nullptr) return nullptr;
      behind.children.insert(behind.children.begin(), rest);
      return &tree_.add(std::move(behind));
    }
    return nullptr;
  }

  const Node* rest_of_repeat(const Node& repeat, const ByteSet& bytes, const Follow& after) {
    const Node& inner = *repeat.children.front();
    if (is_nullable(inner)) return nullptr;
    if (inner.kind != Kind::kSet && repeat.greed == Node::Greed::kPossessive) return nullptr;
    const std::uint32_t most = repeat.most == Node::kUnbounded ? repeat.most : repeat.most - 1;
    const Node& more = repeated(repeat, inner, repeat.least == 0 ? 0 : repeat.least - 1, most);
    const Node* const rest = rest_behind(inner, bytes, before(more, after));
    if (rest == nullptr) return nullptr;
    Node sequence;
    sequence.children = {rest, &more};
    return &tree_.add(std::move(sequence));
  }

  // A set of bytes of which each open branch begins with a run, and which bytes come behind it.
  struct LeadingRun {
    ByteSet set;
    std::uint32_t least;
    std::uint32_t most;
    ByteSet then;
  };

  // Asks once, for all ways at `ways`, what each would ask: "[0-9a-f]{1,4}:" of many forms of IPv6.
  std::uint32_t compile_guard(const Nodes& branches, const List& open, const ByteSet& bytes,
                              const Next& ways) {
    std::optional<LeadingRun> all;
    for (const std::size_t i : open) {
      const auto one = leading_run(*branches[i], bytes, ways.follow);
      if (!one || (all && all->set != one->set)) return ways.operation;
      all = all ? joined(*all, *one) : *one;
    }
    if (!all || (all->then & all->set).any()) return ways.operation;
    return emit_with_sets({.kind = Do::kGuard,
                           .vector = pages_.find_or_add_vector(all->set),
                           .next = ways.operation,
                           .least = all->least,
                           .most = all->most},
                          all->set, all->then);
  }

  static LeadingRun joined(const LeadingRun& a, const LeadingRun& b) {
    return {a.set, std::min(a.least, b.least), std::max(a.most, b.most), a.then | b.then};
  }

  // Of the parts of `node` that may begin with one of `bytes`. Empty: it does not begin so.
  std::optional<LeadingRun> leading_run(const Node& node, const ByteSet& bytes,
                                        const Follow& after) {
    switch (node.kind) {
      case Kind::kSet:
        return LeadingRun{node.set, 1, 1, after.first};
      case Kind::kCapture:
      case Kind::kAtomic:
        return leading_run(*node.children.front(), bytes, after);
      case Kind::kAlternation: {
        std::optional<LeadingRun> all;
        for (const Node* branch : node.children) {
          if ((before(*branch, after).first & bytes).none()) continue;
          const auto one = leading_run(*branch, bytes, after);
          if (!one || (all && all->set != one->set)) return {};
          all = all ? joined(*all, *one) : *one;
        }
        return all;
      }
      case Kind::kRepeat: {
        if (node.least == 0) return {};
        const Node& inner = *node.children.front();
        Follow then = after;
        if (inner.kind == Kind::kSet) {
          return LeadingRun{inner.set, node.least, node.most, after.first};
        }
        if (node.most > 1) then = either(then, before(inner, after));
        return leading_run(inner, bytes, then);
      }
      case Kind::kSequence: {
        if (node.children.empty()) return {};
        Node behind;
        behind.children.assign(node.children.begin() + 1, node.children.end());
        return leading_run(*node.children.front(), bytes, before(behind, after));
      }
      default:
        return {};
    }
  }

  static constexpr std::uint32_t kNotCompiled = 0xFFFF'FFFF;

  SyntaxTree& tree_;
  Tables tables_;
  SetPages pages_;
  std::vector<Pivot> pivots_;
  std::map<const Node*, std::size_t> pivot_of_;  // by the last byte of its literal
  std::uint32_t fail_ = 0;
  std::size_t counters_ = 0;
  std::size_t marks_ = 0;    // in use around what is being compiled
  std::size_t pushing_ = 0;  // operations that push frames and have no cut behind them
  int depth_ = 0;
  bool refused_ = false;
};

}  // namespace

std::optional<Compiled> compile(SyntaxTree& tree) {
  return Compiler(tree).run();
}

}  // namespace tocsin::rules::grok::engine
