#include "src/detect/deep/deep_detector.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <memory>
#include <random>
#include <utility>
#include <vector>

#include "src/detect/memory/state_io.hpp"
#include "tests/support/counting_new.hpp"

namespace tocsin::detect {
namespace {

constexpr double kStart_s = 1.7e9;
constexpr int kDay = 288;

// A day's wave with noise, rows of five minutes.
class Shop {
 public:
  explicit Shop(unsigned seed = 1) : random_(seed) {}

  Point next() {
    const double value = 200 + 80 * std::sin(row_ * 6.2831853 / kDay) +
                         4 * std::normal_distribution<double>()(random_);
    return {kStart_s + 300.0 * row_++, value};
  }

 private:
  std::mt19937 random_;
  int row_ = 0;
};

bool same(const Vote& a, const Vote& b) {
  const auto bits = [](double value) { return std::bit_cast<std::uint64_t>(value); };
  return a.fired == b.fired && a.abstained == b.abstained &&
         bits(a.statistic) == bits(b.statistic) && bits(a.threshold) == bits(b.threshold) &&
         bits(a.expected_low) == bits(b.expected_low) &&
         bits(a.expected_high) == bits(b.expected_high);
}

std::string saved(const DeepDetector& detector) {
  std::string state;
  detector.save(state);
  return state;
}

// Says what it is told to, and remembers how often it was asked.
class FakeWitness final : public StreamDetector {
 public:
  explicit FakeWitness(double statistic) { vote_.statistic = statistic; }

  Vote update(const Point&) override {
    ++updates_;
    vote_.threshold = 1;
    return vote_;
  }
  [[nodiscard]] std::string reason() const override { return "because"; }
  void save(std::string& out) const override { out.push_back(static_cast<char>(updates_ % 100)); }
  [[nodiscard]] Result<void> restore(std::string_view state) override {
    updates_ = 0;
    if (state.size() != 1) return Error{Errc::kSyntax, "", "not one byte"};
    updates_ = state[0];
    return {};
  }
  [[nodiscard]] std::size_t memory_bytes() const override { return sizeof *this; }

 private:
  Vote vote_;
  int updates_ = 0;
};

TEST_CASE("it abstains for fifteen hours of rows of five minutes, then speaks") {
  DeepDetector detector{DeepOptions{}};
  Shop shop;
  for (int i = 0; i < 179; ++i) CHECK(detector.update(shop.next()).abstained);
  CHECK(detector.reason().ends_with("; learning"));
  CHECK_FALSE(detector.update(shop.next()).abstained);
}

TEST_CASE("a course never seen fires once, and says why") {
  DeepDetector detector{DeepOptions{}};
  Shop shop;
  for (int i = 0; i < 14 * kDay; ++i) (void)detector.update(shop.next());
  int fired = 0;
  std::string reason;
  Vote at_alarm;
  for (int i = 0; i < 24; ++i) {
    Point point = shop.next();
    point.value = 20;
    const Vote vote = detector.update(point);
    if (!vote.fired) continue;
    ++fired;
    at_alarm = vote;
    reason = detector.reason();
  }
  CHECK(fired == 1);
  CHECK(at_alarm.statistic >= at_alarm.threshold);
  CHECK(at_alarm.expected_low > 20);
  CHECK(at_alarm.expected_low <= at_alarm.expected_high);
  CHECK(reason.starts_with("value 20; "));
  CHECK(reason.find("of 30 memories have not seen this course of the last 4 h (steps 15..45 min") !=
        std::string::npos);
}

TEST_CASE("two weeks of the same bring few alarms") {
  DeepDetector detector{DeepOptions{}};
  Shop shop;
  for (int i = 0; i < 7 * kDay; ++i) (void)detector.update(shop.next());
  int fired = 0;
  for (int i = 0; i < 14 * kDay; ++i) fired += detector.update(shop.next()).fired ? 1 : 0;
  CHECK(fired <= 2);
}

TEST_CASE("one restored gives the same next votes as one that never stopped") {
  int before = 0;
  SUBCASE("with the interval unknown") {
    before = 20;
  }
  SUBCASE("while learning") {
    before = 150;
  }
  SUBCASE("while some memories still learn") {
    before = 400;
  }
  SUBCASE("with all ready") {
    before = 3000;
  }
  CAPTURE(before);
  DeepDetector detector{DeepOptions{}};
  Shop shop;
  for (int i = 0; i < before; ++i) (void)detector.update(shop.next());
  DeepDetector restored{DeepOptions{}};
  REQUIRE(restored.restore(saved(detector)).has_value());
  CHECK(saved(restored) == saved(detector));
  for (int i = 0; i < 1000; ++i) {
    Point point = shop.next();
    if (i % 300 > 280) point.value += 150;
    if (i == 500) point.value = 1e6;
    REQUIRE(same(restored.update(point), detector.update(point)));
    REQUIRE(restored.reason() == detector.reason());
  }
  CHECK(saved(restored) == saved(detector));
}

TEST_CASE("a state cut short or damaged is refused, and the detector is as new") {
  DeepDetector detector{DeepOptions{}};
  Shop shop;
  for (int i = 0; i < 600; ++i) (void)detector.update(shop.next());
  const std::string state = saved(detector);
  const std::string fresh = saved(DeepDetector{DeepOptions{}});
  DeepDetector other{DeepOptions{}};
  for (std::size_t size = 0; size < state.size(); size += 97) {
    REQUIRE_FALSE(other.restore(state.substr(0, size)).has_value());
  }
  for (std::size_t at = 0; at < state.size(); at += 101) {
    std::string damaged = state;
    damaged[at] = static_cast<char>(damaged[at] ^ 4);
    REQUIRE_FALSE(other.restore(damaged).has_value());
  }
  CHECK(saved(other) == fresh);
  REQUIRE(other.restore(state).has_value());
  REQUIRE_FALSE(other.restore(state + "x").has_value());
  CHECK(saved(other) == fresh);
}

TEST_CASE("a damaged state with a right checksum is refused or harmless") {
  DeepDetector detector{DeepOptions{}};
  Shop shop;
  for (int i = 0; i < 700; ++i) (void)detector.update(shop.next());
  const std::string state = saved(detector);
  std::mt19937 random(9);
  int accepted = 0;
  for (int round = 0; round < 400; ++round) {
    std::string damaged = state.substr(0, state.size() - 8);
    for (unsigned i = 0; i <= random() % 3; ++i) {
      damaged[random() % damaged.size()] = static_cast<char>(random());
    }
    end_state(0, damaged);
    DeepDetector other{DeepOptions{}};
    if (!other.restore(damaged)) continue;
    ++accepted;
    Shop more(2);
    for (int i = 0; i < 200; ++i) {
      Point point = more.next();
      point.time_s += 700 * 300.0;
      const Vote vote = other.update(point);
      REQUIRE((vote.abstained || (vote.statistic >= 0 && vote.statistic <= 1)));
    }
    REQUIRE_FALSE(other.reason().empty());
  }
  CHECK(accepted > 0);
}

TEST_CASE("a state of a later version is refused") {
  std::string state = saved(DeepDetector{DeepOptions{}});
  state[4] = 99;
  state.resize(state.size() - 8);
  end_state(0, state);
  DeepDetector detector{DeepOptions{}};
  const auto result = detector.restore(state);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().text == "a state of another version of the deep detector");
}

TEST_CASE("it holds at most 100 KB and allocates nothing once warm") {
  DeepDetector detector{DeepOptions{}};
  std::mt19937 random(3);
  std::size_t most = 0;
  const auto feed = [&](int from, int to) {
    for (int i = from; i < to; ++i) {
      (void)detector.update({kStart_s + 300.0 * i, static_cast<double>(random() % 100'000)});
      most = std::max(most, detector.memory_bytes());
    }
  };
  feed(0, 600);
  const std::uint64_t before = tocsin::testing::heap_allocations();
  feed(600, 10'000);
  CHECK(tocsin::testing::heap_allocations() == before);
  CHECK(most <= 100'000);
}

TEST_CASE("gaps, jumps of time and the largest values are survived") {
  DeepDetector detector{DeepOptions{}};
  std::mt19937 random(4);
  double time_s = -1e6;
  for (int i = 0; i < 20'000; ++i) {
    time_s += random() % 50 == 0 ? static_cast<double>(random() % 100'000) : 60;
    const double value = random() % 97 == 0 ? 1e308 : random() % 89 == 0 ? -1e308 : i % 7;
    const Vote vote = detector.update({time_s, value});
    REQUIRE((vote.abstained || (vote.statistic >= 0 && vote.statistic <= 1)));
  }
  for (const double far_s : {1e15, 1e300}) (void)detector.update({far_s, 1});
  CHECK_FALSE(detector.reason().empty());
  DeepDetector restored{DeepOptions{}};
  CHECK(restored.restore(saved(detector)).has_value());
}

TEST_CASE("after a long gap it does not take the new course for the old one's end") {
  DeepDetector detector{DeepOptions{}};
  Shop shop;
  Point point;
  for (int i = 0; i < 10 * kDay; ++i) (void)detector.update(point = shop.next());
  // Two days missing, then on as if nothing had been.
  int fired = 0;
  for (int i = 0; i < 2 * kDay; ++i) (void)shop.next();
  for (int i = 0; i < kDay; ++i) fired += detector.update(shop.next()).fired ? 1 : 0;
  CHECK(fired == 0);
}

// Votes on a fortnight of the shop and then a day of something else, with that witness or none.
std::vector<Vote> votes_on_a_new_course(const DeepOptions& options,
                                        std::unique_ptr<StreamDetector> witness) {
  DeepDetector detector =
      witness ? DeepDetector(options, std::move(witness)) : DeepDetector(options);
  Shop shop;
  std::vector<Vote> votes;
  for (int i = 0; i < 15 * kDay; ++i) {
    Point point = shop.next();
    if (i >= 14 * kDay) point.value = 20;
    votes.push_back(detector.update(point));
  }
  return votes;
}

TEST_CASE("with a witness it notices what it would fire at alone, and fires where both agree") {
  const DeepOptions options;
  const auto alone = votes_on_a_new_course(options, nullptr);
  const auto firm = votes_on_a_new_course(options, std::make_unique<FakeWitness>(50));
  const auto silent = votes_on_a_new_course(options, std::make_unique<FakeWitness>(kUndefined));
  const auto low = votes_on_a_new_course(options, std::make_unique<FakeWitness>(-3));
  int fired = 0;
  for (std::size_t i = 0; i < alone.size(); ++i) {
    REQUIRE_FALSE(alone[i].noticed);
    REQUIRE(firm[i].noticed == alone[i].fired);
    REQUIRE(firm[i].threshold == options.notice);
    if (!alone[i].abstained) REQUIRE(firm[i].statistic == alone[i].statistic);
    // A witness that has nothing to say is one that says nothing.
    REQUIRE(low[i].fired == silent[i].fired);
    if (firm[i].fired) REQUIRE(firm[i].statistic + 0.5 >= options.page);
    if (silent[i].fired) REQUIRE(silent[i].statistic >= options.page);
    fired += firm[i].fired && i >= 14U * kDay ? 1 : 0;
  }
  CHECK(fired == 1);
}

TEST_CASE("half of a witness is what it counts") {
  // 1 of a threshold of 1 is half of what counts fully, and that counts half: a quarter.
  const double statistic = 1;
  DeepOptions reached;
  DeepOptions missed;
  const auto fires = [&](const DeepOptions& options) {
    const auto votes = votes_on_a_new_course(options, std::make_unique<FakeWitness>(statistic));
    return std::ranges::any_of(votes, &Vote::fired);
  };
  const auto votes = votes_on_a_new_course(reached, nullptr);
  double most = 0;
  for (const Vote& vote : votes) most = vote.abstained ? most : std::max(most, vote.statistic);
  reached.page = most + 0.2499;
  missed.page = most + 0.2501;
  CHECK(fires(reached));
  CHECK_FALSE(fires(missed));
}

TEST_CASE("an alarm says what the witness says") {
  DeepOptions options;
  options.page = 0.1;
  DeepDetector detector(options, std::make_unique<FakeWitness>(50));
  Shop shop;
  bool fired = false;
  for (int i = 0; i < 20 * kDay && !fired; ++i) fired = detector.update(shop.next()).fired;
  REQUIRE(fired);
  CHECK(detector.reason().ends_with(" Witness: because"));
  CHECK_FALSE(detector.update(shop.next()).fired);
  CHECK(detector.reason().find("Witness") == std::string::npos);
}

TEST_CASE("the witness's state is part of the detector's") {
  const auto make = [] { return DeepDetector(DeepOptions{}, std::make_unique<FakeWitness>(0.5)); };
  DeepDetector detector = make();
  Shop shop;
  for (int i = 0; i < 50; ++i) (void)detector.update(shop.next());
  DeepDetector restored = make();
  REQUIRE(restored.restore(saved(detector)).has_value());
  CHECK(saved(restored) == saved(detector));
  DeepDetector alone{DeepOptions{}};
  CHECK_FALSE(alone.restore(saved(detector)).has_value());
}

}  // namespace
}  // namespace tocsin::detect
