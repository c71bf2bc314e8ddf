// What shards tell the roll-up thread and the publisher, once a tick.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "src/service/tree.hpp"
#include "tocsin/event.hpp"

namespace tocsin::app {

// Where a series counts: as the business of a service, or for one of its members.
struct SignalTarget {
  static constexpr std::uint32_t kBusiness = 0xffff'ffff;

  std::uint32_t service = 0;
  std::uint32_t member_class = kBusiness;
  std::string member;  // empty for business, and of a series that does not say whose it is
};

struct SignalMessage {
  SignalTarget target;
  std::string name;    // of the series, as a business lists it
  std::string series;  // told apart from others of that name
  service::Signal signal;
};

// Everything a shard has to say of the time up to `tick`.
struct ShardReport {
  TimePoint tick{};
  std::uint64_t generation = 0;  // of the rules that `signals` refer to
  std::vector<SignalMessage> signals;
  bool last = false;
};
using ShardReportPtr = std::unique_ptr<ShardReport>;

}  // namespace tocsin::app
