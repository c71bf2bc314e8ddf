#include "ingest/collectd/prepared_list.hpp"

#include "ingest/collectd/short_text.hpp"

namespace tocsin::collectd {
namespace {

// "name[-instance]"; returns its end.
[[gnu::always_inline]] inline char* put_pair(char* to, std::string_view name,
                                             std::string_view instance) noexcept {
  to = copy_short(to, name);
  if (!name.empty() && !instance.empty()) *to++ = '-';
  return copy_short(to, instance);
}

}  // namespace

SeriesText::SeriesText(char* to, const SeriesName& name) noexcept
    : text_(to),
      host_(static_cast<std::uint32_t>(name.host.size())),
      plugin_(static_cast<std::uint32_t>(name.plugin.size())),
      plugin_instance_(static_cast<std::uint32_t>(name.plugin_instance.size())),
      type_(static_cast<std::uint32_t>(name.type.size())),
      type_instance_(static_cast<std::uint32_t>(name.type_instance.size())) {
  char* at = copy_short(to, name.host);
  *at++ = '\0';
  at = put_pair(at, name.plugin, name.plugin_instance);
  if (type_ + type_instance_ != 0) {
    *at++ = '/';
    at = put_pair(at, name.type, name.type_instance);
  }
  bytes_ = static_cast<std::uint32_t>(at - to);
}

SeriesText::SeriesText(const char* to, const SeriesText& other) noexcept : SeriesText(other) {
  text_ = to;
}

std::size_t SeriesText::max_bytes(const SeriesName& name) noexcept {
  constexpr std::size_t kSeparators = 4;
  return name.host.size() + name.plugin.size() + name.plugin_instance.size() + name.type.size() +
         name.type_instance.size() + kSeparators;
}

SeriesName SeriesText::name() const noexcept {
  const char* at = text_;
  const auto next = [&at](std::size_t size) {
    const std::string_view part(at, size);
    at += size;
    return part;
  };
  SeriesName name;
  name.host = next(host_);
  ++at;
  name.plugin = next(plugin_);
  if (plugin_ != 0 && plugin_instance_ != 0) ++at;
  name.plugin_instance = next(plugin_instance_);
  ++at;  // beyond the text when there is no type: empty parts are not read
  name.type = next(type_);
  if (type_ != 0 && type_instance_ != 0) ++at;
  name.type_instance = next(type_instance_);
  return name;
}

}  // namespace tocsin::collectd
