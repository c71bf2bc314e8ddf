// The service tree: from signals about series to the health of services.
//
// Every node always has three views (reference: Sensu aggregates, Icinga business processes, Zabbix
// services; adopted in docs/decisions/0013):
//   own     what the node's business series say
//   rolled  own, combined with the direct members by quorum and policy, recursively: this one pages
//   strict  the worst own of everything below, no forgiveness: for acceptance gates
//
// Members stay on the roster when they fall silent, so a destroyed machine still counts.
// A dependency that fails marks its dependants as impaired; it does not change their health.
//
// Threads: one owner (the roll-up thread). Snapshots are immutable and may be read by anyone.
// Cost:    a signal is a map look-up; tick() visits every service, not every series.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "src/service/health.hpp"
#include "src/service/spec.hpp"
#include "tocsin/event.hpp"
#include "tocsin/result.hpp"

namespace tocsin::service {

// What one series says, for the business of a service or for one of its members.
struct Signal {
  Health health = Health::kPassing;
  std::string reason;  // "value 412, expected 120..180, 7 of 9 agree"
  TimePoint at{};
  bool silent = false;  // it has stopped speaking; `health` is then what it said last
};

struct MemberView {
  std::string name;
  std::string member_class;
  Health health;
  std::string reason;
  TimePoint since{};
};

struct ServiceView {
  std::string name;
  std::string title;
  Health own = Health::kUnknown;
  Health rolled = Health::kUnknown;
  Health strict = Health::kUnknown;
  TimePoint since{};                 // when `rolled` last changed
  std::vector<std::string> because;  // why `rolled` is not passing, worst first
  std::vector<std::string> strict_because;
  std::vector<std::string> notes;  // what changes no health, but should be known
  std::vector<MemberView> business;
  std::vector<MemberView> members;
  std::vector<std::string> depends_on;
  std::vector<std::string> impaired_by;  // dependencies that are failing
};

struct Snapshot {
  TimePoint as_of{};                  // zero before the first tick
  std::vector<ServiceView> services;  // in rule order

  [[nodiscard]] const ServiceView* find(std::string_view name) const noexcept;
};

// A view of a service that changed at a tick.
struct Transition {
  std::string service;
  std::string view;  // "own", "rolled" or "strict"
  Health from;
  Health to;
  TimePoint at{};
  std::string because;
};

struct TreeLimits {
  std::size_t members_per_class = 10'000;
  std::size_t series_per_member = 1'000;
  // How long a class may be short of members after the first was seen before that is a failure:
  // at start, members arrive one after the other.
  std::chrono::nanoseconds arrival_grace = std::chrono::seconds(60);
};

class Tree {
 public:
  // Refuses duplicate and unknown names, and cycles among child services (with the path).
  [[nodiscard]] static Result<Tree> make(std::vector<ServiceSpec> specs, TreeLimits limits = {});

  // `service` and `member_class` are positions in the specs. `name` is the name that the business
  // lists, `series` tells apart the series that share it (by host or tags); often they are the
  // same. A series that does not say whose member it is has an empty `member`: it counts for none,
  // and a note (or, in a group without members, the reason) says how many there are.
  void business_signal(std::size_t service, const std::string& name, const std::string& series,
                       Signal signal);
  void member_signal(std::size_t service, std::size_t member_class, const std::string& member,
                     const std::string& series, Signal signal);

  // Takes over what `before`, the tree of earlier rules, knows: the roster and the last words of
  // each business and group that selects its series by the same text, and the health of each
  // service.
  void inherit(const Tree& before);
  // Says that every series that lives has spoken since inherit(). What others said before is then
  // taken as the word of one that has fallen silent.
  void settle();

  // Forms all views anew; returns what changed, in rule order.
  [[nodiscard]] std::vector<Transition> tick(TimePoint now);

  // As of the last tick; before the first, all services, unknown. Never null.
  [[nodiscard]] std::shared_ptr<const Snapshot> snapshot() const noexcept { return snapshot_; }
  // Signals that were turned away by a limit, by the trees that this one inherits from too.
  [[nodiscard]] std::uint64_t refused() const noexcept { return refused_; }

 private:
  struct Word : Signal {
    bool inherited = false;  // said to an earlier tree
  };
  struct Speaker {  // a member, or one business series
    std::map<std::string, Word> series;
    Health health = Health::kUnknown;
    std::string reason;
    TimePoint since{};
    TimePoint last_heard{};
    bool silent = false;
  };
  struct Class {
    std::map<std::string, Speaker> members;
    std::set<std::string> nobodys;  // series that speak, but name no member
    TimePoint first_seen{};
  };
  struct Node {
    ServiceSpec spec;
    std::map<std::string, Speaker> business;
    std::vector<Class> classes;  // as spec.classes
    std::vector<std::size_t> children;
    Bracket rolled_bracket;
    ServiceView view;
  };

  Tree(std::vector<ServiceSpec> specs, TreeLimits limits);
  Result<void> link();
  Result<void> order();

  static void inherit(std::map<std::string, Speaker>& speakers,
                      const std::map<std::string, Speaker>& before);
  static void settle(std::map<std::string, Speaker>& speakers);
  void hear(std::map<std::string, Speaker>& speakers, const std::string& name, std::size_t limit,
            const std::string& series, Signal signal);
  void hear_nobodys(Class& target, const std::string& series, bool silent);
  static void judge(const std::string& name, Speaker& speaker, OnSilence on_silence, TimePoint now);
  void judge_all(Node& node, TimePoint now);
  void form_own(Node& node);
  void form_rolled(Node& node, TimePoint now);
  void form_strict(Node& node);
  static void form_notes(Node& node);
  void publish_snapshot(TimePoint as_of);
  [[nodiscard]] Bracket class_verdict(const Node& node, std::size_t index, TimePoint now,
                                      std::vector<std::string>& because) const;

  TreeLimits limits_;
  std::vector<Node> nodes_;
  std::map<std::string, std::size_t> by_name_;
  std::vector<std::size_t> bottom_up_;  // children before parents
  std::shared_ptr<const Snapshot> snapshot_;
  std::uint64_t refused_ = 0;
};

}  // namespace tocsin::service
