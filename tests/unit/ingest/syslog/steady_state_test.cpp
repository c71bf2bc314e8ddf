// What the header of the decoder promises: nothing is allocated once the largest message was seen.
#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "ingest/syslog/decoder.hpp"
#include "tests/support/counting_new.hpp"
#include "tests/unit/ingest/captures.hpp"
#include "tests/unit/ingest/counting_intake.hpp"
#include "tests/unit/ingest/syslog/times.hpp"
#include "tests/unit/ingest/wire/zlib_data.hpp"

namespace tocsin::syslog::testing {
namespace {

using wire::testing::deflated;

using tocsin::testing::CountingIntake;

TEST_CASE("messages seen before allocate nothing, from whomever they come") {
  std::vector<std::string> messages;
  for (const char* name : {"logger_udp.dgram", "apps_udp.dgram", "rsyslog_udp_3164trad.dgram",
                           "rsyslog_udp_5424.dgram", "syslogng_udp_5424.dgram"}) {
    for (std::string& message : tocsin::testing::read_datagrams(std::string("syslog/") + name)) {
      messages.push_back(std::move(message));
    }
  }
  messages.push_back("<13>1 - h\xFF a\xFF - - [i\xFF n=\"v\xFF\\\"\" n=\"w\"] t\xFF");
  messages.push_back("z" + deflated(messages.front()));

  CountingIntake intake;
  Options options;
  options.time_zone = *base::TimeZone::parse("Europe/Berlin");
  Decoder decoder(options, intake);
  Origin origin;
  origin.received = kReceived;
  origin.peer.family = Peer::Family::kIpv4;
  std::size_t taken = 0;
  std::size_t sent = 0;
  std::uint64_t before = 0;
  for (int round = 0; round < 10; ++round) {
    if (round == 1) before = tocsin::testing::heap_allocations();
    for (const std::string& message : messages) {
      ++origin.peer.address[3];
      sent += message.size();
      taken += decoder.decode(message, origin);
    }
  }
  const std::uint64_t after = tocsin::testing::heap_allocations();
  CHECK(before > 0);
  CHECK(after == before);
  CHECK(taken == sent);
  CHECK(intake.events == 10 * messages.size());
  CHECK(intake.attributes > 4 * intake.events);
  CHECK(intake.lost == 0);
}

}  // namespace
}  // namespace tocsin::syslog::testing
