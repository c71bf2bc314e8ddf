#include "src/app/demo_command.hpp"

#include <doctest/doctest.h>

#include <sstream>

#include "tests/unit/app/udp_socket.hpp"

namespace tocsin::app {
namespace {

using namespace std::chrono_literals;

TEST_CASE("the demo sends a shop's lines, gets into trouble, and ends") {
  const test::UdpSocket daemon;
  DemoOptions options;
  options.port = daemon.port();
  options.duration = 2s;
  options.calm = 1s;
  options.trouble = 1s;
  std::ostringstream out;
  std::ostringstream err;
  CHECK(run_demo(options, out, err) == 0);
  CHECK(err.str().empty());
  CHECK(out.str().find("customers cannot check out") != std::string::npos);
  std::string all;
  int datagrams = 0;
  for (std::string bytes; !(bytes = daemon.receive(0ms)).empty(); ++datagrams) all += bytes;
  CHECK(datagrams == 8);
  for (const char* line : {"shop.checkout.latency:", "shop.checkout.completed:",
                           "app.up:1|g|#host:app-3\n", "db.connections:"}) {
    CAPTURE(line);
    CHECK(all.find(line) != std::string::npos);
  }
  CHECK(all.find("shop.checkout.completed:0|c\n") != std::string::npos);  // in trouble
}

TEST_CASE("a host that is no address is an error") {
  DemoOptions options;
  options.host = "nowhere";
  std::ostringstream out;
  std::ostringstream err;
  CHECK(run_demo(options, out, err) == 1);
  CHECK(err.str().find("nowhere:8125") != std::string::npos);
}

}  // namespace
}  // namespace tocsin::app
