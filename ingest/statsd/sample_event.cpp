#include "ingest/statsd/sample_event.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "ingest/statsd/peer_text.hpp"
#include "ingest/statsd/tag_set.hpp"
#include "ingest/statsd/text.hpp"

namespace tocsin::statsd {
namespace {

Metric metric_of(const RawSample& sample) {
  constexpr double kExact = 9007199254740992;  // 2^53
  if (sample.op == SampleOp::kUnique) return std::monostate{};
  const double value = sample.value;
  if (std::trunc(value) == value && std::abs(value) < kExact) {
    return static_cast<std::int64_t>(value);
  }
  return value;
}

// 15 digits hide that the rate went through its inverse.
std::string rate_text(double weight) {
  std::array<char, 32> text{};
  const auto [end, status] = std::to_chars(text.data(), text.data() + text.size(), 1 / weight,
                                           std::chars_format::general, 15);
  return {text.data(), end};
}

}  // namespace

Event sample_event(const RawSample& sample, const Identity& identity, const Origin& origin) {
  Event event;
  event.time = sample.timestamp_s != 0 ? TimePoint(std::chrono::seconds(sample.timestamp_s))
                                       : origin.received;
  event.host = identity.host;
  event.service = identity.service;
  event.metric = metric_of(sample);
  event.tags = identity.tags;

  TagSet attributes;
  for (const Attribute& attribute : identity.attributes) {
    attributes.set(attribute.key, attribute.value);
  }
  attributes.set("ingest", "statsd");
  attributes.set("metric_type", std::string(to_string(sample.kind)));
  if (std::string peer = peer_text(origin.peer); !peer.empty()) {
    attributes.set("peer", std::move(peer));
  }
  if (sample.weight != 1) attributes.set("sample_rate", rate_text(sample.weight));
  if (sample.op == SampleOp::kUnique) attributes.set("member", to_utf8(sample.member));
  if (sample.op == SampleOp::kAdjustGauge) attributes.set("gauge_op", "adjust");
  event.attributes = attributes.take_attributes();
  return event;
}

}  // namespace tocsin::statsd
