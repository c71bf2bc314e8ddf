#include "src/app/series_plot.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <sstream>
#include <string>

namespace tocsin::app {
namespace {

constexpr double kStart_s = 1'700'000'000;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

std::string drawn(const SeriesPlot& plot, std::string_view title = "series") {
  std::ostringstream out;
  plot.write(title, out);
  return out.str();
}

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t found = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) {
    ++found;
  }
  return found;
}

// Every number that is drawn lies in the picture.
void check_inside(const std::string& svg) {
  const std::size_t begin = svg.find("class='series' d='");
  REQUIRE(begin != std::string::npos);
  const std::size_t from = begin + 18;
  std::string path = svg.substr(from, svg.find('\'', from) - from);
  for (char& c : path) c = c == 'M' || c == 'L' ? ' ' : c;
  std::istringstream numbers(path);
  for (double x = 0, y = 0; numbers >> x >> y;) {
    CHECK(x >= 90);
    CHECK(x <= 1180);
    CHECK(y >= 40);
    CHECK(y <= 380);
  }
}

TEST_CASE("a picture has the values, the expected range and the alarms") {
  SeriesPlot plot;
  for (int i = 0; i < 100; ++i) {
    const bool spike = i == 70;
    plot.add({kStart_s + 60 * i, spike ? 500.0 : 10 + i % 3, 9, 13, spike, i >= 20});
  }
  const std::string svg = drawn(plot, "orders <&>");
  CHECK(svg.starts_with("<svg "));
  CHECK(svg.ends_with("</svg>\n"));
  CHECK(svg.find("orders &lt;&amp;&gt;") != std::string::npos);
  CHECK(count(svg, "class='alarm'") == 1);
  CHECK(svg.find("<title>2023-11-14 23:23:20: 500</title>") != std::string::npos);
  CHECK(count(svg, "class='expected'") == 100);
  CHECK(count(svg, "class='learning'") == 1);
  check_inside(svg);
}

TEST_CASE("a long series is drawn in columns, and keeps its extremes and alarms") {
  SeriesPlot plot;
  for (int i = 0; i < 1'000'000; ++i) {
    const bool spike = i == 777'777;
    plot.add({kStart_s + 10.0 * i, spike ? 1e6 : std::sin(i), kNan, kNan, spike, true});
  }
  const std::string svg = drawn(plot);
  CHECK(svg.size() < 200'000);
  CHECK(count(svg, "class='alarm'") == 1);
  CHECK(svg.find("..1e+06</title>") != std::string::npos);
  CHECK(count(svg, "class='expected'") == 0);
  CHECK(count(svg, "class='learning'") == 0);
  check_inside(svg);
}

TEST_CASE("what has no extent is drawn too") {
  CHECK(drawn({}).find("no points") != std::string::npos);
  SeriesPlot one;
  one.add({kStart_s, 0, kNan, INFINITY, false, true});
  check_inside(drawn(one));
  SeriesPlot flat;
  for (int i = 0; i < 10; ++i) flat.add({kStart_s + i, -7e12, -7e12, -7e12, false, false});
  check_inside(drawn(flat));
}

TEST_CASE("an expectation far out does not flatten the series") {
  SeriesPlot plot;
  for (int i = 0; i < 10; ++i) plot.add({kStart_s + i, 1.0 * i, -1e9, 1e9, false, true});
  const std::string svg = drawn(plot);
  check_inside(svg);
  CHECK(svg.find(">5</text>") != std::string::npos);  // a mark among the values
}

}  // namespace
}  // namespace tocsin::app
