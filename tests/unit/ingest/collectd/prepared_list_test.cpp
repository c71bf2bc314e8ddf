#include "ingest/collectd/prepared_list.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace tocsin::collectd {
namespace {

struct Case {
  SeriesName name;
  std::string_view service;
};

TEST_CASE("a name is one text, and its parts are found in it") {
  const std::vector<Case> cases = {
      {{"web-1", "df", "root", "df_complex", "free"}, "df-root/df_complex-free"},
      {{"web-1", "load", "", "load", ""}, "load/load"},
      {{"h", "cpu", "0", "cpu", ""}, "cpu-0/cpu"},
      {{"", "cpu", "", "", ""}, "cpu"},
      {{"h", "", "0", "", "x"}, "0/x"},
      {{"h", "", "", "", ""}, ""},
      {{std::string_view("a\0b", 3), "a plugin of more than sixteen bytes", "", "t", ""},
       "a plugin of more than sixteen bytes/t"},
  };
  for (const Case& each : cases) {
    CAPTURE(each.service);
    const SeriesName& name = each.name;
    std::string buffer(SeriesText::max_bytes(name), '?');
    const SeriesText written(buffer.data(), name);
    const std::string copy(written.text());
    const SeriesText moved(copy.data(), written);
    buffer.assign(buffer.size(), '?');
    CHECK(moved.text() == std::string(name.host) + '\0' + std::string(each.service));
    CHECK(moved.service() == each.service);
    CHECK(moved.name().host == name.host);
    CHECK(moved.name().plugin == name.plugin);
    CHECK(moved.name().plugin_instance == name.plugin_instance);
    CHECK(moved.name().type == name.type);
    CHECK(moved.name().type_instance == name.type_instance);
  }
}

}  // namespace
}  // namespace tocsin::collectd
