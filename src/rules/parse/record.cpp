#include "src/rules/parse/record.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "src/event/rfc3339.hpp"
#include "src/rules/parse/time_format.hpp"

namespace tocsin::rules::parse {
namespace {

// A ttl beyond a century is a mistake, and near what nanoseconds can hold.
constexpr double kMaxTtlSeconds = 100.0 * 366 * 86400;

constexpr double kNanoseconds = 1e9;

Value of_metric(const Metric& metric) noexcept {
  if (const auto* integer = std::get_if<std::int64_t>(&metric)) return Value::integer(*integer);
  if (const auto* real = std::get_if<double>(&metric)) return Value::real(*real);
  return {};
}

Value of_text(std::string_view text) noexcept {
  return text.empty() ? Value() : Value::text(text);
}

double seconds_of(std::chrono::nanoseconds duration) noexcept {
  return static_cast<double>(duration.count()) / kNanoseconds;
}

}  // namespace

void Record::assign(const EventView& event) {
  arena_.reset();
  event_ = event;
  fields_.clear();
  forget_places();
  for (const AttributeView& attribute : event.attributes) {
    if (Field* const field = find_or_add(FieldKey::attribute(attribute.key))) {
      field->value = Value::text(attribute.value);
    }
  }
  tags_.assign(event.tags.begin(), event.tags.end());
  raw_message_ = event.description;
  new_identity_ = false;
}

// Invariant of the search: the field, if it has a place, has it before the first free one.
Record::Field* Record::find_attribute(const FieldKey& key) noexcept {
  for (std::size_t at = place_of(key.hash); places_[at].event == events_; at = (at + 1) % kPlaces) {
    Field& field = fields_[places_[at].field];
    if (is_called(field, key)) return &field;
  }
  return fields_.size() <= kMostPlaced ? nullptr : find_unplaced(key);
}

Record::Field* Record::find_unplaced(const FieldKey& key) noexcept {
  for (std::size_t i = kMostPlaced; i < fields_.size(); ++i) {
    if (is_called(fields_[i], key)) return &fields_[i];
  }
  return nullptr;
}

Record::Field* Record::find_or_add(const FieldKey& key) {
  std::size_t at = place_of(key.hash);
  for (; places_[at].event == events_; at = (at + 1) % kPlaces) {
    Field& field = fields_[places_[at].field];
    if (is_called(field, key)) return &field;
  }
  const std::size_t count = fields_.size();
  if (count < kMostPlaced) {
    places_[at] = {events_, static_cast<std::uint16_t>(count)};
  } else {
    if (Field* const field = find_unplaced(key)) return field;
    if (count >= kMaxFields) return nullptr;
  }
  return &fields_.emplace_back(key);
}

void Record::place(std::size_t field) noexcept {
  if (field >= kMostPlaced) return;
  std::size_t at = place_of(fields_[field].hash);
  while (places_[at].event == events_) at = (at + 1) % kPlaces;
  places_[at] = {events_, static_cast<std::uint16_t>(field)};
}

void Record::forget_places() noexcept {
  if (++events_ != 0) return;
  places_.fill({});
  events_ = 1;
}

void Record::place_all() noexcept {
  forget_places();
  for (std::size_t i = 0; i < fields_.size(); ++i) place(i);
}

const Record::Field* Record::find_attribute(const FieldKey& key) const noexcept {
  return const_cast<Record*>(this)->find_attribute(key);  // NOLINT(*-const-cast): changes nothing
}

Value Record::find(const FieldKey& key) const {
  if (key.role != FieldRole::kAttribute) return find_own(key.role);
  const Field* const field = find_attribute(key);
  return field == nullptr ? Value() : field->value;
}

bool Record::has(const FieldKey& key) const {
  if (key.role != FieldRole::kAttribute) return !find_own(key.role).is_none();
  return find_attribute(key) != nullptr;
}

Value Record::find_own(FieldRole role) const {
  switch (role) {
    case FieldRole::kHost:
      return of_text(event_.host);
    case FieldRole::kService:
      return of_text(event_.service);
    case FieldRole::kState:
      return of_text(event_.state);
    case FieldRole::kMessage:
      return of_text(event_.description);
    case FieldRole::kMetric:
      return of_metric(event_.metric);
    case FieldRole::kTtl:
      return event_.ttl ? Value::real(seconds_of(*event_.ttl)) : Value();
    case FieldRole::kTime:
      scratch_.clear();
      event::append_rfc3339(event_.time, scratch_);
      return Value::text(arena_.copy(scratch_));
    case FieldRole::kTags: {
      if (tags_.empty()) return {};
      const std::span<Value> list = arena_.array<Value>(tags_.size());
      std::ranges::transform(tags_, list.begin(),
                             [](std::string_view tag) { return Value::text(tag); });
      return Value::list(list);
    }
    case FieldRole::kAttribute:
      break;
  }
  return {};
}

bool Record::set(const FieldKey& key, Value value) {
  if (key.role != FieldRole::kAttribute) return set_own(key.role, value);
  Field* const field = find_or_add(key);
  if (field == nullptr) return false;
  field->value = value;
  return true;
}

bool Record::store(const FieldKey& key, Value value) {
  if (key.role != FieldRole::kAttribute) return set_own(key.role, value);
  Field* const field = find_or_add(key);
  if (field == nullptr) return false;
  if (field->value.is_none()) {
    field->value = value;
  } else if (field->value.is_text() || field->value.is_list()) {
    field->value = concatenated(field->value, value, arena_);
  }
  return true;
}

bool Record::set_own(FieldRole role, Value value) {
  switch (role) {
    case FieldRole::kHost:
      set_identifying(event_.host, value);
      return true;
    case FieldRole::kService:
      set_identifying(event_.service, value);
      return true;
    case FieldRole::kState:
      event_.state = as_text(value, arena_);
      return true;
    case FieldRole::kMessage:
      event_.description = as_text(value, arena_);
      return true;
    case FieldRole::kMetric:
      return set_metric(value);
    case FieldRole::kTtl:
      return set_ttl(value);
    case FieldRole::kTags:
      set_tags(value);
      return true;
    case FieldRole::kTime:
      return set_time(value);
    case FieldRole::kAttribute:
      break;
  }
  return false;
}

bool Record::set_time(const Value& value) {
  static const TimeFormat iso = *TimeFormat::parse("ISO8601");
  static const TimeFormat epoch = *TimeFormat::parse("UNIX");
  const TimeFormat& format = value.is_text() ? iso : epoch;
  const auto time = format.read(as_text(value, arena_), {}, event_.time);
  if (time) event_.time = *time;
  return time.has_value();
}

void Record::set_identifying(std::string_view& text, const Value& value) {
  const std::string_view changed = as_text(value, arena_);
  new_identity_ = new_identity_ || changed != text;
  text = changed;
}

bool Record::set_metric(const Value& value) {
  if (const auto integer = as_integer(value)) {
    event_.metric = *integer;
    return true;
  }
  const std::optional<double> number = as_number(value);
  if (!number) return false;
  event_.metric = *number;
  return true;
}

bool Record::set_ttl(const Value& value) {
  const std::optional<double> seconds = as_number(value);
  if (!seconds || !(*seconds >= 0 && *seconds <= kMaxTtlSeconds)) return false;
  event_.ttl = std::chrono::nanoseconds(std::llround(*seconds * kNanoseconds));
  return true;
}

void Record::set_tags(const Value& value) {
  tags_.clear();
  new_identity_ = true;
  for (const Value& tag : value.elements()) {
    if (!tag.is_blank()) add_tag(as_text(tag, arena_));
  }
}

bool Record::remove(const FieldKey& key) {
  switch (key.role) {
    case FieldRole::kAttribute:
      return remove_below(key.text);
    case FieldRole::kMetric:
      return std::exchange(event_.metric, Metric()).index() != 0;
    case FieldRole::kTtl:
      return std::exchange(event_.ttl, std::nullopt).has_value();
    default:
      return !find_own(key.role).is_none() && set_own(key.role, Value());
  }
}

bool Record::remove_below(std::string_view top) {
  const bool any = std::erase_if(fields_, [&](const Field& field) {
                     return is_at_or_below(field.name, top);
                   }) > 0;
  if (any) place_all();
  return any;
}

bool Record::rename(const FieldKey& from, const FieldKey& to) {
  if (from.text == to.text) return true;
  if (from.role != FieldRole::kAttribute || to.role != FieldRole::kAttribute) {
    const Value value = find(from);
    return !value.is_none() && set(to, value) && remove(from);
  }
  const bool there = std::ranges::any_of(
      fields_, [&](const Field& field) { return is_at_or_below(field.name, from.text); });
  if (!there) return false;
  // What is renamed is not removed, also when the new name stands below the old one.
  std::erase_if(fields_, [&](const Field& field) {
    return is_at_or_below(field.name, to.text) && !is_at_or_below(field.name, from.text);
  });
  for (Field& field : fields_) {
    if (!is_at_or_below(field.name, from.text)) continue;
    const std::string_view rest = field.name.substr(from.text.size());
    field.name = rest.empty() ? to.text : arena_.join({to.text, rest});
    field.hash = name_hash(field.name);
  }
  place_all();
  return true;
}

void Record::add_tag(std::string_view tag) {
  if (tagged(tag)) return;
  tags_.push_back(tag);
  new_identity_ = true;
}

void Record::remove_tag(std::string_view tag) {
  if (std::erase(tags_, tag) > 0) new_identity_ = true;
}

const EventView& Record::view() {
  attributes_.clear();
  for (const Field& field : fields_) {
    if (field.value.is_none() || field.name.starts_with(kMetadataPrefix)) continue;
    attributes_.push_back({field.name, as_text(field.value, arena_)});
  }
  event_.attributes = attributes_;
  event_.tags = tags_;
  return event_;
}

query::Value Record::value(query::Field field, std::string_view name) const noexcept {
  switch (field) {
    case query::Field::kHost:
      return query::Value::text(event_.host);
    case query::Field::kService:
      return query::Value::text(event_.service);
    case query::Field::kState:
      return query::Value::text(event_.state);
    case query::Field::kDescription:
      return query::Value::text(event_.description);
    case query::Field::kMetric:
      return query::Value::metric(event_.metric);
    case query::Field::kTime:
      return query::Value::seconds(event_.time.time_since_epoch());
    case query::Field::kTtl:
      return event_.ttl ? query::Value::seconds(*event_.ttl) : query::Value::missing();
    case query::Field::kAttribute:
    case query::Field::kTags:
      break;
  }
  const Value found = find(FieldKey(name));
  switch (found.kind()) {
    case Value::Kind::kNone:
      return query::Value::missing();
    case Value::Kind::kInteger:
      return query::Value::integer(found.integer());
    case Value::Kind::kReal:
      return query::Value::real(found.real());
    case Value::Kind::kText:
    case Value::Kind::kBoolean:
    case Value::Kind::kList:
      break;
  }
  return query::Value::text(as_text(found, arena_));
}

bool Record::tagged(std::string_view tag) const noexcept {
  return std::ranges::find(tags_, tag) != tags_.end();
}

}  // namespace tocsin::rules::parse
