// Decodes Graphite's pickle protocol into events: a list or tuple of (name, (time, value)), each
// pair a tuple or a list.
// Input:   one pickle: the frame behind its big-endian 32-bit length (FramingKind::kBigLength32).
// Output:  one event a point, as LineDecoder makes them. Times and values may be texts.
// Full:    a frame that the intake did not take whole is offered again, wherever it lies then, and
//          goes on behind the last point that was counted. After drop() the points of one frame
//          that are still refused are given up, each counted as dropped.
// Threads: one decoder per connection; holds no shared state.
// Errors:  Intake::reject once for a frame that is not a list of points, else once per bad point,
//          and once for bytes behind the end of the pickle.
// Cost:    one pass over the pickle, one over its points; a frame of more than some 30,000 values
//          allocates.
// Source:  docs/formats/graphite.md; carbon 1.1.7 for what a point may be.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "ingest/graphite/options.hpp"
#include "ingest/graphite/pickle.hpp"
#include "ingest/graphite/point_event.hpp"
#include "tocsin/decoder.hpp"
#include "tocsin/intake.hpp"

namespace tocsin::graphite {

class PickleDecoder final : public tocsin::Decoder {
 public:
  // `intake` must outlive the decoder.
  PickleDecoder(const Options& options, Intake& intake);

  [[nodiscard]] std::size_t decode(std::string_view frame, const Origin& origin) override;
  [[nodiscard]] bool flush() override { return true; }
  void drop() override { may_give_up_ = waits_; }

 private:
  bool begin(std::string_view frame);
  bool take_points(std::string_view frame, const Origin& origin);
  std::optional<Refusal> read_point(std::string_view frame, const Pickle::Value& value,
                                    TimePoint received, Point& point) const;
  [[nodiscard]] Metric number_of(std::string_view frame, const Pickle::Value& value) const;

  // Fixed after construction.
  const std::size_t max_frame_bytes_;
  Intake& intake_;

  PointEvent event_;
  Pickle pickle_;
  std::uint32_t next_point_ = Pickle::kEnd;  // of the frame in work
  std::size_t waiting_bytes_ = 0;            // length of the frame in work
  bool waits_ = false;                       // the last decode stopped at a point of it
  bool may_give_up_ = false;                 // drop() was called for it
};

}  // namespace tocsin::graphite
