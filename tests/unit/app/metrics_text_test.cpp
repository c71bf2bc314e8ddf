#include "src/app/metrics_text.hpp"

#include <doctest/doctest.h>

namespace tocsin::app {
namespace {

TEST_CASE("metrics are written with help, type, labels and values") {
  MetricsText text;
  text.metric("x_total", "counter", "How many.");
  text.sample({}, std::uint64_t{7});
  text.sample({{"a", "1"}, {"b", "2"}}, std::uint64_t{18'446'744'073'709'551'615u});
  text.metric("y", "gauge", "How much.");
  text.sample({}, 0.25);
  CHECK(text.take() ==
        "# HELP x_total How many.\n"
        "# TYPE x_total counter\n"
        "x_total 7\n"
        "x_total{a=\"1\",b=\"2\"} 18446744073709551615\n"
        "# HELP y How much.\n"
        "# TYPE y gauge\n"
        "y 0.25\n");
}

TEST_CASE("quotes, backslashes and line ends in labels are escaped") {
  MetricsText text;
  text.metric("x", "gauge", "h");
  text.sample({{"l", "a\"b\\c\nd"}}, std::uint64_t{1});
  CHECK(text.take().find("x{l=\"a\\\"b\\\\c\\nd\"} 1\n") != std::string::npos);
}

}  // namespace
}  // namespace tocsin::app
