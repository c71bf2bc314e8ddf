#include "src/rules/sections.hpp"

#include <doctest/doctest.h>

#include "tests/unit/rules/vocabulary.hpp"

namespace tocsin::rules {
namespace {

using tests::parsed_rules;
using namespace std::chrono_literals;

TEST_CASE("a service has its parts") {
  const RuleSetPtr rules = parsed_rules(R"(
service:
  - name: shop
    title: The shop
    runbook: https://example.com/shop
    business: [orders, {where: 'service =~ "pay%"'}]
    on_anomaly: degraded
    members:
      - {name: app, where: 'service = "up"', by: rack, need: 60%, degraded_below: 90%,
         on_silence: unknown, forget_after: 30d, weight: 2}
      - {where: 'service = "disk"', policy: best, optional: true, forget_after: never}
      - {service: db, required: true}
    depends_on: db
  - name: db
    members: {where: 'service = "db"', need: 2}
)");
  REQUIRE(rules->services.size() == 2);
  const Service& shop = rules->services[0];
  CHECK(shop.title == "The shop");
  CHECK(shop.runbook == "https://example.com/shop");
  CHECK(shop.place.to_string() == "r.yaml:3:11");
  CHECK(shop.on_anomaly == OnAnomaly::kDegraded);
  REQUIRE(shop.business.size() == 2);
  CHECK(shop.business[0].name == "orders");
  CHECK(shop.business[0].where.text == "service = \"orders\"");
  CHECK(shop.business[1].name.empty());
  REQUIRE(shop.members.size() == 2);
  const Members& app = shop.members[0];
  CHECK(app.name == "app");
  CHECK(app.by == "rack");
  CHECK(app.roll_up.policy == Policy::kQuorum);
  CHECK(app.roll_up.need == Amount{60, true});
  CHECK(app.roll_up.degraded_below == Amount{90, true});
  CHECK(app.on_silence == OnSilence::kUnknown);
  CHECK(app.forget_after == Duration(30 * 24h));
  CHECK(app.standing.weight == 2);
  const Members& disk = shop.members[1];
  CHECK(disk.name == "service = \"disk\"");
  CHECK(disk.by == "host");
  CHECK(disk.roll_up.policy == Policy::kBest);
  CHECK(disk.standing.optional);
  CHECK_FALSE(disk.forget_after);
  REQUIRE(shop.children.size() == 1);
  CHECK(shop.children[0].service == "db");
  CHECK(shop.children[0].standing.required);
  CHECK(shop.roll_up.policy == Policy::kWorst);
  REQUIRE(shop.depends_on.size() == 1);
  const Service& db = rules->services[1];
  CHECK(db.title == "db");
  CHECK(db.on_anomaly == OnAnomaly::kFailing);
  CHECK(db.members[0].roll_up.need == Amount{2, false});
}

}  // namespace
}  // namespace tocsin::rules
