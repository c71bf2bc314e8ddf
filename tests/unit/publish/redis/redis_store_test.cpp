#include "src/publish/redis/redis_store.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "tests/unit/publish/redis/fake_redis.hpp"
#include "tests/unit/publish/store_testing.hpp"

using namespace tocsin;
using namespace tocsin::publish;
using namespace std::chrono_literals;

namespace {

constexpr TimePoint kNow{std::chrono::seconds(1'700'000'000)};

RedisOptions to(const FakeRedis& redis) {
  RedisOptions options;
  options.port = redis.port();
  options.backoff_first = 5ms;
  options.backoff_longest = 20ms;
  options.connect_timeout = 200ms;
  options.reply_timeout = 200ms;
  return options;
}

}  // namespace

TEST_CASE("values and members become absolute commands with their ttl") {
  asio::io_context context;
  FakeRedis redis(context, good);
  auto store = make_redis_store(context, to(redis), kNow);
  put(*store, {value("a", "1", 1500ms), value("b", "2"), member("i", "m", 10s)});
  run_until(context, [&] { return store->counters().stored == 3; });
  const std::vector<std::vector<std::string>> expected = {{"PING"},
                                                          {"SET", "a", "1", "PX", "1500"},
                                                          {"SET", "b", "2"},
                                                          {"ZADD", "i", "1700000010000", "m"}};
  CHECK(redis.commands == expected);
  check_conservation(store->counters());
}

TEST_CASE("user, password and database are sent before anything else, and never shown") {
  asio::io_context context;
  FakeRedis redis(context, good);
  RedisOptions options = to(redis);
  options.user = "tocsin";
  options.password = "sesame";
  options.database = 3;
  std::string log;
  options.log = [&log](News /*news*/, std::string_view line) { log.append(line).append("\n"); };
  auto store = make_redis_store(context, options, kNow);
  run_until(context, [&] { return store->status().state == StoreState::kReady; });
  const std::vector<std::vector<std::string>> expected = {
      {"AUTH", "tocsin", "sesame"}, {"SELECT", "3"}, {"PING"}};
  CHECK(redis.commands == expected);
  CHECK(log.find("sesame") == std::string::npos);
  CHECK(store->status().text.find("sesame") == std::string::npos);
}

TEST_CASE("that Redis is there is good news, that it is not is bad") {
  asio::io_context context;
  std::vector<News> told;
  RedisOptions options;
  {
    FakeRedis redis(context, good);
    options = to(redis);
    options.log = [&told](News news, std::string_view /*line*/) { told.push_back(news); };
    auto store = make_redis_store(context, options, kNow);
    run_until(context, [&] { return store->status().state == StoreState::kReady; });
    CHECK(told == std::vector<News>{News::kGood});
  }
  told.clear();
  auto store = make_redis_store(context, options, kNow);
  run_until(context, [&] { return !told.empty(); });
  REQUIRE_FALSE(told.empty());
  CHECK(told.front() == News::kBad);
}

TEST_CASE("an error that passes is named, and the records are stored once it has passed") {
  for (const char* error :
       {"LOADING Redis is loading", "READONLY You can't write", "OOM command not allowed",
        "NOAUTH Authentication required.", "MOVED 1 127.0.0.1:7001", "MISCONF no disk"}) {
    CAPTURE(error);
    asio::io_context context;
    int refusals = 3;
    FakeRedis redis(context, [&](const std::vector<std::string>& words) {
      if (words[0] == "SET" && refusals-- > 0) return '-' + std::string(error) + "\r\n";
      return good(words);
    });
    std::string log;
    RedisOptions options = to(redis);
    options.log = [&log](News /*news*/, std::string_view line) { log.append(line).append("\n"); };
    auto store = make_redis_store(context, options, kNow);
    put(*store, {value("a", "1"), value("b", "2")});
    run_until(context, [&] { return store->counters().stored == 2; });
    const std::string name(std::string_view(error).substr(0, std::string_view(error).find(' ')));
    CHECK(cause(*store, name) >= 1);
    CHECK(log.find(name) != std::string::npos);
    CHECK(store->counters().refused == 0);
    CHECK(store->counters().dropped == 0);
  }
}

TEST_CASE("a record refused for good is dropped alone and named") {
  asio::io_context context;
  FakeRedis redis(context, [](const std::vector<std::string>& words) {
    if (words[0] == "ZADD") return std::string("-WRONGTYPE Operation against a key\r\n");
    return good(words);
  });
  auto store = make_redis_store(context, to(redis), kNow);
  put(*store, {value("a", "1"), member("i", "m"), value("b", "2")});
  run_until(context, [&] { return store->counters().pending == 0; });
  CHECK(store->counters().stored == 2);
  CHECK(store->counters().refused == 1);
  CHECK(cause(*store, "WRONGTYPE") == 1);
  CHECK(redis.connections == 1);
}

TEST_CASE("a Redis that accepts and never answers is given up in time, and nothing is lost") {
  asio::io_context context;
  bool hung = true;
  FakeRedis redis(context, [&hung](const std::vector<std::string>& words) {
    return hung ? std::string() : good(words);
  });
  auto store = make_redis_store(context, to(redis), kNow);
  put(*store, {value("a", "1")});
  run_until(context, [&] { return cause(*store, "connect_timeout") == 1; });
  hung = false;
  run_until(context, [&] { return store->counters().stored == 1; });
  hung = true;
  put(*store, {value("a", "2")});
  run_until(context, [&] { return cause(*store, "reply_timeout") == 1; });
  hung = false;
  run_until(context, [&] { return store->counters().stored == 2; });
  check_conservation(store->counters());
}

TEST_CASE("bytes that are no reply end the connection, not the store") {
  asio::io_context context;
  int nonsense = 2;
  FakeRedis redis(context, [&nonsense](const std::vector<std::string>& words) {
    return nonsense-- > 0 ? std::string("HTTP/1.1 400 Bad Request\r\n\r\n") : good(words);
  });
  auto store = make_redis_store(context, to(redis), kNow);
  put(*store, {value("a", "1")});
  run_until(context, [&] { return store->counters().stored == 1; });
  CHECK(cause(*store, "protocol") == 2);
}

TEST_CASE("no more commands are under way than allowed") {
  asio::io_context context;
  std::size_t unanswered = 0;
  FakeRedis redis(context, [&unanswered](const std::vector<std::string>& words) {
    if (words[0] != "SET") return good(words);
    return ++unanswered < 8 ? std::string() : "+OK\r\n" + std::string();
  });
  RedisOptions options = to(redis);
  options.max_outstanding = 7;
  auto store = make_redis_store(context, options, kNow);
  for (int i = 0; i < 100; ++i) put(*store, {value("k" + std::to_string(i), "v")});
  run_until(context, [&] { return cause(*store, "reply_timeout") == 1; });
  CHECK(redis.commands.size() == 1 + 7);
  CHECK(store->counters().pending == 100);
}

TEST_CASE("expired names are trimmed from the indexes that were written") {
  asio::io_context context;
  FakeRedis redis(context, good);
  auto store = make_redis_store(context, to(redis), kNow);
  put(*store, {member("i", "m", 1s)});
  run_until(context, [&] { return store->counters().stored == 1; });
  store->tick(kNow + 61s);
  run_until(context, [&] { return redis.commands.size() == 3; });
  CHECK(redis.commands.back() ==
        std::vector<std::string>{"ZREMRANGEBYSCORE", "i", "-inf", "1700000061000"});
}

TEST_CASE("reading from a store that is down says unavailable") {
  asio::io_context context;
  RedisOptions options;
  options.unix_path = "/nonexistent/redis.sock";
  auto store = make_redis_store(context, options, kNow);
  Errc code = Errc::kSyntax;
  store->get("a", [&code](Result<std::optional<std::string>> found) { code = found.error().code; });
  CHECK(code == Errc::kUnavailable);
  run_until(context, [&] { return cause(*store, "connect") >= 1; });
  CHECK(store->status().state == StoreState::kDown);
  CHECK(store->status().text.starts_with("unix:/nonexistent/redis.sock: "));
}

TEST_CASE("a unix path that no socket can have is a fault like others") {
  asio::io_context context;
  RedisOptions options;
  options.unix_path = "/" + std::string(200, 'x');
  auto store = make_redis_store(context, options, kNow);
  run_until(context, [&] { return cause(*store, "connect") >= 1; });
  CHECK(store->status().state == StoreState::kDown);
}

TEST_CASE("a read under way when the store closes is answered") {
  asio::io_context context;
  FakeRedis redis(context, [](const std::vector<std::string>& words) {
    return words[0] == "GET" ? std::string() : good(words);
  });
  auto store = make_redis_store(context, to(redis), kNow);
  run_until(context, [&] { return store->status().state == StoreState::kReady; });
  int answers = 0;
  store->get("a", [&answers](Result<std::optional<std::string>> found) {
    CHECK(found.error().code == Errc::kUnavailable);
    ++answers;
  });
  store->close();
  CHECK(answers == 1);
  CHECK(store->status().state == StoreState::kClosed);
  context.restart();
  context.run_for(50ms);
  CHECK(redis.connections == 1);
}

TEST_CASE("a store may be destroyed at any moment of a connection") {
  for (int steps = 0; steps < 12; ++steps) {
    asio::io_context context;
    FakeRedis redis(context, good);
    auto store = make_redis_store(context, to(redis), kNow);
    put(*store, {value("a", "1")});
    for (int i = 0; i < steps; ++i) context.run_one_for(20ms);
    store.reset();
    context.run_for(5ms);
    CHECK(redis.connections <= 1);
  }
}
