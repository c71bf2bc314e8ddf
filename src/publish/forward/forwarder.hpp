// Forwarder: one destination of results besides the store: several carbons that share the series
// among them, or one Riemann or Tocsin. Never waits: what its peers do not take stays in memory up
// to a cap, then the oldest goes (link.hpp, parcel_spool.hpp).
// Counts:  items; a point that goes to two carbons is two. A point that cannot be written in
//          Graphite's protocols (no name, NaN) is refused here.
// Threads: the thread that runs the io_context.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "src/publish/forward/facts.hpp"
#include "src/publish/forward/options.hpp"
#include "src/publish/forward/parcel_spool.hpp"
#include "tocsin/store.hpp"

namespace boost::asio {
class io_context;
}

namespace tocsin::publish {

struct PeerStatus {
  std::string address;
  bool connected = false;
};

struct ForwardStatus {
  std::string name;
  ParcelCounters counters;  // accepted = sent + refused + dropped + pending
  std::vector<PeerStatus> peers;
  std::vector<StoreCause> causes;
};

class Forwarder {
 public:
  virtual ~Forwarder() = default;

  // Each takes what its protocol can say and passes over the rest. Sent with the next pump().
  virtual void put(const ForwardedPoint& point) = 0;
  virtual void put(const ForwardedEvent& event) = 0;
  virtual void pump() = 0;

  [[nodiscard]] virtual ForwardStatus status() const = 0;
};

// Starts to connect at once.
[[nodiscard]] std::unique_ptr<Forwarder> make_forwarder(boost::asio::io_context& context,
                                                        const ForwardOptions& options);

}  // namespace tocsin::publish
