// Writes points in Graphite's two protocols, and names that both take.
// Output:  appended to `out`, which the caller keeps and clears: no allocation in the steady state.
// Units:   times as whole seconds in lines, as doubles in pickles when they have decimals.
// Errors:  false, with nothing appended, for a point that carbon would refuse: no name, no value,
//          NaN.
// Source:  docs/formats/graphite.md; what carbon-relay 1.1.7 sends.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "tocsin/event.hpp"

namespace tocsin::publish::graphite {

struct Point {
  std::string_view name;  // as append_name writes it
  Metric value;
  TimePoint time{};
};

// "service;host=web;mount=/var": the service as it is, then the host, if there is one, and the tags
// by key (of equal keys the last counts). What would end a word or a tag becomes '_'; a tag without
// key or value is left out. An empty service gives an empty name.
void append_name(std::string_view service, std::string_view host,
                 std::span<const AttributeView> tags, std::string& out);

// "name value seconds\n". The shortest text that reads back as the same number.
bool append_line(const Point& point, std::string& out);

// One element of a pickled list, to stand between others in append_pickle_frame().
bool append_pickle_point(const Point& point, std::string& out);

// One frame around elements that append_pickle_point() wrote.
void append_pickle_frame(std::string_view points, std::string& out);

// One frame: u32 big-endian length, then a pickle (protocol 2) of [(name, (time, value)), ...].
//   PickleFrame frame(out); for (...) frame.append(point); frame.finish();
class PickleFrame {
 public:
  // Carbon's MAX_DATAPOINTS_PER_MESSAGE: with so many points, finish and begin another.
  static constexpr std::size_t kMaxPoints = 500;

  explicit PickleFrame(std::string& out);
  explicit PickleFrame(std::string&&) = delete;

  bool append(const Point& point);
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  // Writes the end and the length. A frame without points leaves nothing behind.
  void finish();

 private:
  std::string& out_;         // of the caller, who must not touch it before finish()
  const std::size_t begin_;  // of the frame in out_
  std::size_t size_ = 0;     // points
};

}  // namespace tocsin::publish::graphite
