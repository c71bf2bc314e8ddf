// FramedSession: a stream that is cut into records, which go to a Decoder; nothing is answered.
// Errors:  a record longer than max_record_bytes is rejected as oversized and skipped, one that the
//          end cut short as truncated; their neighbours are kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "ingest/listen/framing.hpp"
#include "ingest/listen/session.hpp"
#include "tocsin/decoder.hpp"
#include "tocsin/intake.hpp"

namespace tocsin::listen {

class FramedSession final : public Session {
 public:
  // `intake` and `counters` outlive it.
  FramedSession(std::unique_ptr<Framing> framing, std::unique_ptr<Decoder> decoder, Intake& intake,
                ConnectionCounters& counters)
      : framing_(std::move(framing)),
        decoder_(std::move(decoder)),
        intake_(intake),
        counters_(counters) {}

  [[nodiscard]] Step step(std::string_view buffered, const Origin& origin, Tail tail) override;
  void abort(std::string_view buffered, const Origin& origin) override;

 private:
  [[nodiscard]] bool decode(std::string_view buffered, std::size_t& at, const Origin& origin,
                            Tail tail);
  void reject_rest(std::string_view rest);

  // Fixed after construction.
  const std::unique_ptr<Framing> framing_;
  const std::unique_ptr<Decoder> decoder_;
  Intake& intake_;
  ConnectionCounters& counters_;

  std::string_view records_;    // cut, but not yet taken by the decoder
  std::uint64_t consumed_ = 0;  // of the stream
};

}  // namespace tocsin::listen
