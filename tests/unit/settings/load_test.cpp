#include "src/settings/load.hpp"

#include <doctest/doctest.h>

#include <set>

#include "src/settings/read_file.hpp"
#include "src/settings/show.hpp"
#include "src/settings/yaml.hpp"
#include "tests/unit/settings/bad_files.hpp"

namespace tocsin::settings {
namespace {

using namespace std::chrono_literals;

const std::filesystem::path kConfig = TOCSIN_TEST_DATA "/../../config";

Settings loaded(std::string_view text, const std::string& file = "t.yaml") {
  auto result = parse_settings(text, file, tests::empty_environment);
  for (const Error& error : result.errors) FAIL_CHECK(error.message());
  REQUIRE(result);
  return *std::move(result.value);
}

// "listen.http.address" for every key of the tree; items of lists count as one.
void collect_keys(const Node& node, const std::string& prefix, std::set<std::string>& keys) {
  for (const Node::Entry& entry : node.entries) {
    keys.insert(prefix + entry.key);
    collect_keys(*entry.value, prefix + entry.key + '.', keys);
  }
  for (const NodePtr& item : node.items) collect_keys(*item, prefix, keys);
}

std::set<std::string> keys_of(std::string_view text) {
  Complaints complaints("t.yaml");
  std::set<std::string> keys;
  const auto root = parse_yaml(text, tests::empty_environment, complaints);
  REQUIRE(root);
  collect_keys(**root, "", keys);
  return keys;
}

TEST_CASE("an empty file is the defaults") {
  CHECK(loaded("") == Settings{});
}

TEST_CASE("the commented default file says what the program does without it, key for key") {
  const auto text = read_file(kConfig / "tocsin.yaml", 1U << 20U);
  REQUIRE(text);
  CHECK(loaded(*text, "config/tocsin.yaml") == Settings{});
  CHECK(keys_of(*text) == keys_of(show_settings(Settings{})));
}

TEST_CASE("every shipped example loads") {
  int examples = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kConfig)) {
    CAPTURE(entry.path());
    const auto result = load_settings(entry.path(), tests::empty_environment);
    for (const Error& error : result.errors) FAIL_CHECK(error.message());
    ++examples;
  }
  CHECK(examples >= 3);
}

TEST_CASE("a listener has what was written and defaults for the rest") {
  const Settings settings = loaded(R"(
listen:
  statsd:
    - name: local
      unix: ./statsd.sock
      dialect: dogstatsd
      gauge_sign: absolute
      max_connections: 7
  statsd_admin: null
  http: {address: '[::1]:9000'}
)");
  REQUIRE(settings.listen.statsd.size() == 1);
  const StatsdListener& listener = settings.listen.statsd[0];
  CHECK(listener.name == "local");
  CHECK_FALSE(listener.udp);
  CHECK(listener.unix_datagram == "./statsd.sock");
  CHECK(listener.dialect == Dialect::kDogstatsd);
  CHECK(listener.gauge_sign == GaugeSign::kAbsolute);
  CHECK(listener.max_connections == 7);
  CHECK(listener.idle_timeout == 5min);
  CHECK_FALSE(settings.listen.statsd_admin);
  CHECK(settings.listen.http.address == Address{Address::Family::kIpv6, "::1", 9000});
  CHECK(settings.listen.http.max_connections == 512);
}

TEST_CASE("port 0 may be asked for more than once") {
  const Settings settings = loaded(
      "listen: {statsd: [{udp: '127.0.0.1:0', tcp: '127.0.0.1:0'}], "
      "statsd_admin: {address: '127.0.0.1:0'}, http: {address: '127.0.0.1:0'}}");
  CHECK(settings.listen.statsd[0].udp->port == 0);
}

TEST_CASE("no statsd listener at all is a choice") {
  CHECK(loaded("listen: {statsd: []}").listen.statsd.empty());
  CHECK(loaded("statsd: {percentiles: []}").statsd.percentiles.empty());
}

TEST_CASE("rule paths start from the settings file, others from the working directory") {
  const Settings settings = loaded(
      "rules: [rules/, /srv/more.yaml, ../up]\n"
      "results: {embedded: {directory: data}}\n",
      "etc/tocsin/tocsin.yaml");
  CHECK(settings.rules ==
        std::vector<std::filesystem::path>{"etc/tocsin/rules/", "/srv/more.yaml", "etc/up"});
  CHECK(settings.results.embedded.directory == "data");
  CHECK(loaded("rules: one.yaml").rules == std::vector<std::filesystem::path>{"one.yaml"});
}

TEST_CASE("a predicate of the settings knows its place") {
  const Settings settings = loaded("results:\n  redis:\n    series: 'a = ''b'' and'\n");
  CHECK(settings.results.redis.series.text() == "a = 'b' and");
  CHECK(settings.results.redis.series.where("1:9") == "t.yaml:3:24");
  CHECK(Settings{}.results.redis.series.where("1:1").empty());
}

TEST_CASE("histogram bins end in infinity or not") {
  const Settings settings =
      loaded("statsd: {histogram: [{metric: '', bins: [-1, 2.5, .inf]}, {metric: b, bins: [1]}]}");
  REQUIRE(settings.statsd.histogram.size() == 2);
  CHECK(settings.statsd.histogram[0].bounds.size() == 3);
  CHECK(settings.statsd.histogram[1].metric == "b");
}

TEST_CASE("all errors of a file are reported, in its order") {
  const auto result =
      parse_settings("log: {level: loud}\nseries:\n  interval: 10\n  hist: 1h\npipeline: 3\n",
                     "t.yaml", tests::empty_environment);
  REQUIRE(result.errors.size() == 4);
  CHECK(result.errors[0].where == "t.yaml:1:14");
  CHECK(result.errors[1].where == "t.yaml:3:13");
  CHECK(result.errors[2].where == "t.yaml:4:3");
  CHECK(result.errors[3].where == "t.yaml:5:11");
}

TEST_CASE("very many errors are cut short, and it is said") {
  std::string text;
  for (int i = 0; i < 150; ++i) text += "unknown_key_" + std::to_string(i) + ": 1\n";
  const auto result = parse_settings(text, "t.yaml", tests::empty_environment);
  REQUIRE(result.errors.size() == 101);
  CHECK(result.errors.back().text == "50 more errors in this file are not shown");
}

TEST_CASE("a file that does not exist is one error with its name") {
  const auto result = load_settings("/nonexistent/t.yaml", tests::empty_environment);
  REQUIRE(result.errors.size() == 1);
  CHECK(result.errors[0].where == "/nonexistent/t.yaml");
}

}  // namespace
}  // namespace tocsin::settings
