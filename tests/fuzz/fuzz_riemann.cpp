// Any bytes through the Riemann decoder. Properties: all bytes are taken; events, refusals, causes
// and the query are those of the slow oracle of the unit tests; every text is UTF-8; offsets lie
// inside the message; each message has one outcome; where the pipeline is full for a while nothing
// changes; what append_event writes of an event is read as the same event.
// Input:   the first byte chooses the options, the rest is one message.
#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ingest/riemann/decoder.hpp"
#include "ingest/riemann/event_writer.hpp"
#include "ingest/riemann/reply.hpp"
#include "src/event/event_access.hpp"
#include "src/event/utf8.hpp"
#include "tests/unit/ingest/riemann/naive_decoder.hpp"
#include "tocsin/event_viewer.hpp"

namespace {

using tocsin::Event;
using tocsin::riemann::Decoder;
using tocsin::riemann::Options;
using tocsin::riemann::Outcome;
using tocsin::riemann::testing::NaiveOutcome;

void require(bool holds) {
  if (!holds) std::abort();
}

// Doubles by their bits.
bool same(Event a, Event b) {
  const auto* x = std::get_if<double>(&a.metric);
  const auto* y = std::get_if<double>(&b.metric);
  if (x != nullptr && y != nullptr) {
    if (std::bit_cast<std::uint64_t>(*x) != std::bit_cast<std::uint64_t>(*y)) return false;
    a.metric = b.metric = {};
  }
  return a == b;
}

// Is full at every `full_every`th offer; 0: never.
class CheckingIntake final : public tocsin::Intake {
 public:
  CheckingIntake(std::string_view input, std::size_t full_every)
      : input_(input), full_every_(full_every) {}

  [[nodiscard]] std::size_t samples(std::span<const tocsin::RawSample>,
                                    const tocsin::IdentityResolver&) override {
    std::abort();
  }
  [[nodiscard]] bool event(const tocsin::EventView& view) override {
    using tocsin::event::is_utf8;
    if (full_every_ != 0 && ++offers_ % full_every_ == 0) return false;
    require(is_utf8(view.host) && is_utf8(view.service) && is_utf8(view.state));
    require(is_utf8(view.description));
    for (const std::string_view tag : view.tags) require(is_utf8(tag));
    for (const auto& [key, value] : view.attributes) require(is_utf8(key) && is_utf8(value));
    events.push_back(tocsin::event::to_event(view));
    return true;
  }
  void drop(std::size_t) override { std::abort(); }
  void reject(tocsin::RejectCause cause, std::string_view record, std::size_t offset,
              std::string_view text) override {
    require(!text.empty() && offset <= input_.size() && record.size() <= input_.size());
    causes.push_back(cause);
  }

  std::vector<Event> events;
  std::vector<tocsin::RejectCause> causes;

 private:
  std::string_view input_;
  std::size_t full_every_;
  std::size_t offers_ = 0;
};

// What a float and microseconds can hold of an event.
Event as_sent(Event event) {
  event.time = std::chrono::floor<std::chrono::microseconds>(event.time);
  if (event.ttl) {
    const auto seconds = static_cast<float>(std::chrono::duration<double>(*event.ttl).count());
    event.ttl = std::chrono::nanoseconds(std::llround(double{seconds} * 1e9));
  }
  return event;
}

void check_round_trip(const Event& event) {
  tocsin::EventViewer viewer;
  std::string msg;
  tocsin::riemann::append_event(viewer.view(event), msg);
  CheckingIntake intake(msg, 0);
  Options options;
  options.max_event_bytes = msg.size();
  options.max_tags = options.max_attributes = msg.size();
  Decoder decoder(options, intake);
  require(decoder.decode(msg, {}) == msg.size());
  // Rounding a ttl up to a float may carry its end beyond the end of time.
  if (intake.events.empty() && event.ttl) return;
  require(intake.events.size() == 1 && same(intake.events[0], as_sent(event)));
}

Options choose_options(std::uint8_t byte) {
  Options options;
  if ((byte & 1) != 0) options.max_event_bytes = 100;
  if ((byte & 2) != 0) options.max_tags = options.max_attributes = 2;
  if ((byte & 4) != 0) options.max_query_bytes = 8;
  return options;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  Options options = choose_options(bytes[0]);
  const bool answered = (bytes[0] & 8) != 0;
  const NaiveOutcome expected = tocsin::riemann::testing::naive_decode(input, options, answered);

  std::size_t outcomes = 0;
  if (answered) {
    options.on_message = [&](const Outcome& outcome) {
      ++outcomes;
      const bool is_query = outcome.kind == Outcome::Kind::kQuery;
      require((outcome.kind == Outcome::Kind::kRefused) == !expected.causes.empty());
      require(is_query == (expected.causes.empty() && expected.query.has_value()));
      if (is_query) require(outcome.text == *expected.query);
    };
  }
  // A pipeline that is full every time would be asked forever.
  const std::size_t full_every = bytes[0] >> 4;
  CheckingIntake intake(input, full_every == 1 ? 0 : full_every);
  Decoder decoder(options, intake);
  std::string_view rest = input;
  do {
    rest.remove_prefix(decoder.decode(rest, {}));
  } while (!rest.empty());
  require(decoder.flush());
  require(outcomes == (answered ? 1U : 0U));
  require(intake.causes == expected.causes);
  require(std::equal(intake.events.begin(), intake.events.end(), expected.events.begin(),
                     expected.events.end(), same));
  for (const Event& event : intake.events) check_round_trip(event);
  (void)tocsin::riemann::parse_reply(input);
  return 0;
}
