// SampleQueue: samples that wait to be handed over together. What the pipeline does not take stays.
// The groups of samples are bytes of group_key.hpp, written one field after the other.
// Threads: one.
// Cost:    no allocation in the steady state.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "src/rules/derive/group_key.hpp"
#include "src/rules/parse/text_arena.hpp"
#include "tocsin/intake.hpp"

namespace tocsin::rules::derive {

class SampleQueue {
 public:
  // Samples that wait before they are handed over: two rounds of the router's look-ups.
  static constexpr std::size_t kMostWaiting = 128;

  // `out` outlives the queue.
  explicit SampleQueue(Intake& out) : out_(out) {}

  // Whether more samples are welcome; when enough wait, asks the pipeline to take them first.
  [[nodiscard]] bool make_room() { return samples_.size() < kMostWaiting || flush(); }
  // Hands over what is here. False: the pipeline is full and something is left.
  [[nodiscard]] bool flush();
  [[nodiscard]] bool empty() const noexcept { return samples_.empty(); }

  // One sample: begin, a field after the other, end. `most`: bytes that the fields may take
  // together (group_bytes()).
  void begin(std::size_t most);
  void add(std::string_view name, std::string_view value) noexcept {
    at_ = append_group(at_, name, value);
  }
  // Forgets the fields so far.
  void begin_again() noexcept { at_ = begin_; }
  [[nodiscard]] std::string_view group() const noexcept {
    return {begin_, static_cast<std::size_t>(at_ - begin_)};
  }
  // `sample` without its tags; its name must live until it was handed over.
  void end(RawSample sample);

 private:
  Intake& out_;
  GroupResolver resolver_;
  std::vector<RawSample> samples_;  // not yet handed over; their groups lie in groups_
  std::size_t done_ = 0;            // of samples_, handed over
  parse::TextArena groups_;
  char* begin_ = nullptr;  // of the group that is being written
  char* at_ = nullptr;     // its end so far
};

}  // namespace tocsin::rules::derive
