#include "ingest/graphite/point_event.hpp"

#include <algorithm>

#include "ingest/statsd/peer_text.hpp"
#include "ingest/statsd/text.hpp"

namespace tocsin::graphite {
namespace {

bool is_ascii(std::string_view text) noexcept {
  unsigned char bits = 0;  // without an early end the loop is one of vectors
  for (const char c : text) bits |= static_cast<unsigned char>(c);
  return bits < 0x80;
}

}  // namespace

PointEvent::PointEvent(const Options& options)
    : max_name_bytes_(options.max_name_bytes),
      max_tags_(options.max_tags),
      default_host_(options.default_host),
      templates_(options.templates),
      source_{{{"ingest", "graphite"}, {"peer", {}}}} {
  event_.ttl = options.ttl;
}

void PointEvent::set_origin(const Origin& origin) {
  if (origin.peer.family == peer_.family && origin.peer.address == peer_.address) return;
  peer_ = origin.peer;
  peer_text_ = statsd::peer_text(peer_);
  source_[1].value = peer_text_;
  source_count_ = peer_text_.empty() ? 1 : 2;
}

const EventView* PointEvent::make(const Point& point) {
  if (point.name.size() > max_name_bytes_) {
    refusal_ = {RejectCause::kOversized, 0, "the name is longer than the limit"};
    return nullptr;
  }
  event_.metric = point.value;
  event_.time = point.time;
  if (!point.plain_name) return make_tagged(point.name);
  if (point.name.empty()) {
    refusal_ = {RejectCause::kName, 0, "no name, a path was expected"};
    return nullptr;
  }
  if (templates_ != nullptr) return make_placed(point.name, {});
  event_.host = default_host_;
  event_.service = point.name;
  event_.attributes = {source_.data(), static_cast<std::size_t>(source_count_)};
  return &event_;
}

const EventView* PointEvent::make_tagged(std::string_view name) {
  // Of what arrived first, so that the offset of a refusal is one in what arrived.
  if (const auto refusal = series_.read(name, max_tags_)) {
    refusal_ = *refusal;
    return nullptr;
  }
  if (!is_ascii(name)) {
    clean_ = statsd::to_utf8(name);
    (void)series_.read(clean_, max_tags_);  // the same bytes separate the same tags
  }
  return make_placed(series_.path(), series_.tags());
}

// What the templates say, then the tags, which therefore win, then what nobody may overrule: of
// equal keys the last counts.
const EventView* PointEvent::make_placed(std::string_view path,
                                         std::span<const AttributeView> tags) {
  Placement placement{default_host_, path};
  attributes_.clear();
  if (templates_ != nullptr) templates_->place(path, joined_, placement, attributes_);
  for (const AttributeView& tag : tags) {
    if (tag.key == "host") {
      placement.host = tag.value;
    } else {
      attributes_.push_back(tag);
    }
  }
  attributes_.insert(attributes_.end(), source_.begin(), source_.begin() + source_count_);
  event_.host = placement.host;
  event_.service = placement.service;
  event_.attributes = attributes_;
  return &event_;
}

}  // namespace tocsin::graphite
