#include "ingest/collectd/repeat_writer.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <optional>

#include "ingest/collectd/rate.hpp"
#include "ingest/collectd/refusals.hpp"
#include "ingest/collectd/wire_time.hpp"

namespace tocsin::collectd {
namespace {

using std::chrono::nanoseconds;

constexpr std::string_view kTags[] = {"collectd"};
constexpr std::string_view kDsTypeWords[] = {"counter:rate", "gauge", "derive:rate",
                                             "absolute:rate"};

constexpr std::uint8_t kAllTexts = 0xFF;

// Where the attributes of a list stand behind those of its sender.
enum At : std::size_t { kPluginAt, kTypeAt, kDsNameAt, kDsTypeAt, kPluginInstanceAt };

}  // namespace

RepeatWriter::RepeatWriter(const Options& options, RateTable& rates, Intake& intake,
                           EventWriter& rest)
    : options_(options), rates_(rates), intake_(intake), rest_(rest) {
  event_.tags = kTags;
  attributes_[0] = {"ingest", "collectd"};
}

void RepeatWriter::begin(std::string_view user) noexcept {
  user_ = user;
  AttributeView* at = &attributes_[1];
  const std::string_view peer = rest_.sender().text();
  if (!peer.empty()) *at++ = {"peer", peer};
  if (!user.empty()) *at++ = {"auth_user", user};
  if (at != list_at_) shape_ = SeriesText::kNoShape;
  list_at_ = at;
  interval_ = nanoseconds(-1);  // a lease is of one time of arrival
  oldest_ = TimePoint(nanoseconds(1));
  if (options_.max_age) {
    oldest_ = std::max(oldest_, rest_.sender().received() - *options_.max_age);
  }
}

RepeatWriter::End RepeatWriter::write(Walk& walk) {
  assert(!rest_.waits());
  std::uint8_t texts = kAllTexts;  // of a list whose last one was not written just now
  for (; walk.list != nullptr; walk.pass()) {
    ListCache::List& list = *walk.list;
    if (!list.is_at(walk.bytes)) break;
    const ListCache::Layout& layout = list.layout;
    const char* const bytes = walk.bytes.data();
    if (layout.time_at != 0) {
      const auto time = read_time(bytes + layout.time_at, layout.is_high_resolution);
      if (!time) break;  // whoever parses it refuses it
      walk.time = TimePoint(*time);
    }
    refusal_ = nullptr;
    const WireValues values(bytes + layout.values_at - layout.values, layout.values);
    if (!write_list(list, texts | layout.texts, walk.time, values)) {
      return refusal_ != nullptr ? End::kRefused : End::kFull;
    }
    texts = 0;
  }
  return End::kUnknown;
}

// `texts`: a bit for each that may be another one than in the last event, by its type of part.
// False: the list is refused, or the intake is full. Inline, because this is every list and value.
[[gnu::always_inline]] inline bool RepeatWriter::write_list(ListCache::List& list,
                                                            std::uint8_t texts, TimePoint time,
                                                            const WireValues& values) {
  PreparedList& prepared = list.prepared;
  if (time < oldest_) {
    refusal_ = time == TimePoint{} ? &kNoTime : &kOldList;
    return false;
  }
  if (prepared.is_odd) rates_.counters().odd_lists.add(1);
  if (prepared.interval != interval_) set_interval(prepared.interval);
  RateTable::Reading* reading = rates_.find_or_add(prepared.key, lease_, prepared.place);
  if (reading != nullptr && reading->is_known && reading->time >= time) {
    refusal_ = &kNotNewer;
    return false;
  }
  event_.time = time;
  set_texts(prepared.series, texts);
  const char* const series = prepared.series.text().data();
  const SourceText* source = list.sources();
  RateTable::Place place = prepared.place;
  for (std::size_t i = 0; i < values.size(); ++i, ++source) {
    const Value value = values[i];
    double metric = value.real();
    std::size_t attributes = raw_at_;
    if (value.type != DsType::kGauge) {
      if (i > 0) reading = rates_.find_or_add(prepared.key + i, lease_, ++place);
      metric = take(prepared, i, value, time, reading);
      attributes_[attributes++].value = value.type == DsType::kDerive
                                            ? print(value.derive(), raw_text_)
                                            : print(value.bits, raw_text_);
    } else if (i == 0 && reading != nullptr) {
      take_over(*reading, value, time, lease_);
    }
    if (std::isfinite(metric)) {
      event_.metric.emplace<double>(metric);
    } else {
      event_.metric.emplace<std::monostate>();
      if (std::isinf(metric)) attributes_[attributes++].value = metric > 0 ? "inf" : "-inf";
    }
    event_.service = {series + source->service_at, source->service_bytes};
    list_at_[kDsNameAt].value = {series + source->name_at, source->name_bytes};
    list_at_[kDsTypeAt].value = kDsTypeWords[static_cast<std::uint8_t>(value.type)];
    event_.attributes = {attributes_.data(), attributes};
    if (!intake_.event(event_)) {
      wait(prepared, time, values, i, metric, place);
      return false;
    }
  }
  return true;
}

void RepeatWriter::set_interval(nanoseconds interval) noexcept {
  interval_ = interval;
  lease_ = rates_.lease(rest_.sender().received(), interval);
  event_.ttl = std::min(interval, nanoseconds::max() / 2) * 2;
}

// Writes the keys of a list with such a name.
void RepeatWriter::set_shape(SeriesText::Shape shape) noexcept {
  shape_ = shape;
  list_at_[kPluginAt].key = "plugin";
  list_at_[kTypeAt].key = "type";
  list_at_[kDsNameAt].key = "ds_name";
  list_at_[kDsTypeAt].key = "ds_type";
  AttributeView* at = &list_at_[kPluginInstanceAt];
  at->key = "plugin_instance";
  if ((shape & SeriesText::kHasPluginInstance) != 0) ++at;
  type_instance_at_ = at;
  at->key = "type_instance";
  if ((shape & SeriesText::kHasTypeInstance) != 0) ++at;
  raw_at_ = static_cast<std::size_t>(at - attributes_.data());
  at->key = "raw_value";
}

// `which`: a bit for each text that is set, by its type of part.
inline void RepeatWriter::set_texts(const SeriesText& series, std::uint8_t which) noexcept {
  const auto is_set = [&](PartType part) { return (which & 1u << part) != 0; };
  if (series.shape() != shape_) {
    set_shape(series.shape());
    which = kAllTexts;
  }
  if (is_set(kHost)) event_.host = series.host();
  if (is_set(kPlugin)) list_at_[kPluginAt].value = series.plugin();
  if (is_set(kType)) list_at_[kTypeAt].value = series.type();
  if (is_set(kPluginInstance) || is_set(kTypeInstance)) {
    // What is empty is overwritten by what comes next, or behind the end.
    list_at_[kPluginInstanceAt].value = series.plugin_instance();
    type_instance_at_->value = series.type_instance();
  }
}

// The rate that a value makes. `reading`: null if there is no room for it.
inline double RepeatWriter::take(const PreparedList& list, std::size_t index, const Value& value,
                                 TimePoint time, RateTable::Reading* reading) const noexcept {
  if (reading == nullptr) return kNoMetric;
  const double rate = make_rate(value, *reading, time, list.interval);
  take_over(*reading, value, time, lease_);
  return list.sources == nullptr ? rate : within_bounds(rate, list.sources->data()[index]);
}

// Leaves the values from `next` on to rest_, with the metrics that they have now. `metric`: of
// `next`; `place`: of the last reading.
void RepeatWriter::wait(const PreparedList& list, TimePoint time, const WireValues& values,
                        std::size_t next, double metric, RateTable::Place place) {
  values_.clear();
  for (std::size_t i = 0; i < values.size(); ++i) values_.push_back(values[i]);
  metrics_.assign(values.size(), metric);
  for (std::size_t i = next + 1; i < values.size(); ++i) {
    const Value& value = values_[i];
    metrics_[i] = value.real();
    if (value.type == DsType::kGauge) continue;
    metrics_[i] = take(list, i, value, time, rates_.find_or_add(list.key + i, lease_, ++place));
  }
  rest_.wait({list, time, values_, metrics_, user_, next});
}

}  // namespace tocsin::collectd
