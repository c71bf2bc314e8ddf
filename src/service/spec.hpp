// What a service is made of, as the rules say it. Plain data; made by src/app from the rule files.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "src/service/health.hpp"

namespace tocsin::service {

// How many members must be up.
struct Quorum {
  double amount = 0;  // members, or percent of the members' weights
  bool percent = false;
};

// What a member says when it says nothing any more.
enum class OnSilence : std::uint8_t { kFailing, kUnknown, kKeepLast, kIgnore };

// One group of members: hosts of a kind, or one child service.
struct MemberClass {
  std::string name;                     // for people; unique within the service
  std::string child_service;            // not empty: the only member is this service
  std::optional<Quorum> need;           // for passing; absent: every member must be passing
  std::optional<Quorum> degraded_need;  // below `need` but at least this: degraded, not failing
  double weight = 1;                    // of each member, for percentages
  bool optional = false;                // at worst degrades the service
  OnSilence on_silence = OnSilence::kFailing;
  std::optional<std::chrono::nanoseconds> forget_after;  // silent for so long: off the roster
};

enum class Policy : std::uint8_t {
  kWorst,  // every class counts
  kBest,   // one good class is enough
};

struct ServiceSpec {
  std::string name;
  std::string title;
  std::vector<std::string> business;  // series that must be there; more may come by predicate
  Health on_anomaly = Health::kFailing;
  std::vector<MemberClass> classes;
  Policy policy = Policy::kWorst;
  std::vector<std::string> depends_on;
};

}  // namespace tocsin::service
