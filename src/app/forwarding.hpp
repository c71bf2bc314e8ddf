// Forwarding, as the stages see it: what a closed window, a remark or a service's health is when it
// leaves for Graphite, Riemann or another Tocsin.
// Output:  facts in a batch for the publisher; docs/formats/forward.md has the names and fields.
// Loops:   an event carries the attribute forwarded_by. A series whose last event has one is not
//          sent to Riemann again, so that two Tocsins that forward to each other do not do so for
//          ever.
// Threads: immutable; each stage has its own copy.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/statsd/flush_names.hpp"
#include "src/app/metrics_text.hpp"
#include "src/app/statistics.hpp"
#include "src/publish/publisher.hpp"
#include "src/query/predicate.hpp"
#include "src/service/tree.hpp"
#include "src/settings/complaints.hpp"
#include "src/settings/settings.hpp"
#include "tocsin/event.hpp"
#include "tocsin/identity.hpp"

namespace tocsin::app {

struct ForwardingOptions {
  publish::DestinationSet graphite = 0;  // which destinations speak Graphite's protocols
  publish::DestinationSet riemann = 0;   // which speak Riemann's
  std::string daemon;                    // the value of forwarded_by
  statsd::NamingStyle names = statsd::NamingStyle::kPlain;
  std::chrono::seconds interval{10};
};

class Forwarding {
 public:
  explicit Forwarding(ForwardingOptions options = {}) : options_(std::move(options)) {}

  // The figures of a window of one series. `last`: what the series' events have in common, of an
  // event series its last event. `told`: as StatisticNames tells them.
  void tell_window(publish::DestinationSet to, const Identity& identity, const Event& last,
                   TimePoint end, std::span<const ToldStatistic> told, publish::Batch& batch) const;
  // A remark about a series; `what`: "verdict", "silence".
  void tell_remark(publish::DestinationSet to, const Event& last, Event remark,
                   std::string_view what, publish::Batch& batch) const;
  // To all destinations that speak Riemann's protocol.
  void tell_health(const service::ServiceView& view, TimePoint now, publish::Batch& batch) const;

 private:
  void tell_points(publish::DestinationSet to, const Identity& identity, TimePoint end,
                   std::span<const ToldStatistic> told, publish::Batch& batch) const;
  void tell_events(publish::DestinationSet to, const Identity& identity, const Event& last,
                   TimePoint end, std::span<const ToldStatistic> told, publish::Batch& batch) const;
  void add_event(publish::DestinationSet to, Event event, publish::Batch& batch) const;
  [[nodiscard]] bool has_whole_names(const Identity& identity) const noexcept;
  [[nodiscard]] std::string name_of(const Identity& identity, const ToldStatistic& figure) const;

  ForwardingOptions options_;
};

// The options of `settings`: which destination speaks what, and the name of this machine.
[[nodiscard]] ForwardingOptions forwarding_options(const settings::Settings& settings,
                                                   statsd::NamingStyle names);

// The destinations of `settings`, or what is wrong with each. They say in the log what becomes of
// their connections, at the place of the setting.
[[nodiscard]] settings::Loaded<std::vector<publish::ForwardOptions>> forward_options(
    const settings::Settings& settings);

// Their predicates, in their order; complaints are added to `errors`.
[[nodiscard]] std::vector<query::Predicate> forward_predicates(const settings::Settings& settings,
                                                               std::vector<Error>& errors);

// accepted = sent + refused + dropped + pending, for every destination.
void metrics_of_forwards(const std::vector<publish::ForwardStatus>& forwards, MetricsText& text);

}  // namespace tocsin::app
