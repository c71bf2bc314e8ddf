// input_builder.cpp: what all protocols share.
#include "src/app/inputs/input_builder.hpp"

#include <filesystem>
#include <fstream>

#include "tests/unit/app/inputs/specs.hpp"
#include "tests/unit/ingest/listen/certificates.hpp"

namespace tocsin::app {
namespace {

using namespace test;
using listen::testing::Certificates;

struct NoDecoder final : Decoder {
  std::size_t decode(std::string_view bytes, const Origin& /*origin*/) override {
    return bytes.size();
  }
  bool flush() override { return true; }
  void drop() override {}
};

InputBuilder::MakeDecoder no_decoder() {
  return [](Intake&) { return std::make_unique<NoDecoder>(); };
}

TEST_CASE("limits of the settings are those of the sockets") {
  const Specs specs = inputs_of(
      "  json:\n    - {udp: 127.0.0.1:1, tcp: 127.0.0.1:2, unix: /run/j, receive_buffer: 64KiB, "
      "max_datagram: 1KiB, max_record: 1MiB, max_connections: 3, idle_timeout: 7s}\n");
  const auto& udp = datagram_options(specs, "json.udp");
  CHECK(std::get<listen::IpEndpoint>(udp.endpoint).port == 1);
  CHECK(udp.max_datagram_bytes == 1024);
  CHECK(udp.receive_buffer_bytes == 64 * 1024);
  CHECK(std::get<listen::UnixEndpoint>(datagram_options(specs, "json.unix").endpoint).path ==
        "/run/j");
  const auto& tcp = stream_options(specs, "json.tcp");
  CHECK(tcp.limits.max_connections == 3);
  CHECK(tcp.limits.idle_timeout == std::chrono::seconds(7));
  CHECK(tcp.buffer_bytes == listen::least_buffer(1 << 20));
  CHECK(tcp.tls == nullptr);
}

TEST_CASE("ports are shared only if other threads listen too") {
  const std::string yaml = "  riemann:\n    - {udp: 127.0.0.1:1, tcp: 127.0.0.1:1}\n";
  for (const bool shared : {false, true}) {
    InputContext context;
    context.shared_ports = shared;
    const Specs specs = inputs_of(yaml, context);
    CHECK(
        std::get<listen::IpEndpoint>(datagram_options(specs, "riemann.udp").endpoint).reuse_port ==
        shared);
    CHECK(std::get<listen::IpEndpoint>(stream_options(specs, "riemann.tcp").endpoint).reuse_port ==
          shared);
  }
}

TEST_CASE("what is to happen every second happens once for the addresses added last") {
  settings::Listener listener;
  listener.name = "x";
  listener.udp = settings::Address{settings::Address::Family::kIpv4, "127.0.0.1", 1};
  listener.unix_datagram = "/run/x";
  const InputContext context;
  Specs specs;
  InputBuilder builder(listener, "listen.x[0]", context, specs);
  builder.datagrams_at("other", *listener.udp, no_decoder());
  int calls = 0;
  builder.datagrams(no_decoder()).every_second([&](TimePoint) { ++calls; });
  REQUIRE(specs.size() == 3);
  for (const InputSpec& spec : specs) {
    if (spec.every_second) spec.every_second({});
  }
  CHECK(calls == 1);
  CHECK_FALSE(specs[0].every_second);

  // Nothing was added, so nothing has to happen.
  listener.udp.reset();
  listener.unix_datagram.clear();
  builder.datagrams(no_decoder()).every_second([&](TimePoint) { ++calls; });
  CHECK(specs.size() == 3);
  CHECK_FALSE(specs[2].every_second);
  CHECK(builder.done());
}

TEST_CASE("with_peers and interface hold from where they are said on") {
  settings::Listener listener;
  listener.name = "x";
  const settings::Address address{settings::Address::Family::kIpv4, "239.255.0.1", 1};
  const InputContext context;
  Specs specs;
  InputBuilder builder(listener, "listen.x[0]", context, specs);
  builder.datagrams_at("a", address, no_decoder());
  builder.with_peers(false).interface("lo").datagrams_at("b", address, no_decoder());
  CHECK(datagram_options(specs, "x.a").with_peers);
  CHECK(std::get<listen::IpEndpoint>(datagram_options(specs, "x.a").endpoint).interface.empty());
  CHECK_FALSE(datagram_options(specs, "x.b").with_peers);
  CHECK(std::get<listen::IpEndpoint>(datagram_options(specs, "x.b").endpoint).interface == "lo");
}

TEST_CASE("framed sessions have a decoder each, and the framing's limit") {
  const auto sessions = framed(listen::FramingKind::kLines, 8, no_decoder());
  RecordingIntake intake;
  listen::ConnectionCounters counters;
  const auto factory = sessions(intake);
  const auto session = factory(counters);
  CHECK(factory(counters) != session);
  Conversation conversation(*session);
  conversation.receive("short\nmuch too long\n");
  CHECK(counters.overlong.get() == 1);
  REQUIRE(intake.rejects.size() == 1);
  CHECK(intake.rejects[0].cause == RejectCause::kOversized);
}

TEST_CASE("TLS is opened from its files, and told of by the listener's name when they change") {
  const Certificates certificates;
  const auto own = certificates.make("own");
  std::vector<std::string> warnings;
  InputContext context;
  context.warn = [&](const std::string& text) { warnings.push_back(text); };
  const Specs specs =
      inputs_of("  riemann:\n    - {tls: 127.0.0.1:5554, certificate: " + own.certificate +
                    ", key: " + own.key + "}\n",
                context);
  CHECK(summary(specs) ==
        std::vector<std::string>{"riemann.tls listen.riemann[0].tls 127.0.0.1:5554"});
  const auto tls = stream_options(specs, "riemann.tls").tls;
  REQUIRE(tls != nullptr);
  CHECK(tls->context() != nullptr);

  std::ofstream(own.certificate) << "broken\n";
  std::this_thread::sleep_for(std::chrono::milliseconds(1050));  // looked at once a second
  CHECK(tls->context() != nullptr);
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0].starts_with("listen.riemann[0]: the old certificate stays in use: " +
                                own.certificate));
  const auto renewed = certificates.make("renewed");
  std::filesystem::rename(renewed.certificate, own.certificate);
  std::filesystem::rename(renewed.key, own.key);
  std::this_thread::sleep_for(std::chrono::milliseconds(1050));
  CHECK(tls->context() != nullptr);
  REQUIRE(warnings.size() == 2);
  CHECK(warnings[1] == "listen.riemann[0]: the changed certificate is in use");
}

TEST_CASE("files of TLS that cannot be used are a complaint at the listener's place") {
  const Certificates certificates;
  const auto own = certificates.make("own");
  const std::string none = certificates.file("none");
  CHECK(complaint("  riemann:\n    - tls: 127.0.0.1:5554\n      certificate: " + none +
                  "\n      key: " + own.key + "\n") ==
        "tocsin.yaml:4:20: listen.riemann[0].certificate: found " + none +
            " (no usable certificate: No such file or directory), expected a certificate and its "
            "key, as PEM files");
  CHECK(complaint("  syslog:\n    - tls: 127.0.0.1:6514\n      certificate: " + own.certificate +
                  "\n      key: " + none + "\n")
            .starts_with("tocsin.yaml:5:12: listen.syslog[0].key: found " + none));
  CHECK(complaint("  syslog:\n    - tls: 127.0.0.1:6514\n      certificate: " + own.certificate +
                  "\n      key: " + own.key + "\n      client_ca: " + none + "\n")
            .starts_with("tocsin.yaml:6:18: listen.syslog[0].client_ca: found " + none));
}

}  // namespace
}  // namespace tocsin::app
