// RuleSet: what the rule files say, checked and parsed, as plain typed values.
// docs/rules.md explains each key to users; this is the same for code.
// Threads: immutable once loaded; published as shared_ptr<const RuleSet>.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "src/query/predicate.hpp"
#include "src/rules/parse/program.hpp"
#include "src/settings/complaints.hpp"

namespace tocsin::rules {

using Duration = std::chrono::nanoseconds;

// Where a rule was written.
struct Place {
  std::string file;
  settings::Position position;

  // "file:line:column".
  [[nodiscard]] std::string to_string() const { return settings::place(file, position); }
};

// A predicate, with its text for people.
struct Condition {
  std::string text;
  query::Predicate predicate;
  Place place;
};

// Deriving.

// A statistic of a window, as a series of its own: NAME.count, NAME.p95.
struct Emission {
  enum class What : std::uint8_t { kCount, kRate, kSum, kMin, kMax, kMean, kPercentile };

  std::string name;  // "p95", "p99_9": what stands behind the point
  What what = What::kCount;
  double percentile = 0;  // above 0, up to 100

  friend bool operator==(const Emission&, const Emission&) = default;
};

// Measures events: how many, or what a field of theirs says, for each group of them.
struct Derivation {
  std::string name;  // of the series; unique
  Condition where;
  std::optional<std::string> value;  // the field that is measured; empty: events are counted
  std::vector<std::string> by;       // fields whose values make the groups
  std::vector<Emission> emit;        // names are unique
  Duration window{};                 // a multiple of series.interval; 0: that interval
  std::uint32_t max_groups = 1000;
  Place place;
};

// Watching.

struct Voter {
  std::string detector;  // known to the caller
  std::uint32_t weight = 1;
  bool operator==(const Voter&) const = default;
};

struct Detection {
  std::vector<Voter> voters;  // unique, in the order written
  std::uint32_t quorum = 0;   // the weight of votes that makes an anomaly: 1 to that of all
  // Of detectors that are calibrated by it; without it they have a default of their own.
  std::optional<double> false_alarms_per_week;
};

// Whose votes come first when there is no time for all.
enum class Priority : std::uint8_t { kHigh, kNormal, kLow };

// Looks at every series that `where` selects. At least one of the four optional members is there.
struct Watch {
  std::string name;  // unique; the text of `where` when none was given
  Condition where;
  std::optional<Detection> detect;
  Priority priority = Priority::kNormal;  // of its votes
  std::optional<Condition> warning;       // asked of each event of the series
  std::optional<Condition> critical;      // wins over `warning`
  std::optional<Duration> expect_every;   // silence for longer than this is an event
  Place place;
};

// Services.

// "2" or "60%".
struct Amount {
  double value = 0;  // a whole number of at least 1, or a percentage in (0, 100]
  bool is_percent = false;

  friend bool operator==(const Amount&, const Amount&) = default;
};

enum class Policy : std::uint8_t {
  kWorst,   // as bad as the worst
  kBest,    // as good as the best
  kQuorum,  // enough of them have to pass
};

// How the health of many becomes the health of one. With a quorum: fewer than `need` passing is
// failing; at least `need` but fewer than `degraded_below` is degraded; else passing.
struct RollUp {
  Policy policy = Policy::kWorst;
  std::optional<Amount> need;            // there exactly when policy is kQuorum
  std::optional<Amount> degraded_below;  // larger than `need`; only with a quorum
};

// What a member's silence says once its ttl has passed.
enum class OnSilence : std::uint8_t { kFailing, kUnknown, kKeepLast, kIgnore };

// What an item counts for within its service.
struct Standing {
  bool required = false;  // failing makes the service failing, whatever the quorum says
  bool optional = false;  // failing makes the service degraded at worst; excludes required
  double weight = 1;      // in a quorum of the service; above 0
};

// A group of members: the series that `where` selects, one member per value of `by`.
struct Members {
  std::string name;  // unique in the service; the text of `where` when none was given
  Condition where;
  std::string by = "host";  // host, service or the name of an attribute
  RollUp roll_up;
  Standing standing;
  OnSilence on_silence = OnSilence::kFailing;
  std::optional<Duration> forget_after;  // empty: a silent member stays on the roster for ever
  Place place;
};

struct Child {
  std::string service;
  Standing standing;
  Place place;
};

struct Dependency {
  std::string service;
  Place place;
};

// A series whose trouble is the service's own trouble.
struct Business {
  std::string name;  // of the series; empty when `where` was written
  Condition where;   // service = "<name>" when a name was written
};

enum class OnAnomaly : std::uint8_t { kFailing, kDegraded };

struct Service {
  std::string name;   // unique
  std::string title;  // for people; the name when none was given
  std::vector<Business> business;
  OnAnomaly on_anomaly = OnAnomaly::kFailing;  // of a business series that fails, however
  std::vector<Members> members;
  std::vector<Child> children;
  RollUp roll_up;                      // of the member groups and children together
  std::vector<Dependency> depends_on;  // services; with children they form no cycle
  std::string runbook;                 // may be empty
  Place place;
};

struct RuleSet {
  parse::ProgramPtr parse = std::make_shared<const parse::Program>();
  std::vector<Derivation> derivations;
  std::vector<Watch> watches;
  std::vector<Service> services;
  std::vector<std::filesystem::path> files;  // in the order read
};

using RuleSetPtr = std::shared_ptr<const RuleSet>;

}  // namespace tocsin::rules
