// What one connection makes of its bytes: stream_connection.cpp, through the listener that opens
// it.
#include "ingest/listen/stream_connection.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include "tests/unit/ingest/listen/answering_session.hpp"
#include "tests/unit/ingest/listen/stream_fixture.hpp"

namespace tocsin::listen {
namespace {

using namespace testing;

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
  StreamFixture f;
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
  StreamFixture f;
  auto client = f.connect();
  client.send("a:1|c\nb:");
  REQUIRE(eventually([&] { return f.intake.taken == 1; }));
  client.send("2|c\n");
  REQUIRE(eventually([&] { return f.intake.taken == 2; }));
  CHECK(f.intake.lines()[1] == "b:2|c");
}

TEST_CASE("an open last line is decoded at an orderly end and rejected at a reset") {
  StreamFixture f;
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
  StreamFixture f({.max_record_bytes = 64, .buffer_bytes = 128});
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
  StreamFixture f({.endpoint = UnixEndpoint{.path = path},
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
  StreamFixture f({.max_record_bytes = 1024, .buffer_bytes = 4096});
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
  StreamFixture f({.max_record_bytes = 64, .buffer_bytes = 256});
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

TEST_CASE("waiting for a full pipeline is not idleness") {
  StreamFixture f({.limits = {.idle_timeout = 40ms}});
  f.intake.full = true;
  auto client = f.connect();
  client.send("a:1|c\n");
  REQUIRE(eventually([&] { return f.counters().stalls.get() >= 10; }));
  CHECK(f.counters().idle_closed.get() == 0);
  f.intake.full = false;
  CHECK(eventually([&] { return f.intake.taken == 1; }));
}

TEST_CASE("hostile clients cannot make memory grow") {
  StreamFixture f(
      {.limits = {.max_connections = 8}, .max_record_bytes = 4096, .buffer_bytes = 8192});
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

TEST_CASE("close with the pipeline stuck gives up after the grace and counts each line") {
  StreamFixture f;
  f.intake.full = true;
  auto client = f.connect();
  client.send("a:1|c\nb:1|c\nc:1|c\nd:1|c\ne:1|c\nf:1|c\n");
  REQUIRE(eventually([&] { return f.counters().stalls.get() > 0; }));
  CHECK(f.loop.close(*f.listener, 20ms));
  CHECK(f.intake.taken == 0);
  CHECK(f.intake.dropped == 6);
}

TEST_CASE("a decoder is told who sent the bytes and when they came") {
  const TimePoint now{std::chrono::seconds(1'700'000'000)};
  FakeIntake intake;
  LoopThread loop;
  FakeDecoder* decoder = nullptr;
  const auto listener = StreamListener::open(
      loop.loop, {.clock = [now] { return now; }},
      [&] {
        auto made = std::make_unique<FakeDecoder>(intake);
        decoder = made.get();
        return made;
      },
      intake);
  REQUIRE(listener.has_value());
  loop.start();
  auto client = Client::ip(SOCK_STREAM, (*listener)->port());
  client.send("a:1|c\n");
  REQUIRE(eventually([&] { return intake.taken == 1; }));
  Origin origin;
  loop.on_loop([&] { origin = decoder->last_origin; });
  CHECK(origin.received == now);
  CHECK(origin.peer.family == Peer::Family::kIpv4);
  CHECK(origin.peer.port == client.port());
  CHECK(origin.peer.address == std::array<std::uint8_t, 16>{127, 0, 0, 1});
  loop.stop();
}

TEST_CASE("a decoder that takes nothing costs its records when the connection is given up") {
  struct Stuck final : Decoder {
    std::size_t decode(std::string_view, const Origin&) override { return 0; }
    bool flush() override { return true; }
    void drop() override {}
  };
  FakeIntake intake;
  LoopThread loop;
  const auto listener = StreamListener::open(
      loop.loop, {}, [] { return std::make_unique<Stuck>(); }, intake);
  REQUIRE(listener.has_value());
  loop.start();
  auto client = Client::ip(SOCK_STREAM, (*listener)->port());
  client.send("a:1|c\nb:1|c\n");
  REQUIRE(eventually([&] { return (*listener)->counters().stalls.get() > 0; }));
  CHECK(loop.close(**listener, 10ms));
  CHECK(intake.dropped == 1);  // how many records these bytes hold nobody can say
  CHECK(client.receive_all().empty());
  loop.stop();
}

// Lines "n0" to "n<count - 1>".
std::string numbered(std::size_t count) {
  std::string lines;
  for (std::size_t i = 0; i < count; ++i) lines += "n" + std::to_string(i) + "\n";
  return lines;
}

// Sends and reads at once, as a client does that pipelines; what it hears until the end.
std::string exchange_all(Client& client, const std::string& stream) {
  std::thread sender([&] {
    CHECK(client.send(stream));
    client.end_sending();
  });
  std::string heard = client.receive_all();
  sender.join();
  return heard;
}

TEST_CASE("answers come back whole and in order however the stream is split") {
  AnsweringFixture f;
  const std::string stream = "one\ntwo\n\nthree\n";
  for (std::size_t split = 0; split <= stream.size(); ++split) {
    auto client = f.connect();
    client.send(stream.substr(0, split));
    client.send(stream.substr(split));
    client.end_sending();
    CHECK(client.receive_all() == stream);
  }
  CHECK(f.intake.taken == 4 * (stream.size() + 1));
}

TEST_CASE("neither lines nor answers are lost when pipeline and client are slow in turn") {
  AnsweringFixture f({.buffer_bytes = 512});
  std::atomic<bool> over{false};
  std::thread disturber([&] {
    while (!over) {
      f.intake.full = !f.intake.full;
      std::this_thread::sleep_for(300us);
    }
    f.intake.full = false;
  });
  const std::string stream = numbered(5000);
  auto client = f.connect();
  const std::string heard = exchange_all(client, stream);
  over = true;
  disturber.join();
  CHECK(heard == stream);
  CHECK(f.intake.taken == 5000);
}

TEST_CASE("a client that does not read its answers is not read, costs no memory, and may go on") {
  AnsweringFixture f({.buffer_bytes = 4096});
  const std::string stream = numbered(2'000'000);  // more than the kernel holds in both directions
  auto client = f.connect();
  std::size_t sent = 0;
  REQUIRE(eventually([&] {
    const std::size_t now = client.send_some(std::string_view(stream).substr(sent));
    sent += now;
    return now == 0 && f.counters().stalls.get() > 0;
  }));
  REQUIRE(sent < stream.size());
  CHECK(f.view.most_unsent < AnsweringSession::kMaxUnsentBytes + 16);
  CHECK(exchange_all(client, stream.substr(sent)) == stream);
  CHECK(f.intake.taken == 2'000'000);
}

TEST_CASE("a client that never reads its answers is idle") {
  AnsweringFixture f({.limits = {.idle_timeout = 80ms}, .buffer_bytes = 4096});
  auto client = f.connect();
  const std::string lines = numbered(1000);
  CHECK(eventually([&] {
    client.send_some(lines);
    return f.counters().idle_closed.get() == 1;
  }));
  CHECK(eventually([&] { return f.counters().open.get() == 0; }));
}

TEST_CASE("what a client sent before it went away unheard is taken all the same") {
  AnsweringFixture f({.buffer_bytes = 512});
  f.intake.full = true;
  {
    auto client = f.connect();
    REQUIRE(client.send(numbered(3000)));
    REQUIRE(eventually([&] { return f.counters().stalls.get() > 0; }));
  }
  f.intake.full = false;
  CHECK(eventually([&] { return f.counters().open.get() == 0; }));
  CHECK(f.intake.taken + f.intake.dropped == 3000);
  CHECK(f.intake.dropped == 0);
  CHECK(f.view.aborts == 0);
}

TEST_CASE("an end by the session sends every answer first, whatever the client still sends") {
  AnsweringFixture f({.buffer_bytes = 64 * 1024});
  auto client = f.connect();
  // Answers that the kernels hold, and behind them what nobody wants to read.
  REQUIRE(client.send("big 6000000\nbye\n" + std::string(20'000, 'z')));
  std::this_thread::sleep_for(20ms);
  client.send_some(std::string(100'000, 'z'));
  std::this_thread::sleep_for(20ms);
  const std::string heard = client.receive_all();
  CHECK(heard.size() == 6'000'000);
  CHECK(heard.find_first_not_of('x') == std::string::npos);
  client.close();
  CHECK(eventually([&] { return f.counters().open.get() == 0; }));
}

TEST_CASE("a client that never ends does not hold a connection that has ended") {
  AnsweringFixture f;
  auto client = f.connect();
  client.send("one\nbye\n");
  CHECK(client.receive_all() == "one\n");
  CHECK(eventually([&] { return f.counters().open.get() == 0; }));  // we keep our side open
}

TEST_CASE("an answer that is found later is sent when it is there, and waited for at the end") {
  AnsweringFixture f;
  auto client = f.connect();
  client.send("ask\n");
  REQUIRE(eventually([&] { return f.view.asked == 1; }));
  f.loop.on_loop([&] {
    f.view.session->answer("found\n");
    f.view.wake();
  });
  CHECK(client.receive() == "found\n");

  client.send("ask\nlast\n");
  client.end_sending();
  REQUIRE(eventually([&] { return f.intake.taken == 1; }));
  CHECK(client.receive() == "last\n");
  std::this_thread::sleep_for(20ms);
  CHECK(f.counters().open.get() == 1);
  f.loop.on_loop([&] {
    f.view.session->answer("found again\n");
    f.view.wake();
  });
  CHECK(client.receive_all() == "found again\n");
}

TEST_CASE("close waits for an answer that is owed; the grace ends the waiting") {
  SUBCASE("it comes") {
    AnsweringFixture f;
    auto client = f.connect();
    client.send("ask\n");
    REQUIRE(eventually([&] { return f.view.asked == 1; }));
    std::thread answerer([&] {
      std::this_thread::sleep_for(30ms);
      f.loop.on_loop([&] {
        f.view.session->answer("found\n");
        f.view.wake();
      });
    });
    CHECK(f.loop.close(*f.listener, 10s));
    answerer.join();
    CHECK(client.receive_all() == "found\n");
    CHECK(f.view.aborts == 0);
  }
  SUBCASE("it does not come") {
    AnsweringFixture f;
    auto client = f.connect();
    client.send("ask\nlast\n");
    REQUIRE(eventually([&] { return f.intake.taken == 1; }));
    CHECK(f.loop.close(*f.listener, 30ms));
    CHECK(client.receive_all() == "last\n");
    CHECK(f.counters().open.get() == 0);
  }
}

TEST_CASE("waking a connection that is gone is harmless") {
  AnsweringFixture f;
  auto client = f.connect();
  client.send("ask\n");
  REQUIRE(eventually([&] { return f.view.asked == 1; }));
  client.reset();
  f.loop.on_loop([&] { f.view.asked = 0; });
  // The reset was read, or is: after an end that owes nothing the session goes.
  f.loop.on_loop([&] { f.view.wake(); });
  REQUIRE(eventually([&] { return f.view.gone == 1; }));
  f.loop.on_loop([&] { f.view.wake(); });
  CHECK(f.counters().open.get() == 0);
}

TEST_CASE("a listener may go while answers are owed, and be woken afterwards") {
  auto f = std::make_unique<AnsweringFixture>();
  auto client = f->connect();
  client.send("ask\none\n");
  REQUIRE(eventually([&] { return f->intake.taken == 1; }));
  f->loop.on_loop([&] { f->listener.reset(); });
  CHECK(f->view.aborts == 1);
  f->loop.on_loop([&] { f->view.wake(); });
  REQUIRE(eventually([&] { return f->view.gone == 1; }));
  f->loop.on_loop([&] { f->view.wake(); });
  CHECK(client.receive_all() == "one\n");
}

}  // namespace
}  // namespace tocsin::listen
