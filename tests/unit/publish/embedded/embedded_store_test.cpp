#include "src/publish/embedded/embedded_store.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/resource.h>

#include <filesystem>
#include <memory>
#include <string>

#include "src/publish/record_name.hpp"
#include "tests/unit/publish/store_testing.hpp"

using namespace tocsin;
using namespace tocsin::publish;
using namespace std::chrono_literals;

namespace {

constexpr TimePoint kStart{std::chrono::seconds(1'700'000'000)};

std::unique_ptr<ResultStore> open_store(EmbeddedOptions options, TimePoint now = kStart) {
  auto store = open_embedded_store(std::move(options), now);
  REQUIRE_MESSAGE(store.has_value(), (store ? "" : store.error().message()));
  return std::move(*store);
}

EmbeddedOptions in(const TemporaryDirectory& directory) {
  EmbeddedOptions options;
  options.directory = directory.path();
  return options;
}

std::optional<std::string> get(ResultStore& store, const std::string& key) {
  std::optional<std::string> found;
  store.get(key, [&found](Result<std::optional<std::string>> value) { found = *value; });
  return found;
}

std::vector<std::string> list(ResultStore& store, const std::string& index) {
  std::vector<std::string> names;
  store.list(index, [&names](Result<std::vector<std::string>> found) { names = *found; });
  return names;
}

std::string newest_log(const TemporaryDirectory& directory) {
  std::string newest;
  for (const auto& entry : std::filesystem::directory_iterator(directory.path())) {
    if (entry.path().extension() == ".log") newest = std::max(newest, entry.path().string());
  }
  return newest;
}

}  // namespace

TEST_CASE("the newest value of each key is served and survives a restart") {
  TemporaryDirectory directory;
  {
    auto store = open_store(in(directory));
    put(*store, {value("a", "1"), value("b", std::string("\0\xFF", 2)), member("i", "x")});
    put(*store, {value("a", "2")});
    CHECK(get(*store, "a") == "2");
    CHECK(store->counters().stored == 4);
    check_conservation(store->counters());
  }  // no close(): as if killed
  auto store = open_store(in(directory));
  CHECK(get(*store, "a") == "2");
  CHECK(get(*store, "b") == std::string("\0\xFF", 2));
  CHECK_FALSE(get(*store, "c").has_value());
  CHECK(list(*store, "i") == std::vector<std::string>{"x"});
  CHECK(cause(*store, "restored") == 3);
  CHECK(cause(*store, "damaged_bytes") == 0);
  CHECK(store->status().state == StoreState::kReady);
}

TEST_CASE("a scan gives values by prefix, sorted, up to the limit, and no index") {
  auto store = open_store({});
  put(*store, {value("p:2", "b"), value("p:1", "a"), value("q", "x"), member("p:index", "m"),
               value("p:3", "c")});
  std::vector<std::string> keys;
  store->scan("p:", 2, [&keys](Result<std::vector<Record>> found) {
    for (const Record& record : *found) keys.push_back(record.key);
  });
  CHECK(keys == std::vector<std::string>{"p:1", "p:2"});
}

TEST_CASE("a record is gone when its ttl has passed since it was last written") {
  auto store = open_store({});
  put(*store, {value("a", "1", 10s), value("b", "1", 10s), value("c", "1"), member("i", "m", 10s)});
  store->tick(kStart + 5s);
  put(*store, {value("b", "2", 10s)});
  store->tick(kStart + 9s);
  CHECK(get(*store, "a").has_value());
  store->tick(kStart + 10s);
  CHECK_FALSE(get(*store, "a").has_value());
  CHECK(list(*store, "i").empty());
  CHECK(get(*store, "b") == "2");
  store->tick(kStart + 15s);
  CHECK_FALSE(get(*store, "b").has_value());
  CHECK(get(*store, "c").has_value());
  CHECK(cause(*store, "expired") == 3);
}

TEST_CASE("a ttl that shrinks counts from the last writing") {
  auto store = open_store({});
  put(*store, {value("a", "1", 100s)});
  put(*store, {value("a", "2", 10s)});
  store->tick(kStart + 11s);
  CHECK_FALSE(get(*store, "a").has_value());
}

TEST_CASE("a record that expired while the daemon was down does not come back") {
  TemporaryDirectory directory;
  put(*open_store(in(directory)), {value("a", "1", 10s), value("b", "1", 20s)});
  auto store = open_store(in(directory), kStart + 15s);
  CHECK_FALSE(get(*store, "a").has_value());
  CHECK(get(*store, "b").has_value());
  store->tick(kStart + 25s);
  CHECK_FALSE(get(*store, "b").has_value());
}

TEST_CASE("what the cap turns away is counted, and urgent records have reserved room") {
  EmbeddedOptions options;
  options.max_bytes = 16 * footprint_bytes(value("k10", "v"));
  auto store = open_store(options);
  for (int i = 0; i < 20; ++i) put(*store, {value("k" + std::to_string(10 + i), "v")});
  CHECK(store->counters().stored == 14);
  CHECK(store->counters().dropped == 6);
  put(*store, {urgent(value("u10", "v")), urgent(value("u11", "v")), urgent(value("u12", "v"))});
  CHECK(store->counters().stored == 16);
  CHECK(store->counters().bytes <= options.max_bytes);
  put(*store, {value("k10", "w")});
  CHECK(get(*store, "k10") == "w");
  check_conservation(store->counters());
}

TEST_CASE("a value over its own limit is dropped and the older one stays") {
  EmbeddedOptions options;
  options.max_value_bytes = 10;
  auto store = open_store(options);
  put(*store, {value("a", "small"), value("a", std::string(11, 'x'))});
  CHECK(get(*store, "a") == "small");
  CHECK(store->counters().dropped == 1);
}

TEST_CASE("a torn tail costs the torn record only, at every place it can tear") {
  TemporaryDirectory directory;
  put(*open_store(in(directory)), {value("a", "1"), value("b", "2"), value("c", "3")});
  const std::string path = newest_log(directory);
  const std::string whole = slurp(path);
  const std::size_t frame = (whole.size() - 8) / 3;
  for (std::size_t cut = whole.size() - frame + 1; cut < whole.size(); ++cut) {
    spit(path, whole.substr(0, cut));
    {
      auto store = open_store(in(directory));
      REQUIRE(get(*store, "b") == "2");
      REQUIRE_FALSE(get(*store, "c").has_value());
      REQUIRE(cause(*store, "damaged_bytes") == frame - (whole.size() - cut));
      REQUIRE(store->status().state == StoreState::kReady);
      put(*store, {value("d", "4")});
    }
    auto store = open_store(in(directory));  // the tail was cut off before the log went on
    REQUIRE(cause(*store, "damaged_bytes") == 0);
    REQUIRE(get(*store, "d") == "4");
  }
}

TEST_CASE("a flipped bit anywhere never stops a start and costs one record at most") {
  TemporaryDirectory directory;
  put(*open_store(in(directory)), {value("a", "1"), value("b", "2"), value("c", "3")});
  const std::string whole = slurp(newest_log(directory));
  for (std::size_t at = 0; at < whole.size(); ++at) {
    if (at == 7) continue;  // the version digit: refused by design, tested elsewhere
    TemporaryDirectory fresh;
    std::string bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << (at % 8)));
    spit(fresh.path() + "/results-00000001.log", bytes);
    {
      auto store = open_store(in(fresh));
      REQUIRE(cause(*store, "restored") >= (at < 8 ? 3 : 2));
      REQUIRE(cause(*store, "damaged_bytes") > 0);
    }
    auto store = open_store(in(fresh));  // repaired by the first start
    REQUIRE(cause(*store, "damaged_bytes") == 0);
    REQUIRE(cause(*store, "restored") >= (at < 8 ? 3 : 2));
  }
}

TEST_CASE("the log stays within a few times what is alive") {
  TemporaryDirectory directory;
  EmbeddedOptions options = in(directory);
  options.rewrite_floor_bytes = 4096;
  auto store = open_store(options);
  TimePoint now = kStart;
  std::uintmax_t largest = 0;
  for (int round = 0; round < 2000; ++round) {
    put(*store, {value("k" + std::to_string(round % 20), std::string(100, 'v'), 60s)});
    if (round % 10 == 0) store->tick(now += 1s);
    largest = std::max(largest, std::filesystem::file_size(newest_log(directory)));
  }
  CHECK(cause(*store, "rewrite") > 5);
  CHECK(largest < 4 * 20 * 150 + 4096);
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(directory.path())) {
    files += entry.path().filename() == "LOCK" ? 0 : 1;
  }
  CHECK(files == 1);
  store.reset();
  CHECK(cause(*open_store(options), "restored") == 20);
}

TEST_CASE("a directory in use by another daemon is refused with the reason") {
  TemporaryDirectory directory;
  auto first = open_store(in(directory));
  auto second = open_embedded_store(in(directory), kStart);
  REQUIRE_FALSE(second.has_value());
  CHECK(second.error().code == Errc::kUnavailable);
  CHECK(second.error().message() == directory.path() + ": in use by another process (pid " +
                                        std::to_string(::getpid()) +
                                        "); give each daemon a directory of its own");
  first.reset();
  CHECK(open_embedded_store(in(directory), kStart).has_value());
}

TEST_CASE("a directory that cannot be made is an error that names it") {
  EmbeddedOptions options;
  options.directory = "/proc/tocsin-cannot-be-here";
  auto store = open_embedded_store(options, kStart);
  REQUIRE_FALSE(store.has_value());
  CHECK(store.error().code == Errc::kIo);
  CHECK(store.error().where == options.directory);
}

TEST_CASE("a full disk costs nothing but durability, and heals by itself") {
  // A file size limit stands in for the full disk: write() fails in the same way.
  TemporaryDirectory directory;
  auto* const old_handler = ::signal(SIGXFSZ, SIG_IGN);
  rlimit old_limit{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &old_limit) == 0);
  auto store = open_store(in(directory));
  put(*store, {value("a", "1")});

  rlimit small = old_limit;
  small.rlim_cur = 4096;
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
  put(*store, {value("b", std::string(8192, 'b'))});
  store->tick(kStart + 2s);  // the attempt to write anew fails too
  put(*store, {value("c", "3")});
  const StoreStatus full = store->status();
  const bool served = get(*store, "b").has_value() && get(*store, "c") == "3";
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &old_limit) == 0);
  ::signal(SIGXFSZ, old_handler);

  CHECK(full.state == StoreState::kDegraded);
  CHECK(full.text.find("write") != std::string::npos);
  CHECK(served);
  CHECK(cause(*store, "io_error") == 2);
  store->tick(kStart + 4s);
  CHECK(store->status().state == StoreState::kReady);
  store.reset();
  auto again = open_store(in(directory));
  CHECK(get(*again, "a") == "1");
  CHECK(get(*again, "b") == std::string(8192, 'b'));
  CHECK(get(*again, "c") == "3");
}

TEST_CASE("a closed store takes nothing and says so") {
  auto store = open_store({});
  store->close();
  put(*store, {value("a", "1")});
  CHECK(store->status().state == StoreState::kClosed);
  CHECK(store->counters().dropped == 1);
  check_conservation(store->counters());
}
