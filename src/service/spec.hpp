// What a service is made of, as the rules say it. Plain data; made by src/app from the rule files.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "src/service/health.hpp"

namespace tocsin::service {

// How many must be passing: an amount of weight, or a percentage of all weight there is.
struct Amount {
  double value = 0;
  bool percent = false;
};

enum class Policy : std::uint8_t {
  kWorst,   // as bad as the worst
  kBest,    // as good as the best
  kQuorum,  // enough of them have to pass
};

// How the health of many becomes the health of one. With a quorum: fewer than `need` passing is
// failing (degraded while those that are degraded would fill it up); at least `need` but fewer than
// `degraded_below` is degraded; else passing.
struct RollUp {
  Policy policy = Policy::kWorst;
  std::optional<Amount> need;  // there exactly when policy is kQuorum
  std::optional<Amount> degraded_below;
};

// What an item counts for within its service.
struct Standing {
  bool required = false;  // its failing is the service's, whatever the quorum says
  bool optional = false;  // degrades the service at worst
  double weight = 1;      // in a quorum
};

// What a member says when it says nothing any more.
enum class OnSilence : std::uint8_t { kFailing, kUnknown, kKeepLast, kIgnore };

// One group of members: hosts of a kind, or one child service.
struct MemberClass {
  std::string name;           // for people; unique within the service
  std::string child_service;  // not empty: the only member is this service
  std::string where;          // what selects its series, as it was written
  std::string by = "host";    // what names the member of a series: host, service or an attribute
  RollUp roll_up;             // of the members into the group
  Standing standing;          // of the group in the service
  OnSilence on_silence = OnSilence::kFailing;
  std::optional<std::chrono::nanoseconds> forget_after;  // silent for so long: off the roster
};

struct ServiceSpec {
  std::string name;
  std::string title;
  std::vector<std::string> business;        // series that must be there; more may come by predicate
  std::vector<std::string> business_where;  // what selects them, as it was written
  Health on_anomaly = Health::kFailing;     // what a business series that fails makes the service
  std::vector<MemberClass> classes;
  RollUp roll_up;  // of the groups and children together
  std::vector<std::string> depends_on;
};

}  // namespace tocsin::service
