// Makes events of points, however they arrived: a name with its tags, a value and a time.
// Output:  an event that views the name, the templates and buffers in here: it lives until the next
//          call.
// Threads: one per decoder.
// Cost:    a few nanoseconds for a plain name without templates; no allocation in the steady state.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/graphite/options.hpp"
#include "ingest/graphite/refusal.hpp"
#include "ingest/graphite/series_name.hpp"
#include "tocsin/decoder.hpp"
#include "tocsin/event.hpp"

namespace tocsin::graphite {

struct Point {
  std::string_view name;
  Metric value;
  TimePoint time{};
  bool plain_name = false;  // known to be ASCII without ';' and '{'
};

class PointEvent {
 public:
  explicit PointEvent(const Options& options);

  // Whose points follow.
  void set_origin(const Origin& origin);

  // The event of one point; nullptr when its name is refused.
  [[nodiscard]] const EventView* make(const Point& point);
  // Why make() returned nullptr; the offset counts from the front of the name.
  [[nodiscard]] const Refusal& refusal() const noexcept { return refusal_; }

 private:
  const EventView* make_tagged(std::string_view name);
  const EventView* make_placed(std::string_view path, std::span<const AttributeView> tags);

  // Fixed after construction.
  const std::size_t max_name_bytes_;
  const std::size_t max_tags_;
  const std::string default_host_;
  const std::shared_ptr<const Templates> templates_;

  // Of the sender.
  Peer peer_;
  std::string peer_text_;
  std::array<AttributeView, 2> source_;  // ingest, peer
  std::ptrdiff_t source_count_ = 1;

  // Of the last point.
  EventView event_;
  Refusal refusal_;
  SeriesName series_;
  std::string clean_;   // the name as UTF-8, when it was not
  std::string joined_;  // components that a template brought together
  std::vector<AttributeView> attributes_;
};

}  // namespace tocsin::graphite
