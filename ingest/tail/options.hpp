// What a file listener can be told about the files it follows.
// Threads: plain values; read-only once a Tailer was made from them.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tocsin/decoder.hpp"

namespace tocsin::tail {

struct MultiLineOptions {
  enum class Rule : std::uint8_t {
    kNone,          // each line is a record
    kStartPattern,  // a record begins with a line that start_pattern matches
    kIndent,  // a line that begins with a blank or a tab, or is empty, continues the record; so
              // does the line that ends a Python traceback
  };
  Rule rule = Rule::kNone;
  std::string start_pattern;  // PCRE2, found anywhere in the line unless it begins with ^
  // A record that reaches one of these is handed over; what follows begins another one.
  std::size_t max_lines = 500;
  std::size_t max_bytes = 64 * 1024;
  // How long the last record of a file waits for another line.
  std::chrono::nanoseconds max_wait = std::chrono::seconds(2);
};

enum class Start : std::uint8_t {
  kEnd,        // only what is written from now on
  kBeginning,  // what is there already too
};

struct Options {
  // Patterns of glob(7), braces allowed. Symbolic links are followed.
  std::vector<std::string> paths;
  // Base names that are passed over: what rotation leaves behind packed.
  std::vector<std::string> exclude = {"*.gz", "*.xz", "*.bz2", "*.zst"};
  // Where to begin in a file that was never seen and exists when the daemon starts. A file that
  // appears later is read from its beginning.
  Start start = Start::kEnd;

  // A longer line is refused as kOversized and skipped.
  std::size_t max_line_bytes = 64 * 1024;
  // How long a last line without LF waits for its rest before it counts as a line.
  std::chrono::nanoseconds partial_line_wait = std::chrono::seconds(5);
  MultiLineOptions multi_line;

  // How long a file that was renamed or deleted must have been quiet before it is closed, and its
  // successor opened. Raise it for writers that go on for long with the file they have open.
  std::chrono::nanoseconds rotation_wait = std::chrono::seconds(5);
  // The same for a file that was renamed and has no successor yet.
  std::chrono::nanoseconds orphan_wait = std::chrono::minutes(5);

  // Further files wait until one is closed.
  std::size_t max_files = 1024;

  // Where positions are kept; empty: nowhere. One listener, one file.
  std::string checkpoint_file;
  // Positions kept, those of files that are not open at present included. At least max_files.
  std::size_t max_checkpoints = 4096;
  // Whether a position must have reached the disk before it counts as kept. Without it a power cut
  // may bring back old positions, and so lines twice.
  bool sync_checkpoints = false;

  // Whether to learn of changes from inotify. Without it, and for network file systems, files are
  // looked at as often as the listener's poll_interval says.
  bool with_inotify = true;
};

// Makes the decoder of the file that was found under `path`. It is given one record per decode(),
// without its LF; a record that was joined has LFs inside.
using DecoderFactory = std::function<std::unique_ptr<Decoder>(const std::string& path)>;

}  // namespace tocsin::tail
