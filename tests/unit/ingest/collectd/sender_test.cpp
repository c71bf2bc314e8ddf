#include "ingest/collectd/sender.hpp"

#include <doctest/doctest.h>

#include "tests/unit/ingest/collectd/rig.hpp"

namespace tocsin::collectd::testing {
namespace {

using std::chrono::seconds;

TEST_CASE("a sender is told by its address") {
  Sender sender;
  CHECK(sender.text().empty());
  CHECK(sender.set_origin(origin_at(kNow)));
  CHECK(sender.text() == "192.0.2.7");
  CHECK(sender.received() == at_second(kNow));
  Origin other = origin_at(kNow + 1);
  other.peer.port = 9;
  CHECK_FALSE(sender.set_origin(other));
  CHECK(sender.received() == at_second(kNow + 1));
  other.peer.address[3] = 8;
  CHECK(sender.set_origin(other));
  CHECK(sender.text() == "192.0.2.8");
}

TEST_CASE("a lease is of the time of arrival and the interval") {
  const RateTable rates({}, 1);
  Sender sender;
  for (const std::int64_t second : {kNow, kNow, kNow + 1000}) {
    for (const seconds interval : {seconds(10), seconds(10), seconds(3600)}) {
      sender.set_origin(origin_at(second));
      const auto expected = rates.lease(at_second(second), interval);
      CHECK(sender.lease(rates, interval).now == expected.now);
      CHECK(sender.lease(rates, interval).end == expected.end);
    }
  }
}

}  // namespace
}  // namespace tocsin::collectd::testing
