#include "src/app/daemon_client.hpp"

#include <doctest/doctest.h>

#include <memory>

namespace tocsin::app {
namespace {

TEST_CASE("a good answer is its body; a bad one is the daemon's own words") {
  auto server = api::HttpServer::open({}, [](const api::Request& request) -> api::Response {
    if (request.path == "/good") return {200, "text/plain", request.method + " " + request.body};
    if (request.path == "/told") return api::problem(404, "not_found", "there is none");
    return {500, "text/plain", "<html>"};
  });
  REQUIRE(server);
  (*server)->start();
  const DaemonAddress daemon{"127.0.0.1", (*server)->port()};
  CHECK(*ask_daemon(daemon, {"GET", "/good", {}}) == "GET ");
  CHECK(*ask_daemon(daemon, {"POST", "/good", "{}"}) == "POST {}");
  CHECK(*ask_daemon(daemon, {"DELETE", "/good", {}}) == "DELETE ");
  CHECK(ask_daemon(daemon, {"GET", "/told", {}}).error().message() == "there is none");
  CHECK(ask_daemon(daemon, {"GET", "/other", {}}).error().message() == "the daemon answered 500");
  server->reset();
  CHECK(ask_daemon(daemon, {"GET", "/good", {}}).error().code == Errc::kUnavailable);
}

}  // namespace
}  // namespace tocsin::app
