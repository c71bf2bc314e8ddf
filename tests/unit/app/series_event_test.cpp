#include "src/app/series_event.hpp"

#include <doctest/doctest.h>

#include "src/event/compact_form.hpp"

namespace tocsin::app {
namespace {

TEST_CASE("a label names the series, its host and what else tells it apart") {
  CHECK(label_of({SeriesKind::kGauge, "", "orders", {}, {}}) == "orders");
  CHECK(label_of({SeriesKind::kGauge, "app-1", "cpu", {}, {}}) == "cpu on app-1");
  CHECK(label_of({SeriesKind::kGauge, "", "requests", {"eu", "prod"}, {{"path", "/"}}}) ==
        "requests {eu, prod, path=/}");
}

TEST_CASE("events of a series have its identity, and say what kind of series it is") {
  const Event event = event_of({SeriesKind::kCounter, "h", "s", {"t"}, {{"a", "1"}, {"z", "2"}}});
  CHECK(event.host == "h");
  CHECK(event.service == "s");
  CHECK(event.tags == std::vector<std::string>{"t"});
  CHECK(event.attributes ==
        std::vector<Attribute>{{"a", "1"}, {"metric_type", "counter"}, {"z", "2"}});
  CHECK(event_of({SeriesKind::kEvent, "", "s", {}, {}}).attributes.empty());
}

TEST_CASE("attributes are added in their place, or replaced") {
  Event event;
  set_attribute(event, "b", "1");
  set_attribute(event, "a", "2");
  set_attribute(event, "b", "3");
  CHECK(event.attributes == std::vector<Attribute>{{"a", "2"}, {"b", "3"}});
}

TEST_CASE("remarks are events that say so") {
  CHECK(is_remark({SeriesKind::kEvent, "", "s", {"verdict"}, {}}));
  CHECK(is_remark({SeriesKind::kEvent, "", "s", {"a", "silence"}, {}}));
  CHECK_FALSE(is_remark({SeriesKind::kGauge, "", "s", {"verdict"}, {}}));
  CHECK_FALSE(is_remark({SeriesKind::kEvent, "", "s", {}, {}}));
}

TEST_CASE("an event comes back from its bytes in normal form") {
  const std::string_view tags[] = {"b", "a"};
  EventView view;
  view.service = "s";
  view.tags = tags;
  std::string bytes;
  event::append_event(view, bytes);
  CHECK(event_from(bytes).tags == std::vector<std::string>{"a", "b"});
}

}  // namespace
}  // namespace tocsin::app
