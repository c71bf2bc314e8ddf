// Any bytes through collectd's decoders. Properties: every byte is taken; a datagram's parts are
// counted as the slow reader of the unit tests counts them; what is taken in one call and in many
// is the same; offsets lie inside the input; events keep their promises.
// Input:   the first byte chooses decoder and options, the rest is one datagram, lines or a body.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/collectd/network_decoder.hpp"
#include "ingest/collectd/text_decoder.hpp"
#include "ingest/collectd/write_http_decoder.hpp"
#include "src/event/event_access.hpp"
#include "tests/unit/ingest/collectd/naive_parts.hpp"

namespace {

using tocsin::collectd::NetworkDecoder;
using tocsin::collectd::Options;
using tocsin::collectd::RateTable;
using tocsin::collectd::SecurityLevel;
using tocsin::collectd::TextDecoder;
using tocsin::collectd::TypesDb;
using tocsin::collectd::Users;
using tocsin::collectd::WriteHttpDecoder;
using tocsin::collectd::testing::count_parts;

void require(bool holds) {
  if (!holds) std::abort();
}

// Takes `room` events and then no more until there is room again.
class CheckingIntake final : public tocsin::Intake {
 public:
  explicit CheckingIntake(std::size_t input_bytes) : input_bytes_(input_bytes) {}

  [[nodiscard]] std::size_t samples(std::span<const tocsin::RawSample> samples,
                                    const tocsin::IdentityResolver&) override {
    return samples.size();
  }
  [[nodiscard]] bool event(const tocsin::EventView& view) override {
    if (room == 0) return false;
    --room;
    require(!view.service.empty());
    if (const auto* const real = std::get_if<double>(&view.metric)) require(std::isfinite(*real));
    if (view.ttl) require(*view.ttl > std::chrono::nanoseconds::zero());
    events.push_back(tocsin::event::to_event(view));
    return true;
  }
  void drop(std::size_t) override { std::abort(); }
  void reject(tocsin::RejectCause cause, std::string_view record, std::size_t offset,
              std::string_view text) override {
    require(cause < tocsin::RejectCause::kCount_ && !text.empty());
    require(offset <= input_bytes_ && record.size() <= input_bytes_);
    ++rejects;
  }

  std::size_t room = static_cast<std::size_t>(-1);
  std::vector<tocsin::Event> events;
  std::size_t rejects = 0;

 private:
  std::size_t input_bytes_;
};

const std::shared_ptr<const Users>& users() {
  static const auto users =
      std::make_shared<const Users>(*Users::parse("probe: s3cr3t-Throwaway\n", "authfile"));
  return users;
}

Options choose_options(std::uint8_t byte) {
  static const auto types = std::make_shared<const TypesDb>(
      *TypesDb::parse("load a:GAUGE:0:5000,b:GAUGE:0:5000,c:GAUGE:0:5000\ngauge value:GAUGE:U:U\n"
                      "counter value:COUNTER:U:U\nderive value:DERIVE:0:U\n"
                      "absolute value:ABSOLUTE:0:U\nif_octets rx:DERIVE:0:U,tx:DERIVE:0:U\n",
                      "types.db"));
  Options options;
  options.security_level = static_cast<SecurityLevel>(byte / 4 % 3);
  if ((byte & 0x10) != 0) options.types = types;
  if ((byte & 0x20) != 0) options.http_values_are_rates = true;
  return options;
}

tocsin::Origin origin() {
  tocsin::Origin origin;
  origin.received = tocsin::TimePoint(std::chrono::seconds(1795229300));
  return origin;
}

using MakeDecoder =
    std::function<std::unique_ptr<tocsin::Decoder>(RateTable& rates, tocsin::Intake& intake)>;

// In one call into `whole`; then in calls with little room, each with the rest in memory of its
// own.
void run(const MakeDecoder& make, std::string_view input, CheckingIntake& whole) {
  RateTable rates({}, 1);
  require(make(rates, whole)->decode(input, origin()) == input.size());

  RateTable step_rates({}, 1);
  CheckingIntake stepping(input.size());
  const auto decoder = make(step_rates, stepping);
  std::string rest(input);
  while (!rest.empty()) {
    stepping.room = 2;
    const std::size_t before = stepping.events.size();
    const std::size_t taken = decoder->decode(rest, origin());
    require(taken == rest.size() || stepping.events.size() == before + 2);
    rest = std::string(rest.substr(taken));
  }
  require(stepping.events == whole.events && stepping.rejects == whole.rejects);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const Options options = choose_options(bytes[0]);
  const std::string_view input(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  CheckingIntake whole(input.size());
  switch (bytes[0] % 4) {
    case 0:
      run(
          [&](RateTable& rates, tocsin::Intake& intake) {
            return std::make_unique<TextDecoder>(options, rates, intake);
          },
          input, whole);
      break;
    case 1:
      run(
          [&](RateTable& rates, tocsin::Intake& intake) {
            return std::make_unique<WriteHttpDecoder>(options, rates, intake);
          },
          input, whole);
      break;
    default: {
      run(
          [&](RateTable& rates, tocsin::Intake& intake) {
            return std::make_unique<NetworkDecoder>(options, users(), rates, intake);
          },
          input, whole);
      const auto expected = count_parts(input, options.security_level, *users());
      require(whole.events.size() <= expected.values);
      require(whole.rejects >= expected.rejects);
      require(whole.rejects <= expected.rejects + expected.lists);
    }
  }
  return 0;
}
