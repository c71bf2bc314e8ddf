#include "ingest/listen/stream_listener.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <optional>

#include "tests/unit/ingest/listen/fakes.hpp"

namespace tocsin::listen {
namespace {

using namespace testing;

struct Fixture {
  explicit Fixture(StreamOptions options = {}) {
    auto opened = StreamListener::open(
        loop.loop, options, [this] { return std::make_unique<FakeDecoder>(intake); }, intake);
    REQUIRE(opened.has_value());
    listener = std::move(*opened);
    loop.start();
  }
  ~Fixture() { loop.stop(); }

  [[nodiscard]] Client connect() const { return Client::ip(SOCK_STREAM, listener->port()); }
  [[nodiscard]] const ConnectionCounters& counters() const { return listener->counters(); }

  FakeIntake intake;
  LoopThread loop;
  std::unique_ptr<StreamListener> listener;
};

std::string frame(std::string_view record) {
  const auto size = static_cast<std::uint32_t>(record.size());
  std::string out;
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>((size >> shift) & 0xff);
  return out.append(record);
}

std::uint64_t resident_bytes() {
  std::FILE* file = std::fopen("/proc/self/statm", "r");
  unsigned long long total = 0;
  unsigned long long resident = 0;
  const int read = std::fscanf(file, "%llu %llu", &total, &resident);
  std::fclose(file);
  REQUIRE(read == 2);
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

TEST_CASE("lines are decoded whole however they are split over sends") {
  Fixture f;
  const std::string stream = "first:1|c\nsecond:22|ms\n\nthird:3|g\n";
  for (std::size_t split = 0; split <= stream.size(); ++split) {
    auto client = f.connect();
    client.send(stream.substr(0, split));
    client.send(stream.substr(split));
    client.end_sending();
    REQUIRE(client.receive_all().empty());
  }
  const auto lines = f.intake.lines();
  REQUIRE(lines.size() == 3 * (stream.size() + 1));
  for (std::size_t i = 0; i < lines.size(); i += 3) {
    CHECK(lines[i] == "first:1|c");
    CHECK(lines[i + 1] == "second:22|ms");
    CHECK(lines[i + 2] == "third:3|g");
  }
  CHECK(f.intake.rejected == 0);
}

TEST_CASE("a fragment waits for its rest") {
  Fixture f;
  auto client = f.connect();
  client.send("a:1|c\nb:");
  REQUIRE(eventually([&] { return f.intake.taken == 1; }));
  client.send("2|c\n");
  REQUIRE(eventually([&] { return f.intake.taken == 2; }));
  CHECK(f.intake.lines()[1] == "b:2|c");
}

TEST_CASE("an open last line is decoded at an orderly end and rejected at a reset") {
  Fixture f;
  auto polite = f.connect();
  polite.send("a:1|c\nb:2|c");
  polite.end_sending();
  CHECK(polite.receive_all().empty());
  CHECK(f.intake.lines() == std::vector<std::string>{"a:1|c", "b:2|c"});

  auto rude = f.connect();
  rude.send("c:3|c\nd:4");
  REQUIRE(eventually([&] { return f.intake.taken == 3; }));
  rude.reset();
  CHECK(eventually([&] { return f.intake.rejected == 1; }));
  CHECK(f.intake.causes()[0] == RejectCause::kTruncated);
  CHECK(f.intake.taken == 3);
}

TEST_CASE("an oversized line is rejected once, and its neighbours are kept") {
  Fixture f({.max_record_bytes = 64, .buffer_bytes = 128});
  auto client = f.connect();
  client.send("before:1|c\n" + std::string(5000, 'x') + "\nafter:1|c\n");
  client.end_sending();
  CHECK(client.receive_all().empty());
  CHECK(f.intake.lines() == std::vector<std::string>{"before:1|c", "after:1|c"});
  CHECK(f.intake.causes() == std::vector<RejectCause>{RejectCause::kOversized});
  CHECK(f.counters().overlong.get() == 1);
}

TEST_CASE("length frames over a unix stream are decoded, and bounded") {
  TemporaryDirectory directory;
  const std::string path = directory.file("dsd.sock");
  Fixture f({.endpoint = UnixEndpoint{.path = path},
             .framing = FramingKind::kLength32,
             .max_record_bytes = 64,
             .buffer_bytes = 128});
  auto client = Client::unix_path(SOCK_STREAM, path);
  REQUIRE(client.connected());
  for (const char byte : frame("a:1|c\nb:2|c")) client.send({&byte, 1});
  client.send(frame(std::string(1000, 'x')) + frame("c:3|c"));
  client.end_sending();
  CHECK(client.receive_all().empty());
  CHECK(f.intake.lines() == std::vector<std::string>{"a:1|c", "b:2|c", "c:3|c"});
  CHECK(f.intake.causes() == std::vector<RejectCause>{RejectCause::kOversized});
}

TEST_CASE("a full pipeline stops the reading, and nothing is lost") {
  Fixture f({.max_record_bytes = 1024, .buffer_bytes = 4096});
  f.intake.full = true;
  constexpr std::size_t kLines = 200'000;
  std::string stream;
  for (std::size_t i = 0; i < kLines; ++i) stream += "counter." + std::to_string(i) + ":1|c\n";

  auto client = f.connect();
  std::size_t sent = client.send_some(stream);
  REQUIRE(eventually([&] { return f.counters().stalls.get() >= 5; }));
  sent += client.send_some(std::string_view(stream).substr(sent));
  CHECK(f.intake.taken == 0);
  CHECK(f.counters().bytes.get() <= 4096);  // the rest waits in the kernel and at the sender

  f.intake.full = false;
  REQUIRE(client.send(std::string_view(stream).substr(sent)));
  client.end_sending();
  CHECK(client.receive_all().empty());
  const auto lines = f.intake.lines();
  REQUIRE(lines.size() == kLines);
  bool in_order = true;
  for (std::size_t i = 0; i < kLines; ++i) {
    in_order = in_order && lines[i] == "counter." + std::to_string(i) + ":1|c";
  }
  CHECK(in_order);
  CHECK(f.intake.dropped == 0);
}

TEST_CASE("a pipeline that is full now and then loses nothing") {
  Fixture f({.max_record_bytes = 64, .buffer_bytes = 256});
  std::atomic<bool> over{false};
  std::thread disturber([&] {
    while (!over) {
      f.intake.full = !f.intake.full;
      std::this_thread::sleep_for(500us);
    }
    f.intake.full = false;
  });
  std::vector<std::string> expected;
  std::string stream;
  for (int i = 0; i < 3000; ++i) {
    expected.push_back("n" + std::to_string(i) + ":1|c");
    stream += expected.back() + "\n";
  }
  auto client = f.connect();
  CHECK(client.send(stream));
  client.end_sending();
  CHECK(client.receive_all().empty());
  over = true;
  disturber.join();
  CHECK(f.intake.lines() == expected);
}

TEST_CASE("one connection too many is closed at once and counted") {
  Fixture f({.limits = {.max_connections = 2}});
  auto first = f.connect();
  auto second = f.connect();
  REQUIRE(eventually([&] { return f.counters().open.get() == 2; }));
  auto third = f.connect();
  CHECK(third.receive_all().empty());
  CHECK(f.counters().refused.get() == 1);
  first.send("a:1|c\n");
  CHECK(eventually([&] { return f.intake.taken == 1; }));

  second.close();
  REQUIRE(eventually([&] { return f.counters().open.get() == 1; }));
  auto fourth = f.connect();
  fourth.send("b:1|c\n");
  CHECK(eventually([&] { return f.intake.taken == 2; }));
  CHECK(f.counters().accepted.get() == 3);
}

TEST_CASE("an idle connection is closed, a busy one is not") {
  Fixture f({.limits = {.idle_timeout = 80ms}});
  auto busy = f.connect();
  auto idle = f.connect();
  idle.send("half a li");
  std::uint64_t sent = 0;
  REQUIRE(eventually([&] {
    sent += busy.send("a:1|c\n") ? 1 : 0;
    std::this_thread::sleep_for(5ms);
    return f.counters().idle_closed.get() == 1;
  }));
  CHECK(idle.receive_all().empty());
  CHECK(busy.send("a:1|c\n"));
  CHECK(eventually([&] { return f.intake.taken == sent + 1; }));
  CHECK(f.intake.causes() == std::vector<RejectCause>{RejectCause::kTruncated});
}

TEST_CASE("waiting for a full pipeline is not idleness") {
  Fixture f({.limits = {.idle_timeout = 40ms}});
  f.intake.full = true;
  auto client = f.connect();
  client.send("a:1|c\n");
  REQUIRE(eventually([&] { return f.counters().stalls.get() >= 10; }));
  CHECK(f.counters().idle_closed.get() == 0);
  f.intake.full = false;
  CHECK(eventually([&] { return f.intake.taken == 1; }));
}

TEST_CASE("hostile clients cannot make memory grow") {
  Fixture f({.limits = {.max_connections = 8}, .max_record_bytes = 4096, .buffer_bytes = 8192});
  std::vector<Client> clients;
  for (int i = 0; i < 8; ++i) clients.push_back(f.connect());
  REQUIRE(eventually([&] { return f.counters().open.get() == 8; }));
  const std::uint64_t before = resident_bytes();
  // Endless lines, 4 MiB from each.
  const std::string flood(64 * 1024, 'x');
  for (int round = 0; round < 64; ++round) {
    for (auto& client : clients) REQUIRE(client.send(flood));
  }
  const std::uint64_t sent = std::uint64_t{64} * 8 * flood.size();
  REQUIRE(eventually([&] { return f.counters().bytes.get() == sent; }));
  const std::uint64_t after = resident_bytes();
  CHECK(after < before + 2 * 1024 * 1024);
  CHECK(f.intake.rejected == 8);
}

TEST_CASE("close drains what was sent, finishes, and tells it once") {
  Fixture f;
  f.intake.full = true;  // so that the data is still on its way when close begins
  auto client = f.connect();
  for (int i = 0; i < 1000; ++i) client.send("a:1|c\n");
  client.send("cut sho");
  REQUIRE(eventually([&] { return f.counters().stalls.get() > 0; }));
  std::thread reopen([&] {
    std::this_thread::sleep_for(20ms);
    f.intake.full = false;
  });
  CHECK(f.loop.close(*f.listener, 10s));
  reopen.join();
  CHECK(f.intake.taken == 1000);
  CHECK(f.intake.dropped == 0);
  CHECK(f.intake.causes() == std::vector<RejectCause>{RejectCause::kTruncated});
  CHECK(f.counters().open.get() == 0);
  CHECK_FALSE(f.connect().connected());
  CHECK(f.loop.close(*f.listener, 10s));  // a second close answers too
}

TEST_CASE("close with the pipeline stuck gives up after the grace and counts each line") {
  Fixture f;
  f.intake.full = true;
  auto client = f.connect();
  client.send("a:1|c\nb:1|c\nc:1|c\nd:1|c\ne:1|c\nf:1|c\n");
  REQUIRE(eventually([&] { return f.counters().stalls.get() > 0; }));
  CHECK(f.loop.close(*f.listener, 20ms));
  CHECK(f.intake.taken == 0);
  CHECK(f.intake.dropped == 6);
}

TEST_CASE("a sender that never stops does not hold up a close") {
  Fixture f;
  auto client = f.connect();
  std::atomic<bool> over{false};
  std::thread sender([&] {
    while (!over && client.send("a:1|c\na:1|c\na:1|c\n")) continue;
  });
  REQUIRE(eventually([&] { return f.intake.taken > 100; }));
  CHECK(f.loop.close(*f.listener, 50ms));
  over = true;
  client.end_sending();
  sender.join();
}

TEST_CASE("a listener may go while connections are open") {
  FakeIntake intake;
  LoopThread loop;
  auto opened = StreamListener::open(
      loop.loop, {}, [&] { return std::make_unique<FakeDecoder>(intake); }, intake);
  REQUIRE(opened.has_value());
  auto listener = std::move(*opened);
  loop.start();
  auto client = Client::ip(SOCK_STREAM, listener->port());
  client.send("a:1|c\nhalf");
  REQUIRE(eventually([&] { return intake.taken == 1; }));
  loop.on_loop([&] { listener.reset(); });
  CHECK(client.receive_all().empty());
  CHECK(intake.causes() == std::vector<RejectCause>{RejectCause::kTruncated});
}

TEST_CASE("a buffer too small for its records is refused") {
  Loop loop;
  FakeIntake intake;
  const auto opened = StreamListener::open(
      loop, {.max_record_bytes = 1000, .buffer_bytes = 1000},
      [&] { return std::make_unique<FakeDecoder>(intake); }, intake);
  REQUIRE_FALSE(opened.has_value());
  CHECK(opened.error().code == Errc::kRange);
}

}  // namespace
}  // namespace tocsin::listen
