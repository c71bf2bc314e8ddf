// Session: our side of one stream connection, as a state machine without a socket: bytes in, events
// to the pipeline, bytes out. A protocol that only listens needs none of its own: framed() makes
// one from a way to frame and a Decoder (framed_session.hpp).
// Threads: the loop's thread.
// Errors:  each session counts through its Intake what it refuses, and what an end cuts short.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "ingest/listen/counters.hpp"
#include "tocsin/decoder.hpp"

namespace tocsin::listen {

// Whether more bytes will come behind those that are buffered.
enum class Tail : std::uint8_t {
  kOpen,
  kEnded,   // the sender finished in good order
  kBroken,  // the connection broke, or we close it: an open last record may have gone on
};

class Session {
 public:
  enum class Progress : std::uint8_t {
    kNeedMore,  // all that is whole was taken
    kFull,      // the pipeline, or what waits to be sent, is full: to be called again
    kEnd,       // nothing more is wanted: the connection sends what there is to send, and closes
  };
  struct Step {
    Progress progress = Progress::kNeedMore;
    std::size_t consumed = 0;  // bytes from the front, which are not shown again
  };

  virtual ~Session() = default;

  // Called once, before anything else. `wake` tells the connection, on the loop's thread, that
  // take_output() has something although no step was made; it may be called at any time, also when
  // the connection is gone.
  virtual void open(std::function<void()> wake) { (void)wake; }

  // Takes what it can from the front of `buffered`. After kFull the same bytes are shown again, at
  // the same address, and those consumed stay where they are: they may still be viewed.
  // Once `tail` is not kOpen, kNeedMore means that everything is accounted for.
  [[nodiscard]] virtual Step step(std::string_view buffered, const Origin& origin, Tail tail) = 0;

  // The connection ends at once, and the pipeline may be full: accounts for all that is buffered
  // and for what earlier steps still hold.
  virtual void abort(std::string_view buffered, const Origin& origin) = 0;

  // Moves what is to be sent to `out`, which is empty.
  virtual void take_output(std::string& out) { (void)out; }
  // Whether output is still to come without further input, so that an end should wait for it.
  [[nodiscard]] virtual bool owes_output() const { return false; }
};

// One session for each accepted connection; `counters` are the listener's and outlive it.
using SessionFactory = std::function<std::unique_ptr<Session>(ConnectionCounters& counters)>;

}  // namespace tocsin::listen
