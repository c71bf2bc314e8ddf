// collectd_inputs.cpp: its sockets, its files, and what is read again while it runs.
#include <filesystem>
#include <fstream>

#include "src/app/inputs/inputs.hpp"
#include "src/event/event_access.hpp"
#include "tests/unit/app/inputs/specs.hpp"
#include "tests/unit/app/scratch_directory.hpp"
#include "tests/unit/ingest/captures.hpp"

namespace tocsin::app {
namespace {

using namespace test;
using tocsin::testing::read_capture;
using tocsin::testing::read_datagrams;

// A decoder of the input "collectd.udp", kept while its files change.
struct Listener {
  explicit Listener(const std::string& yaml) {
    InputContext context;
    context.warn = [this](const std::string& text) { warnings.push_back(text); };
    specs = inputs_of(yaml, context);
    decoder = std::get<DatagramInput>(spec_of(specs, "collectd.udp").way).decoder(intake);
  }

  // Whether the first captured datagram of that kind is taken.
  bool takes(const std::string& capture) {
    const std::string bytes = read_datagrams(capture).front();
    const std::size_t before = intake.events.size();
    CHECK(decoder->decode(bytes, origin()) == bytes.size());
    return intake.events.size() > before;
  }
  void second() { spec_of(specs, "collectd.udp").every_second(origin().received); }

  std::vector<std::string> warnings;
  Specs specs;
  RecordingIntake intake;
  std::unique_ptr<Decoder> decoder;
};

// As an administrator's editor does: the new file replaces the old one, and is a little younger.
void replace(const std::string& file, const std::string& text) {
  const auto before = std::filesystem::last_write_time(file);
  std::ofstream(file + ".new") << text;
  std::filesystem::rename(file + ".new", file);
  std::filesystem::last_write_time(file, before + std::chrono::seconds(2));
}

TEST_CASE("the binary protocol comes in datagrams, the text protocol on streams") {
  const Specs specs = inputs_of(
      "  collectd:\n    - {udp: 127.0.0.1:25826, tcp: 127.0.0.1:25827, unix_stream: "
      "/run/c.sock}\n");
  CHECK(summary(specs) == std::vector<std::string>{
                              "collectd.udp listen.collectd[0].udp 127.0.0.1:25826",
                              "collectd.tcp listen.collectd[0].tcp 127.0.0.1:25827",
                              "collectd.unix_stream listen.collectd[0].unix_stream /run/c.sock"});
  CHECK(datagram(specs, "collectd.udp", read_datagrams("collectd/plain.dgram").front())
            .events.size() > 0);
  for (const char* name : {"collectd.tcp", "collectd.unix_stream"}) {
    const Heard heard = stream(specs, name, std::string("PUTVAL ") + name + "/p/gauge N:1\n");
    CHECK(heard.intake.events.size() == 1);
    CHECK(heard.answers == "0 Success: 1 value has been dispatched.\n");
  }
  CHECK_FALSE(spec_of(specs, "collectd.udp").every_second);
}

TEST_CASE("the sockets of one listener share the readings that rates are made of") {
  const test::ScratchDirectory scratch;
  const std::string file = scratch.write("types.db", "ops value:DERIVE:U:U\n");
  const Specs specs =
      inputs_of("  collectd:\n    - {tcp: 127.0.0.1:1, unix_stream: /run/c.sock, types_db: [" +
                file + "]}\n");
  CHECK_FALSE(
      as_double(
          stream(specs, "collectd.tcp", "PUTVAL h/p/ops 1000:10\n").intake.events.at(0).metric)
          .has_value());
  const auto second =
      stream(specs, "collectd.unix_stream", "PUTVAL h/p/ops 1010:30\n").intake.events;
  REQUIRE(second.size() == 1);
  CHECK(as_double(second[0].metric) == 2);
}

TEST_CASE("options are carried over") {
  const Specs specs = inputs_of(
      "  collectd:\n    - {udp: 239.192.74.66:25826, interface: lo, tcp: 127.0.0.1:1, interval: "
      "7s, "
      "max_age: 1h, host: nowhere, max_record: 64B}\n");
  const auto& udp = std::get<listen::IpEndpoint>(datagram_options(specs, "collectd.udp").endpoint);
  CHECK(udp.address == "239.192.74.66");
  CHECK(udp.interface == "lo");
  const auto heard = stream(specs, "collectd.tcp",
                            "PUTVAL h/p/gauge N:1\nPUTVAL h/p/gauge 1000:1\nPUTNOTIF severity=okay "
                            "time=1795229300 message=x\n");
  REQUIRE(heard.intake.events.size() == 2);
  CHECK(heard.intake.events[0].ttl == std::chrono::seconds(14));
  CHECK(heard.intake.events[1].host == "nowhere");
  REQUIRE(heard.intake.rejects.size() == 1);
  CHECK(heard.intake.rejects[0].cause == RejectCause::kTimestamp);
  const auto oversized = stream(specs, "collectd.tcp", "PUTVAL h/p/" + std::string(70, 'x'));
  REQUIRE(oversized.intake.rejects.size() == 1);
  CHECK(oversized.intake.rejects[0].cause == RejectCause::kOversized);
}

TEST_CASE("levels of security refuse what is below them") {
  const test::ScratchDirectory scratch;
  const std::string users = scratch.write("users", read_capture("collectd/authfile"));
  const auto yaml = [&](const char* level) {
    return std::string("  collectd:\n    - {udp: 127.0.0.1:25826, security: ") + level +
           ", auth_file: " + users + "}\n";
  };
  Listener none(yaml("none"));
  CHECK(none.takes("collectd/plain.dgram"));
  CHECK(none.takes("collectd/signed.dgram"));
  CHECK(none.takes("collectd/encrypted.dgram"));
  Listener sign(yaml("sign"));
  CHECK_FALSE(sign.takes("collectd/plain.dgram"));
  CHECK(sign.takes("collectd/signed.dgram"));
  CHECK(sign.takes("collectd/encrypted.dgram"));
  Listener encrypt(yaml("encrypt"));
  CHECK_FALSE(encrypt.takes("collectd/plain.dgram"));
  CHECK_FALSE(encrypt.takes("collectd/signed.dgram"));
  CHECK(encrypt.takes("collectd/encrypted.dgram"));
}

TEST_CASE("users are read again when their file changes; a bad file leaves the old ones") {
  const test::ScratchDirectory scratch;
  const std::string good = read_capture("collectd/authfile");
  const std::string users = scratch.write("users", "nobody: nothing\n");
  Listener listener(
      "  collectd:\n    - {udp: 127.0.0.1:25826, security: sign, auth_file: " + users + "}\n");
  listener.second();
  CHECK(listener.warnings.empty());
  CHECK_FALSE(listener.takes("collectd/signed.dgram"));

  replace(users, good);
  listener.second();
  REQUIRE(listener.warnings.size() == 1);
  CHECK(listener.warnings[0].starts_with(users + " was read again: "));
  CHECK(listener.takes("collectd/signed.dgram"));

  replace(users, "no colon here\n");
  listener.second();
  listener.second();  // told once
  REQUIRE(listener.warnings.size() == 2);
  CHECK(listener.warnings[1].starts_with("the old users stay in force: " + users + ":1:1: found "));
  CHECK(listener.takes("collectd/encrypted.dgram"));

  std::filesystem::remove(users);
  listener.second();
  REQUIRE(listener.warnings.size() == 3);
  CHECK(listener.warnings[2].starts_with("the old users stay in force: " + users));

  scratch.write("users", good);
  listener.second();
  CHECK(listener.warnings.size() == 4);
}

TEST_CASE("what is wrong with a file is told at its place in that file, or in the settings") {
  const test::ScratchDirectory scratch;
  const std::string good = scratch.write("good.db", "ops value:DERIVE:U:U\n");
  const std::string bad = scratch.write("bad.db", "ops value:DERIVE:U:U\nload  x:SPEED:0:1\n");
  const std::string head = "  collectd:\n    - udp: 127.0.0.1:25826\n";
  CHECK(complaint(head + "      types_db: [" + good + ", " + bad + "]\n")
            .starts_with(bad + ":2:7: found 'x:SPEED:0:1', expected name:"));
  const std::string none = (scratch.path() / "none").string();
  CHECK(complaint(head + "      types_db:\n        - " + good + "\n        - " + none + "\n")
            .starts_with("tocsin.yaml:6:11: listen.collectd[0].types_db[1]: found " + none));
  CHECK(complaint(head + "      auth_file: " + none + "\n")
            .starts_with("tocsin.yaml:4:18: listen.collectd[0].auth_file: found " + none));
  const std::string users = scratch.write("users", "a: b\n  a: c\n");
  CHECK(complaint(head + "      auth_file: " + users + "\n")
            .starts_with(users + ":2:3: found user 'a' again"));
}

TEST_CASE("of two files of types the later wins") {
  const test::ScratchDirectory scratch;
  const std::string first = scratch.write("1.db", "a x:GAUGE:U:U\nb x:GAUGE:U:U\n");
  const std::string second = scratch.write("2.db", "a x:GAUGE:U:U, y:GAUGE:U:U\n");
  const Specs specs = inputs_of("  collectd:\n    - {tcp: 127.0.0.1:1, types_db: [" + first + ", " +
                                second + "]}\n");
  const auto heard =
      stream(specs, "collectd.tcp", "PUTVAL h/p/a N:1:2\nPUTVAL h/p/b N:1\nPUTVAL h/p/c N:1\n");
  CHECK(heard.intake.events.size() == 3);
  CHECK(heard.intake.rejects.size() == 1);
}

}  // namespace
}  // namespace tocsin::app
