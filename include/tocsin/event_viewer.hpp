// EventViewer: shows a whole Event as the view that an Intake takes. For decoders of rare records,
// which build an Event first; others fill an EventView themselves.
// Cost:    allocates only for more tags or attributes than any event before had.
#pragma once

#include <string_view>
#include <vector>

#include "tocsin/event.hpp"

namespace tocsin {

class EventViewer {
 public:
  // Valid until the next call, and as long as `event`.
  [[nodiscard]] EventView view(const Event& event) {
    tags_.assign(event.tags.begin(), event.tags.end());
    attributes_.clear();
    for (const Attribute& attribute : event.attributes) {
      attributes_.push_back({attribute.key, attribute.value});
    }
    return {event.time,        event.host, event.service, event.state, event.metric,
            event.description, tags_,      event.ttl,     attributes_};
  }

 private:
  std::vector<std::string_view> tags_;
  std::vector<AttributeView> attributes_;
};

}  // namespace tocsin
