#include "src/rules/load.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "tests/unit/rules/vocabulary.hpp"

namespace tocsin::rules {
namespace {

using namespace std::chrono_literals;

const std::filesystem::path kRoot = TOCSIN_TEST_DATA "/../..";

RuleSetPtr parsed(const std::string& text) {
  const RuleFile file{"r.yaml", text};
  const auto loaded = parse_rules({&file, 1}, tests::vocabulary());
  for (const Error& error : loaded.errors) FAIL_CHECK(error.message());
  REQUIRE(loaded);
  return *loaded.value;
}

std::vector<std::string> errors_of(std::span<const RuleFile> files) {
  std::vector<std::string> out;
  for (const Error& error : parse_rules(files, tests::vocabulary()).errors) {
    out.push_back(error.message());
  }
  return out;
}

TEST_CASE("a watch has its parts and its place") {
  const RuleSetPtr rules = parsed(R"(
watch:
  - name: checkout
    where: service = "checkout"
    detect: {detectors: [grubbs, ks_test, least_squares], quorum: 3}
    warning: metric > 3
    critical: metric > 5
    expect: {every: 40m}
)");
  REQUIRE(rules->watches.size() == 1);
  const Watch& watch = rules->watches[0];
  CHECK(watch.name == "checkout");
  CHECK(watch.where.text == "service = \"checkout\"");
  CHECK(watch.where.place.to_string() == "r.yaml:4:12");
  CHECK(watch.detect->detectors == std::vector<std::string>{"grubbs", "ks_test", "least_squares"});
  CHECK(watch.detect->quorum == 3);
  CHECK(watch.warning);
  CHECK(watch.critical->text == "metric > 5");
  CHECK(watch.expect_every == 40min);
  CHECK(watch.place.to_string() == "r.yaml:3:5");
  Event event;
  event.service = "checkout";
  event.metric = 4.0;
  CHECK(watch.where.predicate.matches(event));
  CHECK(watch.warning->predicate.matches(event));
  CHECK_FALSE(watch.critical->predicate.matches(event));
}

TEST_CASE("skyline is all detectors with six votes") {
  const RuleSetPtr rules = parsed("watch: [{where: 'true', detect: skyline}]");
  CHECK(rules->watches[0].detect->detectors.size() == 9);
  CHECK(rules->watches[0].detect->quorum == 6);
}

TEST_CASE("a list of detectors needs two thirds of them") {
  const auto quorum = [](const std::string& list) {
    return parsed("watch: [{where: 'true', detect: [" + list + "]}]")->watches[0].detect->quorum;
  };
  CHECK(quorum("grubbs") == 1);
  CHECK(quorum("grubbs, ks_test") == 2);
  CHECK(quorum("grubbs, ks_test, least_squares") == 2);
  CHECK(quorum("grubbs, ks_test, least_squares, histogram_bins") == 3);
}

TEST_CASE("a watch without a name is named after its predicate") {
  CHECK(parsed("watch: [{where: service = \"x\", detect: skyline}]")->watches[0].name ==
        "service = \"x\"");
}

TEST_CASE("a service has its parts") {
  const RuleSetPtr rules = parsed(R"(
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

TEST_CASE("a series name with quotes in it selects that series") {
  const RuleSetPtr rules = parsed(R"(service: [{name: a, business: ['odd "name\']}])");
  Event event;
  event.service = R"(odd "name\)";
  CHECK(rules->services[0].business[0].where.predicate.matches(event));
  event.service = "odd";
  CHECK_FALSE(rules->services[0].business[0].where.predicate.matches(event));
}

TEST_CASE("an empty file has no rules") {
  CHECK(parsed("")->watches.empty());
  CHECK(parsed("watch: []\nservice: []\n")->services.empty());
}

TEST_CASE("names and references reach over files") {
  const RuleFile files[] = {
      {"a.yaml", "service: [{name: shop, members: [{service: db}]}]"},
      {"b.yaml", "service: [{name: db, members: {where: 'true'}}]"},
  };
  CHECK(errors_of(files).empty());
  const RuleFile twice[] = {
      {"a.yaml", "watch: [{name: w, where: 'true', detect: skyline}]"},
      {"b.yaml", "watch: [{name: w, where: 'false', detect: skyline}]"},
  };
  CHECK(errors_of(twice) ==
        std::vector<std::string>{"b.yaml:1:9: found a second watch named 'w', expected a name of "
                                 "its own (first at a.yaml:1:9)"});
}

TEST_CASE("a reference into a file that cannot be read is not complained about") {
  const RuleFile files[] = {
      {"a.yaml", "service: [{name: shop, members: [{service: db}]}]"},
      {"b.yaml", "service: [{name: db, members: {where: 'true'}}"},
  };
  const auto errors = errors_of(files);
  REQUIRE(errors.size() == 1);
  CHECK(errors[0].substr(0, 7) == "b.yaml:");
}

TEST_CASE("all errors of all files are reported, in their order") {
  const RuleFile files[] = {
      {"a.yaml", "watch:\n  - where: (\n    detect: none\n  - detect: skyline\n"},
      {"b.yaml", "service:\n  - name: a\n    members: {where: 'x ='}\n    depends_on: [b]\n"},
  };
  const auto errors = errors_of(files);
  REQUIRE(errors.size() == 5);
  const char* const places[] = {"a.yaml:2:", "a.yaml:3:13", "a.yaml:4:5",
                                "b.yaml:3:", "b.yaml:4:18"};
  for (std::size_t i = 0; i < errors.size(); ++i) {
    CAPTURE(errors[i]);
    CHECK(errors[i].rfind(places[i], 0) == 0);
  }
}

TEST_CASE("a long chain of services is no cycle") {
  std::string text = "service:\n";
  constexpr int kLength = 5000;
  for (int i = 0; i < kLength; ++i) {
    text += "  - {name: s" + std::to_string(i) + ", members: [{service: s" + std::to_string(i + 1) +
            "}]}\n";
  }
  text += "  - {name: s" + std::to_string(kLength) + ", members: {where: 'true'}}\n";
  CHECK(parsed(text)->services.size() == kLength + 1);
}

TEST_CASE("the shipped rules load") {
  const std::filesystem::path path = kRoot / "rules";
  const auto loaded = load_rules({&path, 1}, tests::vocabulary());
  for (const Error& error : loaded.errors) FAIL_CHECK(error.message());
  REQUIRE(loaded);
  CHECK((*loaded.value)->services.size() >= 4);
  CHECK((*loaded.value)->watches.size() >= 5);
}

TEST_CASE("every example of the guide loads") {
  std::ifstream guide(kRoot / "docs" / "rules.md");
  std::string line;
  int examples = 0;
  while (std::getline(guide, line)) {
    if (line != "```yaml") continue;
    std::string example;
    while (std::getline(guide, line) && line != "```") example += line + '\n';
    CAPTURE(example);
    const RuleSetPtr rules = parsed(example);
    CHECK(rules->watches.size() + rules->services.size() > 0);
    ++examples;
  }
  CHECK(examples >= 4);
}

// A directory of its own, gone with the object.
class TemporaryDirectory {
 public:
  TemporaryDirectory()
      : path_(std::filesystem::temp_directory_path() /
              ("tocsin_rules_test." + std::to_string(::getpid()))) {
    std::filesystem::create_directory(path_);
  }
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  void write(const std::string& name, std::string_view text) const {
    std::ofstream(path_ / name) << text;
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

TEST_CASE("a directory gives its rule files in the order of their names") {
  const TemporaryDirectory directory;
  directory.write("b.yaml", "watch: [{name: b, where: 'true', detect: skyline}]");
  directory.write("a.yaml", "watch: [{name: a, where: 'true', detect: skyline}]");
  directory.write("a.test.yaml", "scenario: not a rule file");
  directory.write(".hidden.yaml", "not: rules");
  directory.write("notes.txt", "not rules");
  // Named besides, too: it is read once.
  const std::filesystem::path paths[] = {directory.path(), directory.path() / "a.yaml"};
  const auto loaded = load_rules(paths, tests::vocabulary());
  for (const Error& error : loaded.errors) FAIL_CHECK(error.message());
  REQUIRE(loaded);
  const RuleSet& rules = **loaded.value;
  REQUIRE(rules.watches.size() == 2);
  CHECK(rules.watches[0].name == "a");
  CHECK(rules.watches[1].name == "b");
  CHECK(rules.files.size() == 2);
}

TEST_CASE("a path that does not exist is an error") {
  const std::filesystem::path path = "/nonexistent/rules";
  const auto loaded = load_rules({&path, 1}, tests::vocabulary());
  REQUIRE(loaded.errors.size() == 1);
  CHECK(loaded.errors[0].where == "/nonexistent/rules");
}

}  // namespace
}  // namespace tocsin::rules
