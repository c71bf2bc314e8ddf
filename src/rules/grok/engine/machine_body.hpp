// The machine that runs programs, for each kind of processor: its sources include this once, with
// what that processor is good at as `Blocks`:
//
//     run_length(at, set, most)
//                            how many bytes from `at` on are in `set`, which holds no end; at
//                            most `most`
//     until(at, a, b)        how many bytes from `at` on are neither `a` nor `b` nor the end
//     equal(at, byte)        which of sixteen bytes are `byte`: one bit each
//     same(a, b)             which of sixteen bytes are the same in both
//     digits(at)             which of sixteen bytes are digits
//
// Nothing here uses a function of the standard library that is not trivially inlined: it would be
// compiled for that processor, and might then be linked into code that runs on others.
#pragma once

#include "src/rules/grok/engine/byte_set.hpp"
#include "src/rules/grok/engine/machine.hpp"
#include "src/rules/grok/engine/scanners.hpp"

namespace tocsin::rules::grok::engine {

namespace scanner_sets {

constexpr bool is_alphanumeric(unsigned byte) {
  return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
         (byte >= 'A' && byte <= 'Z');
}

// Letters, digits and these two.
constexpr SetVector alphanumeric_and(char one, char other) {
  SetVector vector;
  for (unsigned byte = 0; byte < 0x80; ++byte) {
    if (!is_alphanumeric(byte) && byte != static_cast<unsigned>(one) &&
        byte != static_cast<unsigned>(other)) {
      continue;
    }
    std::uint8_t& row = vector.rows[byte & 15];
    row = static_cast<std::uint8_t>(row | 1U << (byte >> 4));
  }
  return vector;
}

inline constexpr SetVector kWord = alphanumeric_and('_', '_');
inline constexpr SetVector kHost = alphanumeric_and('-', '.');

}  // namespace scanner_sets

template <class Blocks>
class Machine {
 public:
  // Instead of where a match ends.
  static constexpr std::uint32_t kFailedAt = 0xFFFF'FFFF;
  static constexpr std::uint32_t kOutOfFuelAt = 0xFFFF'FFFE;

  Machine(const Tables& tables, const PaddedText& text, std::size_t* groups,
          Workspace& workspace) noexcept
      : operations_(tables.operations.data()),
        pages_(tables.pages.data()),
        vectors_(tables.vectors.data()),
        jumps_(tables.jumps.data()),
        ways_(tables.ways.data()),
        literals_(tables.literals.data()),
        text_(text.bytes()),
        size_(static_cast<std::uint32_t>(text.size())),
        groups_(groups),
        workspace_(workspace),
        bottom_(workspace.frames.get()),
        limit_(bottom_ + Workspace::kMostFrames),
        recaptures_(tables.recaptures),
        top_(bottom_) {}

  // Where a match from `at` on ends, or one of the values above. Frames that are there stay.
  std::uint32_t run(std::uint32_t start, std::uint32_t at) noexcept {
    Frame* const base = top_;
    const Operation* operation = operations_ + start;
    for (;;) {
      // `operation` is to be done at `at`; frames above `base` are what else may be done. A case
      // goes on with the loop when it is met, and leaves the switch when it is not.
      switch (operation->kind) {
        case Kind::kAccept:
          return at;
        case Kind::kJump:
          operation = after(operation);
          continue;
        case Kind::kFail:
          break;
        case Kind::kByte:
          if (text_[at] != operation->byte) break;
          ++at;
          if (operation->slot != 0) note(workspace_.reached[operation->slot - 1U], at);
          operation = after(operation);
          continue;
        case Kind::kBytes:
          // Within the padding at worst: a literal is shorter.
          if (!is_same(text_ + at, literals_ + operation->least, operation->most)) break;
          at += operation->most;
          if (operation->slot != 0) note(workspace_.reached[operation->slot - 1U], at);
          operation = after(operation);
          continue;
        case Kind::kEither:
          if (!is_same(text_ + at, literals_ + operation->least, operation->most)) {
            operation = operations_ + operation->other;
            continue;
          }
          if (operation->flag && !push(kGo, at, operation->other)) return kOutOfFuelAt;
          at += operation->most;
          if (operation->slot != 0) note(workspace_.reached[operation->slot - 1U], at);
          operation = after(operation);
          continue;
        case Kind::kSet:
          if ((bits(*operation, at) & operation->set) == 0) break;
          ++at;
          operation = after(operation);
          continue;
        case Kind::kSkip:
          ++at;
          operation = after(operation);
          continue;
        case Kind::kRun: {
          const std::uint32_t end = end_of_run(*operation, at);
          if (end - at < operation->least) break;
          if (!finish(*operation, at, end)) break;
          operation = after(operation);
          continue;
        }
        case Kind::kRunBack: {
          const std::uint32_t end = end_of_run(*operation, at);
          if (end - at < operation->least) break;
          if (!save_begin(*operation, at)) return kOutOfFuelAt;
          if (!give_back(operation, at + operation->least, end, at)) break;
          if (!save_end(*operation, at)) return kOutOfFuelAt;
          operation = after(operation);
          continue;
        }
        case Kind::kRunLazy:
          if (!save_begin(*operation, at)) return kOutOfFuelAt;
          if (!begin_lazy(operation, at)) break;
          if (!save_end(*operation, at)) return kOutOfFuelAt;
          operation = after(operation);
          continue;
        case Kind::kScan: {
          const std::uint32_t end = scan(static_cast<Scanner>(operation->least), at);
          if (end == kNotSure) {
            operation = operations_ + operation->other;
            continue;
          }
          if (end == kNothing) break;
          if (!finish(*operation, at, end)) break;
          operation = after(operation);
          continue;
        }
        case Kind::kGuard: {
          const std::uint32_t end = end_of_run(*operation, at);
          if (end - at < operation->least || !comes_next(*operation, end)) break;
          operation = after(operation);
          continue;
        }
        case Kind::kFork: {
          burn(kFuelOfTurn);
          if (workspace_.fuel < 0) return kOutOfFuelAt;
          const std::uint64_t here = bits(*operation, at);
          const bool next = (here & operation->set) != 0;
          const bool other = (here & operation->then) != 0;
          if (next && other && !push(kGo, at, operation->other)) return kOutOfFuelAt;
          if (!next && !other) break;
          operation = operations_ + (next ? operation->next : operation->other);
          continue;
        }
        case Kind::kTurn: {
          burn(kFuelOfTurn);
          if (workspace_.fuel < 0) return kOutOfFuelAt;
          const std::uint32_t turns = workspace_.counters[operation->slot];
          const std::uint64_t here = bits(*operation, at);
          const bool next = (here & operation->set) != 0 && turns < operation->most;
          const bool other = (here & operation->then) != 0 && turns >= operation->least;
          if (next && other && !push(kGo, at, operation->other)) return kOutOfFuelAt;
          if (!next && !other) break;
          operation = operations_ + (next ? operation->next : operation->other);
          continue;
        }
        case Kind::kCount:
          if (!count(operation->slot, 0)) return kOutOfFuelAt;
          operation = after(operation);
          continue;
        case Kind::kCountUp:
          if (!count(operation->slot, workspace_.counters[operation->slot] + 1))
            return kOutOfFuelAt;
          operation = after(operation);
          continue;
        case Kind::kTable:
          operation = operations_ + jumps_[operation->least][text_[at]];
          continue;
        case Kind::kWays:
          if (!push(kWay, at, operation->least + 1)) return kOutOfFuelAt;
          operation = operations_ + ways_[operation->least];
          continue;
        case Kind::kSave:
          if (!save(operation->capture, at)) return kOutOfFuelAt;
          operation = after(operation);
          continue;
        case Kind::kMark:
          workspace_.marks[operation->slot] = static_cast<std::uint32_t>(top_ - bottom_);
          operation = after(operation);
          continue;
        case Kind::kCut:
          if (!comes_next(*operation, at)) break;
          cut(bottom_ + workspace_.marks[operation->slot], operation->flag);
          operation = after(operation);
          continue;
        case Kind::kAheadIs:
          if (((bits(*operation, at) & operation->set) != 0) == operation->flag) break;
          operation = after(operation);
          continue;
        case Kind::kBehindIs:
          if ((at != 0 && (bits(*operation, at - 1) & operation->set) != 0) == operation->flag)
            break;
          operation = after(operation);
          continue;
        case Kind::kLook: {
          const std::uint32_t end = look(*operation, at);
          if (end == kOutOfFuelAt) return end;
          if ((end != kFailedAt) == operation->flag) break;
          operation = after(operation);
          continue;
        }
        case Kind::kAssert:
          if (!holds(static_cast<Assertion>(operation->byte), at)) break;
          operation = after(operation);
          continue;
      }
      operation = go_back(base, at);
      if (operation == nullptr) return at;
    }
  }

  // All that was saved.
  void forget(std::span<std::size_t> groups) {
    if (!recaptures_) return unsave(1);
    for (std::size_t& group : groups) group = kUnset;
  }

 private:
  using Frame = Workspace::Frame;
  using Kind = Operation::Kind;

  // Frames that no operation is asked about.
  static constexpr std::uint32_t kWay = 0xFFFF'FFFF;  // go on at `at` with way `limit` and the next
  static constexpr std::uint32_t kGo = 0xFFFF'FFFE;   // go on at `at` with operation `limit`
  static constexpr std::uint32_t kUndo = 0xFFFF'FFFD;     // position `limit` was `at` before
  static constexpr std::uint32_t kUncount = 0xFFFF'FFFC;  // counter `limit` was `at` before

  static constexpr std::uint32_t kBlockBytes = 16;
  static constexpr std::uint32_t kWholeBlock = (1U << kBlockBytes) - 1;
  static constexpr std::uint32_t kUnsaved = 0xFFFF'FFFF;
  static constexpr std::uint32_t kFuelOfFrame = 64;
  static constexpr std::uint32_t kFuelOfTurn = 16;

  // Of scanners.
  static constexpr std::uint32_t kMostOfLabel = 63;  // of a name; within it no label is longer
  static constexpr std::uint32_t kNothing = 0xFFFF'FFFF;
  static constexpr std::uint32_t kNotSure = 0xFFFF'FFFE;

  static bool is_digit(std::uint8_t byte) { return static_cast<std::uint8_t>(byte - '0') < 10; }
  static bool is_word(std::uint8_t byte) {
    return is_digit(byte) || static_cast<std::uint8_t>((byte | 0x20) - 'a') < 26 || byte == '_';
  }

  static bool is_same(const std::uint8_t* text, const char* literal, std::uint32_t size) {
    const auto* other = reinterpret_cast<const std::uint8_t*>(literal);
    for (; size > kBlockBytes; size -= kBlockBytes) {
      if (Blocks::same(text, other) != kWholeBlock) return false;
      text += kBlockBytes;
      other += kBlockBytes;
    }
    return (~Blocks::same(text, other) & ((1U << size) - 1)) == 0;
  }

  [[nodiscard]] const Operation* after(const Operation* operation) const {
    return operations_ + operation->next;
  }

  [[nodiscard]] std::uint64_t bits(const Operation& operation, std::uint32_t at) const {
    return pages_[operation.page][text_[at]];
  }

  [[nodiscard]] bool comes_next(const Operation& operation, std::uint32_t at) const {
    return (bits(operation, at) & operation.then) != 0;
  }

  std::uint32_t end_of_run(const Operation& operation, std::uint32_t at) {
    if (operation.flag) {  // anything
      const std::uint32_t room = size_ - at;
      return at + (operation.most < room ? operation.most : room);
    }
    const std::uint32_t length =
        Blocks::run_length(text_ + at, vectors_[operation.vector], operation.most);
    burn(length);
    return at + length;
  }

  void burn(std::uint32_t fuel) { workspace_.fuel -= fuel; }

  // Of an operation from `at` to `end`: passes the byte that must come next, and saves both. `at`
  // is then behind it. False: another byte comes next, or there is no room.
  bool finish(const Operation& operation, std::uint32_t& at, std::uint32_t end) {
    const std::uint32_t begin = at;
    at = end;
    if (operation.byte != 0) {
      if (text_[end] != operation.byte) return false;
      ++at;
    }
    return operation.capture == 0 ||
           ((save(operation.capture, begin) && save(operation.capture + 1U, end)) || run_dry());
  }

  bool save_begin(const Operation& operation, std::uint32_t at) {
    return operation.capture == 0 || save(operation.capture, at);
  }
  bool save_end(const Operation& operation, std::uint32_t at) {
    return operation.capture == 0 || save(operation.capture + 1U, at);
  }

  // Where what a lookaround looks for ends; kFailedAt: it is not there.
  std::uint32_t look(const Operation& operation, std::uint32_t at) {
    if (at < operation.most) return kFailedAt;
    Frame* const before = top_;
    const std::uint32_t end = run(operation.other, at - operation.most);
    if (end != kOutOfFuelAt) cut(before, true);
    return end;
  }

  // Whether there was room.
  bool push(std::uint32_t what, std::uint32_t at, std::uint32_t limit) {
    if (top_ == limit_) return false;
    *top_++ = {what, at, limit, saved_};
    return true;
  }

  bool save(std::uint32_t slot, std::uint32_t at) {
    std::size_t& group = groups_[slot];
    // Without a frame below nobody would come back to see the old one.
    if (recaptures_ && top_ != bottom_ && !push(kUndo, static_cast<std::uint32_t>(group), slot)) {
      return false;
    }
    group = at;
    if (slot > saved_) saved_ = slot;
    return true;
  }

  // Forgets what was saved since slot `last` was.
  void unsave(std::uint32_t last) {
    while (saved_ > last) groups_[saved_--] = kUnset;
  }

  bool count(std::uint16_t slot, std::uint32_t turns) {
    std::uint32_t& counter = workspace_.counters[slot];
    if (top_ != bottom_ && !push(kUncount, counter, slot)) return false;
    counter = turns;
    return true;
  }

  // Drops all frames above `base` but, if asked to, what has to be undone when one below is popped.
  void cut(Frame* base, bool keep_undo) {
    Frame* kept = base;
    for (const Frame* frame = base; keep_undo && frame != top_; ++frame) {
      if (frame->what == kUndo) *kept++ = *frame;
    }
    top_ = kept;
  }

  // The last position from `last` down to `first` where the next byte may follow, which becomes
  // `at`; false: there is none. Pushes a frame for those before it.
  bool give_back(const Operation* operation, std::uint32_t first, std::uint32_t last,
                 std::uint32_t& at) {
    std::uint32_t position = last;
    while (!comes_next(*operation, position)) {
      if (position == first) return false;
      --position;
    }
    burn(last - position);
    at = position;
    if (position == first) return true;
    return push(number_of(operation), position, first) || run_dry();
  }

  bool begin_lazy(const Operation* operation, std::uint32_t& at) {
    const std::uint32_t room = size_ - at;
    if (room < operation->least) return false;
    const std::uint32_t last = operation->most < room ? at + operation->most : size_;
    const std::uint32_t first = at + operation->least;
    for (; at != first; ++at) {
      if ((bits(*operation, at) & operation->set) == 0) return false;
    }
    return go_on(operation, last, at);
  }

  // The first position from `at` up to `last` where the next byte may follow.
  bool go_on(const Operation* operation, std::uint32_t last, std::uint32_t& at) {
    const std::uint32_t length =
        Blocks::run_length(text_ + at, vectors_[operation->vector], last - at);
    burn(length);
    at += length;
    if (!comes_next(*operation, at)) return false;
    if (at == last) return true;
    return push(number_of(operation), at, last) || run_dry();
  }

  [[nodiscard]] std::uint32_t number_of(const Operation* operation) const {
    return static_cast<std::uint32_t>(operation - operations_);
  }

  bool run_dry() {
    workspace_.fuel = -1;
    return false;
  }

  // What the last frame above `base` says to do next, at `at`. Null: there is none, `at` says why.
  const Operation* go_back(Frame* base, std::uint32_t& at) {
    while (top_ != base && workspace_.fuel >= 0) {
      Frame& frame = top_[-1];
      if (frame.what == kUndo) {
        groups_[frame.limit] = frame.at == kUnsaved ? kUnset : frame.at;
        --top_;
        continue;
      }
      if (frame.what == kUncount) {
        workspace_.counters[frame.limit] = frame.at;
        --top_;
        continue;
      }
      burn(kFuelOfFrame);
      if (!recaptures_) unsave(frame.saved);
      at = frame.at;
      if (frame.what == kGo) {
        --top_;
        return operations_ + frame.limit;
      }
      if (frame.what == kWay) {
        const std::uint16_t way = ways_[frame.limit];
        if (ways_[++frame.limit] == kLastWay) --top_;
        return operations_ + way;
      }
      const Operation* const operation = operations_ + frame.what;
      const Frame before = frame;
      --top_;
      bool found = false;
      if (operation->kind == Kind::kRunBack) {
        found = give_back(operation, before.limit, before.at - 1, at);
      } else if ((bits(*operation, at) & operation->set) != 0) {
        ++at;
        found = go_on(operation, before.limit, at);
      }
      if (!found) continue;
      if (save_end(*operation, at)) return after(operation);
      run_dry();
    }
    at = workspace_.fuel < 0 ? kOutOfFuelAt : kFailedAt;
    return nullptr;
  }

  [[nodiscard]] bool holds(Assertion assertion, std::uint32_t at) const {
    switch (assertion) {
      case Assertion::kTextStart:
        return at == 0;
      case Assertion::kTextEnd:
        return at == size_;
      case Assertion::kLastLine:
        return at == size_ || (text_[at] == '\n' && at + 1 == size_);
      case Assertion::kLineStart:
        return at == 0 || (text_[at - 1] == '\n' && at != size_);
      case Assertion::kLineEnd:
        return at == size_ || text_[at] == '\n';
      case Assertion::kWordBoundary:
        return (behind_word(at) != is_word(text_[at]));
      case Assertion::kNoWordBoundary:
        break;
    }
    return behind_word(at) == is_word(text_[at]);
  }

  [[nodiscard]] bool behind_word(std::uint32_t at) const {
    return at != 0 && is_word(text_[at - 1]);
  }

  static void note(Workspace::Reached& reached, std::uint32_t at) {
    if (reached.count > Workspace::kMostReached) return;
    for (std::uint32_t i = 0; i < reached.count; ++i) {
      if (reached.at[i] == at) return;
    }
    if (reached.count < Workspace::kMostReached) reached.at[reached.count] = at;
    ++reached.count;
  }

  // Scanners. Each returns where its match from `at` on ends.

  std::uint32_t scan(Scanner scanner, std::uint32_t at) const {
    switch (scanner) {
      case Scanner::kWord:
        return scan_word(at);
      case Scanner::kPositive:
        return text_[at] == '0' ? kNothing : scan_digits(at);
      case Scanner::kDigits:
        return scan_digits(at);
      case Scanner::kInteger:
        return scan_integer(at);
      case Scanner::kNumber:
        return scan_number(at);
      case Scanner::kQuoted:
        return scan_quoted(at);
      case Scanner::kAddress:
        return scan_address(at);
      case Scanner::kHost:
        return scan_host(at);
      case Scanner::kHttpDate:
        return scan_http_date(at);
      case Scanner::kSyslogTimestamp:
        return scan_syslog_timestamp(at);
      case Scanner::kIsoTimestamp:
        return scan_iso_timestamp(at);
    }
    return kNotSure;
  }

  // Both boundaries of a run of word bytes: with fewer bytes there is no second one.
  std::uint32_t scan_word(std::uint32_t at) const {
    const std::uint32_t end = at + Blocks::run_length(text_ + at, scanner_sets::kWord, size_);
    return end == at || behind_word(at) ? kNothing : end;
  }

  std::uint32_t scan_digits(std::uint32_t at) const {
    const std::uint32_t end = end_of_digits(at);
    return end == at || behind_word(at) || is_word(text_[end]) ? kNothing : end;
  }

  [[nodiscard]] std::uint32_t end_of_digits(std::uint32_t at) const {
    for (;;) {
      const std::uint32_t others = ~Blocks::digits(text_ + at) & kWholeBlock;
      if (others != 0) return at + static_cast<std::uint32_t>(__builtin_ctz(others));
      at += kBlockBytes;
    }
  }

  // No digit comes next, so all of them are taken.
  std::uint32_t scan_integer(std::uint32_t at) const {
    if (text_[at] == '+' || text_[at] == '-') ++at;
    const std::uint32_t end = end_of_digits(at);
    return end == at ? kNothing : end;
  }

  // Atomic as a whole, so there is but one.
  std::uint32_t scan_number(std::uint32_t at) const {
    if (at != 0) {
      const std::uint8_t before = text_[at - 1];
      if (is_digit(before) || before == '.' || before == '+' || before == '-') return kNothing;
    }
    if (text_[at] == '+' || text_[at] == '-') ++at;
    const std::uint32_t whole = end_of_digits(at);
    if (text_[whole] != '.') return whole == at ? kNothing : whole;
    const std::uint32_t fraction = end_of_digits(whole + 1);
    if (fraction != whole + 1) return fraction;
    return whole == at ? kNothing : whole;
  }

  // Atomic as a whole too.
  std::uint32_t scan_quoted(std::uint32_t at) const {
    const std::uint8_t quote = text_[at];
    if (quote != '"' && quote != '\'' && quote != '`') return kNothing;
    if (at != 0 && text_[at - 1] == '\\') return kNothing;
    ++at;
    for (;;) {
      at += Blocks::until(text_ + at, quote, '\\');
      if (at == size_) return kNothing;
      if (text_[at] == quote) return at + 1;
      if (at + 1 == size_) return kNothing;
      at += 2;
    }
  }

  // One number of up to three digits, at most 255, with no digit behind it. False: it is none.
  bool pass_octet(std::uint32_t& at) const {
    unsigned value = 0;
    std::uint32_t end = at;
    while (end - at < 4 && is_digit(text_[end])) value = 10 * value + (text_[end++] - '0');
    if (end == at || end - at > 3 || value > 255) return false;
    at = end;
    return true;
  }

  // IPv6 begins with a colon, or with up to four hexadecimal digits and a colon. Of IPv4 no number
  // can end before a digit: behind it a dot comes, or no digit.
  std::uint32_t scan_address(std::uint32_t at) const {
    if (at != 0 && is_digit(text_[at - 1])) return kNotSure;
    const std::uint32_t digits = end_of_digits(at);
    if (text_[digits] != '.' || digits == at)
      return may_be_hexadecimal(text_[digits]) ? kNotSure : kNothing;
    for (int i = 0; i < 4; ++i) {
      if (i != 0 && text_[at++] != '.') return kNothing;
      if (!pass_octet(at)) return kNothing;
    }
    return at;
  }

  static bool may_be_hexadecimal(std::uint8_t byte) {
    return byte == ':' || static_cast<std::uint8_t>((byte | 0x20) - 'a') < 6;
  }

  // Nothing of what may be in a name comes next: so it is all of it, up to the first other byte.
  // Only IPv6 goes beyond, and takes a colon there. What IPv4 matches is a name, if no word goes
  // before.
  std::uint32_t scan_host(std::uint32_t at) const {
    const std::uint32_t length = Blocks::run_length(text_ + at, scanner_sets::kHost, size_);
    const std::uint32_t end = at + length;
    if (text_[end] == ':' || behind_word(at)) return kNotSure;
    if (length == 0) return kNothing;
    if (length > kMostOfLabel) return kNotSure;
    std::uint32_t begins = 1;  // of labels: those must be letters or digits
    for (; at < end; at += kBlockBytes) {
      const std::uint32_t left = end - at;
      const std::uint32_t inside = left < kBlockBytes ? (1U << left) - 1 : kWholeBlock;
      const std::uint32_t dots = Blocks::equal(text_ + at, '.') & inside;
      const std::uint32_t dashes = Blocks::equal(text_ + at, '-') & inside;
      begins |= dots << 1;
      if (((dots | dashes) & begins) != 0) return kNothing;
      begins >>= kBlockBytes;
    }
    return end;
  }

  // Whether there are digits where `places` has a bit, of the sixteen bytes from `at` on.
  [[nodiscard]] bool has_digits(std::uint32_t at, std::uint32_t places) const {
    return (Blocks::digits(text_ + at) & places) == places;
  }

  // Of two digits.
  [[nodiscard]] unsigned number(std::uint32_t at) const {
    return 10U * (text_[at] - '0') + (text_[at + 1] - '0');
  }

  // An English month of three letters, of which the first may be a capital.
  [[nodiscard]] bool is_month(std::uint32_t at) const {
    const auto pack = [](std::uint8_t a, std::uint8_t b, std::uint8_t c) {
      return static_cast<std::uint32_t>(a) << 16 | static_cast<std::uint32_t>(b) << 8 | c;
    };
    switch (pack(text_[at] | 0x20, text_[at + 1], text_[at + 2])) {
      case pack('j', 'a', 'n'):
      case pack('f', 'e', 'b'):
      case pack('m', 'a', 'r'):
      case pack('a', 'p', 'r'):
      case pack('m', 'a', 'y'):
      case pack('j', 'u', 'n'):
      case pack('j', 'u', 'l'):
      case pack('a', 'u', 'g'):
      case pack('s', 'e', 'p'):
      case pack('o', 'c', 't'):
      case pack('n', 'o', 'v'):
      case pack('d', 'e', 'c'):
        return true;
      default:
        return false;
    }
  }

  // HH:MM:SS with nothing behind that could go on with the seconds.
  [[nodiscard]] bool is_plain_time(std::uint32_t at) const {
    const std::uint8_t behind = text_[at + 8];
    return has_digits(at, 0b1101'1011) && number(at) < 24 && text_[at + 2] == ':' &&
           text_[at + 3] < '6' && text_[at + 5] == ':' && number(at + 6) <= 60 &&
           !is_digit(behind) && behind != ':' && behind != '.' && behind != ',';
  }

  // dd/Mon/yyyy:HH:MM:SS +zzzz. Each number has a byte behind it that no shorter one could have,
  // and the last has no digit behind it, which cannot come next.
  std::uint32_t scan_http_date(std::uint32_t at) const {
    constexpr std::uint32_t kLeastBytes = 21;
    if (size_ - at < kLeastBytes || !has_digits(at, 0b0111'1000'0011)) return kNotSure;
    const unsigned day = number(at);
    if (day == 0 || day > 31 || text_[at + 2] != '/' || !is_month(at + 3) || text_[at + 6] != '/' ||
        text_[at + 11] != ':' || !is_plain_time(at + 12) || text_[at + 20] != ' ') {
      return kNotSure;
    }
    at += kLeastBytes;
    if (text_[at] == '+' || text_[at] == '-') ++at;
    const std::uint32_t end = end_of_digits(at);
    return end == at ? kNotSure : end;
  }

  // Mon dd HH:MM:SS, where the day may have one digit. As above; behind the seconds nothing could
  // go on with them.
  std::uint32_t scan_syslog_timestamp(std::uint32_t at) const {
    constexpr std::uint32_t kLeastBytes = 14;
    if (behind_word(at)) return kNothing;  // a month begins a word
    if (size_ - at < kLeastBytes || !is_month(at)) return kNotSure;
    if (text_[at + 3] != ' ') return is_word(text_[at + 3]) ? kNotSure : kNothing;
    at += 4;
    while (text_[at] == ' ') ++at;
    const bool two = is_digit(text_[at + 1]);
    if (!is_digit(text_[at])) return kNotSure;
    const unsigned day = two ? number(at) : text_[at] - '0';
    at += two ? 2 : 1;
    if (day == 0 || day > 31 || size_ - at < 9 || text_[at] != ' ' || !is_plain_time(at + 1)) {
      return kNotSure;
    }
    return at + 9;
  }

  // yyyy-mm-ddTHH:MM:SS, a fraction and a zone if they are there. Each shorter match has a byte
  // behind it that cannot come next.
  std::uint32_t scan_iso_timestamp(std::uint32_t at) const {
    constexpr std::uint32_t kLeastBytes = 19;
    if (size_ - at < kLeastBytes || !has_digits(at, 0b11'0110'1111) ||
        !has_digits(at + 11, 0b1101'1011)) {
      return kNotSure;
    }
    const unsigned month = number(at + 5);
    const unsigned day = number(at + 8);
    const std::uint8_t between = text_[at + 10];
    if (text_[at + 4] != '-' || month == 0 || month > 12 || text_[at + 7] != '-' || day == 0 ||
        day > 31 || (between != 'T' && between != ' ') || number(at + 11) > 23 ||
        text_[at + 13] != ':' || text_[at + 14] > '5' || text_[at + 16] != ':' ||
        number(at + 17) > 60) {
      return kNotSure;
    }
    at += kLeastBytes;
    if (text_[at] == '.' || text_[at] == ',' || text_[at] == ':') {
      const std::uint32_t end = end_of_digits(at + 1);
      if (end != at + 1) at = end;
    }
    return end_of_zone(at);
  }

  // Z, +HH:MM or +HHMM, if it is there.
  [[nodiscard]] std::uint32_t end_of_zone(std::uint32_t at) const {
    if (text_[at] == 'Z') return at + 1;
    if (text_[at] != '+' && text_[at] != '-') return at;
    const std::uint32_t minutes = at + (text_[at + 3] == ':' ? 4U : 3U);
    const bool sure = has_digits(at + 1, 0b11) && number(at + 1) < 24 &&
                      has_digits(minutes, 0b11) && text_[minutes] < '6';
    return sure ? minutes + 2 : kNotSure;
  }

  const Operation* const operations_;
  const SetPage* const pages_;
  const SetVector* const vectors_;
  const JumpTable* const jumps_;
  const std::uint16_t* const ways_;
  const char* const literals_;
  const std::uint8_t* const text_;
  const std::uint32_t size_;
  std::size_t* const groups_;
  Workspace& workspace_;
  Frame* const bottom_;
  const Frame* const limit_;
  const bool recaptures_;
  Frame* top_;
  // Groups are opened in the order of their numbers. So where each is captured at most once, all
  // that was saved since a frame was pushed lies behind what was saved last by then.
  std::uint32_t saved_ = 1;
};

template <class Blocks>
Run run_with(const Tables& tables, std::uint32_t start, const PaddedText& text, std::size_t from,
             std::span<std::size_t> groups, Workspace& workspace) {
  Machine<Blocks> machine(tables, text, groups.data(), workspace);
  const std::uint32_t end = machine.run(start, static_cast<std::uint32_t>(from));
  if (end == Machine<Blocks>::kOutOfFuelAt) return Run::kOutOfFuel;
  if (end == Machine<Blocks>::kFailedAt) {
    machine.forget(groups);
    return Run::kFailed;
  }
  groups[0] = from;
  groups[1] = end;
  return Run::kMatched;
}

}  // namespace tocsin::rules::grok::engine
