// Series as the events and labels by which people meet them.
#pragma once

#include <string>
#include <string_view>

#include "tocsin/event.hpp"
#include "tocsin/identity.hpp"

namespace tocsin::app {

// "shop.checkout.completed", "app.cpu on app-1", "requests {path=/}".
[[nodiscard]] std::string label_of(const Identity& identity);

// What a series' events have in common.
[[nodiscard]] Event event_of(const Identity& identity);

// Whether an identity is that of a remark of ours about a series (a verdict, a silence). Remarks
// bear the name of the series; taken as signals, they would say its trouble twice and outlive it.
[[nodiscard]] bool is_remark(const Identity& identity);

// Adds an attribute, or replaces it. Precondition: the event is normal.
void set_attribute(Event& event, std::string_view key, std::string value);

// The event that a router or a shard wrote as these bytes (event/compact_form.hpp), in normal form.
[[nodiscard]] Event event_from(std::string_view bytes);

}  // namespace tocsin::app
