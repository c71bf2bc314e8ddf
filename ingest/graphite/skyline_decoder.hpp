// Decodes what Skyline's relays send: each datagram one msgpack array [name, [time, value]].
//   name         str or bin of any width; raw of the old msgpack is the same bytes as str
//   time, value  int or float of any width; unsigned ones above 2^63 become doubles
// Input:   one datagram.
// Output:  one event, as LineDecoder makes them.
// Threads: one decoder per ingest thread; holds no shared state.
// Errors:  Intake::reject once for a datagram that is nothing of the kind, and once for bytes
//          behind the array.
// Cost:    one pass, no allocation.
// Source:  the msgpack specification (2013, with str and bin); Skyline's UDP listener.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "ingest/graphite/options.hpp"
#include "ingest/graphite/point_event.hpp"
#include "tocsin/decoder.hpp"
#include "tocsin/intake.hpp"

namespace tocsin::graphite {

class SkylineDecoder final : public tocsin::Decoder {
 public:
  // `intake` must outlive the decoder.
  SkylineDecoder(const Options& options, Intake& intake) : intake_(intake), event_(options) {}

  [[nodiscard]] std::size_t decode(std::string_view datagram, const Origin& origin) override;
  [[nodiscard]] bool flush() override { return true; }
  void drop() override { may_give_up_ = waits_; }

 private:
  Intake& intake_;

  PointEvent event_;
  bool waits_ = false;        // the last decode stopped at a point that the intake did not take
  bool may_give_up_ = false;  // drop() was called for it: the next one refused is given up
};

}  // namespace tocsin::graphite
