// Writes the records that docs/formats/redis.md shows, the way the daemon does. Usage: PORT
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "src/publish/records.hpp"
#include "src/publish/redis/redis_store.hpp"

namespace {

using namespace tocsin;
using namespace tocsin::publish;

constexpr TimePoint kTime{std::chrono::milliseconds(1'763'737'830'000)};

std::vector<Record> example_records() {
  const RecordEncoder encoder;
  const Identity identity{
      SeriesKind::kTimer, "app-1", "checkout.latency", {"prod"}, {{"region", "eu"}}};
  const event::Hash128 id = event::hash_identity(identity, 0);

  const std::array<Statistic, 4> statistics = {
      {{"count", 120}, {"rate", 12}, {"p50", 31.5}, {"p95", 840.25}}};
  const SeriesValue series{id, &identity, kTime, std::chrono::seconds(10), statistics};

  const std::array<DetectorVote, 3> votes = {
      {{"grubbs", true}, {"histogram_bins", true}, {"ks_test", {}}}};
  const VerdictRecord verdict{id,   &identity, kTime,
                              true, 840.25,    25.0,
                              60.5, votes,     "840.25 is far above the expected 25 to 60.5",
                              ""};

  const std::array<HealthMember, 2> members = {
      {{"app-1", "failing", "checkout.latency is anomalous"}, {"app-2", "passing", ""}}};
  const std::array<std::string_view, 1> because = {"app-1: checkout.latency is anomalous"};
  HealthRecord health;
  health.service = "checkout";
  health.time = health.since = kTime;
  health.own = "passing";
  health.rolled = "degraded";
  health.strict = "failing";
  health.members = members;
  health.because = because;

  const TransitionRecord transition{"checkout", kTime, "passing", "degraded", because[0]};

  return {encoder.series(series),         encoder.series_listing(series),
          encoder.verdict(verdict),       encoder.anomaly_listing(verdict),
          encoder.service(health),        encoder.service_listing("checkout"),
          encoder.transition(transition), encoder.transition_listing(transition)};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return std::fputs("usage: redis_example_loader PORT\n", stderr), 2;
  RedisOptions options;
  options.port = static_cast<std::uint16_t>(std::strtoul(argv[1], nullptr, 10));
  boost::asio::io_context context;
  const auto now =
      std::chrono::time_point_cast<TimePoint::duration>(std::chrono::system_clock::now());
  const auto store = make_redis_store(context, options, now);
  const std::vector<Record> records = example_records();
  store->put(records);
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (store->counters().pending > 0 && std::chrono::steady_clock::now() < limit) {
    context.run_one_for(std::chrono::milliseconds(100));
  }
  if (store->counters().stored == records.size()) return 0;
  std::fprintf(stderr, "%s\n", store->status().text.c_str());
  return 1;
}
