#include "src/publish/records.hpp"

#include <cassert>
#include <utility>

#include "src/event/msgpack_io.hpp"

namespace tocsin::publish {
namespace {

using event::Packer;

std::int64_t milliseconds(TimePoint time) {
  return std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count();
}

double seconds(std::chrono::milliseconds span) {
  return std::chrono::duration<double>(span).count();
}

// A map entry whose value is one text, integer, ...
void entry(Packer& packer, std::string_view key, std::string_view value) {
  packer.text(key);
  packer.text(value);
}

void entry(Packer& packer, std::string_view key, std::int64_t value) {
  packer.text(key);
  packer.integer(value);
}

void entry(Packer& packer, std::string_view key, double value) {
  packer.text(key);
  packer.real(value);
}

void entry(Packer& packer, std::string_view key, std::optional<double> value) {
  packer.text(key);
  value ? packer.real(*value) : packer.nil();
}

// The five entries that say which series it is.
constexpr std::size_t kIdentityEntries = 5;

void identity_entries(Packer& packer, const Identity& identity) {
  entry(packer, "service", identity.service);
  entry(packer, "host", identity.host);
  entry(packer, "kind", to_string(identity.kind));
  packer.text("tags");
  packer.array(identity.tags.size());
  for (const std::string& tag : identity.tags) packer.text(tag);
  packer.text("attributes");
  packer.map(identity.attributes.size());
  for (const Attribute& attribute : identity.attributes) {
    entry(packer, attribute.key, attribute.value);
  }
}

void votes_entry(Packer& packer, std::span<const DetectorVote> votes) {
  packer.text("votes");
  packer.map(votes.size());
  for (const DetectorVote& vote : votes) {
    packer.text(vote.detector);
    vote.anomalous ? packer.boolean(*vote.anomalous) : packer.nil();
  }
}

void members_entry(Packer& packer, std::span<const HealthMember> members) {
  packer.text("members");
  packer.array(members.size());
  for (const HealthMember& member : members) {
    packer.map(3);
    entry(packer, "name", member.name);
    entry(packer, "state", member.state);
    entry(packer, "reason", member.reason);
  }
}

std::string joined(const std::string& prefix, std::string_view section, std::string_view name) {
  std::string key;
  key.reserve(prefix.size() + section.size() + name.size());
  return key.append(prefix).append(section).append(name);
}

// "<service>:<ms>": also the name in the index of transitions.
std::string transition_name(const TransitionRecord& transition) {
  return std::string(transition.service) + ':' + std::to_string(milliseconds(transition.time));
}

Record value_record(std::string key, std::chrono::milliseconds ttl) {
  Record record;
  record.key = std::move(key);
  record.ttl = ttl;
  return record;
}

Record member_record(std::string index, std::string member, std::chrono::milliseconds ttl) {
  Record record;
  record.kind = Record::Kind::kMember;
  record.key = std::move(index);
  record.member = std::move(member);
  record.ttl = ttl;
  return record;
}

}  // namespace

Record RecordEncoder::series(const SeriesValue& series) const {
  assert(series.identity != nullptr);
  Record record = value_record(joined(prefix_, "series:", to_hex(series.id)), retention_.series);
  Packer packer(record.value);
  packer.map(kIdentityEntries + 3);
  identity_entries(packer, *series.identity);
  entry(packer, "time_ms", milliseconds(series.time));
  entry(packer, "interval_s", seconds(series.interval));
  packer.text("stats");
  packer.map(series.statistics.size());
  for (const Statistic& statistic : series.statistics) {
    entry(packer, statistic.name, statistic.value);
  }
  return record;
}

Record RecordEncoder::verdict(const VerdictRecord& verdict) const {
  assert(verdict.identity != nullptr);
  Record record = value_record(joined(prefix_, "verdict:", to_hex(verdict.id)), retention_.verdict);
  Packer packer(record.value);
  packer.map(kIdentityEntries + 8);
  identity_entries(packer, *verdict.identity);
  entry(packer, "time_ms", milliseconds(verdict.time));
  packer.text("anomalous");
  packer.boolean(verdict.anomalous);
  entry(packer, "value", verdict.value);
  entry(packer, "expected_low", verdict.expected_low);
  entry(packer, "expected_high", verdict.expected_high);
  votes_entry(packer, verdict.votes);
  entry(packer, "text", verdict.text);
  entry(packer, "feedback", verdict.feedback);
  return record;
}

Record RecordEncoder::service(const HealthRecord& health) const {
  Record record = value_record(joined(prefix_, "service:", health.service), retention_.service);
  record.urgent = true;
  Packer packer(record.value);
  packer.map(8);
  entry(packer, "service", health.service);
  entry(packer, "time_ms", milliseconds(health.time));
  entry(packer, "since_ms", milliseconds(health.since));
  entry(packer, "own", health.own);
  entry(packer, "rolled", health.rolled);
  entry(packer, "strict", health.strict);
  members_entry(packer, health.members);
  packer.text("because");
  packer.array(health.because.size());
  for (const std::string_view reason : health.because) packer.text(reason);
  return record;
}

Record RecordEncoder::transition(const TransitionRecord& transition) const {
  Record record = value_record(joined(prefix_, "transition:", transition_name(transition)),
                               retention_.transition);
  record.urgent = true;
  Packer packer(record.value);
  packer.map(5);
  entry(packer, "service", transition.service);
  entry(packer, "time_ms", milliseconds(transition.time));
  entry(packer, "from", transition.from);
  entry(packer, "to", transition.to);
  entry(packer, "because", transition.because);
  return record;
}

Record RecordEncoder::series_listing(const SeriesValue& series) const {
  assert(series.identity != nullptr);
  return member_record(joined(prefix_, "index:series:", series.identity->service),
                       to_hex(series.id), retention_.series);
}

Record RecordEncoder::anomaly_listing(const VerdictRecord& verdict) const {
  return member_record(joined(prefix_, "index:", "anomalies"), to_hex(verdict.id),
                       retention_.verdict);
}

Record RecordEncoder::service_listing(std::string_view service) const {
  Record record = member_record(joined(prefix_, "index:", "services"), std::string(service),
                                retention_.service);
  record.urgent = true;
  return record;
}

Record RecordEncoder::transition_listing(const TransitionRecord& transition) const {
  Record record = member_record(joined(prefix_, "index:", "transitions"),
                                transition_name(transition), retention_.transition);
  record.urgent = true;
  return record;
}

}  // namespace tocsin::publish
