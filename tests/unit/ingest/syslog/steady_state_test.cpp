// What the header of the decoder promises: nothing is allocated once the largest message was seen.
#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "ingest/syslog/decoder.hpp"
#include "tests/unit/ingest/captures.hpp"
#include "tests/unit/ingest/syslog/times.hpp"
#include "tests/unit/ingest/wire/zlib_data.hpp"
#include "tests/unit/series/counting_new.hpp"

namespace tocsin::syslog::testing {
namespace {

using wire::testing::deflated;

class CountingIntake final : public Intake {
 public:
  [[nodiscard]] std::size_t samples(std::span<const RawSample> samples,
                                    const IdentityResolver&) override {
    return samples.size();
  }
  [[nodiscard]] bool event(const EventView& event) override {
    ++events;
    attributes += event.attributes.size();
    return true;
  }
  void drop(std::size_t) override { ++lost; }
  void reject(RejectCause, std::string_view, std::size_t, std::string_view) override { ++lost; }

  std::size_t events = 0;
  std::size_t attributes = 0;
  std::size_t lost = 0;
};

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
    if (round == 1) before = tocsin::series::heap_allocations();
    for (const std::string& message : messages) {
      ++origin.peer.address[3];
      sent += message.size();
      taken += decoder.decode(message, origin);
    }
  }
  const std::uint64_t after = tocsin::series::heap_allocations();
  CHECK(before > 0);
  CHECK(after == before);
  CHECK(taken == sent);
  CHECK(intake.events == 10 * messages.size());
  CHECK(intake.attributes > 4 * intake.events);
  CHECK(intake.lost == 0);
}

}  // namespace
}  // namespace tocsin::syslog::testing
