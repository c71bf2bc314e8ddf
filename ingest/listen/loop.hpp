// Loop: the event loop of one ingest thread. Listeners, timers and posted calls run on it.
// Threads: one thread calls run(); everything that is handed to a loop runs on that thread. post()
//          and stop() are safe from any thread, the rest only from the loop's thread or before
//          run().
// Order:   a Loop is built before its listeners and outlives them.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

namespace tocsin::listen {

class Loop {
 public:
  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Serves until stop(). A stop() before run() counts: run() then returns at once.
  void run();
  void stop();

  // Calls `fn` on the loop's thread, after what is already waiting there.
  void post(std::function<void()> fn);

  // Calls `fn` every `interval` for as long as the loop runs. A call that comes late is not
  // repeated to catch up: the next one falls on the original beat.
  void every(std::chrono::nanoseconds interval, std::function<void()> fn);

  // For this folder only: what Asio needs, defined in loop_context.hpp.
  struct Context;
  [[nodiscard]] Context& context() noexcept { return *context_; }

 private:
  std::unique_ptr<Context> context_;
};

}  // namespace tocsin::listen
