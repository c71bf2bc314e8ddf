// RelpSession: one connection of a RELP server. Each message is acknowledged once the pipeline has
// it, so that what a sender was told is in is in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "ingest/listen/session.hpp"
#include "ingest/syslog/decoder.hpp"
#include "ingest/syslog/options.hpp"
#include "ingest/syslog/relp.hpp"
#include "tocsin/intake.hpp"

namespace tocsin::syslog {

class RelpSession final : public listen::Session {
 public:
  // `intake` and `counters` outlive it.
  RelpSession(const Options& options, Intake& intake, listen::ConnectionCounters& counters)
      : intake_(intake),
        counters_(counters),
        server_(options.max_message_bytes),
        decoder_(options, intake) {}

  [[nodiscard]] Step step(std::string_view buffered, const Origin& origin,
                          listen::Tail tail) override;
  void abort(std::string_view buffered, const Origin& origin) override;
  void take_output(std::string& out) override { out.swap(replies_); }

 private:
  // Answers that a client does not take make us stop reading.
  static constexpr std::size_t kMaxUnsentBytes = 256 * 1024;

  void reject_rest(std::string_view rest);

  Intake& intake_;
  listen::ConnectionCounters& counters_;
  RelpServer server_;
  Decoder decoder_;
  std::string replies_;
  std::uint64_t consumed_ = 0;  // of the stream
  // A message that the pipeline did not take yet; its frame is consumed, its bytes stay where they
  // are.
  std::string_view waiting_;
};

}  // namespace tocsin::syslog
