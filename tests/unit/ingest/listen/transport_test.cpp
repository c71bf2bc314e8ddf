// TLS as a client meets it: transport.cpp, through the listener that makes the transports.
#include "ingest/listen/transport.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <thread>

#include "tests/unit/ingest/listen/answering_session.hpp"
#include "tests/unit/ingest/listen/asio_testing.hpp"
#include "tests/unit/ingest/listen/tls_client.hpp"

namespace tocsin::listen {
namespace {

using namespace testing;

StreamOptions with_tls(const TlsFiles& files, StreamOptions options = {}) {
  auto opened = TlsServer::open(files);
  REQUIRE_MESSAGE(opened.has_value(), (opened ? "" : opened.error().message()));
  options.tls = std::move(*opened);
  return options;
}

// A listener with TLS, for which clients need no certificate.
struct TlsFixture {
  explicit TlsFixture(const StreamOptions& options = {})
      : server(certificates.make("server")),
        f(with_tls({server.certificate, server.key, ""}, options)) {}
  [[nodiscard]] std::uint16_t port() const { return f.listener->port(); }

  Certificates certificates;
  Certificates::Files server;
  AnsweringFixture f;
};

TEST_CASE("TLS 1.2 and 1.3 are spoken") {
  TlsFixture t;
  for (const auto& [version, name] :
       {std::pair{TLS1_2_VERSION, "TLSv1.2"}, std::pair{TLS1_3_VERSION, "TLSv1.3"}}) {
    CAPTURE(name);
    TlsClient client(t.port(), {.version = version});
    REQUIRE_MESSAGE(client.agreed(), client.refusal());
    CHECK(client.version() == name);
    CHECK(client.server_name() == "server");
    CHECK(client.send("one\n"));
    CHECK(client.receive() == "one\n");
    client.end_sending();
    CHECK(client.receive_all().empty());  // an orderly end is answered by one
  }
  CHECK(t.f.counters().handshake_failures.get() == 0);
  CHECK(t.f.counters().bytes.get() == 8);  // what was meant, not what was sealed
  CHECK(t.f.view.user.empty());
}

TEST_CASE("a client that only sends is sent nothing, so that nothing is unread when it closes") {
  TlsFixture t;
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    CAPTURE(version);
    TlsClient client(t.port(), {.version = version});
    REQUIRE(client.agreed());
    const std::uint64_t before = t.f.counters().bytes.get();
    CHECK(client.send("on"));
    REQUIRE(eventually([&] { return t.f.counters().bytes.get() == before + 2; }));
    CHECK(client.unread_bytes() == 0);
  }
}

TEST_CASE("older versions are refused, and counted") {
  TlsFixture t;
  std::uint64_t failures = 0;
  for (const int version : {TLS1_VERSION, TLS1_1_VERSION}) {
    TlsClient client(t.port(), {.version = version});
    CHECK_FALSE(client.agreed());
    CHECK(client.refusal() == "tlsv1 alert protocol version");
    ++failures;
    CHECK(eventually([&] { return t.f.counters().handshake_failures.get() == failures; }));
  }
  CHECK(eventually([&] { return t.f.counters().open.get() == 0; }));
  CHECK(t.f.counters().accepted.get() == 2);
  CHECK(t.f.counters().bytes.get() == 0);
}

TEST_CASE("a client that speaks no TLS is a failed handshake") {
  TlsFixture t;
  auto client = t.f.connect();
  client.send("one\ntwo\nthree\n");
  CHECK(client.receive_all().find("one") == std::string::npos);
  CHECK(eventually([&] { return t.f.counters().handshake_failures.get() == 1; }));
  CHECK(t.f.intake.taken == 0);
}

TEST_CASE("a handshake that never comes is closed by the idle timeout") {
  TlsFixture t({.limits = {.idle_timeout = 60ms}});
  auto client = t.f.connect();
  CHECK(client.receive_all().empty());
  CHECK(t.f.counters().idle_closed.get() == 1);
  CHECK(t.f.counters().handshake_failures.get() == 0);
  CHECK(eventually([&] { return t.f.counters().open.get() == 0; }));
  CHECK(t.f.view.aborts == 0);  // the session was never opened
}

TEST_CASE("a close does not wait for a handshake") {
  TlsFixture t;
  auto client = t.f.connect();
  REQUIRE(eventually([&] { return t.f.counters().open.get() == 1; }));
  CHECK(t.f.loop.close(*t.f.listener, 10s));
  CHECK(client.receive_all().empty());
  CHECK(t.f.counters().handshake_failures.get() == 0);
}

TEST_CASE("large streams come through whole in both directions") {
  TlsFixture t({.buffer_bytes = 3000});
  std::string stream;
  for (int i = 0; i < 50'000; ++i) stream += "n" + std::to_string(i) + "\n";
  TlsClient client(t.port());
  REQUIRE(client.agreed());
  std::string heard;
  // One thread: an SSL object is not shared. Each portion is smaller than what the kernels hold.
  for (std::size_t at = 0; at < stream.size();) {
    const std::size_t portion = std::min<std::size_t>(10'000, stream.size() - at);
    REQUIRE(client.send(std::string_view(stream).substr(at, portion)));
    at += portion;
    while (heard.size() + 16 < at) heard += client.receive();
  }
  client.end_sending();
  heard += client.receive_all();
  CHECK(heard == stream);
}

TEST_CASE("an end that is not said to be one breaks the last record") {
  TlsFixture t;
  TlsClient client(t.port());
  REQUIRE(client.agreed());
  client.send("one\ntw");
  CHECK(client.receive() == "one\n");
  client.close();
  CHECK(eventually([&] { return t.f.intake.rejected == 1; }));
  CHECK(t.f.intake.causes() == std::vector{RejectCause::kTruncated});
}

TEST_CASE("an end by the session is said to be one, behind every answer") {
  TlsFixture t;
  TlsClient client(t.port());
  REQUIRE(client.agreed());
  client.send("big 300000\nbye\n" + std::string(10'000, 'z'));
  const std::string heard = client.receive_all();
  CHECK(heard.size() == 300'000);
  CHECK(heard.find_first_not_of('x') == std::string::npos);
}

TEST_CASE("with client_ca a client must show a certificate, and its name is the user") {
  const Certificates certificates;
  const auto server = certificates.make("server");
  const auto authority = certificates.make("authority");
  AnsweringFixture f(with_tls({server.certificate, server.key, authority.certificate}));
  const std::uint16_t port = f.listener->port();
  const auto user_of = [&](const Certificates::Files& own) {
    TlsClient client(port, {.own = own});
    REQUIRE(client.agreed());
    client.send("one\n");
    CHECK(client.receive() == "one\n");
    std::string user;
    f.loop.on_loop([&] { user = f.view.user; });
    return user;
  };
  SUBCASE("the common name") {
    CHECK(user_of(certificates.make_signed("web1", authority)) == "web1");
  }
  SUBCASE("the first DNS name comes before it") {
    const auto own = certificates.make_signed(
        "web1", authority,
        "-addext subjectAltName=IP:192.0.2.1,DNS:web1.example.org,DNS:b.example.org");
    CHECK(user_of(own) == "web1.example.org");
  }
  SUBCASE("none is refused") {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
      TlsClient client(port, {.version = version});
      if (client.agreed()) CHECK(client.receive().empty());
      CHECK(client.refusal() == (version == TLS1_2_VERSION ? "sslv3 alert handshake failure"
                                                           : "tlsv13 alert certificate required"));
    }
    CHECK(eventually([&] { return f.counters().handshake_failures.get() == 2; }));
    CHECK(f.intake.taken == 0);
  }
  SUBCASE("one of another authority is refused") {
    const auto stranger = certificates.make("stranger");
    TlsClient client(port, {.own = certificates.make_signed("web1", stranger)});
    if (client.agreed()) CHECK(client.receive().empty());
    CHECK_FALSE(client.refusal().empty());
    CHECK(eventually([&] { return f.counters().handshake_failures.get() == 1; }));
  }
}

TEST_CASE("a renewed certificate is shown to the next connection, and the others live on") {
  TlsFixture t;
  TlsClient before(t.port());
  REQUIRE(before.agreed());
  CHECK(before.server_name() == "server");
  const auto renewed = t.certificates.make("renewed");
  std::filesystem::rename(renewed.certificate, t.server.certificate);
  std::filesystem::rename(renewed.key, t.server.key);
  std::this_thread::sleep_for(1050ms);
  TlsClient after(t.port());
  REQUIRE(after.agreed());
  CHECK(after.server_name() == "renewed");
  CHECK(before.send("still here\n"));
  CHECK(before.receive() == "still here\n");
}

TEST_CASE("a descriptor that the loop cannot take makes a transport that is not open") {
  asio::io_context io;
  int pair[2] = {-1, -1};
  REQUIRE(::pipe(pair) == 0);
  const base::UniqueFd other(pair[1]);
  CHECK(make_transport(io, base::UniqueFd(pair[0]), nullptr)->is_open());
  CHECK_FALSE(make_transport(io, base::UniqueFd(), nullptr)->is_open());
}

TEST_CASE("a plain transport reads, writes, and forgets what comes while it lingers") {
  asio::io_context io;
  int pair[2] = {-1, -1};
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair) == 0);
  const auto transport = make_transport(io, base::UniqueFd(pair[0]), nullptr);
  base::UniqueFd client(pair[1]);
  CHECK(transport->is_open());
  CHECK(transport->user().empty());
  bool agreed = false;
  transport->handshake([&](error_code error) { agreed = !error; });
  CHECK(agreed);

  char bytes[16];
  std::size_t read = 0;
  transport->read_some(asio::buffer(bytes), [&](error_code, std::size_t size) { read = size; });
  REQUIRE(::send(client.get(), "hello", 5, 0) == 5);
  REQUIRE(run_until(io, [&] { return read > 0; }));
  CHECK(std::string(bytes, read) == "hello");

  std::size_t written = 0;
  transport->write(asio::buffer("answer", 6),
                   [&](error_code, std::size_t size) { written = size; });
  REQUIRE(run_until(io, [&] { return written == 6; }));

  bool ended = false;
  transport->linger(asio::buffer(bytes), [&] { ended = true; });
  REQUIRE(::send(client.get(), "nobody reads this any more", 26, 0) == 26);
  run_for(io, 10ms);
  CHECK_FALSE(ended);
  char heard[16];
  CHECK(::recv(client.get(), heard, sizeof heard, 0) == 6);
  CHECK(::recv(client.get(), heard, sizeof heard, 0) == 0);  // nothing more is sent
  client.reset();
  CHECK(run_until(io, [&] { return ended; }));
  transport->close();
  CHECK_FALSE(transport->is_open());
}

}  // namespace
}  // namespace tocsin::listen
