#include "src/app/admin_view.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace tocsin::app {
namespace {

bool by_name(const statsd::NamedNumber& a, const statsd::NamedNumber& b) {
  return a.name < b.name;
}

}  // namespace

ShardAdminView::ShardAdminView(ShardSet& shards,
                               std::function<std::vector<statsd::NamedNumber>()> stats,
                               std::function<std::string()> config, std::atomic<bool>& healthy)
    : shards_(shards), stats_(std::move(stats)), config_(std::move(config)), healthy_(healthy) {}

std::vector<statsd::NamedNumber> ShardAdminView::stats() const {
  return stats_();
}
std::string ShardAdminView::config() const {
  return config_();
}
bool ShardAdminView::healthy() const {
  return healthy_.load(std::memory_order_relaxed);
}
void ShardAdminView::set_healthy(bool healthy) {
  healthy_.store(healthy, std::memory_order_relaxed);
}

std::vector<statsd::NamedNumber> ShardAdminView::values_of(SeriesKind kind) const {
  auto found = std::make_shared<std::vector<statsd::NamedNumber>>();
  const auto asked = shards_.on_each([found, kind](ShardStage& stage) {
    stage.for_each_series([&](series::SeriesIndex i, const series::SeriesTable& table) {
      if (table.kind(i) == kind && !table.derived(i)) {
        found->push_back({table.identity(i).service, table.open_value(i)});
      }
    });
  });
  if (!asked) return {};
  std::sort(found->begin(), found->end(), by_name);
  return *found;
}

std::vector<statsd::NamedNumber> ShardAdminView::counters() const {
  return values_of(SeriesKind::kCounter);
}

std::vector<statsd::NamedNumber> ShardAdminView::gauges() const {
  return values_of(SeriesKind::kGauge);
}

std::vector<statsd::NamedNumbers> ShardAdminView::timers() const {
  auto found = std::make_shared<std::vector<statsd::NamedNumbers>>();
  const auto asked = shards_.on_each([found](ShardStage& stage) {
    stage.for_each_series([&](series::SeriesIndex i, const series::SeriesTable& table) {
      if (table.kind(i) == SeriesKind::kTimer) {
        found->push_back({table.identity(i).service, table.open_values(i)});
      }
    });
  });
  if (!asked) return {};
  std::sort(found->begin(), found->end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  return *found;
}

std::vector<std::string> ShardAdminView::remove(SeriesKind kind, std::string_view name) {
  const bool prefix = name.ends_with(".*");
  const std::string wanted(prefix ? name.substr(0, name.size() - 1) : name);
  auto gone = std::make_shared<std::vector<std::string>>();
  const auto asked = shards_.on_each([gone, kind, prefix, wanted](ShardStage& stage) {
    const std::vector<std::string> here =
        stage.forget_if([&](SeriesKind k, const Identity& identity) {
          return k == kind &&
                 (prefix ? identity.service.starts_with(wanted) : identity.service == wanted);
        });
    gone->insert(gone->end(), here.begin(), here.end());
  });
  if (!asked) return {};
  std::sort(gone->begin(), gone->end());
  return *gone;
}

}  // namespace tocsin::app
