#include "src/app/series_event.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "src/event/compact_form.hpp"
#include "src/event/event_access.hpp"

namespace tocsin::app {

std::string label_of(const Identity& identity) {
  std::string label = identity.service;
  if (!identity.host.empty()) label += " on " + identity.host;
  std::string details;
  for (const std::string& tag : identity.tags) details += (details.empty() ? "" : ", ") + tag;
  for (const Attribute& attribute : identity.attributes) {
    details += (details.empty() ? "" : ", ") + attribute.key + "=" + attribute.value;
  }
  return details.empty() ? label : label + " {" + details + "}";
}

bool is_remark(const Identity& identity) {
  const auto tagged = [&](std::string_view tag) {
    return std::binary_search(identity.tags.begin(), identity.tags.end(), tag);
  };
  return identity.kind == SeriesKind::kEvent && (tagged("verdict") || tagged("silence"));
}

void set_attribute(Event& event, std::string_view key, std::string value) {
  const auto at =
      std::lower_bound(event.attributes.begin(), event.attributes.end(), key,
                       [](const Attribute& a, std::string_view k) { return a.key < k; });
  if (at != event.attributes.end() && at->key == key) {
    at->value = std::move(value);
  } else {
    event.attributes.insert(at, {std::string(key), std::move(value)});
  }
}

Event event_of(const Identity& identity) {
  Event event;
  event.host = identity.host;
  event.service = identity.service;
  event.tags = identity.tags;
  event.attributes = identity.attributes;
  if (identity.kind != SeriesKind::kEvent) {
    set_attribute(event, "metric_type", std::string(to_string(identity.kind)));
  }
  return event;
}

Event event_from(std::string_view bytes) {
  auto event = event::parse_event(bytes);
  assert(event.has_value());
  event::normalise(*event);
  return *std::move(event);
}

}  // namespace tocsin::app
