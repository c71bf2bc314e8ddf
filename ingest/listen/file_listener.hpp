// FileListener: follows files (ingest/tail) on a loop, one Decoder for each.
// Nothing is lost to a full pipeline: no file is read until the pipeline takes more.
// How:     inotify says which files grew and where names changed; besides, all files are read every
//          poll_interval and all names looked up every rescan_interval, for file systems of which
//          inotify knows nothing. Between two looks at inotify it naps, so that the lines of a
//          moment share one wake-up.
// Threads: everything on the loop's thread (or before the loop runs), counters() from any.
// Errors:  lines longer than max_line_bytes are rejected through Intake; what is wrong with single
//          files goes to `complain`, and is counted.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "ingest/listen/loop.hpp"
#include "ingest/tail/counters.hpp"
#include "ingest/tail/options.hpp"
#include "src/base/clock.hpp"
#include "tocsin/intake.hpp"
#include "tocsin/result.hpp"

namespace tocsin::listen {

struct FileListenerOptions {
  tail::Options files;
  // How often every open file is looked at. Also how exactly the waits of `files` are kept.
  std::chrono::nanoseconds poll_interval = std::chrono::seconds(1);
  // How often the patterns are looked up, unless inotify tells of a change.
  std::chrono::nanoseconds rescan_interval = std::chrono::seconds(5);
  // How often positions are written. What was accepted since comes again after a crash.
  std::chrono::nanoseconds checkpoint_interval = std::chrono::seconds(1);
  // How long to rest between two looks at inotify. Longer saves wake-ups, and lines come later.
  std::chrono::nanoseconds nap = std::chrono::milliseconds(20);
  // Called on the loop's thread, once for each occasion. May be empty.
  std::function<void(const Error&)> complain;
  base::Clock clock = base::wall_clock;  // when lines were received
};

class FileListener {
 public:
  // Reads the checkpoint file and begins to follow as soon as the loop runs. `loop` and `intake`
  // outlive the listener. Errors: those of tail::Tailer::create; kRange for an interval of 0.
  [[nodiscard]] static Result<std::unique_ptr<FileListener>> open(Loop& loop,
                                                                  FileListenerOptions options,
                                                                  tail::DecoderFactory decoders,
                                                                  Intake& intake);

  ~FileListener();  // as close(), without reading what is there
  FileListener(const FileListener&) = delete;
  FileListener& operator=(const FileListener&) = delete;

  // Reads what is there, as far as the pipeline takes it at once, and writes the positions: what is
  // left comes when the files are followed again. May be called twice.
  void close();

  [[nodiscard]] const tail::Counters& counters() const noexcept;

 private:
  class Impl;
  explicit FileListener(std::shared_ptr<Impl> impl) noexcept;

  // Shared with the handlers that Asio still holds: they end after the listener does.
  std::shared_ptr<Impl> impl_;
};

}  // namespace tocsin::listen
