// Spool: records on their way to a store that may be slow or away. Of each key only the newest
// value is kept; memory has a cap; records under way stay until the store has settled them.
//
// A record moves: put -> waiting -> (take_next) under way -> settled, in the order taken. A newer
// value for a key under way waits behind the older one, inside the same entry.
//     accepted = stored + superseded + dropped + refused + pending      holds after every call
// Full:    records that are not urgent may fill 7/8 of the cap, urgent ones all of it; what
//          finds no room is dropped and counted. A newer value of a key that is held replaces the
//          older one under the same rule.
// Cost:    one hash lookup per put; one allocation per new key.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <unordered_map>

#include "src/publish/record_name.hpp"
#include "tocsin/store.hpp"

namespace tocsin::publish {

class Spool {
 public:
  explicit Spool(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  void put(const Record& record);

  // The next record to send, urgent ones first; null when none waits. It is under way from now on
  // and stays valid until it is settled.
  [[nodiscard]] const Record* take_next();

  // Settle the record that has been under way longest. Precondition: under_way() > 0.
  void settle_stored();
  void settle_refused();
  // Everything under way waits again, ahead of the rest of its lane: the connection is gone.
  void return_all();

  [[nodiscard]] std::size_t under_way() const noexcept { return under_way_.size(); }
  [[nodiscard]] bool waiting() const noexcept { return !urgent_.empty() || !ordinary_.empty(); }
  [[nodiscard]] const StoreCounters& counters() const noexcept { return counters_; }

 private:
  struct Entry {
    Record record;       // the newest value
    bool sent = false;   // under way
    bool newer = false;  // `record` is newer than what was sent
  };
  using Lane = std::list<Entry>;  // entries move between lanes without a copy

  [[nodiscard]] bool has_room(std::size_t more_bytes, bool urgent) const noexcept;
  void replace(Lane::iterator entry, const Record& record);
  void settle_front();
  [[nodiscard]] Lane& lane_of(const Record& record) noexcept {
    return record.urgent ? urgent_ : ordinary_;
  }

  const std::size_t max_bytes_;
  Lane urgent_;
  Lane ordinary_;
  Lane under_way_;  // oldest first
  std::unordered_map<RecordName, Lane::iterator, RecordNameHash>
      by_name_;  // views into the entries
  StoreCounters counters_;
};

}  // namespace tocsin::publish
