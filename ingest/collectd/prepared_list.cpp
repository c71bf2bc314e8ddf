#include "ingest/collectd/prepared_list.hpp"

#include <functional>
#include <span>

namespace tocsin::collectd {
namespace {

// Whether `text` lies within `whole`.
bool is_within(std::string_view text, const std::string& whole) noexcept {
  const std::less_equal<> not_behind;  // a total order, also of pointers into different texts
  return not_behind(whole.data(), text.data()) &&
         not_behind(text.data() + text.size(), whole.data() + whole.size());
}

}  // namespace

PreparedList::PreparedList(const PreparedList& other)
    : source_bytes(other.source_bytes),
      sources(other.sources),
      is_odd(other.is_odd),
      key(other.key),
      interval(other.interval) {
  const auto offset_of = [&](const char* at) {
    return static_cast<std::size_t>(at - other.series.data());
  };
  const auto shared = static_cast<std::size_t>(other.values_at - other.attributes.data());
  const std::span views = std::span(other.attributes).first(shared);

  const std::size_t own = offset_of(other.service_end) + source_bytes;
  std::size_t foreign = 0;
  for (const AttributeView& view : views) {
    if (!is_within(view.value, other.series)) foreign += view.value.size();
  }
  series.reserve(own + foreign);
  series.assign(other.series, 0, own);
  service = series.data() + offset_of(other.service);
  type = series.data() + offset_of(other.type);
  service_end = series.data() + offset_of(other.service_end);

  attributes.reserve(shared + kValueAttributes);
  for (const AttributeView& view : views) {
    const char* value = series.data() + series.size();
    if (is_within(view.value, other.series)) {
      value = series.data() + offset_of(view.value.data());
    } else {
      series += view.value;
    }
    attributes.push_back({view.key, {value, view.value.size()}});
  }
  attributes.resize(shared + kValueAttributes);
  type_at = attributes.data() + (other.type_at - other.attributes.data());
  values_at = attributes.data() + shared;
}

}  // namespace tocsin::collectd
