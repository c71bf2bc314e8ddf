// What statsd's admin port shows of the daemon: the open windows of the series, by kind.
// Threads: the control thread's; it asks the shards and waits for their answers.
// Of timers whose window has become a sketch no single values are known: they are left out.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/statsd/admin.hpp"
#include "src/app/shard_set.hpp"

namespace tocsin::app {

class ShardAdminView final : public statsd::AdminView {
 public:
  // `stats` and `config` are asked anew each time; all must outlive the view.
  ShardAdminView(ShardSet& shards, std::function<std::vector<statsd::NamedNumber>()> stats,
                 std::function<std::string()> config, std::atomic<bool>& healthy);

  [[nodiscard]] std::vector<statsd::NamedNumber> stats() const override;
  [[nodiscard]] std::vector<statsd::NamedNumber> counters() const override;
  [[nodiscard]] std::vector<statsd::NamedNumber> gauges() const override;
  [[nodiscard]] std::vector<statsd::NamedNumbers> timers() const override;
  [[nodiscard]] std::string config() const override;
  std::vector<std::string> remove(SeriesKind kind, std::string_view name) override;
  [[nodiscard]] bool healthy() const override;
  void set_healthy(bool healthy) override;

 private:
  [[nodiscard]] std::vector<statsd::NamedNumber> values_of(SeriesKind kind) const;

  ShardSet& shards_;
  std::function<std::vector<statsd::NamedNumber>()> stats_;
  std::function<std::string()> config_;
  std::atomic<bool>& healthy_;  // written here, read by the HTTP thread; orders nothing else
};

}  // namespace tocsin::app
