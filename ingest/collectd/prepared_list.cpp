#include "ingest/collectd/prepared_list.hpp"

#include <iterator>

#include "ingest/collectd/short_text.hpp"

namespace tocsin::collectd {
namespace {

constexpr std::string_view kIndexes[] = {"0", "1", "2", "3", "4", "5", "6", "7"};

}  // namespace

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
  shape_ = static_cast<Shape>((name.plugin_instance.empty() ? 0 : kHasPluginInstance) |
                              (name.type_instance.empty() ? 0 : kHasTypeInstance));
}

SeriesText::SeriesText(const char* to, const SeriesText& other) noexcept : SeriesText(other) {
  text_ = to;
}

std::size_t SeriesText::max_bytes(const SeriesName& name) noexcept {
  constexpr std::size_t kSeparators = 4;
  return name.host.size() + name.plugin.size() + name.plugin_instance.size() + name.type.size() +
         name.type_instance.size() + kSeparators;
}

std::string_view source_name(const PreparedList& list, std::size_t index, std::size_t count,
                             DecimalBuffer& buffer) noexcept {
  if (list.sources != nullptr) return (*list.sources)[index].name;
  if (count == 1) return "value";
  return index < std::size(kIndexes) ? kIndexes[index] : print(std::uint64_t{index}, buffer);
}

std::size_t texts_bytes(const PreparedList& list, std::size_t count) noexcept {
  std::size_t bytes = list.series.text().size();
  const std::size_t prefix = count == 1 ? 0 : list.series.service().size() + 1;
  DecimalBuffer index;
  for (std::size_t i = 0; i < count; ++i) {
    bytes += prefix + source_name(list, i, count, index).size();
  }
  return bytes;
}

void write_texts(const PreparedList& list, char* to, std::span<SourceText> sources) noexcept {
  const auto place = [&](const char* at) { return static_cast<std::uint16_t>(at - to); };
  char* at = copy_short(to, list.series.text());
  const std::string_view service = list.series.service();
  DecimalBuffer index;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const std::string_view name = source_name(list, i, sources.size(), index);
    SourceText& text = sources[i];
    text.service_at = place(at);
    if (sources.size() == 1) {
      text.service_at = static_cast<std::uint16_t>(list.series.text().size() - service.size());
    } else {
      at = copy_short(at, service);
      *at++ = '/';
    }
    text.name_at = place(at);
    text.name_bytes = static_cast<std::uint16_t>(name.size());
    at = copy_short(at, name);
    text.service_bytes = static_cast<std::uint16_t>(
        sources.size() == 1 ? service.size() : place(at) - text.service_at);
  }
}

}  // namespace tocsin::collectd
