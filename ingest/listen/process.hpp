// Process: runs one program, keeps what it prints, and sees to it that it ends.
// How:     posix_spawn, no shell in between: the words of the command are the words of argv. Its
//          standard input is empty, output and error output come together; it inherits no other
//          descriptor, no blocked and no ignored signal, and leads a process group of its own.
// Time-out: SIGTERM to the group; after `grace`, or as soon as the program itself has ended,
// SIGKILL
//          to what is left of the group. A program that ends in time may leave others behind.
// End:     when the program ends, whoever else still holds its output open. More than
//          max_output_bytes is read and forgotten, so that the program does not wait.
// Threads: everything on the loop's thread.
// Errors:  what cannot be started is said by start(), by the system's own words.
// Needs:   Linux 5.3 (pidfd_open); SIGCHLD not ignored by this process.
// Source:  Linux man-pages: posix_spawn(3), pidfd_open(2), waitid(2).
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ingest/listen/loop.hpp"
#include "tocsin/result.hpp"

namespace tocsin::listen {

struct Command {
  std::vector<std::string> words;  // the program, by path or found in PATH, and its arguments
  std::chrono::nanoseconds timeout = std::chrono::seconds(10);
  std::chrono::nanoseconds grace = std::chrono::seconds(2);  // between SIGTERM and SIGKILL
  std::size_t max_output_bytes = 64 * 1024;
};

struct Ended {
  enum class How : unsigned char { kExited, kSignaled, kTimedOut };
  How how = How::kExited;
  int number = 0;       // kExited: the exit code; kSignaled: the signal
  std::string output;   // both outputs, as they came
  bool is_cut = false;  // there was more of it
};

class Process {
 public:
  // Calls `done` once, from the loop; it may destroy the Process. `loop` outlives it.
  [[nodiscard]] static Result<std::unique_ptr<Process>> start(Loop& loop, const Command& command,
                                                              std::function<void(Ended)> done);

  // A program that still runs is killed, with its group; `done` is not called.
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // As if its time were over now.
  void time_out();

 private:
  class Impl;
  explicit Process(std::shared_ptr<Impl> impl) noexcept;

  std::shared_ptr<Impl> impl_;
};

}  // namespace tocsin::listen
