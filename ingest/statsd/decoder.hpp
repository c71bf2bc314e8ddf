// Decodes statsd and DogStatsD: lines of metrics, events and service checks.
// Input:   a datagram, a frame of a unix stream, or whole lines of a TCP stream. Lines end in LF;
//          the last LF may be missing, a CR before it is ignored, empty lines are skipped.
// Output:  samples in batches of about 256 (in order, names viewing the input), events at once.
//          For every line: one sample or reject per value, one event or reject per event or check.
// Full:    a line is read whole or not at all. A datagram listener that does not want to wait may
//          alternate: decode, drop, decode the rest; every decode after a drop moves on.
// Threads: one decoder per ingest thread or connection; holds no shared state.
// Errors:  Intake::reject per bad value; its neighbours in the line and the datagram live.
// Cost:    one pass, about 20 ns for a plain line; allocates only for events, and once for a packed
//          line with more values than any before.
// Source:  docs/formats/statsd.md.
#pragma once

#include <cstddef>
#include <string_view>

#include "ingest/statsd/delimiter_map.hpp"
#include "ingest/statsd/options.hpp"
#include "ingest/statsd/resolver.hpp"
#include "ingest/statsd/sample_batch.hpp"
#include "tocsin/decoder.hpp"
#include "tocsin/intake.hpp"

namespace tocsin::statsd {

class Decoder final : public tocsin::Decoder {
 public:
  // `intake` must outlive the decoder.
  Decoder(Options options, Intake& intake);

  [[nodiscard]] std::size_t decode(std::string_view bytes, const Origin& origin) override;
  [[nodiscard]] bool flush() override;
  void drop() override;

  [[nodiscard]] const IdentityResolver& resolver() const noexcept { return resolver_; }

 private:
  const char* take_plain_line(const char* line, const char* end);
  bool read_plain_value(const char* begin, const char* end, RawSample& sample) const;
  bool read_plain_fields(const char* at, const char* line_end, const LineScan& scan,
                         RawSample& sample) const;
  bool take_any_line(std::string_view line, const char* base, const Origin& origin);
  bool take_message(std::string_view line, const char* base, const Origin& origin);

  // Fixed after construction.
  const Options options_;
  const Resolver resolver_;
  Intake& intake_;
  const bool strict_;
  const bool signed_gauges_adjust_;
  const bool negative_timers_;

  DelimiterMap map_;  // of what decode() was given
  SampleBatch batch_;
  bool event_waits_ = false;   // the last decode stopped at an event that the intake did not take
  bool event_may_go_ = false;  // drop() was called for it: the next one refused is given up
};

}  // namespace tocsin::statsd
