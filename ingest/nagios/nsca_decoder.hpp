// Decodes NSCA packets in the clear, as NscaServer gives them, one a call.
// Output:  the events of result_writer.hpp; the time is that of arrival. In the output "\n" stands
//          for LF, as send_nsca's users write it.
// Full:    as PassiveDecoder.
// Threads: one per connection or ingest thread; holds no shared state.
// Errors:  Intake::reject for a packet without host or with an impossible code, and per bad item of
//          perfdata. An output that fills its field may be cut: an item at its very end is
//          refused as kTruncated.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "ingest/nagios/options.hpp"
#include "ingest/nagios/result_writer.hpp"
#include "tocsin/decoder.hpp"
#include "tocsin/intake.hpp"

namespace tocsin::nagios {

class NscaDecoder final : public tocsin::Decoder {
 public:
  // `intake` must outlive the decoder.
  NscaDecoder(Options options, Intake& intake);

  [[nodiscard]] std::size_t decode(std::string_view packet, const Origin& origin) override;
  [[nodiscard]] bool flush() override { return true; }
  void drop() override { writer_.drop(); }

 private:
  // Fixed after construction.
  const Options options_;
  const std::optional<std::chrono::nanoseconds> ttl_;
  Intake& intake_;

  ResultWriter writer_;
  std::string output_;  // of the packet at hand, when it had escapes
};

}  // namespace tocsin::nagios
