// TextSession: one connection of collectd's text protocol, answered as collectd's unixsock plugin
// answers it, for clients that wait for that.
//   PUTVAL ...     0 Success: 2 values have been dispatched.
//   PUTNOTIF ...   0 Success
//   what is wrong  -1 why
// GETVAL, LISTVAL and the other commands that ask are refused: ask Tocsin's API instead.
// Errors:  a line longer than max_line_bytes ends the connection.
// Source:  collectd-unixsock(5), collectd 5.12.
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
  // Passes everything on, and remembers of one line what the client has to hear.
  class Listener final : public Intake {
   public:
    explicit Listener(Intake& intake) : intake_(intake) {}

    std::size_t samples(std::span<const RawSample> samples,
                        const IdentityResolver& resolver) override {
      return intake_.samples(samples, resolver);
    }
    bool event(const EventView& event) override {
      const bool taken = intake_.event(event);
      events += taken ? 1 : 0;
      return taken;
    }
    void drop(std::size_t records) override { intake_.drop(records); }
    void reject(RejectCause cause, std::string_view record, std::size_t offset,
                std::string_view text) override {
      if (fault.empty()) fault = text;
      intake_.reject(cause, record, offset, text);
    }

    std::size_t events = 0;
    std::string fault;  // the first; empty: none

   private:
    Intake& intake_;
  };

  static constexpr std::size_t kMaxUnsentBytes = 64 * 1024;

  void answer(std::string_view line);

  const std::size_t max_line_bytes_;
  listen::ConnectionCounters& counters_;
  Listener listener_;
  TextDecoder decoder_;
  std::string answers_;
  std::size_t taken_ = 0;  // of the line in front, when the pipeline was full in it
};

}  // namespace tocsin::collectd
