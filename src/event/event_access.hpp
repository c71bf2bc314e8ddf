// Small questions that every stage asks of an event.
#pragma once

#include <span>
#include <string_view>

#include "tocsin/event.hpp"
#include "tocsin/identity.hpp"

namespace tocsin::event {

// Brings an event to the normal form that event.hpp promises: tags sorted and unique, attributes
// sorted by key. Of attributes with the same key the last one given stays.
void normalise(Event& event);

// The event that a view shows, in normal form.
[[nodiscard]] Event to_event(const EventView& view);

// The value of the attribute `key`, or null. Precondition: the event is normal.
[[nodiscard]] const std::string* find_attribute(const Event& event, std::string_view key) noexcept;

// The identity of an event that is itself a series: kind kEvent, host, service and tags.
[[nodiscard]] Identity identity_of(const Event& event);
// The same, plus those of `identifying` (attribute keys) that the event carries.
[[nodiscard]] Identity identity_of(const Event& event,
                                   std::span<const std::string_view> identifying);

}  // namespace tocsin::event
