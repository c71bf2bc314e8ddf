#include "src/app/riemann_queries.hpp"

#include "ingest/riemann/event_writer.hpp"
#include "src/query/predicate.hpp"
#include "tocsin/event_viewer.hpp"

namespace tocsin::app {

Result<std::string> answer_riemann_query(ShardSet& shards, std::string_view query) {
  const auto predicate = query::Predicate::parse(query);
  if (!predicate) return predicate.error();
  const auto events = shards.query(*predicate, kMaxQueryEvents);
  if (!events) return events.error();
  std::string fields;
  EventViewer viewer;
  for (const Event& event : *events) riemann::append_event(viewer.view(event), fields);
  return fields;
}

}  // namespace tocsin::app
