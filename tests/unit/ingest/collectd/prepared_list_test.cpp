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

TEST_CASE("each source has its texts") {
  struct Sources {
    std::size_t count;
    const DataSet* known;
    std::vector<std::string> services;
    std::vector<std::string> names;
  };
  const DataSet one = {{"only"}};
  const DataSet two = {{"rx"}, {"tx"}};
  for (const Sources& each :
       {Sources{1, nullptr, {"if-lo/octets"}, {"value"}},
        Sources{1, &one, {"if-lo/octets"}, {"only"}},
        Sources{2, &two, {"if-lo/octets/rx", "if-lo/octets/tx"}, {"rx", "tx"}},
        Sources{2, nullptr, {"if-lo/octets/0", "if-lo/octets/1"}, {"0", "1"}}}) {
    const SeriesName name{"web-1", "if", "lo", "octets", ""};
    std::string buffer(SeriesText::max_bytes(name), '?');
    PreparedList list;
    list.series = {buffer.data(), name};
    list.sources = each.known;
    std::string texts(texts_bytes(list, each.count), '?');
    std::vector<SourceText> sources(each.count);
    write_texts(list, texts.data(), sources);
    CHECK(texts.substr(0, list.series.text().size()) == list.series.text());
    for (std::size_t i = 0; i < each.count; ++i) {
      CHECK(texts.substr(sources[i].service_at, sources[i].service_bytes) == each.services[i]);
      CHECK(texts.substr(sources[i].name_at, sources[i].name_bytes) == each.names[i]);
    }
    CHECK(texts.find('?') == std::string::npos);
  }
}

TEST_CASE("a shape tells which parts are not empty") {
  std::string buffer(64, '?');
  CHECK(SeriesText(buffer.data(), {"h", "p", "", "t", ""}).shape() == 0);
  CHECK(SeriesText(buffer.data(), {"h", "p", "i", "t", ""}).shape() ==
        SeriesText::kHasPluginInstance);
  CHECK(SeriesText(buffer.data(), {"h", "p", "", "t", "i"}).shape() ==
        SeriesText::kHasTypeInstance);
}

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
