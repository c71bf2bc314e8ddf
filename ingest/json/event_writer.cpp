#include "ingest/json/event_writer.hpp"

#include <utility>

namespace tocsin::json_lines {

EventWriter::EventWriter(Defaults defaults, Intake& intake)
    : defaults_(std::move(defaults)), intake_(intake) {}

bool EventWriter::write(EventView event, const Origin& origin) {
  const std::string_view peer = peer_name_.of(origin.peer);
  add("ingest", defaults_.ingest);
  if (!peer.empty()) add("peer", peer);
  if (!origin.user.empty()) add("auth_user", origin.user);
  if (event.host.empty()) event.host = defaults_.host;
  if (event.host.empty()) event.host = peer;
  if (event.service.empty()) event.service = defaults_.service;
  return write_unchanged(event);
}

bool EventWriter::write_unchanged(EventView event) {
  event.attributes = attributes_;
  waits_ = !intake_.event(event);
  if (waits_ && may_go_) {
    intake_.drop(1);
    waits_ = false;
  }
  may_go_ = false;
  return !waits_;
}

}  // namespace tocsin::json_lines
