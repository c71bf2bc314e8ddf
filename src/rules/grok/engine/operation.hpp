// One step of a program, and the tables that steps use.
//
// A program is a graph: each operation names what follows it. Positions are offsets in the text. An
// operation that has more than one way to go on pushes a frame on a stack; when something fails the
// last frame is popped and the next way is taken. So far this is every backtracking matcher. What
// makes it quick is how seldom frames are pushed (compiler.hpp), and how much one operation does: a
// run with the group that captures it and the byte behind it is one, and so is a whole date.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "src/rules/grok/engine/byte_set.hpp"

namespace tocsin::rules::grok::engine {

// 64 sets of bytes: bit i of entry b says whether set i holds byte b.
using SetPage = std::array<std::uint64_t, 256>;

// One set of bytes of ASCII, for sixteen bytes at a time: bit h of entry l says whether it holds
// the byte whose high half is h and low half is l.
struct alignas(16) SetVector {
  std::array<std::uint8_t, 16> rows{};
};

// Where to go on by the next byte.
using JumpTable = std::array<std::uint16_t, 256>;

// A cache line each.
struct alignas(64) Operation {
  enum class Kind : std::uint8_t {
    kAccept,
    kFail,
    kJump,     // only while a program is made
    kByte,     // `byte`; notes pivot `slot` - 1, if there is one, behind it
    kBytes,    // `most` bytes at `least` of Tables::literals; the same
    kEither,   // kBytes; where they are not, `other`, and with `flag` also where `next` fails
    kSet,      // one byte of `set`
    kSkip,     // one byte, known already
    kRun,      // bytes of `vector`, at most `most`, as many as there are; fails below `least`; with
               // `flag` any bytes
    kRunBack,  // the same, then fewer and fewer; only where `then` comes next
    kRunLazy,  // `least` bytes of `set`, then more, as few as there must be; only where `then`
               // comes next; `vector` is what is in `set` and not in `then`
    kScan,     // what scanner `least` finds; where it is not sure, `other`
    kGuard,    // asks, and takes nothing, whether kRun would succeed where `then` comes next
    kFork,     // `next` if `set` comes next, `other` if `then` does; both: in this order
    kTurn,   // the same; `next` only while counter `slot` is below `most`, `other` from `least` on
    kCount,  // counter `slot` is nought
    kCountUp,   // counter `slot` is one more
    kTable,     // goes on as table `least` says for the next byte
    kWays,      // all of Tables::ways from `least` on, in order
    kSave,      // the position, in `capture`
    kMark,      // remembers the height of the stack as mark `slot`
    kCut,       // drops what was pushed since mark `slot` where `then` comes next; fails elsewhere;
                // keeps what has to be undone if `flag`
    kAheadIs,   // `set` comes next, or with `flag` does not
    kBehindIs,  // the byte before is in `set`, or with `flag` is not
    kLook,      // `other` leads to a match from `most` bytes before on, or with `flag` does not
    kAssert,    // `byte` is an Assertion
  };

  Kind kind = Kind::kFail;
  // Of kRun and kScan too: comes next and is passed, if it is not NUL.
  std::uint8_t byte = 0;
  bool flag = false;
  std::uint16_t slot = 0;
  // Of kRun, kRunBack, kRunLazy and kScan too: where begin and end are saved, if it is not nought.
  std::uint16_t capture = 0;
  std::uint16_t page = 0;  // of `set` and `then`
  std::uint16_t vector = 0;
  std::uint32_t next = 0;
  std::uint32_t other = 0;
  std::uint32_t least = 0;
  std::uint32_t most = 0;
  std::uint64_t set = 0;  // one bit each
  std::uint64_t then = 0;
};

inline constexpr std::uint16_t kLastWay = 0xFFFF;
inline constexpr std::size_t kLiteralPaddingBytes = 16;

struct Tables {
  std::vector<Operation> operations;
  std::vector<SetPage> pages;
  std::vector<SetVector> vectors;
  std::vector<JumpTable> jumps;
  // A group may be captured more than once on the way to a match.
  bool recaptures = false;
  std::vector<std::uint16_t> ways;  // lists of operations, each with kLastWay behind it
  std::string literals;             // with padding, since sixteen bytes are compared at a time
};

}  // namespace tocsin::rules::grok::engine
