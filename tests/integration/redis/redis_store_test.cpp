// RedisStore against a real redis-server that is killed, stopped and misconfigured under it.
#include "src/publish/redis/redis_store.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "tests/integration/redis/redis_server.hpp"

using namespace tocsin;
using namespace tocsin::publish;
using namespace std::chrono_literals;

namespace {

constexpr TimePoint kNow{std::chrono::seconds(1'700'000'000)};

Record value(std::string key, std::string bytes) {
  Record record;
  record.key = std::move(key);
  record.value = std::move(bytes);
  record.ttl = 1h;
  return record;
}

Record member(std::string index, std::string name) {
  Record record;
  record.kind = Record::Kind::kMember;
  record.key = std::move(index);
  record.member = std::move(name);
  record.ttl = 1h;
  return record;
}

// One store with its event loop, as the publisher thread has it.
class Publisher {
 public:
  explicit Publisher(RedisOptions options) {
    options.backoff_longest = 200ms;
    options.log = [this](News /*news*/, std::string_view line) { log.append(line).append("\n"); };
    store_ = make_redis_store(context_, std::move(options), kNow);
  }

  void put(const Record& record) { store_->put(std::span(&record, 1)); }

  // The limit only ends a test that fails.
  void run_until(const std::function<bool()>& done, std::chrono::seconds limit = 20s) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (!done() && std::chrono::steady_clock::now() < end) {
      context_.restart();
      context_.run_one_for(10ms);
    }
    REQUIRE_MESSAGE(done(), log);
  }
  void run_for(std::chrono::milliseconds span) {
    context_.restart();
    context_.run_for(span);
  }
  void drain() {
    run_until([this] { return store_->counters().pending == 0; });
  }

  [[nodiscard]] std::optional<std::string> get(const std::string& key) {
    std::optional<Result<std::optional<std::string>>> answer;
    store_->get(key, [&answer](Result<std::optional<std::string>> found) { answer = found; });
    run_until([&answer] { return answer.has_value(); });
    REQUIRE(answer->has_value());
    return **answer;
  }
  [[nodiscard]] std::map<std::string, std::string> scan(const std::string& prefix,
                                                        std::size_t limit) {
    std::optional<Result<std::vector<Record>>> answer;
    store_->scan(prefix, limit, [&answer](Result<std::vector<Record>> found) { answer = found; });
    run_until([&answer] { return answer.has_value(); });
    REQUIRE(answer->has_value());
    std::map<std::string, std::string> values;
    for (const Record& record : **answer) values[record.key] = record.value;
    return values;
  }
  [[nodiscard]] std::vector<std::string> list(const std::string& index) {
    std::optional<Result<std::vector<std::string>>> answer;
    store_->list(index, [&answer](Result<std::vector<std::string>> found) { answer = found; });
    run_until([&answer] { return answer.has_value(); });
    REQUIRE(answer->has_value());
    return **answer;
  }

  [[nodiscard]] std::uint64_t cause(std::string_view name) const {
    for (const StoreCause& known : store_->causes()) {
      if (known.name == name) return known.count;
    }
    return 0;
  }
  [[nodiscard]] ResultStore& store() { return *store_; }

  std::string log;

 private:
  boost::asio::io_context context_;
  std::unique_ptr<ResultStore> store_;
};

RedisOptions to(const RedisServer& server) {
  RedisOptions options;
  options.port = server.port();
  options.reply_timeout = 300ms;
  options.connect_timeout = 300ms;
  return options;
}

// Writes rounds of absolute values and remembers the last of each key.
class Load {
 public:
  explicit Load(Publisher& publisher) : publisher_(publisher) {}

  void rounds(int count) {
    for (int i = 0; i < count; ++i) {
      ++round_;
      for (int key = 0; key < 100; ++key) {
        const std::string name = "load:" + std::to_string(key);
        newest_[name] = std::to_string(round_) + std::string(200, 'v');
        publisher_.put(value(name, newest_[name]));
      }
      publisher_.run_for(1ms);
    }
  }

  // Every record has met one fate, none was lost, and Redis holds the last values.
  void check_all_arrived() {
    publisher_.drain();
    const StoreCounters counters = publisher_.store().counters();
    CHECK(counters.accepted == static_cast<std::uint64_t>(round_) * 100);
    CHECK(counters.accepted == counters.stored + counters.superseded);
    CHECK(counters.bytes == 0);
    CHECK(publisher_.scan("load:", 1000) == newest_);
  }

 private:
  Publisher& publisher_;
  int round_ = 0;
  std::map<std::string, std::string> newest_;
};

}  // namespace

TEST_CASE("values and indexes are readable from a real Redis, over TCP and a unix socket") {
  RedisServer server;
  RedisOptions unix_options = to(server);
  unix_options.unix_path = server.socket_path();
  for (const RedisOptions& options : {to(server), unix_options}) {
    Publisher publisher(options);
    const std::string bytes("\0\xFF\r\n", 4);
    publisher.put(value("p*:a", bytes));
    publisher.put(value("pp:b", "2"));
    publisher.put(member("p*:index", "y"));
    publisher.put(member("p*:index", "x"));
    publisher.drain();
    CHECK(publisher.store().counters().stored == 4);
    CHECK(publisher.get("p*:a") == bytes);
    CHECK_FALSE(publisher.get("absent").has_value());
    CHECK(publisher.list("p*:index") == std::vector<std::string>{"x", "y"});
    // A prefix is meant literally, and an index is no value.
    CHECK(publisher.scan("p*:", 10) == std::map<std::string, std::string>{{"p*:a", bytes}});
  }
}

TEST_CASE("names past their end of life are not listed, and are trimmed") {
  RedisServer server;
  Publisher publisher(to(server));
  publisher.put(member("i", "m"));
  publisher.drain();
  publisher.store().tick(kNow + 1h + 1s);
  CHECK(publisher.list("i").empty());
}

TEST_CASE("a scan walks many keys and gives the first of them in order") {
  RedisServer server;
  Publisher publisher(to(server));
  for (int i = 10'000; i < 13'000; ++i) publisher.put(value("s:" + std::to_string(i), "v"));
  publisher.drain();
  CHECK(publisher.scan("s:", 10'000).size() == 3000);
  const auto first = publisher.scan("s:", 2);
  CHECK(first.size() == 2);
  CHECK(first.begin()->first == "s:10000");
}

TEST_CASE("Redis killed under load loses nothing and doubles nothing") {
  RedisServer server;
  Publisher publisher(to(server));
  Load load(publisher);
  for (int kill = 0; kill < 3; ++kill) {
    load.rounds(20);
    server.kill_hard();
    load.rounds(20);
    publisher.run_until([&] { return publisher.store().status().state == StoreState::kDown; });
    server.start();
    publisher.run_until([&] { return publisher.store().status().state == StoreState::kReady; });
  }
  load.rounds(20);
  load.check_all_arrived();
  CHECK(publisher.cause("connected") >= 4);
}

TEST_CASE("Redis stopped without a word is given up in time, and nothing is lost") {
  RedisServer server;
  Publisher publisher(to(server));
  Load load(publisher);
  load.rounds(5);
  publisher.run_until([&] { return publisher.store().status().state == StoreState::kReady; });
  server.pause();
  load.rounds(5);
  const auto start = std::chrono::steady_clock::now();
  publisher.run_until([&] { return publisher.cause("reply_timeout") == 1; });
  CHECK(std::chrono::steady_clock::now() - start < 2s);
  load.rounds(20);
  server.resume();
  load.check_all_arrived();
}

TEST_CASE("what is held while Redis is away stays below the cap, and the rest is counted") {
  RedisServer server;
  RedisOptions options = to(server);
  options.spool_bytes = 100'000;
  Publisher publisher(options);
  server.kill_hard();
  for (int i = 0; i < 1000; ++i)
    publisher.put(value("k" + std::to_string(i), std::string(200, 'v')));
  const StoreCounters away = publisher.store().counters();
  CHECK(away.bytes <= options.spool_bytes);
  CHECK(away.dropped > 0);
  CHECK(away.dropped + away.pending == 1000);
  server.start();
  publisher.drain();
  CHECK(publisher.store().counters().stored == away.pending);
  CHECK(publisher.scan("k", 1000).size() == away.pending);
}

TEST_CASE("a wrong password is named, never shown, and cured without a restart") {
  RedisServer server({"--requirepass", "right"});
  RedisOptions options = to(server);
  options.password = "sesame";
  Publisher publisher(options);
  publisher.put(value("a", "1"));
  publisher.run_until([&] { return publisher.cause("WRONGPASS") >= 2; });
  CHECK(publisher.store().status().text.find("WRONGPASS") != std::string::npos);
  CHECK(publisher.log.find("sesame") == std::string::npos);

  Publisher without(to(server));
  without.run_until([&] { return without.cause("NOAUTH") >= 1; });
  server.kill_hard();
  server.start({"--requirepass", "sesame"});
  publisher.drain();
  CHECK(publisher.get("a") == "1");
  CHECK(publisher.store().counters().stored == 1);
}

TEST_CASE("a replica is named, and its writes wait until it is a master") {
  RedisServer master;
  RedisServer replica({"--replicaof", "127.0.0.1 " + std::to_string(master.port())});
  Publisher publisher(to(replica));
  publisher.put(value("a", "1"));
  publisher.run_until([&] { return publisher.cause("READONLY") >= 2; });
  CHECK(publisher.store().counters().pending == 1);
  replica.kill_hard();
  replica.start();
  publisher.drain();
  CHECK(publisher.get("a") == "1");
}

TEST_CASE("a Redis out of memory is named, and its writes wait until there is room") {
  RedisServer server({"--maxmemory", "1"});
  Publisher publisher(to(server));
  publisher.put(value("a", "1"));
  publisher.run_until([&] { return publisher.cause("OOM") >= 2; });
  CHECK(publisher.store().counters().pending == 1);
  server.kill_hard();
  server.start();
  publisher.drain();
  CHECK(publisher.get("a") == "1");
}

TEST_CASE("a key that holds something else is refused alone") {
  RedisServer server;
  Publisher publisher(to(server));
  publisher.put(value("k", "1"));
  publisher.drain();
  publisher.put(member("k", "m"));
  publisher.put(value("b", "2"));
  publisher.drain();
  CHECK(publisher.store().counters().refused == 1);
  CHECK(publisher.cause("WRONGTYPE") == 1);
  CHECK(publisher.get("b") == "2");
}
