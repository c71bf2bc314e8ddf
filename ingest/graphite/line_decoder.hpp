// Decodes Graphite's plaintext protocol into events.
//   line  := blanks name blanks value blanks time blanks LF
//   name  := see series_name.hpp; value, time := see number.hpp
//   blank := " ", TAB, VT, FF, CR
// Input:   a datagram, or whole lines of a stream. The last LF may be missing; lines without a word
//          are skipped.
// Output:  one event a line: service the path (or what the templates make of it), metric the value,
//          attributes the tags, "ingest" = "graphite" and "peer".
// Full:    a line is taken whole or not at all.
// Threads: one decoder per ingest thread or connection; holds no shared state.
// Errors:  Intake::reject per bad line; a NaN is one, it measured nothing.
// Cost:    one pass, no allocation in the steady state; bench/micro/graphite_bench.cpp.
// Source:  docs/formats/graphite.md.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "ingest/graphite/options.hpp"
#include "ingest/graphite/point_event.hpp"
#include "tocsin/decoder.hpp"
#include "tocsin/intake.hpp"

namespace tocsin::graphite {

class LineDecoder final : public tocsin::Decoder {
 public:
  // `intake` must outlive the decoder.
  LineDecoder(const Options& options, Intake& intake);

  [[nodiscard]] std::size_t decode(std::string_view bytes, const Origin& origin) override;
  [[nodiscard]] bool flush() override { return true; }
  void drop() override { may_give_up_ = waits_; }

 private:
  const char* read_plain_line(const char* line, const char* end, Point& point) const;
  std::optional<Refusal> read_any_line(std::string_view line, TimePoint received,
                                       Point& point) const;

  // Fixed after construction.
  const std::size_t max_line_bytes_;
  Intake& intake_;

  PointEvent event_;
  bool waits_ = false;        // the last decode stopped at a line that the intake did not take
  bool may_give_up_ = false;  // drop() was called for it: the next one refused is given up
};

}  // namespace tocsin::graphite
