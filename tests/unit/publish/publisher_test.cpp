#include "src/publish/publisher.hpp"

#include <doctest/doctest.h>

#include <string>
#include <thread>

#include "tests/unit/publish/forward/fake_peer.hpp"

namespace tocsin::publish {
namespace {

using namespace std::chrono_literals;

constexpr TimePoint kNow{std::chrono::seconds(1'700'000'000)};

BatchPtr batch_of(const std::string& key, const std::string& value) {
  auto batch = std::make_unique<Batch>();
  Record record;
  record.key = key;
  record.value = value;
  batch->tick = kNow + 1s;
  batch->records.push_back(record);
  return batch;
}

std::unique_ptr<Publisher> opened(std::size_t producers, const std::string& directory = {}) {
  EmbeddedOptions options;
  options.directory = directory;
  auto publisher = Publisher::open(options, {}, producers, kNow);
  REQUIRE(publisher);
  return std::move(*publisher);
}

TEST_CASE("what was put before close is stored, whoever put it") {
  constexpr std::size_t kProducers = 3;
  constexpr int kBatches = 200;
  const auto publisher = opened(kProducers);
  std::vector<std::thread> threads;
  for (std::size_t p = 0; p < kProducers; ++p) {
    threads.emplace_back([&, p] {
      for (int i = 0; i < kBatches; ++i) {
        BatchPtr batch = batch_of("k" + std::to_string(p) + "." + std::to_string(i), "v");
        while (!publisher->put(p, batch)) std::this_thread::yield();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const Unstored unstored = publisher->close(1s);
  CHECK(unstored.records == 0);
  CHECK(unstored.why.empty());
  const PublisherStatus status = publisher->status();
  CHECK(status.counters.accepted == kProducers * kBatches);
  CHECK(status.counters.stored == kProducers * kBatches);
  CHECK(status.counters.pending == 0);
}

TEST_CASE("a batch reaches the store by itself, also when it is the only one") {
  const auto publisher = opened(1);
  BatchPtr batch = batch_of("k", "v");
  REQUIRE(publisher->put(0, batch));
  CHECK(batch == nullptr);
  const auto deadline = std::chrono::steady_clock::now() + 5s;
  while (publisher->status().counters.stored == 0 && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(5ms);
  }
  CHECK(publisher->status().counters.stored == 1);
}

TEST_CASE("a full ring leaves the batch with its producer") {
  const auto publisher = opened(1);
  publisher->close(0s);  // nobody takes anything out of the ring any more
  BatchPtr batch;
  int taken = 0;
  do {
    batch = batch_of("k", "v");
  } while (publisher->put(0, batch) && ++taken < 100'000);
  CHECK(taken < 100'000);
  REQUIRE(batch != nullptr);
  CHECK(batch->records.size() == 1);
}

TEST_CASE("a directory that cannot be used is an error") {
  EmbeddedOptions options;
  options.directory = "/proc/tocsin";
  const auto publisher = Publisher::open(options, {}, 1, kNow);
  REQUIRE_FALSE(publisher);
  CHECK(publisher.error().message().find("/proc/tocsin") != std::string::npos);
}

TEST_CASE("a Redis that does not answer is a state, not an error, and does not hold up the end") {
  RedisOptions options;
  options.host = "127.0.0.1";
  options.port = 1;  // nobody listens there
  auto publisher = Publisher::open(options, {}, 1, kNow);
  REQUIRE(publisher);
  BatchPtr batch = batch_of("k", "v");
  REQUIRE((*publisher)->put(0, batch));
  const Unstored unstored = (*publisher)->close(50ms);
  CHECK(unstored.records == 1);
  CHECK(unstored.why.find("127.0.0.1:1") != std::string::npos);
  CHECK((*publisher)->close(50ms).records == 1);
  const PublisherStatus status = (*publisher)->status();
  CHECK(status.store.state != StoreState::kReady);
  CHECK(status.counters.accepted == 1);
  CHECK(status.counters.stored == 0);
}

ForwardOptions to_carbon(const std::string& name, std::uint16_t port) {
  auto ring = graphite::HashRing::make({{"127.0.0.1", std::nullopt}}, graphite::RingHash::kCarbon);
  REQUIRE(ring);
  ForwardOptions options;
  options.name = name;
  options.target = GraphiteTarget{std::move(*ring), {{"127.0.0.1", port}}, {}, false};
  return options;
}

TEST_CASE("points go where their bits say, also those that were put last before the end") {
  boost::asio::io_context context;
  FakePeer one(context);
  FakePeer two(context);
  auto publisher = Publisher::open(
      EmbeddedOptions{}, {to_carbon("one", one.port()), to_carbon("two", two.port())}, 1, kNow);
  REQUIRE(publisher);
  auto batch = std::make_unique<Batch>();
  CHECK(batch->empty());
  batch->points = {{1, "first", 1, kNow}, {2, "second", 2, kNow}, {3, "both", 3, kNow}};
  CHECK_FALSE(batch->empty());
  REQUIRE((*publisher)->put(0, batch));
  std::thread network([&] { context.run_for(10s); });
  const Unstored unstored = (*publisher)->close(5s);
  context.stop();
  network.join();
  context.restart();
  context.run_for(50ms);
  CHECK(unstored.forwards.empty());
  CHECK(one.received == "first 1 1700000000\nboth 3 1700000000\n");
  CHECK(two.received == "second 2 1700000000\nboth 3 1700000000\n");
  const PublisherStatus status = (*publisher)->status();
  REQUIRE(status.forwards.size() == 2);
  CHECK(status.forwards[1].name == "two");
  CHECK(status.forwards[1].counters.sent == 2);
}

TEST_CASE("the end says what a destination did not take, and does not wait for it longer") {
  auto publisher = Publisher::open(EmbeddedOptions{}, {to_carbon("away", 1)}, 1, kNow);
  REQUIRE(publisher);
  auto batch = std::make_unique<Batch>();
  batch->points = {{1, "lost", 1, kNow}};
  REQUIRE((*publisher)->put(0, batch));
  const Unstored unstored = (*publisher)->close(50ms);
  CHECK(unstored.records == 0);
  CHECK(unstored.why.empty());
  REQUIRE(unstored.forwards.size() == 1);
  CHECK(unstored.forwards[0].destination == "away");
  CHECK(unstored.forwards[0].items == 1);
}

}  // namespace
}  // namespace tocsin::publish
