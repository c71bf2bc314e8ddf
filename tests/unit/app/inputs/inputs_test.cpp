#include "src/app/inputs/inputs.hpp"

#include "tests/unit/app/inputs/specs.hpp"

namespace tocsin::app {
namespace {

using namespace test;

TEST_CASE("the inputs of all listeners come in a fixed order, with the place of their settings") {
  const Specs specs = inputs_of(
      "  syslog:\n    - udp: 127.0.0.1:1\n  graphite:\n    - tcp: 127.0.0.1:2\n"
      "  riemann:\n    - tcp: 127.0.0.1:3\n    - {name: second, udp: '[::1]:4'}\n"
      "  collectd:\n    - udp: 127.0.0.1:5\n  statsd:\n    - udp: 127.0.0.1:6\n");
  CHECK(summary(specs) ==
        std::vector<std::string>{"statsd.udp listen.statsd[0].udp 127.0.0.1:6",
                                 "collectd.udp listen.collectd[0].udp 127.0.0.1:5",
                                 "riemann.tcp listen.riemann[0].tcp 127.0.0.1:3",
                                 "second.udp listen.riemann[1].udp [::1]:4",
                                 "graphite.tcp listen.graphite[0].tcp 127.0.0.1:2",
                                 "syslog.udp listen.syslog[0].udp 127.0.0.1:1"});
}

TEST_CASE("no listener, no input") {
  CHECK(inputs_of("  riemann: []\n").empty());
}

TEST_CASE("the first complaint is the one that is told") {
  CHECK(complaint("  syslog:\n    - {udp: 127.0.0.1:1, time_zone: nowhere}\n"
                  "  graphite:\n    - udp: 127.0.0.1:2\n    - {name: other, udp: 127.0.0.1:3, "
                  "templates: [x.*y]}\n")
            .find("listen.graphite[1].templates[0]") != std::string::npos);
}

TEST_CASE("this machine has a name") {
  CHECK_FALSE(own_host().empty());
}

}  // namespace
}  // namespace tocsin::app
