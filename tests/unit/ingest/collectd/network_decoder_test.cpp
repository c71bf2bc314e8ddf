#include "ingest/collectd/network_decoder.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/unit/ingest/collectd/packet.hpp"
#include "tests/unit/ingest/collectd/rig.hpp"
#include "tests/unit/ingest/recording_intake.hpp"

namespace tocsin::collectd::testing {
namespace {

constexpr std::uint64_t kTime = 1795229290;

struct Decoding {
  explicit Decoding(Options options = {}, std::string_view users = "")
      : decoder(std::move(options), users.empty() ? nullptr : parse_users(users), rates, intake) {}

  void decode(const std::string& datagram) {
    CHECK(decoder.decode(datagram, origin_at()) == datagram.size());
  }
  std::vector<RejectCause> causes() const {
    std::vector<RejectCause> causes;
    for (const auto& reject : intake.rejects) causes.push_back(reject.cause);
    return causes;
  }
  std::vector<std::string> services() const {
    std::vector<std::string> services;
    for (const Event& event : intake.events) services.push_back(event.service);
    return services;
  }

  RateTable rates{{}, 1};
  tocsin::testing::RecordingIntake intake;
  NetworkDecoder decoder;
};

Options at_level(SecurityLevel level) {
  Options options;
  options.security_level = level;
  return options;
}

using Causes = std::vector<RejectCause>;
using Services = std::vector<std::string>;

TEST_CASE("a list is described by the last part of each kind before it") {
  Decoding decoding;
  decoding.decode(description(kTime) + plugin_instance("1") + type_instance("a") +
                  values({gauge(1)}) + type_instance("b") + values({gauge(2)}) +
                  plugin_instance("") + type_instance("") + values({gauge(3)}));
  CHECK(decoding.services() == Services{"api-1/gauge-a", "api-1/gauge-b", "api/gauge"});
  CHECK(decoding.intake.events[0].host == "web-1");
  CHECK(decoding.intake.events[0].time == at_second(kTime));
  CHECK(decoding.intake.events[0].ttl == std::chrono::seconds(20));
  CHECK(metric(decoding.intake.events[2]) == 3);
}

TEST_CASE("nothing is carried into the next datagram") {
  Decoding decoding;
  decoding.decode(description(kTime) + values({gauge(1)}));
  decoding.decode(values({gauge(2)}));
  CHECK(decoding.intake.events.size() == 1);
  CHECK(decoding.causes() == Causes{RejectCause::kName});
}

TEST_CASE("times are in seconds or in 2^-30 s, exact to the nanosecond") {
  Decoding decoding;
  // 1927612770741382006 / 2^30 = 1795229288.508540024980902...
  decoding.decode(host("h") + plugin("p") + type("t") + units(1927612770741382006u) +
                  interval_units(3u << 29) + values({gauge(1)}));
  CHECK(decoding.intake.events[0].time == TimePoint(std::chrono::nanoseconds(1795229288508540024)));
  CHECK(decoding.intake.events[0].ttl == std::chrono::seconds(3));
}

TEST_CASE("times that no clock of ours shows are refused, and their lists with them") {
  for (const std::string& time :
       {seconds(9223372036), seconds(~0ull), units(9223372036ull << 30), units(~0ull)}) {
    Decoding decoding;
    decoding.decode(description(kTime) + time + values({gauge(1)}));
    CHECK(decoding.causes() == Causes{RejectCause::kTimestamp, RejectCause::kTimestamp});
  }
  Decoding decoding;
  decoding.decode(description(kTime) + seconds(9223372035) + values({gauge(1)}));
  CHECK(decoding.intake.events.size() == 1);
}

TEST_CASE("all four types of values are read, each in its byte order") {
  Decoding decoding;
  decoding.decode(description(kTime) + values({counter(18446744073709551000u), gauge(-12.25),
                                               derive(-5), absolute(70)}));
  REQUIRE(decoding.intake.events.size() == 4);
  CHECK(attribute(decoding.intake.events[0], "raw_value") == "18446744073709551000");
  CHECK(metric(decoding.intake.events[1]) == -12.25);
  CHECK(attribute(decoding.intake.events[2], "raw_value") == "-5");
  CHECK(metric(decoding.intake.events[3]) == 7);
}

TEST_CASE("unknown parts are skipped") {
  Decoding decoding;
  decoding.decode(description(kTime) + part(0x7777, "anything") + part(0x0042, "") +
                  values({gauge(1)}));
  CHECK(decoding.intake.events.size() == 1);
  CHECK(decoding.intake.rejects.empty());
}

TEST_CASE("an impossible length ends the datagram and keeps what was before") {
  struct Case {
    std::string tail;
    RejectCause cause;
  };
  for (const Case& c : {Case{std::string("\0\x02\0\x03", 4), RejectCause::kSyntax},
                        Case{std::string("\0\x02\0\0", 4), RejectCause::kSyntax},
                        Case{std::string("\0\x02\0\x09plug", 8), RejectCause::kTruncated},
                        Case{std::string("\0\x02\0", 3), RejectCause::kTruncated}}) {
    Decoding decoding;
    const std::string good = description(kTime) + values({gauge(1)});
    decoding.decode(good + c.tail);
    CHECK(decoding.intake.events.size() == 1);
    CHECK(decoding.causes() == Causes{c.cause});
    CHECK(decoding.intake.rejects[0].offset == good.size());
    CHECK(decoding.intake.rejects[0].record == c.tail);
  }
}

TEST_CASE("a values part must be as long as its number of values says") {
  const std::string two = values({gauge(1), gauge(2)}).substr(4);
  for (const std::string& payload :
       {std::string(), std::string("\0\0", 2), std::string("\0\x01\x01", 3), two.substr(0, 10),
        two + "x", two.substr(0, two.size() - 1), "\xff" + two.substr(1)}) {
    Decoding decoding;
    decoding.decode(description(kTime) + part(0x0006, payload) + values({gauge(3)}));
    CHECK(decoding.causes() == Causes{RejectCause::kSyntax});
    CHECK(decoding.intake.events.size() == 1);
  }
}

TEST_CASE("an unknown type of value refuses its list") {
  Decoding decoding;
  std::string list = values({gauge(1), gauge(2)});
  list[7] = 4;
  decoding.decode(description(kTime) + list + values({gauge(3)}));
  CHECK(decoding.causes() == Causes{RejectCause::kType});
  CHECK(decoding.intake.events.size() == 1);
}

TEST_CASE("a broken name spoils what it describes, and nothing else") {
  for (const std::string& broken :
       {part(0x0002, "api"), part(0x0002, ""), text_part(0x0002, std::string(1024, 'x'))}) {
    Decoding decoding;
    decoding.decode(description(kTime) + broken + values({gauge(1)}) + severity(1) +
                    message("text") + plugin("other") + values({gauge(2)}));
    CHECK(decoding.services() == Services{"other/gauge"});
    CHECK(decoding.intake.rejects.size() == 3);
    CHECK(decoding.causes()[1] == RejectCause::kName);
    CHECK(decoding.causes()[2] == RejectCause::kName);
  }
}

TEST_CASE("a name ends at its first NUL and is made UTF-8") {
  Decoding decoding;
  decoding.decode(description(kTime) + type_instance(std::string("a\0b", 3)) + values({gauge(1)}) +
                  type_instance("z\xfcrich") + values({gauge(2)}) + type_instance("zürich") +
                  values({gauge(3)}));
  CHECK(decoding.services() ==
        Services{"api/gauge-a", "api/gauge-z\xEF\xBF\xBDrich", "api/gauge-zürich"});
}

TEST_CASE("names longer than collectd's own are taken") {
  Decoding decoding;
  const std::string name(1023, 'x');
  decoding.decode(description(kTime) + type_instance(name) + values({gauge(1)}));
  CHECK(decoding.services() == Services{"api/gauge-" + name});
}

TEST_CASE("a number must have eight bytes") {
  SUBCASE("a broken time leaves none") {
    Decoding decoding;
    decoding.decode(description(kTime) + part(0x0008, "1234567") + values({gauge(1)}));
    CHECK(decoding.causes() == Causes{RejectCause::kSyntax, RejectCause::kTimestamp});
  }
  SUBCASE("a broken interval leaves the default") {
    Decoding decoding;
    decoding.decode(description(kTime) + part(0x0009, "") + values({gauge(1)}));
    CHECK(decoding.causes() == Causes{RejectCause::kSyntax});
    CHECK(decoding.intake.events[0].ttl == std::chrono::seconds(20));
  }
  SUBCASE("a broken severity leaves none") {
    Decoding decoding;
    decoding.decode(description(kTime) + severity(1) + part(0x0101, "123456789") + message("text"));
    CHECK(decoding.causes() == Causes{RejectCause::kSyntax, RejectCause::kValue});
  }
}

TEST_CASE("a message ends a notification") {
  Decoding decoding;
  decoding.decode(seconds(kTime) + severity(1) + message("no host, no plugin") + host("h") +
                  plugin("p") + severity(4) + message("größe ✓"));
  REQUIRE(decoding.intake.events.size() == 2);
  CHECK(decoding.intake.events[0].state == "critical");
  CHECK(decoding.intake.events[0].service == "collectd");
  CHECK(decoding.intake.events[1].state == "ok");
  CHECK(decoding.intake.events[1].service == "p");
  CHECK(decoding.intake.events[1].description == "größe ✓");
}

TEST_CASE("a notification needs a time, a severity and a message") {
  struct Case {
    std::string datagram;
    Causes causes;
  };
  for (const Case& c :
       {Case{severity(1) + message("x"), {RejectCause::kTimestamp}},
        Case{seconds(kTime) + message("x"), {RejectCause::kValue}},
        Case{seconds(kTime) + severity(1) + message(""), {RejectCause::kValue}},
        Case{seconds(kTime) + severity(1) + part(0x0100, "x"), {RejectCause::kSyntax}},
        Case{seconds(kTime) + severity(3) + message("x"),
             {RejectCause::kValue, RejectCause::kValue}}}) {
    Decoding decoding;
    decoding.decode(c.datagram);
    CHECK(decoding.causes() == c.causes);
    CHECK(decoding.intake.events.empty());
  }
}

TEST_CASE("a long message is cut between characters") {
  Options options;
  options.max_message_bytes = 4;
  Decoding decoding(options);
  decoding.decode(seconds(kTime) + severity(1) + message("größe"));
  CHECK(decoding.intake.events[0].description == "grö");
}

TEST_CASE("a level of security is met or the data are refused") {
  const std::string list = description(kTime) + values({gauge(1)});
  const std::string by_sign = signed_datagram("u", "pass", list);
  const std::string by_encryption = encryption_part("u", "pass", list);
  struct Case {
    SecurityLevel level;
    const std::string& datagram;
    bool is_taken;
  };
  for (const Case& c :
       {Case{SecurityLevel::kNone, list, true}, Case{SecurityLevel::kNone, by_sign, true},
        Case{SecurityLevel::kNone, by_encryption, true}, Case{SecurityLevel::kSign, list, false},
        Case{SecurityLevel::kSign, by_sign, true}, Case{SecurityLevel::kSign, by_encryption, true},
        Case{SecurityLevel::kEncrypt, list, false}, Case{SecurityLevel::kEncrypt, by_sign, false},
        Case{SecurityLevel::kEncrypt, by_encryption, true}}) {
    Decoding decoding(at_level(c.level), "u: pass\n");
    decoding.decode(c.datagram);
    CHECK(decoding.intake.events.size() == (c.is_taken ? 1 : 0));
    CHECK(decoding.causes() == (c.is_taken ? Causes{} : Causes{RejectCause::kUnauthorized}));
    if (c.is_taken) {
      CHECK(attribute(decoding.intake.events[0], "auth_user") ==
            (&c.datagram == &list ? "(none)" : "u"));
    }
  }
}

TEST_CASE("a list that was encrypted is not believed when it comes again signed") {
  Decoding decoding(at_level(SecurityLevel::kEncrypt), "u: pass\n");
  const auto list = [](std::uint64_t time) { return description(time) + values({gauge(1)}); };
  decoding.decode(encryption_part("u", "pass", list(kTime)));
  decoding.decode(signed_datagram("u", "pass", list(kTime + 10)));
  CHECK(decoding.intake.events.size() == 1);
  CHECK(decoding.causes() == Causes{RejectCause::kUnauthorized});
  decoding.decode(encryption_part("u", "pass", list(kTime + 20)));
  CHECK(decoding.intake.events.size() == 2);
}

TEST_CASE("without users what is signed is as good as unsigned, unless a level demands more") {
  const std::string datagram =
      signed_datagram("u", "pass", description(kTime) + values({gauge(1)}));
  Decoding open;
  open.decode(datagram);
  REQUIRE(open.intake.events.size() == 1);
  CHECK(attribute(open.intake.events[0], "auth_user") == "(none)");

  Decoding demanding(at_level(SecurityLevel::kSign));
  demanding.decode(datagram);
  CHECK(demanding.intake.events.empty());
  CHECK(demanding.causes() == Causes{RejectCause::kUnauthorized});
}

TEST_CASE("a wrong signature refuses the whole datagram, at every level") {
  const std::string list = description(kTime) + values({gauge(1)});
  std::string changed = signed_datagram("u", "pass", list);
  changed.back() = static_cast<char>(changed.back() ^ 1);
  for (const SecurityLevel level :
       {SecurityLevel::kNone, SecurityLevel::kSign, SecurityLevel::kEncrypt}) {
    for (const std::string& datagram :
         {changed, signed_datagram("u", "other", list), signed_datagram("v", "pass", list),
          part(0x0200, std::string(32, 'x')) + list, part(0x0200, "x") + list}) {
      Decoding decoding(at_level(level), "u: pass\n");
      decoding.decode(datagram);
      CHECK(decoding.intake.events.empty());
      REQUIRE(decoding.intake.rejects.size() == 1);
      CHECK(decoding.intake.rejects[0].record == datagram);
    }
  }
}

TEST_CASE("encryption speaks for itself only") {
  const std::string inner = description(kTime, "inner") + values({gauge(1)});
  const std::string outer = description(kTime, "outer") + values({gauge(2)});
  const std::string datagram = outer + encryption_part("u", "pass", inner) + values({gauge(3)}) +
                               type("last") + values({gauge(4)});
  SUBCASE("nothing is carried in or out") {
    Decoding decoding({}, "u: pass\n");
    decoding.decode(datagram);
    CHECK(decoding.services() == Services{"api/outer", "api/inner", "api/last"});
    CHECK(decoding.causes() == Causes{RejectCause::kTimestamp});  // outer again at that time
    CHECK(attribute(decoding.intake.events[1], "auth_user") == "u");
    CHECK(attribute(decoding.intake.events[2], "auth_user") == "(none)");
  }
  SUBCASE("at the level of encryption what is around it is refused part by part") {
    Decoding decoding(at_level(SecurityLevel::kEncrypt), "u: pass\n");
    decoding.decode(datagram);
    CHECK(decoding.services() == Services{"api/inner"});
    CHECK(decoding.causes() == Causes(3, RejectCause::kUnauthorized));
  }
  SUBCASE("an unencrypted host does not name what is encrypted") {
    Decoding decoding(at_level(SecurityLevel::kEncrypt), "u: pass\n");
    decoding.decode(host("liar") +
                    encryption_part("u", "pass",
                                    seconds(kTime) + plugin("p") + type("t") + values({gauge(1)})));
    CHECK(decoding.causes() == Causes{RejectCause::kName});
  }
}

TEST_CASE("encryption that cannot be opened is refused, and its neighbours live") {
  const std::string inner = description(kTime, "inner") + values({gauge(1)});
  std::string changed = encryption_part("u", "pass", inner);
  changed.back() = static_cast<char>(changed.back() ^ 1);
  struct Case {
    std::string part;
    RejectCause cause;
  };
  for (const Case& c : {Case{changed, RejectCause::kUnauthorized},
                        Case{encryption_part("u", "other", inner), RejectCause::kUnauthorized},
                        Case{encryption_part("v", "pass", inner), RejectCause::kUnauthorized},
                        Case{encryption_part("", "pass", inner), RejectCause::kSyntax},
                        Case{part(0x0210, std::string("\0\x01u", 3)), RejectCause::kSyntax},
                        Case{part(0x0210, ""), RejectCause::kSyntax},
                        Case{part(0x0210, std::string("\xff\xff", 2) + std::string(100, 'u')),
                             RejectCause::kSyntax}}) {
    Decoding decoding({}, "u: pass\n");
    decoding.decode(c.part + description(kTime) + values({gauge(1)}));
    CHECK(decoding.services() == Services{"api/gauge"});
    CHECK(decoding.causes() == Causes{c.cause});
  }
  Decoding without_users;
  without_users.decode(encryption_part("u", "pass", inner));
  CHECK(without_users.causes() == Causes{RejectCause::kUnauthorized});
}

TEST_CASE("nested protection is refused") {
  const std::string list = description(kTime) + values({gauge(1)});
  const std::string encrypted = encryption_part("u", "pass", list);
  SUBCASE("encryption within encryption") {
    Decoding decoding({}, "u: pass\n");
    decoding.decode(encryption_part("u", "pass", encrypted));
    CHECK(decoding.causes() == Causes{RejectCause::kUnsupported});
  }
  SUBCASE("a signature within encryption") {
    Decoding decoding({}, "u: pass\n");
    decoding.decode(encryption_part("u", "pass", signed_datagram("u", "pass", list)));
    CHECK(decoding.causes() == Causes{RejectCause::kUnsupported});
    CHECK(decoding.intake.events.size() == 1);  // encrypted it is
  }
  SUBCASE("a signature within what is signed") {
    Decoding decoding({}, "u: pass\n");
    decoding.decode(signed_datagram("u", "pass", signed_datagram("u", "pass", list)));
    CHECK(decoding.causes() == Causes{RejectCause::kUnsupported});
    CHECK(decoding.intake.events.size() == 1);
  }
  SUBCASE("but encryption within what is signed is how both are had") {
    Decoding decoding(at_level(SecurityLevel::kEncrypt), "u: pass\n");
    decoding.decode(signed_datagram("u", "pass", encrypted));
    CHECK(decoding.intake.events.size() == 1);
    CHECK(decoding.intake.rejects.empty());
  }
}

TEST_CASE("new users count from the next datagram on") {
  Decoding decoding(at_level(SecurityLevel::kSign), "u: pass\n");
  decoding.decoder.set_users(parse_users("u: other\n"));
  decoding.decode(signed_datagram("u", "pass", description(kTime) + values({gauge(1)})));
  CHECK(decoding.intake.events.empty());
  decoding.decode(signed_datagram("u", "other", description(kTime) + values({gauge(1)})));
  CHECK(decoding.intake.events.size() == 1);
}

std::string many_lists() {
  std::string lists = description(kTime);
  for (int i = 0; i < 20; ++i) {
    lists += type_instance(std::to_string(i)) + values({gauge(i), derive(i), gauge(i)});
  }
  return lists + severity(1) + message("the last");
}

// The same lists under each protection.
std::vector<std::string> many_datagrams() {
  const std::string lists = many_lists();
  const std::string encrypted = encryption_part("u", "pass", lists);
  return {lists, signed_datagram("u", "pass", lists), encrypted,
          signed_datagram("u", "pass", encrypted), encrypted + part(0x7777, "skipped")};
}

TEST_CASE("a full intake gets the rest of the datagram later, however it is protected") {
  for (const std::string& datagram : many_datagrams()) {
    Decoding whole({}, "u: pass\n");
    whole.decode(datagram);
    REQUIRE(whole.intake.events.size() == 61);
    for (std::size_t room = 1; room < 8; ++room) {
      RateTable rates({}, 1);
      tocsin::testing::RecordingIntake kept;
      LimitedIntake intake(kept);
      NetworkDecoder decoder({}, parse_users("u: pass\n"), rates, intake);
      decode_in_steps(decoder, intake, datagram, room);
      CHECK(kept.events == whole.intake.events);
      CHECK(kept.rejects.empty());
      CHECK(kept.dropped == 0);
    }
  }
}

TEST_CASE("what is given up is counted value by value") {
  for (const std::string& datagram : many_datagrams()) {
    for (std::size_t room = 0; room < 8; ++room) {
      RateTable rates({}, 1);
      tocsin::testing::RecordingIntake kept;
      LimitedIntake intake(kept);
      NetworkDecoder decoder({}, parse_users("u: pass\n"), rates, intake);
      decode_or_drop(decoder, intake, datagram, room);
      CHECK(kept.events.size() + kept.dropped == 61);
      CHECK(kept.dropped > 0);
      CHECK(kept.rejects.empty());
    }
  }
}

TEST_CASE("what nobody came back for is dropped with the next datagram") {
  Decoding decoding;
  const std::string list = description(kTime) + values({gauge(1), gauge(2)});
  decoding.intake.events_to_refuse = 2;
  CHECK(decoding.decoder.decode(list, origin_at()) < list.size());
  decoding.decode(description(kTime, "other") + values({gauge(3)}));
  CHECK(decoding.intake.dropped == 2);
  CHECK(decoding.services() == Services{"api/other"});
}

}  // namespace
}  // namespace tocsin::collectd::testing
