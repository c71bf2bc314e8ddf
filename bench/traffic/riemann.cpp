#include "bench/traffic/riemann.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <string>

namespace tocsin::traffic {

Event riemann_event(std::size_t i) {
  constexpr std::array<const char*, 4> kHosts = {"web-01.example.net", "db-17.example.net",
                                                 "cache-3.eu.example.net", "edge-114.example.net"};
  constexpr std::array<const char*, 4> kServices = {"http req/s", "disk /var/lib",
                                                    "checkout latency p95", "load/load/shortterm"};
  Event event;
  event.time =
      TimePoint(std::chrono::seconds(1'795'229'409) + std::chrono::microseconds(i * 1'009));
  event.host = kHosts[i % kHosts.size()];
  event.service = kServices[i / 3 % kServices.size()];
  event.state = i % 7 == 0 ? "warning" : "ok";
  event.description = "all is as it should be on this host";
  event.tags = {"collectd", "prod"};
  event.ttl = std::chrono::seconds(30);
  event.attributes = {{"rack", "r4"}, {"x-client", "riemann-c-client"}};
  event.metric = static_cast<std::int64_t>(i * 131 % 100'000);
  return event;
}

Event vary(Event event, std::mt19937& random) {
  event.service += "/" + std::to_string(random() % 10'000);
  if (random() % 4 == 0) event.description.clear();
  if (random() % 4 == 0) event.state.clear();
  if (random() % 4 == 0) event.ttl.reset();
  event.tags.resize(random() % 4 == 0 ? 1 : 2);
  if (random() % 4 == 0) event.attributes.push_back({"zone", std::string(random() % 20, 'z')});
  if (random() % 3 == 0) event.metric = 0.25;
  return event;
}

}  // namespace tocsin::traffic
