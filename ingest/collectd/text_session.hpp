// TextSession: one connection of collectd's text protocol, answered as collectd's unixsock plugin
// answers it, for clients that wait for that.
//   PUTVAL ...     0 Success: 2 values have been dispatched.     that is, two lists
//   PUTNOTIF ...   0 Success
//   what is wrong  -1 why                                        the lists that are right are in
// Empty lines and comments are not answered. GETVAL, LISTVAL and the other commands that ask are
// refused: ask Tocsin's API instead.
// Errors:  a line longer than max_line_bytes is answered -1 and ends the connection.
// Source:  collectd-unixsock(5); collectd 5.12, utils/cmds/putval.c, putnotif.c, and unixsock.c.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "ingest/collectd/text_decoder.hpp"
#include "ingest/listen/session.hpp"
#include "tocsin/intake.hpp"

namespace tocsin::collectd {

class TextSession final : public listen::Session {
 public:
  // `rates`, `intake` and `counters` outlive it.
  TextSession(const Options& options, RateTable& rates, Intake& intake,
              listen::ConnectionCounters& counters)
      : max_line_bytes_(options.max_line_bytes),
        counters_(counters),
        listener_(intake),
        decoder_(options, rates, listener_) {}

  [[nodiscard]] Step step(std::string_view buffered, const Origin& origin,
                          listen::Tail tail) override;
  void abort(std::string_view buffered, const Origin& origin) override;
  void take_output(std::string& out) override { out.swap(answers_); }

 private:
  // Passes everything on, and remembers of one line what is wrong with it.
  class Listener final : public Intake {
   public:
    explicit Listener(Intake& intake) : intake_(intake) {}

    std::size_t samples(std::span<const RawSample> samples,
                        const IdentityResolver& resolver) override {
      return intake_.samples(samples, resolver);
    }
    bool event(const EventView& event) override { return intake_.event(event); }
    void drop(std::size_t records) override { intake_.drop(records); }
    void reject(RejectCause cause, std::string_view record, std::size_t offset,
                std::string_view text) override {
      if (fault.empty()) fault = text;
      intake_.reject(cause, record, line_at + offset, text);
    }

    std::size_t line_at = 0;  // in the stream
    std::string fault;        // the first; empty: none

   private:
    Intake& intake_;
  };

  static constexpr std::size_t kMaxUnsentBytes = 64 * 1024;

  void answer();

  const std::size_t max_line_bytes_;
  listen::ConnectionCounters& counters_;
  Listener listener_;
  TextDecoder decoder_;
  std::string answers_;
};

}  // namespace tocsin::collectd
