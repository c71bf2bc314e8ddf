#include "ingest/collectd/event_writer.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "ingest/collectd/short_text.hpp"
#include "ingest/statsd/peer_text.hpp"

namespace tocsin::collectd {
namespace {

using std::chrono::nanoseconds;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr std::string_view kTags[] = {"collectd"};
constexpr std::string_view kRateTypes[] = {"counter:rate", "gauge:rate", "derive:rate",
                                           "absolute:rate"};
constexpr std::string_view kIndexes[] = {"0", "1", "2", "3", "4", "5", "6", "7"};

// How far a counter went, if it wrapped at most once.
std::uint64_t counter_step(std::uint64_t from, std::uint64_t to) noexcept {
  constexpr std::uint64_t kWrap32 = std::uint64_t{1} << 32;
  const std::uint64_t step = to - from;  // right for a wrap at 2^64 too
  return to < from && from < kWrap32 ? step + kWrap32 : step;
}

// The exact difference, rounded once.
double derive_step(std::int64_t from, std::int64_t to) noexcept {
  const auto low = static_cast<std::uint64_t>(from);
  const auto high = static_cast<std::uint64_t>(to);
  return to >= from ? static_cast<double>(high - low) : -static_cast<double>(low - high);
}

double per_second(double amount, nanoseconds duration) noexcept {
  return amount * 1e9 / static_cast<double>(duration.count());
}

bool same_address(const Peer& a, const Peer& b) noexcept {
  const auto text = [](const Peer& peer) {
    return std::string_view(reinterpret_cast<const char*>(peer.address.data()),
                            peer.address.size());
  };
  return a.family == b.family && equal_short(text(a), text(b));
}

std::string_view severity_word(Severity severity) noexcept {
  if (severity == Severity::kFailure) return "failure";
  return severity == Severity::kWarning ? "warning" : "okay";
}

std::string_view state_of(Severity severity) noexcept {
  if (severity == Severity::kFailure) return state::kCritical;
  return severity == Severity::kWarning ? state::kWarning : state::kOk;
}

// Writes one attribute and returns where the next one goes. Each field by itself: g++ 12 builds a
// view on the stack and copies it in blocks that straddle what it has just stored, which took a third
// of all time.
inline AttributeView* put(AttributeView* at, std::string_view key,
                          std::string_view value) noexcept {
  at->key = key;
  at->value = value;
  return at + 1;
}

// Writes "name[-instance]" at `at`, and to `to` an attribute for each that is there.
[[gnu::always_inline]] inline char* put_pair(char* at, const AttributeView& name,
                                             const AttributeView& instance, AttributeView*& to) {
  if (!name.value.empty()) {
    to = put(to, name.key, {at, name.value.size()});
    at = copy_short(at, name.value);
  }
  if (instance.value.empty()) return at;
  if (!name.value.empty()) *at++ = '-';
  to = put(to, instance.key, {at, instance.value.size()});
  return copy_short(at, instance.value);
}

// Of the number of a data source.
constexpr std::size_t kMaxIndexBytes = 20;

// Of our own attributes: the most that an event has.
constexpr std::size_t kMaxOwn = 10;

}  // namespace

EventWriter::EventWriter(const Options& options, RateTable& rates, Intake& intake)
    : options_(options), rates_(rates), intake_(intake) {
  event_.tags = kTags;
}

std::optional<Refusal> EventWriter::begin(const ValueList& list, const Origin& origin) {
  assert(!waits() && !list.values.empty());
  assert(list.sources.empty() || list.sources.size() == list.values.size());
  const SeriesName& name = list.name;
  if (name.host.empty()) return Refusal{RejectCause::kName, "a value list without a host"};
  if (name.plugin.empty()) return Refusal{RejectCause::kName, "a value list without a plugin"};
  if (name.type.empty()) return Refusal{RejectCause::kName, "a value list without a type"};
  if (list.time == TimePoint{}) {
    return Refusal{RejectCause::kTimestamp, "a value list without a time"};
  }
  if (options_.max_age && origin.received - list.time > *options_.max_age) {
    return Refusal{RejectCause::kTimestamp, "a value list older than the limit"};
  }
  sources_ = find_sources(list);
  make_room(name, longest_source(list), list.meta.size());
  if (!list.is_neighbour || type_at_ == nullptr) set_head(name, list.user, list.meta, origin);
  set_tail(name);
  const nanoseconds interval =
      list.interval > nanoseconds::zero() ? list.interval : options_.default_interval;
  if (!make_metrics(list, origin, interval)) {
    return Refusal{RejectCause::kTimestamp,
                   "found a time that is not after the last one of the series, expected a newer"};
  }
  event_.time = list.time;
  event_.host = {series_.data(), name.host.size()};
  event_.service = service();
  event_.state = {};
  event_.description = {};
  event_.ttl = std::min(interval, nanoseconds::max() / 2) * 2;
  values_ = list.values;
  names_ = list.sources;
  count_ = values_.size();
  next_ = 0;
  return std::nullopt;
}

std::optional<Refusal> EventWriter::begin(const Notification& notification, const Origin& origin) {
  assert(!waits());
  if (notification.severity == Severity::kNone) {
    return Refusal{RejectCause::kValue, "a notification without a severity"};
  }
  if (notification.time == TimePoint{}) {
    return Refusal{RejectCause::kTimestamp, "a notification without a time"};
  }
  if (notification.message.empty()) {
    return Refusal{RejectCause::kValue, "a notification without a message"};
  }
  if (options_.max_age && origin.received - notification.time > *options_.max_age) {
    return Refusal{RejectCause::kTimestamp, "a notification older than the limit"};
  }
  const SeriesName& name = notification.name;
  make_room(name, 0, notification.meta.size());
  set_head(name, notification.user, notification.meta, origin);
  set_tail(name);
  event_.time = notification.time;
  event_.host = name.host.empty() ? std::string_view(options_.default_host)
                                  : std::string_view(series_.data(), name.host.size());
  event_.service = service();
  if (event_.service.empty()) event_.service = "collectd";
  event_.state = state_of(notification.severity);
  event_.metric = {};
  event_.description = notification.message;
  event_.ttl = std::nullopt;
  end_ = put(values_at_, "severity", severity_word(notification.severity));
  values_ = {};
  count_ = 1;
  next_ = 0;
  return std::nullopt;
}

bool EventWriter::write() {
  while (next_ < count_) {
    if (!values_.empty()) set_value(next_);
    event_.attributes = {attributes_.data(), end_};
    if (!intake_.event(event_)) {
      if (!gives_up_) return false;
      intake_.drop(count_ - next_);
      next_ = count_;
      return true;
    }
    ++next_;
  }
  return true;
}

// Room for the whole series and for all attributes of an event. What moved must be written anew.
inline void EventWriter::make_room(const SeriesName& name, std::size_t source_bytes,
                                   std::size_t meta) {
  const std::size_t most = name.host.size() + name.plugin.size() + name.plugin_instance.size() +
                           name.type.size() + name.type_instance.size() + 5 + source_bytes;
  if (series_.size() < most || attributes_.size() < meta + kMaxOwn) {
    series_.resize(std::max(series_.size(), most));
    attributes_.resize(std::max(attributes_.size(), meta + kMaxOwn));
    type_at_ = nullptr;
  }
}

// Writes what neighbours share: of the series up to the '/' before the type, and the attributes up to
// type_at_. Of equal keys the last counts: what the sender says cannot hide what we know.
void EventWriter::set_head(const SeriesName& name, std::string_view user,
                           std::span<const AttributeView> meta, const Origin& origin) {
  AttributeView* to = attributes_.data();
  for (const AttributeView& attribute : meta) to = put(to, attribute.key, attribute.value);
  to = put(to, "ingest", "collectd");
  set_peer(origin.peer);
  if (!peer_text_.empty()) to = put(to, "peer", peer_text_);
  if (!user.empty()) to = put(to, "auth_user", user);
  char* at = copy_short(series_.data(), name.host);
  *at++ = '\0';
  service_ = at;
  at = put_pair(at, {"plugin", name.plugin}, {"plugin_instance", name.plugin_instance}, to);
  *at++ = '/';
  type_ = at;
  type_at_ = to;
}

// Writes the rest of the series, and the attributes up to values_at_.
inline void EventWriter::set_tail(const SeriesName& name) {
  AttributeView* to = type_at_;
  service_end_ = put_pair(type_, {"type", name.type}, {"type_instance", name.type_instance}, to);
  if (service_end_ == type_) --service_end_;  // a notification of the plugin as a whole
  values_at_ = to;
}

inline void EventWriter::set_peer(const Peer& peer) {
  if (same_address(peer, last_peer_)) return;
  last_peer_ = peer;
  peer_text_ = statsd::peer_text(peer);
}

// With the '/' before it; of lists with one value nothing is written.
inline std::size_t EventWriter::longest_source(const ValueList& list) const {
  if (list.values.size() == 1) return 0;
  std::size_t longest = kMaxIndexBytes;
  for (const std::string_view name : list.sources) longest = std::max(longest, name.size());
  if (sources_ != nullptr) {
    for (const DataSource& source : *sources_) longest = std::max(longest, source.name.size());
  }
  return longest + 1;
}

// Null: types.db was not given, does not know the type, or knows another number of values.
inline const DataSet* EventWriter::find_sources(const ValueList& list) {
  if (!options_.types) return nullptr;
  if (!equal_short(list.name.type, last_type_)) {
    last_type_ = list.name.type;
    last_sources_ = options_.types->find(last_type_);
  }
  if (last_sources_ == nullptr || last_sources_->size() == list.values.size()) {
    return last_sources_;
  }
  ++odd_lists_;
  return nullptr;
}

// Takes the readings over. False, having changed nothing: the list is not newer than the last one.
inline bool EventWriter::make_metrics(const ValueList& list, const Origin& origin,
                                      nanoseconds interval) {
  const RateTable::Key key =
      rates_.key({series_.data(), static_cast<std::size_t>(service_end_ - series_.data())});
  if (origin.received != leased_at_ || interval != leased_for_) {
    lease_ = rates_.lease(origin.received, interval);
    leased_at_ = origin.received;
    leased_for_ = interval;
  }
  if (metrics_.size() < list.values.size()) metrics_.resize(list.values.size());
  for (std::size_t i = 0; i < list.values.size(); ++i) {
    const Value& value = list.values[i];
    // The first reading also tells the time of the series, whatever its type.
    if (i > 0 && value.is_real()) {
      metrics_[i] = value.real();
      continue;
    }
    RateTable::Reading* const reading = rates_.find_or_add(key + i, lease_);
    if (reading == nullptr) {
      metrics_[i] = value.is_real() ? value.real() : kNone;
      continue;
    }
    if (i == 0 && reading->is_known && reading->time >= list.time) return false;
    double metric =
        value.is_real() ? value.real() : make_rate(value, *reading, list.time, interval);
    if (!value.is_real() && sources_ != nullptr) {
      const DataSource& source = (*sources_)[i];
      if (metric < source.min || metric > source.max) metric = kNone;
    }
    metrics_[i] = metric;
    reading->bits = value.bits;
    reading->time = list.time;
    reading->type = value.type;
    RateTable::keep(*reading, lease_);
  }
  return true;
}

inline double EventWriter::make_rate(const Value& value, RateTable::Reading& reading,
                                     TimePoint time, nanoseconds interval) const {
  const bool has_past = reading.is_known && reading.type == value.type && reading.time < time;
  if (!has_past) {
    if (value.type != DsType::kAbsolute) return kNone;
    return per_second(static_cast<double>(value.bits), interval);
  }
  const nanoseconds elapsed = time - reading.time;
  switch (value.type) {
    case DsType::kCounter:
      return per_second(static_cast<double>(counter_step(reading.bits, value.bits)), elapsed);
    case DsType::kDerive:
      return per_second(derive_step(static_cast<std::int64_t>(reading.bits), value.derive()),
                        elapsed);
    case DsType::kAbsolute:
      return per_second(static_cast<double>(value.bits), elapsed);
    case DsType::kGauge:
      break;
  }
  return kNone;
}

inline std::string_view EventWriter::source_name(std::size_t index) {
  if (!names_.empty()) return names_[index];
  if (sources_ != nullptr) return (*sources_)[index].name;
  if (values_.size() == 1) return "value";
  return index < std::size(kIndexes) ? kIndexes[index] : print(index, index_text_);
}

// Makes the event that of the value `index`.
inline void EventWriter::set_value(std::size_t index) {
  const Value& value = values_[index];
  const double metric = metrics_[index];
  const bool is_finite = std::isfinite(metric);
  event_.metric = is_finite ? Metric(metric) : Metric();

  const std::string_view source = source_name(index);
  if (values_.size() > 1) {
    *service_end_ = '/';
    const char* const end = copy_short(service_end_ + 1, source);
    event_.service = {service_, static_cast<std::size_t>(end - service_)};
  }

  AttributeView* const at = put(values_at_, "ds_name", source);
  if (value.type == DsType::kGauge) {
    end_ = put(at, "ds_type", "gauge");
    if (std::isinf(metric)) end_ = put(end_, "raw_value", metric > 0 ? "inf" : "-inf");
    return;
  }
  end_ = put(at, "ds_type", kRateTypes[static_cast<std::uint8_t>(value.type)]);
  if (value.is_rate) return;
  end_ = put(end_, "raw_value",
             value.type == DsType::kDerive ? print(value.derive(), raw_text_)
                                           : print(value.bits, raw_text_));
}

}  // namespace tocsin::collectd
