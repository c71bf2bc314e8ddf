#include "ingest/listen/stream_listener.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <vector>

#include "tests/unit/ingest/listen/stream_fixture.hpp"

namespace tocsin::listen {
namespace {

using namespace testing;

TEST_CASE("close drains what was sent, finishes, and tells it once") {
  StreamFixture f;
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

TEST_CASE("a sender that never stops does not hold up a close") {
  StreamFixture f;
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

TEST_CASE("each connection has a decoder of its own") {
  FakeIntake intake;
  LoopThread loop;
  int decoders = 0;
  const auto listener = StreamListener::open(
      loop.loop, {},
      [&] {
        ++decoders;
        return std::make_unique<FakeDecoder>(intake);
      },
      intake);
  REQUIRE(listener.has_value());
  loop.start();
  auto first = Client::ip(SOCK_STREAM, (*listener)->port());
  auto second = Client::ip(SOCK_STREAM, (*listener)->port());
  first.send("a:");
  second.send("b:");
  first.send("1|c\n");
  second.send("2|c\n");
  CHECK(eventually([&] { return intake.taken == 2; }));
  loop.on_loop([&] { CHECK(decoders == 2); });
  loop.stop();
}

TEST_CASE("a unix listener has no port and takes its file with it") {
  TemporaryDirectory directory;
  const std::string path = directory.file("s");
  StreamFixture f({.endpoint = UnixEndpoint{.path = path}});
  CHECK(f.listener->port() == 0);
  CHECK(Client::unix_path(SOCK_STREAM, path).connected());
  CHECK(f.loop.close(*f.listener, 10s));
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("an endpoint that cannot be bound is refused with what was said") {
  Loop loop;
  FakeIntake intake;
  const auto opened = StreamListener::open(
      loop, {.endpoint = IpEndpoint{.address = "localhost"}},
      [&] { return std::make_unique<FakeDecoder>(intake); }, intake);
  REQUIRE_FALSE(opened.has_value());
  CHECK(opened.error().where == "localhost");
}

TEST_CASE("a buffer too small for its records is refused") {
  Loop loop;
  FakeIntake intake;
  const auto opened = StreamListener::open(
      loop, {.max_record_bytes = 1000, .buffer_bytes = 1000},
      [&] { return std::make_unique<FakeDecoder>(intake); }, intake);
  REQUIRE_FALSE(opened.has_value());
  CHECK(opened.error().code == Errc::kRange);
  CHECK(opened.error().text ==
        "buffer_bytes is 1000; expected at least 1010 for records of 1000 bytes");
}

}  // namespace
}  // namespace tocsin::listen
