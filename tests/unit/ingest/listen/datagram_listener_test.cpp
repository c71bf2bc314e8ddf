#include "ingest/listen/datagram_listener.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include "tests/unit/ingest/listen/fakes.hpp"

namespace tocsin::listen {
namespace {

using namespace testing;

struct Fixture {
  // Opens a listener; the loop does not run yet.
  Result<void> open(DatagramOptions options) {
    auto fake = std::make_unique<FakeDecoder>(intake);
    decoder = fake.get();
    auto opened = DatagramListener::open(loop.loop, options, std::move(fake), intake);
    if (!opened) return opened.error();
    listener = std::move(*opened);
    return {};
  }
  void close() {
    loop.on_loop([this] { listener->close(); });
  }

  FakeIntake intake;
  FakeDecoder* decoder = nullptr;
  LoopThread loop;
  std::unique_ptr<DatagramListener> listener;

  ~Fixture() { loop.stop(); }
};

TEST_CASE("every line of every datagram arrives, and datagrams and bytes are counted") {
  for (const auto nap : {0us, 500us}) {
    Fixture f;
    REQUIRE(f.open({.nap = nap}).has_value());
    f.loop.start();
    auto client = Client::ip(SOCK_DGRAM, f.listener->port());
    std::uint64_t bytes = 0;
    for (int i = 0; i < 1000; ++i) {
      const std::string datagram = "a" + std::to_string(i) + ":1|c\nb:2|c";
      REQUIRE(client.send(datagram));
      bytes += datagram.size();
    }
    CHECK(eventually([&] { return f.intake.taken == 2000; }));
    CHECK(eventually([&] { return f.listener->counters().datagrams.get() == 1000; }));
    CHECK(f.listener->counters().bytes.get() == bytes);
    CHECK(f.listener->counters().kernel_drops.get() == 0);
    const auto lines = f.intake.lines();
    REQUIRE(lines.size() == 2000);
    CHECK(lines[0] == "a0:1|c");
    CHECK(lines[1] == "b:2|c");
    CHECK(lines[1998] == "a999:1|c");
  }
}

TEST_CASE("the origin says who sent a datagram and what the clock said") {
  const TimePoint now{std::chrono::seconds(1'700'000'000)};
  for (const std::string address : {"127.0.0.1", "::"}) {
    Fixture f;
    REQUIRE(f.open({.endpoint = IpEndpoint{.address = address}, .clock = [now] { return now; }})
                .has_value());
    f.loop.start();
    auto client = Client::ip(SOCK_DGRAM, f.listener->port());
    client.send("a:1|c");
    REQUIRE(eventually([&] { return f.intake.taken == 1; }));
    f.close();
    CHECK(f.decoder->last_origin.received == now);
    const Peer& peer = f.decoder->last_origin.peer;
    CHECK(peer.family == Peer::Family::kIpv4);
    CHECK(peer.port == client.port());
    CHECK(peer.address == std::array<std::uint8_t, 16>{127, 0, 0, 1});
  }
}

TEST_CASE("without peers the sender stays unknown, and nothing else changes") {
  Fixture f;
  REQUIRE(f.open({.with_peers = false}).has_value());
  f.loop.start();
  auto client = Client::ip(SOCK_DGRAM, f.listener->port());
  for (int i = 0; i < 200; ++i) client.send("a:1|c");
  REQUIRE(eventually([&] { return f.intake.taken == 200; }));
  f.close();
  CHECK(f.decoder->last_origin.peer.family == Peer::Family::kNone);
  CHECK(f.decoder->last_origin.received != TimePoint{});
}

TEST_CASE("a truncated datagram is rejected once as oversized and its neighbours are kept") {
  Fixture f;
  REQUIRE(f.open({.max_datagram_bytes = 16}).has_value());
  auto client = Client::ip(SOCK_DGRAM, f.listener->port());
  client.send("a:1|c");
  client.send("0123456789abcdefX");
  client.send("0123456789abcdef");
  f.loop.start();
  REQUIRE(eventually([&] { return f.intake.taken == 2; }));
  f.close();
  CHECK(f.intake.lines() == std::vector<std::string>{"a:1|c", "0123456789abcdef"});
  CHECK(f.intake.causes() == std::vector<RejectCause>{RejectCause::kOversized});
  CHECK(f.listener->counters().truncated.get() == 1);
  CHECK(f.listener->counters().datagrams.get() == 3);
}

TEST_CASE("the largest UDP datagram arrives whole") {
  Fixture f;
  REQUIRE(f.open({}).has_value());
  f.loop.start();
  auto client = Client::ip(SOCK_DGRAM, f.listener->port());
  const std::string datagram(65'507, 'x');
  REQUIRE(client.send(datagram));
  REQUIRE(eventually([&] { return f.intake.taken == 1; }));
  CHECK(f.intake.lines()[0] == datagram);
}

TEST_CASE("an empty datagram is counted and is no record") {
  Fixture f;
  REQUIRE(f.open({}).has_value());
  f.loop.start();
  auto client = Client::ip(SOCK_DGRAM, f.listener->port());
  client.send("");
  client.send("a:1|c");
  REQUIRE(eventually([&] { return f.intake.taken == 1; }));
  f.close();
  CHECK(f.listener->counters().datagrams.get() == 2);
  CHECK(f.intake.rejected == 0);
}

TEST_CASE("while the pipeline is full each line is dropped and counted, and none later") {
  Fixture f;
  REQUIRE(f.open({}).has_value());
  f.loop.start();
  auto client = Client::ip(SOCK_DGRAM, f.listener->port());
  f.intake.full = true;
  for (int i = 0; i < 100; ++i) client.send("a:1|c\nb:1|c\nc:1|c\nd:1|c\ne:1|c\nf:1|c\ng:1|c");
  CHECK(eventually([&] { return f.intake.dropped == 700; }));
  f.intake.full = false;
  for (int i = 0; i < 10; ++i) client.send("a:1|c\nb:1|c\nc:1|c\nd:1|c\ne:1|c");
  CHECK(eventually([&] { return f.intake.taken == 50; }));
  f.close();
  CHECK(f.intake.dropped == 700);
  CHECK(f.listener->counters().undecoded.get() == 0);
}

TEST_CASE("a decoder that takes nothing loses its datagram but does not stop the listener") {
  struct Stuck final : Decoder {
    std::size_t decode(std::string_view bytes, const Origin&) override {
      return std::min<std::size_t>(bytes.size(), bytes == "bad" ? 0 : bytes.size());
    }
    bool flush() override { return true; }
    void drop() override {}
  };
  FakeIntake intake;
  LoopThread loop;
  auto listener = DatagramListener::open(loop.loop, {}, std::make_unique<Stuck>(), intake);
  REQUIRE(listener.has_value());
  loop.start();
  auto client = Client::ip(SOCK_DGRAM, (*listener)->port());
  client.send("bad");
  client.send("good");
  CHECK(eventually([&] { return (*listener)->counters().datagrams.get() == 2; }));
  CHECK((*listener)->counters().undecoded.get() == 1);
  CHECK(intake.dropped == 1);
  loop.stop();
}

TEST_CASE("datagrams that the kernel dropped are counted exactly") {
  Fixture f;
  REQUIRE(f.open({.receive_buffer_bytes = 16 * 1024}).has_value());
  CHECK(f.listener->receive_buffer_bytes() >= 16 * 1024);
  auto client = Client::ip(SOCK_DGRAM, f.listener->port());
  constexpr std::uint64_t kSent = 5000;
  for (std::uint64_t i = 0; i < kSent; ++i) REQUIRE(client.send("a:1|c"));
  f.loop.start();
  REQUIRE(eventually([&] {
    const auto& counters = f.listener->counters();
    return counters.kernel_drops.get() > 0 &&
           counters.kernel_drops.get() + counters.datagrams.get() == kSent;
  }));
  CHECK(f.intake.taken == f.listener->counters().datagrams.get());
}

TEST_CASE("close takes what the kernel still holds") {
  Fixture f;
  REQUIRE(f.open({}).has_value());
  auto client = Client::ip(SOCK_DGRAM, f.listener->port());
  for (int i = 0; i < 300; ++i) client.send("a:1|c");
  f.listener->close();  // the loop never ran
  CHECK(f.intake.taken == 300);
  f.listener->close();
  CHECK(f.intake.taken == 300);
  (void)client.send("b:1|c");  // answered by "port unreachable", which the next call reports
  CHECK_FALSE(client.send("b:1|c"));
}

TEST_CASE("several listeners share a port when told to, and only then") {
  FakeIntake intake;
  LoopThread loop;
  const auto open = [&](std::uint16_t port, bool reuse) {
    return DatagramListener::open(loop.loop,
                                  {.endpoint = IpEndpoint{.port = port, .reuse_port = reuse}},
                                  std::make_unique<FakeDecoder>(intake), intake);
  };
  auto first = open(0, true);
  REQUIRE(first.has_value());
  auto second = open((*first)->port(), true);
  CHECK(second.has_value());
  auto third = open((*first)->port(), false);
  REQUIRE_FALSE(third.has_value());
  CHECK(third.error().code == Errc::kIo);
  CHECK(third.error().message().find("cannot bind") != std::string::npos);
}

TEST_CASE("a nap collects datagrams, and an idle listener does not wake") {
  Fixture f;
  REQUIRE(f.open({.nap = 2ms}).has_value());
  f.loop.start();
  auto client = Client::ip(SOCK_DGRAM, f.listener->port());
  for (int i = 0; i < 200; ++i) {
    client.send("a:1|c");
    std::this_thread::sleep_for(100us);
  }
  REQUIRE(eventually([&] { return f.intake.taken == 200; }));
  // 200 single sends over 20 ms or more: without naps there would be nearly 200 batches.
  CHECK(f.listener->counters().batches.get() < 150);
  CHECK(f.listener->counters().naps.get() > 0);

  const auto cpu_time = [] {
    timespec now{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
  };
  std::this_thread::sleep_for(5ms);
  const auto before = cpu_time();
  std::this_thread::sleep_for(100ms);
  CHECK(cpu_time() - before < 5ms);
}

TEST_CASE("a unix datagram socket works like UDP") {
  TemporaryDirectory directory;
  const std::string path = directory.file("statsd.sock");
  Fixture f;
  REQUIRE(f.open({.endpoint = UnixEndpoint{.path = path, .mode = 0620}}).has_value());
  struct stat file {};
  REQUIRE(::stat(path.c_str(), &file) == 0);
  CHECK((file.st_mode & 0777) == 0620);
  CHECK(f.listener->port() == 0);
  f.loop.start();
  auto client = Client::unix_path(SOCK_DGRAM, path);
  for (int i = 0; i < 500; ++i) REQUIRE(client.send("a:1|c\nb:1|c"));
  CHECK(eventually([&] { return f.intake.taken == 1000; }));
  f.close();
  CHECK(f.decoder->last_origin.peer.family == Peer::Family::kUnix);
  CHECK_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace tocsin::listen
