#include "src/publish/graphite/hash_ring.hpp"

#include <doctest/doctest.h>
#include <rapidjson/document.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "ingest/graphite/pickle.hpp"
#include "tests/unit/ingest/captures.hpp"

namespace tocsin::publish::graphite {
namespace {

using tocsin::testing::read_capture;
using tocsin::testing::read_records;
using Indexes = std::vector<std::size_t>;

HashRing ring_of(std::vector<Node> nodes, RingHash hash) {
  auto ring = HashRing::make(std::move(nodes), hash);
  REQUIRE_MESSAGE(ring.has_value(), ring.error().message());
  return *std::move(ring);
}

std::vector<Node> abc() {
  return {{"127.0.0.1", "a"}, {"127.0.0.1", "b"}, {"127.0.0.1", "c"}};
}

Indexes nodes_of(const HashRing& ring, std::string_view metric, const Replication& replication) {
  Indexes found;
  ring.nodes_of(metric, replication, found);
  return found;
}

// Position and node of the first entries.
std::vector<std::pair<std::uint32_t, std::size_t>> head(const HashRing& ring, std::size_t count) {
  std::vector<std::pair<std::uint32_t, std::size_t>> entries;
  for (const HashRing::Entry& entry : ring.entries().first(count)) {
    entries.emplace_back(entry.position, entry.node);
  }
  return entries;
}

Node node_from(const rapidjson::Value& pair) {
  return {pair[0].GetString(), pair[1].GetString()};
}

void check_against_carbon(const rapidjson::Value& expected, const HashRing& ring) {
  REQUIRE(ring.entries().size() == expected["ring_len"].GetUint());
  const rapidjson::Value& first = expected["ring_first"];
  for (rapidjson::SizeType i = 0; i < first.Size(); ++i) {
    CHECK(ring.entries()[i].position == first[i][0].GetUint());
    CHECK(ring.nodes()[ring.entries()[i].node] == node_from(first[i][1]));
  }
  const rapidjson::Value& keys = expected["map"];
  CHECK(keys.Size() == 44);
  for (rapidjson::SizeType i = 0; i < keys.Size(); ++i) {
    const rapidjson::Value& key = keys[i];
    const std::string_view metric(key[0].GetString(), key[0].GetStringLength());
    CAPTURE(std::string(metric));
    CHECK(ring.position(metric) == key[1].GetUint());
    CHECK(ring.nodes()[ring.node_of(metric)] == node_from(key[2]));
    const Indexes all = nodes_of(ring, metric, {key[3].Size(), false});
    REQUIRE(all.size() == key[3].Size());
    for (rapidjson::SizeType n = 0; n < key[3].Size(); ++n) {
      CHECK(ring.nodes()[all[n]] == node_from(key[3][n]));
    }
  }
}

TEST_CASE("ring.json: positions, owners and the order of all nodes are carbon's") {
  rapidjson::Document expected;
  expected.Parse(read_capture("graphite/ring.json").c_str());
  REQUIRE(expected.IsObject());
  std::vector<Node> nodes;
  for (rapidjson::SizeType i = 0; i < expected["nodes"].Size(); ++i) {
    nodes.push_back(node_from(expected["nodes"][i]));
  }
  CHECK(expected["replica_count"].GetUint() == HashRing::kPlaces);
  CHECK(expected["hash"].MemberCount() == 2);
  SUBCASE("carbon_ch") {
    check_against_carbon(expected["hash"]["carbon_ch"], ring_of(nodes, RingHash::kCarbon));
  }
  SUBCASE("fnv1a_ch") {
    check_against_carbon(expected["hash"]["fnv1a_ch"], ring_of(nodes, RingHash::kFnv1a));
  }
}

TEST_CASE("relay_pickle_{a,b,c}.bin: every metric went where the ring sends it") {
  const HashRing ring = ring_of(abc(), RingHash::kCarbon);
  std::size_t points = 0;
  for (std::size_t node = 0; node < ring.nodes().size(); ++node) {
    for (const std::string& frame :
         read_records("graphite/relay_pickle_" + *ring.nodes()[node].instance + ".bin", true)) {
      tocsin::graphite::Pickle pickle(10'000);
      REQUIRE_FALSE(pickle.read(frame).has_value());
      for (auto i = pickle.first(pickle.root()); i != pickle.kEnd; i = pickle.next(i)) {
        const auto& name = pickle.item(pickle.first(pickle.item(i)));
        CHECK(ring.node_of(pickle.text(name, frame)) == node);
        ++points;
      }
    }
  }
  CHECK(points == 129);
}

// From here on, expected values are what carbon's algorithm gives in Python.

TEST_CASE("names are quoted as Python quotes them, and no instance is None") {
  CHECK(head(ring_of({{"10.0.0.1", {}}, {"it's", "b"}}, RingHash::kCarbon), 6) ==
        std::vector<std::pair<std::uint32_t, std::size_t>>{
            {244, 1}, {540, 1}, {612, 1}, {824, 0}, {884, 0}, {1213, 0}});
  CHECK(head(ring_of({{"gr\xC3\xB6\xC3\x9F"
                       "e",
                       "a\"b"},
                      {"q'\"\\x", {}}},
                     RingHash::kCarbon),
             6) == std::vector<std::pair<std::uint32_t, std::size_t>>{
                       {83, 1}, {646, 0}, {669, 1}, {965, 0}, {1567, 0}, {1730, 0}});
  CHECK(head(ring_of({{"10.0.0.1", {}}, {"10.0.0.2", "b"}}, RingHash::kFnv1a), 6) ==
        std::vector<std::pair<std::uint32_t, std::size_t>>{
            {218, 1}, {536, 1}, {737, 0}, {991, 1}, {1102, 0}, {1417, 0}});
}

TEST_CASE("replicas are the next other nodes, on other servers if so wished") {
  std::vector<Node> nodes;
  for (int i = 0; i < 12; ++i) {
    nodes.push_back({"10.0.0." + std::to_string(i % 4), "i" + std::to_string(i)});
  }
  const HashRing carbon = ring_of(nodes, RingHash::kCarbon);
  CHECK(nodes_of(carbon, "servers.web-00.cpu.user", {1, false}) == Indexes{8});
  CHECK(nodes_of(carbon, "servers.web-00.cpu.user", {3, false}) == Indexes{8, 9, 4});
  CHECK(nodes_of(carbon, "servers.web-00.cpu.user", {3, true}) == Indexes{8, 9, 10});
  CHECK(nodes_of(carbon, "servers.web-00.cpu.user", {9, true}) == Indexes{8, 9, 10, 11});
  CHECK(nodes_of(carbon, "disk.used;host=web-01", {9, true}) == Indexes{0, 5, 11, 6});
  CHECK(nodes_of(carbon, "a", {3, false}) == Indexes{8, 4, 3});
  CHECK(nodes_of(carbon, "a", {3, true}) == Indexes{8, 3, 2});
  const HashRing fnv = ring_of(nodes, RingHash::kFnv1a);
  CHECK(nodes_of(fnv, "servers.web-00.cpu.user", {3, false}) == Indexes{10, 8, 4});
  CHECK(nodes_of(fnv, "servers.web-00.cpu.user", {9, true}) == Indexes{10, 8, 9, 11});
  CHECK(nodes_of(fnv, "a", {9, true}) == Indexes{9, 3, 8, 10});
}

TEST_CASE("there are no more replicas than nodes, and none for a factor of 0") {
  const HashRing ring = ring_of(abc(), RingHash::kCarbon);
  CHECK(nodes_of(ring, "a", {10, false}).size() == 3);
  CHECK(nodes_of(ring, "a", {10, true}).size() == 1);
  CHECK(nodes_of(ring, "a", {0, false}).empty());
}

TEST_CASE("a single node owns everything") {
  const HashRing ring = ring_of({{"10.0.0.1", {}}}, RingHash::kCarbon);
  CHECK(ring.node_of("anything") == 0);
  CHECK(nodes_of(ring, "anything", {3, true}) == Indexes{0});
}

TEST_CASE("the owner is the first of all replicas, for every metric") {
  for (const RingHash hash : {RingHash::kCarbon, RingHash::kFnv1a}) {
    const HashRing ring = ring_of(abc(), hash);
    for (int i = 0; i < 2000; ++i) {
      const std::string metric = "servers.web-" + std::to_string(i) + ".cpu";
      CHECK(nodes_of(ring, metric, {2, false}).front() == ring.node_of(metric));
    }
  }
}

TEST_CASE("the order of nodes matters where their places collide, and every place is its own") {
  std::vector<Node> nodes;
  for (int i = 0; i < 256; ++i) nodes.push_back({"10.0.0.1", std::to_string(i)});
  std::vector<Node> reversed(nodes.rbegin(), nodes.rend());
  const HashRing ring = ring_of(nodes, RingHash::kCarbon);
  std::set<std::uint32_t> positions;
  for (const HashRing::Entry& entry : ring.entries()) positions.insert(entry.position);
  CHECK(positions.size() == 25'600);
  const HashRing other = ring_of(reversed, RingHash::kCarbon);
  std::size_t moved = 0;
  for (std::size_t i = 0; i < ring.entries().size(); ++i) {
    moved += ring.nodes()[ring.entries()[i].node] != other.nodes()[other.entries()[i].node];
  }
  CHECK(moved > 0);
}

TEST_CASE("destinations that make no ring are refused with the reason") {
  const auto message = [](std::vector<Node> nodes, RingHash hash) {
    const auto ring = HashRing::make(std::move(nodes), hash);
    REQUIRE_FALSE(ring.has_value());
    return ring.error().message();
  };
  CHECK(message({}, RingHash::kCarbon) == "no destination, at least one was expected");
  CHECK(message(std::vector<Node>(257), RingHash::kCarbon) ==
        "257 destinations, at most 256 were expected");
  CHECK(message({{"a", "x"}, {"a", "x"}}, RingHash::kCarbon) ==
        "destination \"a:x\" is given twice");
  CHECK(message({{"a", "x"}, {"b", "x"}}, RingHash::kFnv1a) ==
        "destination \"b:x\": fnv1a_ch tells destinations apart by their instance alone");
  CHECK(message({{"a\n", {}}}, RingHash::kCarbon).find("control characters") != std::string::npos);
  for (const char* server : {"\xE4\xB8\xAD", "\xC2\xAD", "\xFF", "a\xC3", "\x7F"}) {
    CHECK(HashRing::make({{server, {}}}, RingHash::kCarbon).error().code == Errc::kUnsupported);
  }
}

}  // namespace
}  // namespace tocsin::publish::graphite
