// Runs a program on a text from one offset: the matching itself.
// Threads: one workspace per thread, reused.
// Cost:    no allocation. Fuel bounds the work.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "src/rules/grok/engine/compiler.hpp"
#include "src/rules/grok/engine/operation.hpp"
#include "src/rules/grok/engine/padded_text.hpp"

namespace tocsin::rules::grok::engine {

inline constexpr std::size_t kUnset = static_cast<std::size_t>(-1);

// What a run writes to. Its contents mean nothing between runs, save fuel and pivots.
struct Workspace {
  struct Frame {
    std::uint32_t what;   // an operation, or one of the values in machine_body.hpp
    std::uint32_t at;     // a position
    std::uint32_t limit;  // by kind: the last position, a way, an operation, a slot
    std::uint32_t saved;  // the last slot that was saved by then
  };
  static constexpr std::size_t kMostFrames = 4096;
  static constexpr std::size_t kMostReached = 8;

  // Where the end of a pivot was reached, each once.
  struct Reached {
    std::array<std::uint32_t, kMostReached> at;
    std::uint32_t count;  // kMostReached + 1: too many to tell
  };

  std::unique_ptr<Frame[]> frames{new Frame[kMostFrames]};
  std::array<std::uint32_t, kMostMarks> marks{};
  std::array<std::uint32_t, kMostCounters> counters{};
  std::array<Reached, kMostPivots> reached{};
  // What is left of the work that a search may do: of the bytes that runs pass, about; a frame
  // counts for 64 of them, a turn of a loop for 16.
  std::int64_t fuel = 0;
};

enum class Run : std::uint8_t {
  kFailed,
  kMatched,
  kOutOfFuel,  // or of frames
};

// A match that begins at `from`. On kMatched `groups` holds begin and end of the match and of each
// group from 1 on, kUnset where a group took no part; before it, and after kFailed, all are kUnset.
// Precondition: the text is ASCII and smaller than 2 GiB.
using RunFunction = Run(const Tables& tables, std::uint32_t start, const PaddedText& text,
                        std::size_t from, std::span<std::size_t> groups, Workspace& workspace);

// The quickest that this processor can do; the same for all of the process.
[[nodiscard]] RunFunction& best_run() noexcept;

// Without instructions beyond those of every processor of this kind.
RunFunction run_portably;

}  // namespace tocsin::rules::grok::engine
