#include "src/service/tree.hpp"

#include <doctest/doctest.h>

namespace tocsin::service {
namespace {

using std::chrono::seconds;

TimePoint at(int s) {
  return TimePoint(seconds(1'000'000 + s));
}

Signal says(Health health, int s, std::string reason = "") {
  return {health, std::move(reason), at(s), false};
}
Signal silence(int s) {
  return {Health::kPassing, "", at(s), true};
}

MemberClass hosts(std::optional<Amount> need = {}) {
  MemberClass c;
  c.name = "hosts";
  c.roll_up.need = need;
  if (need) c.roll_up.policy = Policy::kQuorum;
  return c;
}
MemberClass child(std::string name) {
  MemberClass c;
  c.name = name;
  c.child_service = std::move(name);
  return c;
}
ServiceSpec service(std::string name, std::vector<MemberClass> classes = {},
                    std::vector<std::string> business = {}) {
  ServiceSpec spec;
  spec.name = std::move(name);
  spec.classes = std::move(classes);
  spec.business = std::move(business);
  return spec;
}
Tree tree_of(std::vector<ServiceSpec> specs) {
  auto tree = Tree::make(std::move(specs));
  REQUIRE(tree.has_value());
  return std::move(*tree);
}
const ServiceView& view(const Tree& tree, std::string_view name) {
  const ServiceView* found = tree.snapshot()->find(name);
  REQUIRE(found != nullptr);
  return *found;
}

TEST_CASE("a business series turns its service failing and back, and says why") {
  Tree tree = tree_of({service("checkout", {}, {"orders"})});
  (void)tree.tick(at(0));
  CHECK(view(tree, "checkout").own == Health::kUnknown);
  tree.business_signal(0, "orders", "orders", says(Health::kPassing, 1));
  auto changes = tree.tick(at(1));
  CHECK(view(tree, "checkout").rolled == Health::kPassing);
  tree.business_signal(0, "orders", "orders",
                       says(Health::kFailing, 2, "value 3, expected 90..110"));
  changes = tree.tick(at(2));
  REQUIRE(changes.size() == 3);
  CHECK(changes[1].view == "rolled");
  CHECK(changes[1].from == Health::kPassing);
  CHECK(changes[1].to == Health::kFailing);
  CHECK(changes[1].because == "orders is failing: value 3, expected 90..110");
  tree.business_signal(0, "orders", "orders", says(Health::kPassing, 3));
  (void)tree.tick(at(3));
  CHECK(view(tree, "checkout").rolled == Health::kPassing);
  CHECK(view(tree, "checkout").because.empty());
}

TEST_CASE("before the first tick every service is known, and unknown") {
  Tree tree = tree_of({service("shop", {hosts()}), service("db", {}, {"queries"})});
  const auto first = tree.snapshot();
  REQUIRE(first->services.size() == 2);
  for (const ServiceView& service : first->services) {
    CAPTURE(service.name);
    CHECK(service.own == Health::kUnknown);
    CHECK(service.rolled == Health::kUnknown);
    CHECK(service.strict == Health::kUnknown);
    CHECK(service.because == std::vector<std::string>{"no series was looked at yet"});
  }
  (void)tree.tick(at(1));
  CHECK(first->as_of < tree.snapshot()->as_of);
  CHECK(view(tree, "db").because == std::vector<std::string>{"queries is unknown: not seen yet"});
}

TEST_CASE("on_anomaly: degraded softens a business series that fails, but not one that is silent") {
  ServiceSpec spec = service("s", {}, {"x"});
  spec.on_anomaly = Health::kDegraded;
  Tree tree = tree_of({spec});
  tree.business_signal(0, "x", "x", says(Health::kFailing, 1));
  (void)tree.tick(at(1));
  CHECK(view(tree, "s").rolled == Health::kDegraded);
  tree.business_signal(0, "x", "x", silence(2));
  (void)tree.tick(at(2));
  CHECK(view(tree, "s").rolled == Health::kFailing);
}

TEST_CASE("a quorum forgives in rolled and never in strict") {
  Tree tree = tree_of({service("app", {hosts(Amount{2, false})})});
  for (const char* host : {"a", "b", "c"}) {
    tree.member_signal(0, 0, host, "up", says(Health::kPassing, 0));
  }
  (void)tree.tick(at(100));
  CHECK(view(tree, "app").rolled == Health::kPassing);
  tree.member_signal(0, 0, "c", "up", says(Health::kFailing, 101, "metric 0"));
  (void)tree.tick(at(101));
  CHECK(view(tree, "app").rolled == Health::kPassing);
  CHECK(view(tree, "app").strict == Health::kFailing);
  CHECK(view(tree, "app").strict_because == std::vector<std::string>{"c is failing: up metric 0"});
  tree.member_signal(0, 0, "b", "up", says(Health::kFailing, 102));
  (void)tree.tick(at(102));
  CHECK(view(tree, "app").rolled == Health::kFailing);
  CHECK(view(tree, "app").because.back() == "hosts: 1 of 3 passing, need 2");
}

TEST_CASE("a member that vanished still counts") {
  Tree tree = tree_of({service("app", {hosts(Amount{60, true})})});
  for (const char* host : {"a", "b", "c", "d", "e"}) {
    tree.member_signal(0, 0, host, "up", says(Health::kPassing, 0));
  }
  (void)tree.tick(at(100));
  CHECK(view(tree, "app").rolled == Health::kPassing);
  for (const char* host : {"a", "b", "c"}) tree.member_signal(0, 0, host, "up", silence(200));
  (void)tree.tick(at(200));
  CHECK(view(tree, "app").members.size() == 5);
  CHECK(view(tree, "app").rolled == Health::kFailing);
}

TEST_CASE("silence is judged by the class's policy") {
  const auto after_silence = [](OnSilence policy) {
    MemberClass c = hosts();
    c.on_silence = policy;
    Tree tree = tree_of({service("app", {c})});
    tree.member_signal(0, 0, "a", "up", says(Health::kDegraded, 0));
    tree.member_signal(0, 0, "b", "up", says(Health::kPassing, 0));
    tree.member_signal(0, 0, "a", "up", silence(100));
    (void)tree.tick(at(200));
    return view(tree, "app").rolled;
  };
  CHECK(after_silence(OnSilence::kFailing) == Health::kFailing);
  CHECK(after_silence(OnSilence::kUnknown) == Health::kUnknown);
  CHECK(after_silence(OnSilence::kKeepLast) == Health::kDegraded);
  CHECK(after_silence(OnSilence::kIgnore) == Health::kPassing);
}

TEST_CASE("a silent member leaves the roster after forget_after, not before") {
  MemberClass c = hosts();
  c.forget_after = seconds(60);
  Tree tree = tree_of({service("app", {c})});
  tree.member_signal(0, 0, "a", "up", says(Health::kPassing, 0));
  tree.member_signal(0, 0, "b", "up", says(Health::kPassing, 0));
  tree.member_signal(0, 0, "b", "up", silence(30));
  (void)tree.tick(at(60));
  CHECK(view(tree, "app").rolled == Health::kFailing);
  (void)tree.tick(at(61));
  CHECK(view(tree, "app").members.size() == 1);
  CHECK(view(tree, "app").rolled == Health::kPassing);
}

TEST_CASE("unknown members matter only when they could change the verdict") {
  MemberClass c = hosts(Amount{7, false});
  c.on_silence = OnSilence::kUnknown;
  Tree tree = tree_of({service("app", {c})});
  for (int i = 0; i < 10; ++i) {
    tree.member_signal(0, 0, std::to_string(i), "up", says(Health::kPassing, 0));
  }
  tree.member_signal(0, 0, "0", "up", silence(90));
  (void)tree.tick(at(100));
  CHECK(view(tree, "app").rolled == Health::kPassing);
  for (int i = 1; i < 4; ++i) tree.member_signal(0, 0, std::to_string(i), "up", silence(101));
  (void)tree.tick(at(102));
  CHECK(view(tree, "app").rolled == Health::kUnknown);
}

TEST_CASE("fewer members than the quorum is unknown while they arrive and failing afterwards") {
  Tree tree = tree_of({service("app", {hosts(Amount{2, false})})});
  tree.member_signal(0, 0, "a", "up", says(Health::kPassing, 0));
  (void)tree.tick(at(10));
  CHECK(view(tree, "app").rolled == Health::kUnknown);
  (void)tree.tick(at(60));
  CHECK(view(tree, "app").rolled == Health::kFailing);
}

TEST_CASE("a child's failure rolls up, and an optional child only degrades") {
  MemberClass optional = child("search");
  optional.standing.optional = true;
  Tree tree = tree_of({service("shop", {child("checkout"), optional}),
                       service("checkout", {}, {"c"}), service("search", {}, {"s"})});
  tree.business_signal(1, "c", "c", says(Health::kPassing, 0));
  tree.business_signal(2, "s", "s", says(Health::kFailing, 0));
  (void)tree.tick(at(1));
  CHECK(view(tree, "shop").own == Health::kPassing);
  CHECK(view(tree, "shop").rolled == Health::kDegraded);
  CHECK(view(tree, "shop").strict == Health::kFailing);
  tree.business_signal(1, "c", "c", says(Health::kFailing, 2));
  (void)tree.tick(at(2));
  CHECK(view(tree, "shop").rolled == Health::kFailing);
}

TEST_CASE("between need and degraded_below a quorum is degraded") {
  MemberClass c = hosts(Amount{2, false});
  c.roll_up.degraded_below = Amount{3, false};
  Tree tree = tree_of({service("app", {c})});
  for (const char* host : {"a", "b", "c"}) {
    tree.member_signal(0, 0, host, "up", says(Health::kPassing, 0));
  }
  (void)tree.tick(at(100));
  CHECK(view(tree, "app").rolled == Health::kPassing);
  tree.member_signal(0, 0, "a", "up", says(Health::kFailing, 101));
  (void)tree.tick(at(101));
  CHECK(view(tree, "app").rolled == Health::kDegraded);
}

TEST_CASE("a required child fails its service although the quorum is met") {
  MemberClass must = child("a");
  must.standing.required = true;
  ServiceSpec top = service("top", {must, child("b"), child("c")});
  top.roll_up = {Policy::kQuorum, Amount{2, false}, std::nullopt};
  Tree tree =
      tree_of({top, service("a", {}, {"x"}), service("b", {}, {"y"}), service("c", {}, {"z"})});
  tree.business_signal(1, "x", "x", says(Health::kPassing, 0));
  tree.business_signal(2, "y", "y", says(Health::kFailing, 0));
  tree.business_signal(3, "z", "z", says(Health::kPassing, 0));
  (void)tree.tick(at(1));
  CHECK(view(tree, "top").rolled == Health::kPassing);
  tree.business_signal(1, "x", "x", says(Health::kFailing, 2));
  tree.business_signal(2, "y", "y", says(Health::kPassing, 2));
  (void)tree.tick(at(2));
  CHECK(view(tree, "top").rolled == Health::kFailing);
}

TEST_CASE("policy best needs one good class") {
  MemberClass second = hosts();
  second.name = "standby";
  ServiceSpec spec = service("db", {hosts(), second});
  spec.roll_up.policy = Policy::kBest;
  Tree tree = tree_of({spec});
  tree.member_signal(0, 0, "primary", "up", says(Health::kFailing, 0));
  tree.member_signal(0, 1, "standby", "up", says(Health::kPassing, 0));
  (void)tree.tick(at(1));
  CHECK(view(tree, "db").rolled == Health::kPassing);
  tree.member_signal(0, 1, "standby", "up", says(Health::kFailing, 2));
  (void)tree.tick(at(2));
  CHECK(view(tree, "db").rolled == Health::kFailing);
}

TEST_CASE("a failing dependency impairs and does not change health") {
  ServiceSpec shop = service("shop", {}, {"orders"});
  shop.depends_on = {"payments"};
  Tree tree = tree_of({shop, service("payments", {}, {"auth"})});
  tree.business_signal(0, "orders", "orders", says(Health::kPassing, 0));
  tree.business_signal(1, "auth", "auth", says(Health::kFailing, 0));
  (void)tree.tick(at(1));
  CHECK(view(tree, "shop").rolled == Health::kPassing);
  CHECK(view(tree, "shop").impaired_by == std::vector<std::string>{"payments"});
}

TEST_CASE("cycles, unknown and duplicate names are refused by name") {
  const auto complaint = [](std::vector<ServiceSpec> specs) {
    const auto tree = Tree::make(std::move(specs));
    REQUIRE_FALSE(tree.has_value());
    return tree.error().text;
  };
  CHECK(complaint({service("a", {child("b")}), service("b", {child("c")}),
                   service("c", {child("b")})}) == "services contain each other: b -> c -> b");
  CHECK(complaint({service("a", {child("x")})}) ==
        "service \"a\" names \"x\", which is not declared");
  CHECK(complaint({service("a"), service("a")}) == "service \"a\" is declared twice");
}

TEST_CASE("members beyond the limit are refused and counted") {
  TreeLimits limits;
  limits.members_per_class = 2;
  auto tree = Tree::make({service("app", {hosts()})}, limits);
  REQUIRE(tree.has_value());
  for (const char* host : {"a", "b", "c"}) {
    tree->member_signal(0, 0, host, "up", says(Health::kPassing, 0));
  }
  (void)tree->tick(at(1));
  CHECK(view(*tree, "app").members.size() == 2);
  CHECK(tree->refused() == 1);
  Tree next = tree_of({service("app", {hosts()})});
  next.inherit(*tree);
  CHECK(next.refused() == 1);
}

TEST_CASE("series that name no member are told of, and count for none") {
  Tree tree = tree_of({service("shop", {hosts()})});
  tree.member_signal(0, 0, "", "up", says(Health::kFailing, 1));
  tree.member_signal(0, 0, "", "up {path=/}", says(Health::kPassing, 1));
  (void)tree.tick(at(1));
  CHECK(view(tree, "shop").rolled == Health::kUnknown);
  CHECK(view(tree, "shop").because ==
        std::vector<std::string>{
            "hosts: 0 members seen so far; 2 series without a host are not counted"});
  CHECK(view(tree, "shop").notes.empty());

  tree.member_signal(0, 0, "a", "up on a", says(Health::kPassing, 2));
  (void)tree.tick(at(2));
  CHECK(view(tree, "shop").rolled == Health::kPassing);
  CHECK(view(tree, "shop").because.empty());
  CHECK(view(tree, "shop").notes ==
        std::vector<std::string>{"hosts: 2 series without a host are not counted"});

  tree.member_signal(0, 0, "", "up", silence(3));
  (void)tree.tick(at(3));
  CHECK(view(tree, "shop").notes ==
        std::vector<std::string>{"hosts: 1 series without a host is not counted"});
}

TEST_CASE("a note names the attribute that series lack") {
  MemberClass zones = hosts();
  zones.by = "zone";
  Tree tree = tree_of({service("shop", {zones})});
  tree.member_signal(0, 0, "north", "up {zone=north}", says(Health::kPassing, 1));
  tree.member_signal(0, 0, "", "up", says(Health::kPassing, 1));
  (void)tree.tick(at(1));
  CHECK(view(tree, "shop").notes ==
        std::vector<std::string>{"hosts: 1 series without the attribute 'zone' is not counted"});
}

TEST_CASE("series that name no member are remembered up to a limit") {
  TreeLimits limits;
  limits.series_per_member = 2;
  auto tree = Tree::make({service("shop", {hosts()})}, limits);
  REQUIRE(tree);
  for (const char* series : {"a", "b", "c", "a"}) {
    tree->member_signal(0, 0, "", series, says(Health::kPassing, 1));
  }
  CHECK(tree->refused() == 1);
}

// `before` after a reload to the same rules, or others.
Tree heir_of(const Tree& before, std::vector<ServiceSpec> specs) {
  Tree tree = tree_of(std::move(specs));
  tree.inherit(before);
  return tree;
}

TEST_CASE("new rules go on with what members said last, and a reload is no change") {
  Tree before = tree_of({service("other"), service("shop", {hosts()}, {"orders"})});
  before.member_signal(1, 0, "a", "up", says(Health::kPassing, 1));
  before.business_signal(1, "orders", "orders", says(Health::kDegraded, 1, "few"));
  (void)before.tick(at(1));
  Tree after = heir_of(before, {service("shop", {hosts()}, {"orders"})});
  CHECK(after.tick(at(2)).empty());
  CHECK(view(after, "shop").rolled == Health::kDegraded);
  CHECK(view(after, "shop").since == at(1));
  CHECK(view(after, "shop").because == std::vector<std::string>{"orders is degraded: few"});
  REQUIRE(view(after, "shop").members.size() == 1);
  CHECK(view(after, "shop").members[0].health == Health::kPassing);
}

TEST_CASE("a machine that was gone before a reload is gone after it") {
  Tree before = tree_of({service("shop", {hosts()})});
  for (const char* host : {"a", "b"}) {
    before.member_signal(0, 0, host, "up", says(Health::kPassing, 1));
  }
  before.member_signal(0, 0, "b", "up", silence(2));
  (void)before.tick(at(2));
  CHECK(view(before, "shop").rolled == Health::kFailing);
  Tree after = heir_of(before, {service("shop", {hosts()})});
  after.member_signal(0, 0, "a", "up", says(Health::kPassing, 3));
  after.settle();
  CHECK(after.tick(at(3)).empty());
  CHECK(view(after, "shop").rolled == Health::kFailing);
  CHECK(view(after, "shop").because == std::vector<std::string>{"b is failing: silent"});
}

TEST_CASE("a series that has not spoken to the new rules when all have is silent") {
  Tree before = tree_of({service("shop", {hosts()}, {"orders"})});
  before.member_signal(0, 0, "a", "up", says(Health::kPassing, 1));
  before.business_signal(0, "orders", "orders", says(Health::kPassing, 1));
  (void)before.tick(at(1));
  Tree after = heir_of(before, {service("shop", {hosts()}, {"orders"})});
  after.business_signal(0, "orders", "orders", says(Health::kPassing, 2));
  after.settle();
  (void)after.tick(at(2));
  CHECK(view(after, "shop").own == Health::kPassing);
  CHECK(view(after, "shop").rolled == Health::kFailing);
}

TEST_CASE("a group that selects other series begins anew") {
  const auto group = [](std::string where, std::string by) {
    MemberClass c = hosts();
    c.where = std::move(where);
    c.by = std::move(by);
    return c;
  };
  Tree before = tree_of({service("shop", {group("x", "host")})});
  before.member_signal(0, 0, "a", "up", says(Health::kPassing, 1));
  (void)before.tick(at(1));
  for (const MemberClass& other : {group("y", "host"), group("x", "service")}) {
    Tree after = heir_of(before, {service("shop", {other})});
    (void)after.tick(at(2));
    CHECK(view(after, "shop").members.empty());
    CHECK(view(after, "shop").rolled == Health::kUnknown);
  }
  ServiceSpec business = service("shop", {}, {"orders"});
  business.business_where = {"service = \"orders\""};
  Tree sold = tree_of({business});
  sold.business_signal(0, "orders", "orders", says(Health::kPassing, 1));
  (void)sold.tick(at(1));
  business.business_where = {"service =~ \"ord%\""};
  Tree after = heir_of(sold, {business});
  (void)after.tick(at(2));
  CHECK(view(after, "shop").own == Health::kUnknown);
}

}  // namespace
}  // namespace tocsin::service
