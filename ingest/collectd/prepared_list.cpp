#include "ingest/collectd/prepared_list.hpp"

#include "ingest/collectd/short_text.hpp"

namespace tocsin::collectd {
SeriesText::SeriesText(char* to, const SeriesName& name) noexcept : text_(to) {
  char* at = copy_short(to, name.host);
  host_bytes_ = static_cast<std::uint16_t>(at - to);
  *at++ = '\0';
  const auto put = [&](std::string_view part) {
    const Part placed{static_cast<std::uint16_t>(at - to), static_cast<std::uint16_t>(part.size())};
    at = copy_short(at, part);
    return placed;
  };
  plugin_ = put(name.plugin);
  if (!name.plugin.empty() && !name.plugin_instance.empty()) *at++ = '-';
  plugin_instance_ = put(name.plugin_instance);
  if (!name.type.empty() || !name.type_instance.empty()) *at++ = '/';
  type_ = put(name.type);
  if (!name.type.empty() && !name.type_instance.empty()) *at++ = '-';
  type_instance_ = put(name.type_instance);
  bytes_ = static_cast<std::uint16_t>(at - to);
}

SeriesText::SeriesText(const char* to, const SeriesText& other) noexcept : SeriesText(other) {
  text_ = to;
}

std::size_t SeriesText::max_bytes(const SeriesName& name) noexcept {
  constexpr std::size_t kSeparators = 4;
  return name.host.size() + name.plugin.size() + name.plugin_instance.size() + name.type.size() +
         name.type_instance.size() + kSeparators;
}

}  // namespace tocsin::collectd
