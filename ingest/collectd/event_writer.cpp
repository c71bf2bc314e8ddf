#include "ingest/collectd/event_writer.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "ingest/collectd/rate.hpp"
#include "ingest/collectd/refusals.hpp"
#include "ingest/collectd/short_text.hpp"

namespace tocsin::collectd {
namespace {

using std::chrono::nanoseconds;

constexpr std::string_view kTags[] = {"collectd"};
constexpr std::string_view kRateTypes[] = {"counter:rate", "gauge:rate", "derive:rate",
                                           "absolute:rate"};

std::string_view severity_word(Severity severity) noexcept {
  if (severity == Severity::kFailure) return "failure";
  return severity == Severity::kWarning ? "warning" : "okay";
}

std::string_view state_of(Severity severity) noexcept {
  if (severity == Severity::kFailure) return state::kCritical;
  return severity == Severity::kWarning ? state::kWarning : state::kOk;
}

// Writes one attribute and returns where the next one goes. Each field by itself: g++ 12 builds a
// view on the stack and copies it in blocks that straddle what it has just stored, which took a
// third of all time.
inline AttributeView* put(AttributeView* at, std::string_view key,
                          std::string_view value) noexcept {
  at->key = key;
  at->value = value;
  return at + 1;
}

// The same unless there is nothing to say.
inline AttributeView* put_some(AttributeView* at, std::string_view key,
                               std::string_view value) noexcept {
  return value.empty() ? at : put(at, key, value);
}

// Of our own attributes: the most that an event has.
constexpr std::size_t kMaxOwn = 10;

}  // namespace

bool EventWriter::is_too_old(TimePoint time) const {
  return options_.max_age && sender_.received() - time > *options_.max_age;
}

EventWriter::EventWriter(const Options& options, RateTable& rates, Intake& intake)
    : options_(options), rates_(rates), intake_(intake) {
  event_.tags = kTags;
}

void EventWriter::set_origin(const Origin& origin) {
  assert(!waits());
  if (sender_.set_origin(origin)) sender_end_ = nullptr;
}

const Refusal* EventWriter::begin(const ValueList& list) {
  assert(!waits() && !list.values.empty());
  assert(list.sources.empty() || list.sources.size() == list.values.size());
  const SeriesName& name = list.name;
  if (name.host.empty()) return &kNoHost;
  if (name.plugin.empty()) return &kNoPlugin;
  if (name.type.empty()) return &kNoType;
  if (list.time == TimePoint{}) return &kNoTime;
  if (is_too_old(list.time)) return &kOldList;
  prepared_.series = write_series(name);
  prepared_.key = rates_.key(prepared_.series.text());
  prepared_.interval =
      list.interval > nanoseconds::zero() ? list.interval : options_.default_interval;
  find_sources(list);
  names_ = list.sources;
  prepared_.place = RateTable::kNowhere;
  if (!make_metrics(prepared_, list.time, list.values)) return &kNotNewer;
  start(prepared_, list.time, list.values, list.user, list.meta);
  return nullptr;
}

void EventWriter::wait(const Rest& rest) {
  assert(!waits());
  names_ = {};
  metrics_.assign(rest.metrics.begin(), rest.metrics.end());
  start(rest.list, rest.time, rest.values, rest.user, {});
  next_ = rest.next;
}

void EventWriter::start(const PreparedList& list, TimePoint time, std::span<const Value> values,
                        std::string_view user, std::span<const AttributeView> meta) {
  const SeriesName name = list.series.name();
  set_attributes(name, user, meta);
  event_.time = time;
  event_.host = name.host;
  event_.service = list.series.service();
  event_.state = {};
  event_.description = {};
  event_.ttl = std::min(list.interval, nanoseconds::max() / 2) * 2;
  list_ = &list;
  values_ = values;
  count_ = values.size();
  next_ = 0;
}

const Refusal* EventWriter::begin(const Notification& notification) {
  assert(!waits());
  if (notification.severity == Severity::kNone) return &kNoSeverity;
  if (notification.time == TimePoint{}) return &kNotificationWithoutTime;
  if (notification.message.empty()) return &kNoMessage;
  if (is_too_old(notification.time)) return &kOldNotification;
  const SeriesText series = write_series(notification.name);
  const SeriesName name = series.name();
  set_attributes(name, notification.user, notification.meta);
  end_ = put(values_at_, "severity", severity_word(notification.severity));
  event_.time = notification.time;
  event_.host = name.host.empty() ? std::string_view(options_.default_host) : name.host;
  event_.service = series.service().empty() ? "collectd" : series.service();
  event_.state = state_of(notification.severity);
  event_.metric = {};
  event_.description = notification.message;
  event_.ttl = std::nullopt;
  list_ = nullptr;
  count_ = 1;
  next_ = 0;
  return nullptr;
}

inline SeriesText EventWriter::write_series(const SeriesName& name) {
  const std::size_t bytes = SeriesText::max_bytes(name);
  assert(bytes <= SeriesText::kMostBytes);
  if (series_.size() < bytes) series_.resize(bytes);
  return {series_.data(), name};
}

// What is the same for all values. Of equal keys the last counts: what the sender says cannot hide
// what we know.
inline void EventWriter::set_attributes(const SeriesName& name, std::string_view user,
                                        std::span<const AttributeView> meta) {
  const bool is_same_user =
      user.data() == sender_user_.data() && user.size() == sender_user_.size();
  if (sender_end_ == nullptr || !is_same_user || !meta.empty()) set_sender(user, meta);
  AttributeView* to = put_some(sender_end_, "plugin", name.plugin);
  to = put_some(to, "plugin_instance", name.plugin_instance);
  to = put_some(to, "type", name.type);
  values_at_ = put_some(to, "type_instance", name.type_instance);
  if (!meta.empty()) sender_end_ = nullptr;
}

void EventWriter::set_sender(std::string_view user, std::span<const AttributeView> meta) {
  if (attributes_.size() < meta.size() + kMaxOwn) attributes_.resize(meta.size() + kMaxOwn);
  AttributeView* to = attributes_.data();
  for (const AttributeView& attribute : meta) to = put(to, attribute.key, attribute.value);
  to = put(to, "ingest", "collectd");
  to = put_some(to, "peer", sender_.text());
  sender_end_ = put_some(to, "auth_user", user);
  sender_user_ = user;
}

// None: types.db was not given, does not know the type, or knows another number of values.
inline void EventWriter::find_sources(const ValueList& list) {
  prepared_.sources = nullptr;
  prepared_.is_odd = false;
  if (!options_.types) return;
  if (!equal_short(list.name.type, last_type_)) {
    last_type_ = list.name.type;
    last_sources_ = options_.types->find(last_type_);
  }
  if (last_sources_ == nullptr) return;
  if (last_sources_->size() == list.values.size()) {
    prepared_.sources = last_sources_;
  } else {
    prepared_.is_odd = true;
    rates_.counters().odd_lists.add(1);
  }
}

// Takes the readings over. False, having changed nothing: the list is not newer than the last one.
bool EventWriter::make_metrics(PreparedList& list, TimePoint time, std::span<const Value> values) {
  const RateTable::Lease& lease = sender_.lease(rates_, list.interval);
  if (metrics_.size() < values.size()) metrics_.resize(values.size());
  RateTable::Place place = RateTable::kNowhere;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Value& value = values[i];
    // The first reading also tells the time of the series, whatever its type.
    if (i > 0 && value.is_real()) {
      metrics_[i] = value.real();
      continue;
    }
    if (i > 0) ++place;  // those of one list mostly stand in a row
    RateTable::Reading* const reading = rates_.find_or_add(list.key + i, lease, place);
    if (i == 0) list.place = place;
    if (reading == nullptr) {
      metrics_[i] = value.is_real() ? value.real() : kNoMetric;
      continue;
    }
    if (i == 0 && reading->is_known && reading->time >= time) return false;
    metrics_[i] = value.is_real() ? value.real() : make_rate(value, *reading, time, list.interval);
    if (!value.is_real() && list.sources != nullptr) {
      metrics_[i] = within_bounds(metrics_[i], (*list.sources)[i]);
    }
    take_over(*reading, value, time, lease);
  }
  return true;
}

// Makes the event that of the value `index`.
[[gnu::always_inline]] inline void EventWriter::set_value(std::size_t index) {
  const Value& value = values_[index];
  const double metric = metrics_[index];
  if (std::isfinite(metric)) {
    event_.metric = metric;
  } else {
    event_.metric = {};
  }
  const std::string_view source =
      names_.empty() ? source_name(*list_, index, values_.size(), index_text_) : names_[index];
  if (values_.size() > 1) event_.service = service_of(source);
  end_ = put(values_at_, "ds_name", source);
  if (value.type == DsType::kGauge) {
    end_ = put(end_, "ds_type", "gauge");
    if (std::isinf(metric)) end_ = put(end_, "raw_value", metric > 0 ? "inf" : "-inf");
    return;
  }
  end_ = put(end_, "ds_type", kRateTypes[static_cast<std::uint8_t>(value.type)]);
  if (value.is_rate) return;
  end_ = put(end_, "raw_value",
             value.type == DsType::kDerive ? print(value.derive(), raw_text_)
                                           : print(value.bits, raw_text_));
}

// "service/source", until the next call.
inline std::string_view EventWriter::service_of(std::string_view source) {
  const std::string_view service = list_->series.service();
  const std::size_t bytes = service.size() + 1 + source.size();
  if (service_.size() < bytes) service_.resize(bytes);
  char* const end = copy_short(service_.data(), service);
  *end = '/';
  copy_short(end + 1, source);
  return {service_.data(), bytes};
}

bool EventWriter::write() {
  while (next_ < count_) {
    if (list_ != nullptr) set_value(next_);
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

}  // namespace tocsin::collectd
