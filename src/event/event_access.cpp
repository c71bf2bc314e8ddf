#include "src/event/event_access.hpp"

#include <algorithm>

namespace tocsin::event {
namespace {

void normalise_tags(std::vector<std::string>& tags) {
  // Most events arrive in order already.
  if (!std::is_sorted(tags.begin(), tags.end())) std::sort(tags.begin(), tags.end());
  tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
}

void normalise_attributes(std::vector<Attribute>& attributes) {
  const auto by_key = [](const Attribute& a, const Attribute& b) { return a.key < b.key; };
  if (!std::is_sorted(attributes.begin(), attributes.end(), by_key)) {
    std::stable_sort(attributes.begin(), attributes.end(), by_key);
  }
  // Stable order: of equal keys the last in the vector is the last given. Walking backwards,
  // unique() keeps the first that it meets.
  const auto same_key = [](const Attribute& a, const Attribute& b) { return a.key == b.key; };
  const auto kept = std::unique(attributes.rbegin(), attributes.rend(), same_key);
  attributes.erase(attributes.begin(), kept.base());
}

}  // namespace

void normalise(Event& event) {
  normalise_tags(event.tags);
  normalise_attributes(event.attributes);
}

Event to_event(const EventView& view) {
  Event event;
  event.time = view.time;
  event.host = view.host;
  event.service = view.service;
  event.state = view.state;
  event.metric = view.metric;
  event.description = view.description;
  event.tags.assign(view.tags.begin(), view.tags.end());
  event.ttl = view.ttl;
  for (const AttributeView& attribute : view.attributes) {
    event.attributes.push_back({std::string(attribute.key), std::string(attribute.value)});
  }
  normalise(event);
  return event;
}

const std::string* find_attribute(const Event& event, std::string_view key) noexcept {
  const auto at = std::lower_bound(
      event.attributes.begin(), event.attributes.end(), key,
      [](const Attribute& attribute, std::string_view wanted) { return attribute.key < wanted; });
  return at != event.attributes.end() && at->key == key ? &at->value : nullptr;
}

Identity identity_of(const Event& event) {
  return identity_of(event, {});
}

Identity identity_of(const Event& event, std::span<const std::string_view> identifying) {
  Identity identity{SeriesKind::kEvent, event.host, event.service, event.tags, {}};
  for (const Attribute& attribute : event.attributes) {
    if (std::find(identifying.begin(), identifying.end(), attribute.key) != identifying.end()) {
      identity.attributes.push_back(attribute);
    }
  }
  return identity;
}

}  // namespace tocsin::event
