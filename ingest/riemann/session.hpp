// Session: one connection of a Riemann server: every Msg is answered, in order. "ok" means that the
// pipeline has all of its events; clients may pipeline as many as they like.
// Queries: handed to `ask`, which answers whenever it can, on the loop's thread; events behind them
//          are taken meanwhile, up to the limits of ReplyOptions.
// Errors:  a frame that is too long is answered with an error, and the connection ends: as in
//          Riemann. What cannot be read in a Msg is answered with an error, and nothing else ends.
// Source:  docs/formats/riemann.md, "Replies".
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "ingest/listen/session.hpp"
#include "ingest/riemann/decoder.hpp"
#include "ingest/riemann/options.hpp"
#include "ingest/riemann/replies.hpp"
#include "tocsin/event.hpp"
#include "tocsin/intake.hpp"
#include "tocsin/result.hpp"

namespace tocsin::riemann {

// The events that match a query, as append_event wrote them, or why there are none.
using Answer = std::function<void(const Result<std::string>& events)>;
// Looks into the index. The answer comes once, on the thread that asked.
using Ask = std::function<void(std::string query, Answer answer)>;

class Session final : public listen::Session {
 public:
  // `ask` empty: queries are answered with an error. `intake` and `counters` outlive the session.
  Session(Options options, const ReplyOptions& reply_options, std::size_t max_frame_bytes, Ask ask,
          Intake& intake, listen::ConnectionCounters& counters);

  void open(std::function<void()> wake) override { wake_ = std::move(wake); }
  [[nodiscard]] Step step(std::string_view buffered, const Origin& origin,
                          listen::Tail tail) override;
  void abort(std::string_view buffered, const Origin& origin) override;
  void take_output(std::string& out) override { state_->replies.take(out); }
  [[nodiscard]] bool owes_output() const override { return !state_->replies.empty(); }

 private:
  // Outlives the session while answers are on their way.
  struct State {
    explicit State(const ReplyOptions& options) : replies(options) {}
    Replies replies;
  };

  void on_message(const Outcome& outcome);
  void reject_rest(std::string_view rest);

  const std::size_t max_frame_bytes_;
  const Ask ask_;
  Intake& intake_;
  listen::ConnectionCounters& counters_;
  const std::shared_ptr<State> state_;

  Decoder decoder_;
  std::function<void()> wake_;
  bool is_over_ = false;        // nobody hears replies any more
  std::size_t taken_ = 0;       // of the frame in front, when the pipeline was full in it
  std::uint64_t consumed_ = 0;  // of the stream
};

}  // namespace tocsin::riemann
