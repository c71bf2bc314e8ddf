#include "ingest/nagios/check_schedule.hpp"

#include <cassert>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace tocsin::nagios {
namespace {

using std::chrono::nanoseconds;

// FNV-1a, then MurmurHash3's last step, without which similar names stay neighbours.
// Source:  Fowler, Noll, Vo; Appleby.
std::uint64_t hash_of(std::string_view text) noexcept {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  }
  hash = (hash ^ hash >> 33U) * 0xff51afd7ed558ccdU;
  hash = (hash ^ hash >> 33U) * 0xc4ceb9fe1a85ec53U;
  return hash ^ hash >> 33U;
}

std::string identity_of(const Check& check) {
  return check.host + '\0' + check.name;
}

std::string place_of(const Check& check) {
  return check.host + "/" + check.name;
}

std::string_view fault_of(const Check& check) noexcept {
  if (check.name.empty()) return "a check without a name";
  if (check.command.empty() || check.command.front().empty()) return "a check without a command";
  if (check.interval <= nanoseconds::zero()) return "an interval that is not above 0";
  if (check.timeout <= nanoseconds::zero()) return "a time-out that is not above 0";
  return {};
}

}  // namespace

Result<CheckSchedule> CheckSchedule::make(std::vector<Check> checks, std::size_t max_concurrent,
                                          Instant start) {
  if (max_concurrent == 0) {
    return Error{Errc::kRange, "", "no check may run; expected a limit of 1 or more"};
  }
  std::unordered_set<std::string> seen;
  for (const Check& check : checks) {
    if (const auto fault = fault_of(check); !fault.empty()) {
      return Error{Errc::kRange, place_of(check), std::string(fault)};
    }
    if (!seen.insert(identity_of(check)).second) {
      return Error{Errc::kDuplicate, place_of(check), "a second check of this host and name"};
    }
  }
  return CheckSchedule(std::move(checks), max_concurrent, start);
}

CheckSchedule::CheckSchedule(std::vector<Check> checks, std::size_t max_concurrent, Instant start)
    : checks_(std::move(checks)), beats_(checks_.size()), max_concurrent_(max_concurrent) {
  for (std::size_t i = 0; i < checks_.size(); ++i) {
    const auto interval = static_cast<std::uint64_t>(checks_[i].interval.count());
    const nanoseconds offset(
        static_cast<std::int64_t>(hash_of(identity_of(checks_[i])) % interval));
    waiting_.push({start + offset, i});
  }
}

std::optional<std::size_t> CheckSchedule::start_next(Instant now) {
  if (running_ >= max_concurrent_ || waiting_.empty() || waiting_.top().at > now) {
    return std::nullopt;
  }
  const Due due = waiting_.top();
  waiting_.pop();
  beats_[due.index] = due.at;
  ++running_;
  ++started_;
  return due.index;
}

void CheckSchedule::finished(std::size_t index, Instant now) {
  assert(running_ > 0);
  --running_;
  waiting_.push({next_beat(index, now), index});
}

CheckSchedule::Instant CheckSchedule::next_beat(std::size_t index, Instant now) {
  const nanoseconds interval = checks_[index].interval;
  const Instant last = beats_[index];
  const auto passed = now > last ? (now - last) / interval : 0;
  skipped_ += static_cast<std::uint64_t>(passed);
  return last + interval * (passed + 1);
}

std::optional<CheckSchedule::Instant> CheckSchedule::next_due() const {
  if (running_ >= max_concurrent_ || waiting_.empty()) return std::nullopt;
  return waiting_.top().at;
}

}  // namespace tocsin::nagios
