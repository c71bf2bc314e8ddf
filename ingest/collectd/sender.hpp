// Sender: where the datagram, line or object at hand came from, and what follows from that.
// Threads: one owner.
// Cost:    the text of a peer is made when the peer changes.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "ingest/collectd/rate_table.hpp"
#include "tocsin/decoder.hpp"
#include "tocsin/event.hpp"

namespace tocsin::collectd {

class Sender {
 public:
  // Whether text() is another one now.
  bool set_origin(const Origin& origin);

  [[nodiscard]] TimePoint received() const noexcept { return received_; }
  // Its address; empty: it has none.
  [[nodiscard]] std::string_view text() const noexcept { return text_; }

  // RateTable::lease of a list that was received with it.
  [[nodiscard]] const RateTable::Lease& lease(const RateTable& rates,
                                              std::chrono::nanoseconds interval) noexcept {
    if (received_ != leased_at_ || interval != leased_for_) {
      lease_ = rates.lease(received_, interval);
      leased_at_ = received_;
      leased_for_ = interval;
    }
    return lease_;
  }

 private:
  TimePoint received_{};
  Peer peer_;
  std::string text_;
  // The last one that was asked for, and for what.
  RateTable::Lease lease_;
  TimePoint leased_at_ = TimePoint::min();
  std::chrono::nanoseconds leased_for_{-1};
};

}  // namespace tocsin::collectd
