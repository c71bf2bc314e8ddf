#include "bench/sockets/intake.hpp"

namespace tocsin::sockets {

std::size_t CountingIntake::samples(std::span<const RawSample> samples, const IdentityResolver&) {
  for (const RawSample& sample : samples)
    sums.metrics += std::bit_cast<std::uint64_t>(sample.value);
  sums.items += samples.size();
  return samples.size();
}

bool CountingIntake::event(const EventView& event) {
  ++sums.items;
  sums.add(event.metric);
  sums.text_bytes += event.description.size();
  return true;
}

void CountingIntake::reject(RejectCause, std::string_view, std::size_t, std::string_view) {
  ++lost;
}

}  // namespace tocsin::sockets
