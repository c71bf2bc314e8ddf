#include "src/app/forwarding.hpp"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "ingest/riemann/event_writer.hpp"
#include "ingest/riemann/reply.hpp"
#include "src/app/event_values.hpp"
#include "src/base/clock.hpp"
#include "src/event/event_access.hpp"
#include "src/publish/graphite/encoder.hpp"

namespace tocsin::app {
namespace {

static_assert(settings::kMaxForwards <= publish::kMaxDestinations);

constexpr std::string_view kForwardedBy = "forwarded_by";
// Long enough for one window that comes late, and for a health that is told once a minute.
constexpr int kWindowsToLive = 3;
constexpr auto kHealthTtl = std::chrono::minutes(3);

// ";host=web;k=v": what is behind every name of a series. A tag without a value is true.
std::string graphite_tags(const Identity& identity) {
  std::vector<AttributeView> tags;
  for (const Attribute& attribute : identity.attributes) {
    tags.push_back({attribute.key, attribute.value});
  }
  for (const std::string& tag : identity.tags) tags.push_back({tag, "true"});
  std::string name;
  publish::graphite::append_name("-", identity.host, tags, name);
  return name.substr(1);
}

Result<publish::RiemannCodec::Answer> parse_answer(std::string_view msg) {
  const auto reply = riemann::parse_reply(msg);
  if (!reply) return reply.error();
  return publish::RiemannCodec::Answer{reply->ok, reply->error};
}

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

std::string setting_of(std::size_t destination, std::string_view key) {
  return "forward[" + std::to_string(destination) + "]." + std::string(key);
}

Result<publish::GraphiteTarget> graphite_target(const settings::Forward& forward) {
  std::vector<publish::graphite::Node> nodes;
  std::vector<publish::PeerAddress> peers;
  for (const settings::ForwardAddress& each : forward.addresses) {
    nodes.push_back(
        {each.address.host, each.instance.empty() ? std::nullopt : std::optional(each.instance)});
    peers.push_back({each.address.host, each.address.port});
  }
  const auto hash = forward.hashing == settings::Hashing::kCarbon
                        ? publish::graphite::RingHash::kCarbon
                        : publish::graphite::RingHash::kFnv1a;
  auto ring = publish::graphite::HashRing::make(std::move(nodes), hash);
  if (!ring) return ring.error();
  return publish::GraphiteTarget{std::move(*ring),
                                 std::move(peers),
                                 {forward.replicas, forward.diverse_replicas},
                                 forward.protocol == settings::GraphiteProtocol::kPickle};
}

publish::RiemannTarget riemann_target(const settings::Forward& forward) {
  const settings::Address& address = forward.addresses.front().address;
  return {{address.host, address.port},
          {riemann::append_event, riemann::append_frame, parse_answer}};
}

std::function<void(std::size_t, publish::News, std::string_view)> log_of(
    const settings::Places& places, const settings::Forward& forward, std::size_t destination) {
  const std::string expected = forward.to == settings::ForwardTo::kGraphite
                                   ? "a carbon that takes points"
                                   : "a Riemann or Tocsin that takes events";
  return [places, expected, name = forward.name, destination](std::size_t peer, publish::News news,
                                                              std::string_view line) {
    if (news == publish::News::kGood) {
      spdlog::info("forward {}: {}", name, std::string(line));
      return;
    }
    const Error why{Errc::kUnavailable, "", std::string(line)};
    const std::string key = setting_of(destination, "addresses[" + std::to_string(peer) + "]");
    spdlog::warn("{}", settings::complaint_about(places, key, why, expected).message());
  };
}

}  // namespace

void Forwarding::tell_window(publish::DestinationSet to, const Identity& identity,
                             const Event& last, TimePoint end, std::span<const ToldStatistic> told,
                             publish::Batch& batch) const {
  if (const auto points = to & options_.graphite; points != 0) {
    tell_points(points, identity, end, told, batch);
  }
  if (const auto events = to & options_.riemann; events != 0) {
    tell_events(events, identity, last, end, told, batch);
  }
}

// Etsy's names are for statsd's metrics: what else there is, events, keeps the name it came with.
bool Forwarding::has_whole_names(const Identity& identity) const noexcept {
  return options_.names != statsd::NamingStyle::kPlain && identity.kind != SeriesKind::kEvent;
}

// The value of a series goes by its name alone, and is all that an event has.
std::string Forwarding::name_of(const Identity& identity, const ToldStatistic& figure) const {
  if (has_whole_names(identity)) return figure.name;
  if (figure.name == "value" || identity.kind == SeriesKind::kEvent) return identity.service;
  return identity.service + '.' + figure.name;
}

void Forwarding::tell_points(publish::DestinationSet to, const Identity& identity, TimePoint end,
                             std::span<const ToldStatistic> told, publish::Batch& batch) const {
  const bool whole = has_whole_names(identity);  // tags and all
  const std::string tags = whole ? std::string() : graphite_tags(identity);
  for (const ToldStatistic& figure : told) {
    std::string name;
    if (whole) {
      name = figure.name;
    } else {
      publish::graphite::append_name(name_of(identity, figure), {}, {}, name);
      name += tags;
    }
    batch.points.push_back({to, std::move(name), figure.value, end});
  }
}

void Forwarding::tell_events(publish::DestinationSet to, const Identity& identity,
                             const Event& last, TimePoint end, std::span<const ToldStatistic> told,
                             publish::Batch& batch) const {
  if (event::find_attribute(last, kForwardedBy) != nullptr) return;
  for (const ToldStatistic& figure : told) {
    Event event = last;
    event.service = name_of(identity, figure);
    // Tags of whole names travel beside the name here.
    if (has_whole_names(identity)) {
      event.service = event.service.substr(0, event.service.find(';'));
    }
    event.time = end;
    event.metric = as_metric(figure.value);
    event.ttl = options_.interval * kWindowsToLive;
    add_event(to, std::move(event), batch);
  }
}

void Forwarding::tell_remark(publish::DestinationSet to, const Event& last, Event remark,
                             std::string_view what, publish::Batch& batch) const {
  to &= options_.riemann;
  if (to == 0 || event::find_attribute(last, kForwardedBy) != nullptr) return;
  // Riemann's index knows host and service only: under the same name a remark would take the place
  // of the series.
  remark.service.append(" ").append(what);
  add_event(to, std::move(remark), batch);
}

void Forwarding::tell_health(const service::ServiceView& view, TimePoint now,
                             publish::Batch& batch) const {
  if (options_.riemann == 0) return;
  Event event;
  event.service = view.name + " health";
  event.time = now;
  event.state = state_word(view.rolled);
  for (const std::string& cause : view.because) {
    event.description += (event.description.empty() ? "" : "; ") + cause;
  }
  event.tags = {"health"};
  event.ttl = kHealthTtl;
  event.attributes = {{"own", std::string(to_string(view.own))},
                      {"rolled", std::string(to_string(view.rolled))},
                      {"strict", std::string(to_string(view.strict))},
                      {"type", "health"}};
  add_event(options_.riemann, std::move(event), batch);
}

void Forwarding::add_event(publish::DestinationSet to, Event event, publish::Batch& batch) const {
  event.attributes.push_back({std::string(kForwardedBy), options_.daemon});
  event::normalise(event);
  batch.events.push_back({to, std::move(event)});
}

ForwardingOptions forwarding_options(const settings::Settings& settings,
                                     statsd::NamingStyle names) {
  ForwardingOptions options;
  for (std::size_t i = 0; i < settings.forward.size(); ++i) {
    const bool graphite = settings.forward[i].to == settings::ForwardTo::kGraphite;
    (graphite ? options.graphite : options.riemann) |= publish::DestinationSet{1} << i;
  }
  options.daemon = host_name();
  options.names = names;
  options.interval = std::chrono::floor<std::chrono::seconds>(settings.series.interval);
  return options;
}

settings::Loaded<std::vector<publish::ForwardOptions>> forward_options(
    const settings::Settings& settings) {
  settings::Loaded<std::vector<publish::ForwardOptions>> loaded;
  std::vector<publish::ForwardOptions> all;
  for (std::size_t i = 0; i < settings.forward.size(); ++i) {
    const settings::Forward& forward = settings.forward[i];
    publish::ForwardOptions& options = all.emplace_back();
    options.name = forward.name;
    options.prefix = forward.prefix;
    options.connect_timeout =
        std::chrono::duration_cast<std::chrono::milliseconds>(forward.connect_timeout);
    options.spool_bytes = forward.spool_bytes;
    options.jitter_seed =
        static_cast<std::uint64_t>(base::wall_clock().time_since_epoch().count()) + i;
    options.log = log_of(settings.places, forward, i);
    if (forward.to == settings::ForwardTo::kRiemann) {
      options.target = riemann_target(forward);
    } else if (auto target = graphite_target(forward); target) {
      options.target = std::move(*target);
    } else {
      loaded.errors.push_back(settings::complaint_about(settings.places, setting_of(i, "addresses"),
                                                        target.error(),
                                                        "carbons that a hash ring tells apart"));
    }
  }
  if (loaded.errors.empty()) loaded.value = std::move(all);
  return loaded;
}

std::vector<query::Predicate> forward_predicates(const settings::Settings& settings,
                                                 std::vector<Error>& errors) {
  std::vector<query::Predicate> predicates;
  for (const settings::Forward& forward : settings.forward) {
    auto predicate = query::Predicate::parse(forward.where.text());
    if (predicate) {
      predicates.push_back(std::move(*predicate));
    } else {
      const Error& error = predicate.error();
      errors.push_back({error.code, forward.where.where(error.where), error.text});
    }
  }
  return predicates;
}

void metrics_of_forwards(const std::vector<publish::ForwardStatus>& forwards, MetricsText& text) {
  if (forwards.empty()) return;
  text.metric(
      "tocsin_forward_items_total", "counter",
      "Points and events for a destination: accepted = sent + refused + dropped + pending.");
  for (const publish::ForwardStatus& forward : forwards) {
    const auto say = [&](std::string_view outcome, std::uint64_t items) {
      text.sample({{"destination", forward.name}, {"outcome", outcome}}, items);
    };
    say("accepted", forward.counters.accepted);
    say("sent", forward.counters.sent);
    say("refused", forward.counters.refused);
    say("dropped", forward.counters.dropped);
  }
  text.metric("tocsin_forward_pending", "gauge", "Such items that wait or have no answer yet.");
  for (const publish::ForwardStatus& forward : forwards) {
    text.sample({{"destination", forward.name}}, forward.counters.pending);
  }
  text.metric("tocsin_forward_bytes", "gauge", "Memory held for them.");
  for (const publish::ForwardStatus& forward : forwards) {
    text.sample({{"destination", forward.name}}, forward.counters.bytes);
  }
  text.metric("tocsin_forward_connected", "gauge", "1 while the address is connected.");
  for (const publish::ForwardStatus& forward : forwards) {
    for (const publish::PeerStatus& peer : forward.peers) {
      text.sample({{"destination", forward.name}, {"address", peer.address}},
                  std::uint64_t{peer.connected});
    }
  }
  text.metric("tocsin_forward_events_total", "counter", "Faults and events, by cause.");
  for (const publish::ForwardStatus& forward : forwards) {
    for (const StoreCause& cause : forward.causes) {
      text.sample({{"destination", forward.name}, {"cause", cause.name}}, cause.count);
    }
  }
}

}  // namespace tocsin::app
