// Any text is either refused with a place and a reason, or a predicate whose canonical text parses
// back to an equal one, and whose residue for an identity gives the verdict of the whole.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "src/query/predicate.hpp"
#include "src/query/predicate_set.hpp"

namespace {

using tocsin::Event;
using tocsin::Identity;
using tocsin::query::Match;
using tocsin::query::Predicate;
using tocsin::query::PredicateSet;

void require(bool holds) {
  if (!holds) std::abort();
}

Identity sample_identity(tocsin::SeriesKind kind) {
  return {kind, "web-1", "api.latency", {"eu", "prod"}, {{"env", "live"}, {"status", "503"}}};
}

Event sample_event(const Identity& identity) {
  Event event;
  event.time = tocsin::TimePoint(std::chrono::milliseconds(1500));
  event.host = identity.host;
  event.service = identity.service;
  event.state = "critical";
  event.metric = std::int64_t{9007199254740993};
  event.description = "timed out after 30 s: a\xFF" + std::string(40, 'a') + "b";
  event.tags = identity.tags;
  event.attributes = identity.attributes;
  if (identity.kind == tocsin::SeriesKind::kEvent) {
    event.attributes.push_back({"type", "rails"});
  } else {
    event.attributes.insert(event.attributes.begin() + 1,
                            {"metric_type", std::string(to_string(identity.kind))});
  }
  return event;
}

void check_residue(const Predicate& predicate, const Identity& identity) {
  const Event event = sample_event(identity);
  const Predicate residue = predicate.specialise(identity);
  require(residue.matches(event) == predicate.matches(event));
  std::vector<Match> matches;
  PredicateSet(std::vector<Predicate>{predicate}).match(identity, matches);
  require(matches.empty() == residue.is_never());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto predicate = Predicate::parse(text);
  if (!predicate) {
    require(!predicate.error().where.empty() && !predicate.error().text.empty());
    return 0;
  }
  const std::string canonical = predicate->to_string();
  tocsin::query::Limits limits;
  limits.text_bytes = std::numeric_limits<std::size_t>::max();
  const auto again = Predicate::parse(canonical, limits);
  require(again.has_value() && *again == *predicate && again->to_string() == canonical);
  check_residue(*predicate, sample_identity(tocsin::SeriesKind::kGauge));
  check_residue(*predicate, sample_identity(tocsin::SeriesKind::kEvent));
  return 0;
}
