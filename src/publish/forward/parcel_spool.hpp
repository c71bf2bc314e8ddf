// ParcelSpool: written items (points or events as they go over the wire) on their way to a peer
// that may be slow or away. Items are gathered into parcels; a parcel is sent and settled as a
// whole.
//
// A parcel moves: open (takes items) -> waiting -> (take_next) under way -> settled, in the order
// taken.      accepted = sent + refused + dropped + pending      holds after every call, in items.
// Full:    the oldest parcel that waits makes room; what is under way stays. Memory may pass the
//          cap by what is under way alone.
// Cost:    one copy of an item; one allocation per parcel in the long run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

namespace tocsin::publish {

struct Parcel {
  std::string body;  // items, one after the other
  std::uint32_t items = 0;
};

struct ParcelCounters {
  std::uint64_t accepted = 0;  // items given to put()
  std::uint64_t sent = 0;      // taken over by the peer, as far as its protocol tells
  std::uint64_t refused = 0;   // the peer said no, for good
  std::uint64_t dropped = 0;   // oldest, for want of room
  std::uint64_t pending = 0;   // now waiting or under way
  std::uint64_t bytes = 0;     // now held for the above

  void add(const ParcelCounters& other) noexcept;
};

class ParcelSpool {
 public:
  struct Limits {
    std::size_t max_bytes = 0;         // of all parcels
    std::size_t parcel_bytes = 65536;  // a parcel takes no more items from here on
    std::uint32_t parcel_items = 500;
  };

  explicit ParcelSpool(const Limits& limits) : limits_(limits) {}

  void put(std::string_view item);

  // The oldest parcel that waits, the open one last; null when there is none. It is under way from
  // now on and stays valid until it is settled.
  [[nodiscard]] const Parcel* take_next();

  // Settle the parcel that has been under way longest. Precondition: under_way() > 0.
  void settle_sent();
  void settle_refused();
  // Everything under way waits again, ahead of the rest: the connection is gone.
  void return_all();

  [[nodiscard]] std::size_t under_way() const noexcept { return under_way_; }
  [[nodiscard]] const ParcelCounters& counters() const noexcept { return counters_; }

 private:
  [[nodiscard]] bool is_open() const noexcept;
  std::uint32_t settle_front();
  void make_room();

  const Limits limits_;
  std::deque<Parcel> parcels_;  // oldest first: under way, then waiting
  std::size_t under_way_ = 0;   // of parcels_
  ParcelCounters counters_;
};

}  // namespace tocsin::publish
