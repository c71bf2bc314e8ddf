#include "src/publish/embedded/embedded_store.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "src/publish/embedded/live_records.hpp"
#include "src/publish/embedded/result_log.hpp"

namespace tocsin::publish {
namespace {

// How long to leave a disk alone that refused.
constexpr std::chrono::seconds kRetryInterval{1};

TimePoint expiry(TimePoint now, std::chrono::milliseconds ttl) {
  const auto longest = std::chrono::floor<std::chrono::milliseconds>(kNever.time_since_epoch() -
                                                                     now.time_since_epoch());
  return ttl.count() <= 0 || ttl >= longest ? kNever : now + ttl;
}

class EmbeddedStore final : public ResultStore {
 public:
  EmbeddedStore(EmbeddedOptions options, TimePoint now)
      : options_(std::move(options)), records_(options_.max_bytes), now_(now), last_sync_(now) {}

  Result<void> open();

  void put(std::span<const Record> records) override;
  void tick(TimePoint now) override;
  [[nodiscard]] StoreStatus status() const override;
  [[nodiscard]] StoreCounters counters() const override;
  [[nodiscard]] std::vector<StoreCause> causes() const override;
  void get(std::string key, GetHandler handler) override;
  void list(std::string index, ListHandler handler) override;
  void scan(std::string prefix, std::size_t limit, ScanHandler handler) override;
  void close() override;

 private:
  void put_one(const Record& record);
  void rewrite();
  [[nodiscard]] bool wants_rewrite() const;
  void note(const Result<void>& outcome);

  const EmbeddedOptions options_;
  LiveRecords records_;
  std::unique_ptr<ResultLog> log_;  // null: in memory only, or closed
  TimePoint now_;
  TimePoint last_sync_;
  TimePoint next_retry_{};
  std::string fault_;  // why the log is not whole; empty while it is
  bool closed_ = false;
  StoreCounters counters_;
  std::uint64_t io_errors_ = 0;
  std::uint64_t rewrites_ = 0;
  std::uint64_t expired_ = 0;
  std::uint64_t restored_ = 0;
  std::uint64_t damaged_bytes_ = 0;
};

Result<void> EmbeddedStore::open() {
  if (options_.directory.empty()) return {};
  auto log = ResultLog::open(options_.directory, [this](StoredRecord stored) {
    if (stored.expires <= now_) return;
    records_.restore(std::move(stored));
  });
  if (!log) return std::move(log).error();
  log_ = std::move(*log);
  restored_ = records_.size();
  damaged_bytes_ = log_->damaged_bytes();
  if (log_->broken() || log_->damaged_inside()) rewrite();
  return {};
}

void EmbeddedStore::put(std::span<const Record> records) {
  for (const Record& record : records) put_one(record);
  if (log_ != nullptr) note(log_->append());
}

void EmbeddedStore::put_one(const Record& record) {
  ++counters_.accepted;
  const bool oversized =
      record.value.size() > options_.max_value_bytes || frame_bytes(record) > kMaxPayloadBytes;
  const TimePoint expires = expiry(now_, record.ttl);
  const StoredRecord* stored = closed_ || oversized ? nullptr : records_.put(record, expires);
  if (stored == nullptr) {
    ++counters_.dropped;
    return;
  }
  ++counters_.stored;
  if (log_ != nullptr) log_->stage(*stored);
}

void EmbeddedStore::tick(TimePoint now) {
  now_ = std::max(now_, now);
  expired_ += records_.expire(now_);
  if (log_ == nullptr) return;
  if (!fault_.empty()) {
    if (now_ >= next_retry_) rewrite();
  } else if (wants_rewrite()) {
    rewrite();
  } else if (now_ - last_sync_ >= options_.sync_interval) {
    last_sync_ = now_;
    note(log_->sync());
  }
}

bool EmbeddedStore::wants_rewrite() const {
  const std::uint64_t size = log_->size_bytes();
  return size > options_.rewrite_floor_bytes && size > 2 * records_.frame_bytes();
}

void EmbeddedStore::rewrite() {
  ++rewrites_;
  fault_.clear();
  next_retry_ = now_ + kRetryInterval;
  note(log_->rewrite([this](const ResultLog::Emit& emit) { records_.for_each(emit); }));
}

void EmbeddedStore::note(const Result<void>& outcome) {
  if (outcome) return;
  ++io_errors_;
  fault_ = outcome.error().message();
}

StoreStatus EmbeddedStore::status() const {
  if (closed_) return {StoreState::kClosed, "closed"};
  if (!fault_.empty()) return {StoreState::kDegraded, "in memory only: " + fault_};
  if (log_ == nullptr) return {StoreState::kReady, "in memory only, as configured"};
  return {StoreState::kReady, options_.directory};
}

StoreCounters EmbeddedStore::counters() const {
  StoreCounters counters = counters_;
  counters.bytes = records_.bytes();
  return counters;
}

std::vector<StoreCause> EmbeddedStore::causes() const {
  return {{"io_error", io_errors_},
          {"rewrite", rewrites_},
          {"expired", expired_},
          {"restored", restored_},
          {"damaged_bytes", damaged_bytes_}};
}

void EmbeddedStore::get(std::string key, GetHandler handler) {
  const StoredRecord* stored = records_.find(key);
  if (stored == nullptr || stored->expires <= now_) {
    handler(std::optional<std::string>());
    return;
  }
  handler(std::optional<std::string>(stored->record.value));
}

void EmbeddedStore::list(std::string index, ListHandler handler) {
  std::vector<std::string> names;
  records_.for_each([&](const StoredRecord& stored) {
    const Record& record = stored.record;
    const bool listed = record.kind == Record::Kind::kMember && record.key == index;
    if (listed && stored.expires > now_) names.push_back(record.member);
  });
  std::sort(names.begin(), names.end());
  handler(std::move(names));
}

void EmbeddedStore::scan(std::string prefix, std::size_t limit, ScanHandler handler) {
  std::vector<const Record*> found;
  records_.for_each([&](const StoredRecord& stored) {
    const Record& record = stored.record;
    const bool wanted = record.kind == Record::Kind::kValue && record.key.starts_with(prefix);
    if (wanted && stored.expires > now_) found.push_back(&record);
  });
  const auto by_key = [](const Record* a, const Record* b) { return a->key < b->key; };
  std::sort(found.begin(), found.end(), by_key);
  if (found.size() > limit) found.resize(limit);
  std::vector<Record> records;
  for (const Record* record : found) {
    Record& copy = records.emplace_back(*record);
    copy.ttl = std::chrono::milliseconds(0);
    copy.urgent = false;
  }
  handler(std::move(records));
}

void EmbeddedStore::close() {
  if (log_ != nullptr) note(log_->sync());
  log_.reset();
  closed_ = true;
}

}  // namespace

Result<std::unique_ptr<ResultStore>> open_embedded_store(EmbeddedOptions options, TimePoint now) {
  auto store = std::make_unique<EmbeddedStore>(std::move(options), now);
  auto opened = store->open();
  if (!opened) return std::move(opened).error();
  return std::unique_ptr<ResultStore>(std::move(store));
}

}  // namespace tocsin::publish
