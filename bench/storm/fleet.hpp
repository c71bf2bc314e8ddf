// A shard with its share of watched series, each of which gets one sample in every window: values
// such as statsd sends, which can be shifted.
// Threads: one owner; progress() from any.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "bench/votes/sources.hpp"
#include "src/app/shard_stage.hpp"

namespace tocsin::bench {

inline constexpr std::uint32_t kStep_s = 10;

struct FleetOptions {
  std::size_t series = 1000;
  std::uint32_t history_points = 8640;
  std::string detect = "skyline";  // as in a watch
  double time_share = 0.7;
  std::size_t detector_bytes = std::size_t{4} << 30;
};

class Fleet {
 public:
  // Series i goes through values[i % values.size()], over and over; `values` must outlive the fleet.
  Fleet(const FleetOptions& options, const std::vector<Points>& values);

  // One window passes, with a tick at its end; no time to vote.
  void pass();
  // A tick `second` seconds into the window. The first of a window ends the one before.
  void tick(std::uint32_t second);
  // A sample for every series, so many of its deviations above what it would be.
  void send(double shift);

  [[nodiscard]] const app::ShardWork& progress() const { return stage_.progress(); }
  [[nodiscard]] std::uint64_t points() const noexcept { return points_; }
  [[nodiscard]] std::uint64_t processed() const { return stage_.counters(0).processed.get(); }
  [[nodiscard]] std::uint64_t records() const noexcept { return records_; }

 private:
  void define();
  void work();

  FleetOptions options_;
  bool in_time_ = false;  // whether votes are given time
  const std::vector<Points>& values_;
  std::vector<double> deviations_;  // of each of values_
  std::uint64_t records_ = 0;
  std::uint64_t points_ = 0;
  std::int64_t window_ = 0;
  app::ShardStage stage_;
  pipeline::Batch batch_;
};

}  // namespace tocsin::bench
