// LiveRecords: the newest value of every key, in memory, with a cap and with expiry.
// Full:  records that are not urgent may fill 7/8 of the cap, urgent ones all of it.
// Cost:  put and find: one hash lookup. expire: the logarithm of the number of records with a ttl,
//        per record that is due. A record whose ttl shrank goes when the longer one would have
//        ended; ask `expires` before showing one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <queue>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "src/publish/embedded/log_format.hpp"
#include "src/publish/record_name.hpp"

namespace tocsin::publish {

class LiveRecords {
 public:
  explicit LiveRecords(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  // The record as it is held now; null when the cap turned it away (an older value then stays).
  const StoredRecord* put(const Record& record, TimePoint expires);
  // The same for what a log held. What was taken once is not turned away at a restart.
  void restore(StoredRecord stored);
  // Drops what has expired; returns how many.
  std::size_t expire(TimePoint now);

  [[nodiscard]] const StoredRecord* find(std::string_view value_key) const;
  void for_each(const std::function<void(const StoredRecord&)>& visit) const;

  [[nodiscard]] std::size_t size() const noexcept { return by_name_.size(); }
  // What the records cost in memory; what they would cost in a log.
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
  [[nodiscard]] std::size_t frame_bytes() const noexcept { return frame_bytes_; }

 private:
  struct Entry {
    StoredRecord stored;
    bool timed = false;  // stands in due_, once
  };
  using Due = std::pair<TimePoint, Entry*>;

  [[nodiscard]] bool has_room(std::size_t more_bytes, bool urgent) const noexcept;
  const StoredRecord& write(StoredRecord stored);
  void time(Entry& entry);
  void account(const Record& record) noexcept;
  void unaccount(const Record& record) noexcept;

  const std::size_t max_bytes_;
  std::unordered_map<RecordName, std::unique_ptr<Entry>, RecordNameHash> by_name_;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;  // the earliest on top
  std::size_t bytes_ = 0;
  std::size_t frame_bytes_ = 0;
};

}  // namespace tocsin::publish
