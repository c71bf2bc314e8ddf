// Replies: what a Riemann server has to send on one connection: one framed Msg for each that it
// received, in the order in which they came, though the answer to a query may be found later than
// what becomes of Msgs behind it.
//
//   received   events   query   events   bad
//   told       add      add     add      add                 answer
//   to send    ok                                            ok with events, ok, error
//
// How a server uses it: Options::on_message gives each Outcome to add(); a ticket that comes back
// goes with the query to whoever looks into the index, and returns with answer(). After either, the
// server sends what take() gives. While full() it decodes no further Msg.
// Memory:  max_queries answers of max_reply_bytes, and max_unsent_bytes, together with what one Msg
//          may add.
// Threads: one per connection; not shared. An answer found elsewhere is brought to its thread.
// Source:  docs/formats/riemann.md, "Replies".
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "ingest/riemann/options.hpp"
#include "tocsin/result.hpp"

namespace tocsin::riemann {

struct ReplyOptions {
  std::size_t max_queries = 4;                     // without answer yet
  std::size_t max_replies = 1024;                  // that wait behind them
  std::size_t max_reply_bytes = 16 * 1024 * 1024;  // a longer answer becomes an error
  std::size_t max_unsent_bytes = 1024 * 1024;      // of all replies that nobody took yet
};

class Replies {
 public:
  // The place of an answer that is still missing.
  using Ticket = std::uint64_t;

  explicit Replies(const ReplyOptions& options = {}) noexcept : options_(options) {}

  // Says what became of the next Msg. A ticket if it asks for an answer.
  std::optional<Ticket> add(const Outcome& outcome);
  // The next Msg was not even read: its frame was too long, say.
  void add_refusal(std::string_view why);

  // The answer to a query: `events`, as append_event wrote them, or why there is none. Once per
  // ticket; a second one, and one for a ticket that was never given, is ignored.
  void answer(Ticket ticket, std::string_view events);
  void answer(Ticket ticket, const Error& error);

  // Moves the bytes that may be sent now to `out`, which is empty before, and after if there are
  // none. They are the caller's: what is added meanwhile does not touch them.
  void take(std::string& out);

  [[nodiscard]] bool full() const noexcept {
    return queries_ >= options_.max_queries || waiting_.size() >= options_.max_replies ||
           unsent_bytes_ >= options_.max_unsent_bytes;
  }
  // Whether every Msg is answered, and every answer taken.
  [[nodiscard]] bool empty() const noexcept { return waiting_.empty() && ready_.empty(); }

 private:
  void put(std::string frame);
  void fill(Ticket ticket, std::string frame);

  const ReplyOptions options_;
  std::string ready_;  // frames, in order
  // What comes behind them, frame by frame. Empty: a query without answer, as the first always is.
  std::deque<std::string> waiting_;
  Ticket next_ready_ = 0;         // every reply has a number: that of waiting_.front()
  std::size_t queries_ = 0;       // missing ones among waiting_
  std::size_t unsent_bytes_ = 0;  // of ready_ and waiting_
};

}  // namespace tocsin::riemann
