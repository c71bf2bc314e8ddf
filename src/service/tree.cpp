#include "src/service/tree.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace tocsin::service {
namespace {

// Causes kept per view: enough to act on, short enough to read.
constexpr std::size_t kMaxCauses = 20;
// Why everything is unknown before the first tick.
constexpr const char* kNotAsked = "no series was looked at yet";

Health worst_of(Health a, Health b) noexcept {
  Bracket both = Bracket::of(a);
  both.add(Bracket::of(b));
  // A failure is known whatever the unknown part says.
  return both.best == Health::kFailing ? Health::kFailing : both.verdict();
}

void add_cause(std::vector<std::string>& causes, std::string_view who, Health health,
               std::string_view reason) {
  if (health == Health::kPassing || causes.size() >= kMaxCauses) return;
  std::string text(who);
  text.append(" is ").append(to_string(health));
  if (!reason.empty()) text.append(": ").append(reason);
  causes.push_back(std::move(text));
}

std::string number_text(double amount) {
  const auto whole = static_cast<long long>(amount);
  if (static_cast<double>(whole) == amount) return std::to_string(whole);
  std::string text = std::to_string(amount);
  text.erase(text.find_last_not_of('0') + 1);
  return text;
}

// "3 series without a host are not counted".
std::string not_counted(std::size_t series, const std::string& by) {
  return std::to_string(series) + " series without " +
         (by == "host" ? "a host" : "the attribute '" + by + "'") +
         (series == 1 ? " is not counted" : " are not counted");
}

// One of several things that are rolled up into one.
struct Item {
  Bracket health;
  Standing standing;
};

// The roll-up in one reading of the brackets (`side` picks it).
Health combine_reading(const RollUp& roll_up, const std::vector<Item>& items,
                       Health Bracket::*side) {
  Health worst = Health::kPassing;
  Health best = Health::kFailing;
  Health required = Health::kPassing;
  double total = 0;
  double passing = 0;
  double degraded = 0;
  for (const Item& item : items) {
    Bracket bracket = item.health;
    if (item.standing.optional) bracket.cap(Health::kDegraded);
    const Health health = bracket.*side;
    worst = std::max(worst, health);
    best = std::min(best, health);
    if (item.standing.required && health == Health::kFailing) required = health;
    total += item.standing.weight;
    if (health == Health::kPassing) passing += item.standing.weight;
    if (health == Health::kDegraded) degraded += item.standing.weight;
  }
  const auto weight_of = [&](const Amount& amount) {
    return amount.percent ? amount.value / 100 * total : amount.value;
  };
  Health result = Health::kPassing;
  switch (roll_up.policy) {
    case Policy::kWorst:
      result = worst;
      break;
    case Policy::kBest:
      result = best;
      break;
    case Policy::kQuorum:
      if (passing + degraded < weight_of(*roll_up.need)) {
        result = Health::kFailing;
      } else if (passing < weight_of(*roll_up.need) ||
                 (roll_up.degraded_below && passing < weight_of(*roll_up.degraded_below))) {
        result = Health::kDegraded;
      }
      break;
  }
  return std::max(result, required);
}

// Precondition: `items` is not empty.
Bracket combine(const RollUp& roll_up, const std::vector<Item>& items) {
  return {combine_reading(roll_up, items, &Bracket::best),
          combine_reading(roll_up, items, &Bracket::worst)};
}

}  // namespace

const ServiceView* Snapshot::find(std::string_view name) const noexcept {
  const auto it = std::find_if(services.begin(), services.end(),
                               [&](const ServiceView& view) { return view.name == name; });
  return it == services.end() ? nullptr : &*it;
}

Tree::Tree(std::vector<ServiceSpec> specs, TreeLimits limits) : limits_(limits) {
  for (ServiceSpec& spec : specs) {
    Node node;
    node.spec = std::move(spec);
    node.view.name = node.spec.name;
    node.view.title = node.spec.title;
    node.view.depends_on = node.spec.depends_on;
    node.classes.resize(node.spec.classes.size());
    for (const std::string& series : node.spec.business) node.business[series];  // expected
    nodes_.push_back(std::move(node));
  }
}

Result<Tree> Tree::make(std::vector<ServiceSpec> specs, TreeLimits limits) {
  Tree tree(std::move(specs), limits);
  if (auto linked = tree.link(); !linked) return linked.error();
  if (auto ordered = tree.order(); !ordered) return ordered.error();
  for (Node& node : tree.nodes_) node.view.because = node.view.strict_because = {kNotAsked};
  tree.publish_snapshot(TimePoint{});
  return tree;
}

Result<void> Tree::link() {
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    if (!by_name_.emplace(nodes_[i].spec.name, i).second) {
      return Error{Errc::kDuplicate, "",
                   "service \"" + nodes_[i].spec.name + "\" is declared twice"};
    }
  }
  for (Node& node : nodes_) {
    const auto refer = [&](const std::string& name) -> Result<std::size_t> {
      const auto it = by_name_.find(name);
      if (it != by_name_.end()) return it->second;
      return Error{
          Errc::kUnknownName, "",
          "service \"" + node.spec.name + "\" names \"" + name + "\", which is not declared"};
    };
    for (const MemberClass& member_class : node.spec.classes) {
      if (member_class.child_service.empty()) continue;
      const auto child = refer(member_class.child_service);
      if (!child) return child.error();
      node.children.push_back(*child);
    }
    for (const std::string& name : node.spec.depends_on) {
      if (const auto known = refer(name); !known) return known.error();
    }
  }
  return {};
}

Result<void> Tree::order() {
  // Depth first; `path` holds the nodes being visited, so meeting one of them again is a cycle.
  enum class Mark : std::uint8_t { kNew, kOpen, kDone };
  std::vector<Mark> marks(nodes_.size(), Mark::kNew);
  std::vector<std::size_t> path;
  Result<void> result;
  const std::function<bool(std::size_t)> visit = [&](std::size_t i) {
    if (marks[i] == Mark::kDone) return true;
    path.push_back(i);
    if (marks[i] == Mark::kOpen) {
      std::string text = "services contain each other: ";
      const auto first = std::find(path.begin(), path.end(), i);
      for (auto it = first; it != path.end(); ++it) {
        text.append(it == first ? "" : " -> ").append(nodes_[*it].spec.name);
      }
      result = Error{Errc::kSyntax, "", std::move(text)};
      return false;
    }
    marks[i] = Mark::kOpen;
    for (const std::size_t child : nodes_[i].children) {
      if (!visit(child)) return false;
    }
    marks[i] = Mark::kDone;
    path.pop_back();
    bottom_up_.push_back(i);
    return true;
  };
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    if (!visit(i)) return result;
  }
  return result;
}

void Tree::business_signal(std::size_t service, const std::string& name, const std::string& series,
                           Signal signal) {
  Node& node = nodes_[service];
  if (signal.health == Health::kFailing) signal.health = node.spec.on_anomaly;
  hear(node.business, name, limits_.series_per_member, series, std::move(signal));
}

void Tree::member_signal(std::size_t service, std::size_t member_class, const std::string& member,
                         const std::string& series, Signal signal) {
  Class& target = nodes_[service].classes[member_class];
  if (member.empty()) return hear_nobodys(target, series, signal.silent);
  if (target.first_seen == TimePoint{}) target.first_seen = signal.at;
  hear(target.members, member, limits_.members_per_class, series, std::move(signal));
}

void Tree::hear_nobodys(Class& target, const std::string& series, bool silent) {
  if (silent) {
    target.nobodys.erase(series);
  } else if (target.nobodys.size() < limits_.series_per_member) {
    target.nobodys.insert(series);
  } else if (!target.nobodys.contains(series)) {
    ++refused_;
  }
}

void Tree::hear(std::map<std::string, Speaker>& speakers, const std::string& name,
                std::size_t limit, const std::string& series, Signal signal) {
  auto speaker = speakers.find(name);
  if (speaker == speakers.end()) {
    if (speakers.size() >= limit) {
      ++refused_;
      return;
    }
    speaker = speakers.emplace(name, Speaker{}).first;
  }
  auto& said = speaker->second.series;
  auto slot = said.find(series);
  if (slot == said.end()) {
    if (said.size() >= limits_.series_per_member) {
      ++refused_;
      return;
    }
    slot = said.emplace(series, Word{}).first;
  }
  if (!signal.silent) {
    speaker->second.last_heard = std::max(speaker->second.last_heard, signal.at);
  } else {
    // Silence says when, not what: the last word stays known for `keep_last`.
    signal.health = slot->second.health;
    signal.reason = slot->second.reason;
  }
  slot->second = Word{std::move(signal), false};
}

void Tree::inherit(std::map<std::string, Speaker>& speakers,
                   const std::map<std::string, Speaker>& before) {
  for (const auto& [name, speaker] : before) {
    Speaker& heir = speakers[name] = speaker;
    for (auto& [series, word] : heir.series) word.inherited = true;
  }
}

void Tree::inherit(const Tree& before) {
  refused_ += before.refused_;
  for (Node& node : nodes_) {
    const auto at = before.by_name_.find(node.spec.name);
    if (at == before.by_name_.end()) continue;
    const Node& old = before.nodes_[at->second];
    if (node.spec.business_where == old.spec.business_where) inherit(node.business, old.business);
    for (std::size_t i = 0; i < node.classes.size(); ++i) {
      const MemberClass& spec = node.spec.classes[i];
      for (std::size_t j = 0; j < old.classes.size(); ++j) {
        const MemberClass& was = old.spec.classes[j];
        if (spec.name != was.name || spec.where != was.where || spec.by != was.by) continue;
        inherit(node.classes[i].members, old.classes[j].members);
        node.classes[i].first_seen = old.classes[j].first_seen;
      }
    }
    node.view.own = old.view.own;
    node.view.rolled = old.view.rolled;
    node.view.strict = old.view.strict;
    node.view.since = old.view.since;
  }
}

void Tree::settle(std::map<std::string, Speaker>& speakers) {
  for (auto& [name, speaker] : speakers) {
    for (auto& [series, word] : speaker.series) {
      word.silent = word.silent || word.inherited;
      word.inherited = false;
    }
  }
}

void Tree::settle() {
  for (Node& node : nodes_) {
    settle(node.business);
    for (Class& members : node.classes) settle(members.members);
  }
}

void Tree::judge(const std::string& name, Speaker& speaker, OnSilence on_silence, TimePoint now) {
  Health health = Health::kPassing;
  std::string reason;
  std::size_t silent = 0;
  for (const auto& [series, signal] : speaker.series) {
    if (signal.silent) {
      ++silent;
      continue;
    }
    const Health combined = worst_of(health, signal.health);
    if (combined != health) reason = series == name ? signal.reason : series + " " + signal.reason;
    health = combined;
  }
  speaker.silent = !speaker.series.empty() && silent == speaker.series.size();
  if (speaker.series.empty()) {
    health = Health::kUnknown;
    reason = "not seen yet";
  } else if (speaker.silent) {
    switch (on_silence) {
      case OnSilence::kFailing:
        health = Health::kFailing;
        reason = "silent";
        break;
      case OnSilence::kUnknown:
        health = Health::kUnknown;
        reason = "silent";
        break;
      case OnSilence::kKeepLast:
        for (const auto& [series, signal] : speaker.series)
          health = worst_of(health, signal.health);
        reason = "silent; last word kept";
        break;
      case OnSilence::kIgnore:
        reason = "silent; ignored";
        break;
    }
  }
  if (speaker.since == TimePoint{} || health != speaker.health) speaker.since = now;
  speaker.health = health;
  speaker.reason = std::move(reason);
}

void Tree::judge_all(Node& node, TimePoint now) {
  for (auto& [name, speaker] : node.business) judge(name, speaker, OnSilence::kFailing, now);
  for (std::size_t i = 0; i < node.classes.size(); ++i) {
    const MemberClass& spec = node.spec.classes[i];
    auto& members = node.classes[i].members;
    for (auto it = members.begin(); it != members.end();) {
      judge(it->first, it->second, spec.on_silence, now);
      const bool forgotten = it->second.silent && spec.forget_after &&
                             now - it->second.last_heard > *spec.forget_after;
      it = forgotten ? members.erase(it) : std::next(it);
    }
  }
}

void Tree::form_own(Node& node) {
  Bracket own;
  bool failing = false;
  for (const auto& [name, speaker] : node.business) {
    own.add(Bracket::of(speaker.health));
    failing = failing || speaker.health == Health::kFailing;
  }
  node.view.own = failing ? Health::kFailing : own.verdict();
}

Bracket Tree::class_verdict(const Node& node, std::size_t index, TimePoint now,
                            std::vector<std::string>& because) const {
  const MemberClass& spec = node.spec.classes[index];
  if (!spec.child_service.empty()) {
    const Node& child = nodes_[by_name_.at(spec.child_service)];
    add_cause(because, child.spec.name, child.rolled_bracket.verdict(),
              child.view.because.empty() ? "" : child.view.because.front());
    return child.rolled_bracket;
  }
  const Class& members = node.classes[index];
  std::vector<Item> items;
  double passing = 0;
  for (const auto& [name, member] : members.members) {
    if (member.silent && spec.on_silence == OnSilence::kIgnore) continue;
    items.push_back({Bracket::of(member.health), Standing{}});
    if (member.health == Health::kPassing) ++passing;
    add_cause(because, name, member.health, member.reason);
  }
  const auto total = static_cast<double>(items.size());
  const Bracket verdict = items.empty() ? Bracket{} : combine(spec.roll_up, items);
  const std::optional<Amount>& need = spec.roll_up.need;
  const bool arriving =
      members.first_seen == TimePoint{} || now - members.first_seen < limits_.arrival_grace;
  const bool short_of_members = need && !need->percent && total < need->value;
  if (items.empty() || (arriving && short_of_members)) {
    because.push_back(spec.name + ": " + number_text(total) + " members seen so far");
    if (members.members.empty() && !members.nobodys.empty()) {
      because.back() += "; " + not_counted(members.nobodys.size(), spec.by);
    }
    return Bracket::of(Health::kUnknown);
  }
  if (need && verdict.worst != Health::kPassing) {
    because.push_back(spec.name + ": " + number_text(passing) + " of " + number_text(total) +
                      " passing, need " + number_text(need->value) + (need->percent ? "%" : ""));
  }
  return verdict;
}

void Tree::form_rolled(Node& node, TimePoint now) {
  node.view.because.clear();
  for (const auto& [name, speaker] : node.business) {
    add_cause(node.view.because, name, speaker.health, speaker.reason);
  }
  Bracket rolled;
  if (!node.business.empty()) rolled = Bracket::of(node.view.own);
  if (!node.spec.classes.empty()) {
    std::vector<Item> items;
    std::vector<std::string> because;
    for (std::size_t i = 0; i < node.spec.classes.size(); ++i) {
      items.push_back({class_verdict(node, i, now, because), node.spec.classes[i].standing});
    }
    const Bracket members = combine(node.spec.roll_up, items);
    if (members.worst != Health::kPassing) {
      node.view.because.insert(node.view.because.end(), because.begin(), because.end());
    }
    rolled.add(members);
  }
  node.rolled_bracket = rolled;
  const Health verdict = rolled.verdict();
  if (node.view.since == TimePoint{} || verdict != node.view.rolled) node.view.since = now;
  node.view.rolled = verdict;
}

void Tree::form_strict(Node& node) {
  node.view.strict_because.clear();
  Health strict = node.business.empty() ? Health::kPassing : node.view.own;
  for (const auto& [name, speaker] : node.business) {
    add_cause(node.view.strict_because, name, speaker.health, speaker.reason);
  }
  for (std::size_t i = 0; i < node.classes.size(); ++i) {
    const MemberClass& spec = node.spec.classes[i];
    if (!spec.child_service.empty()) continue;
    if (node.classes[i].members.empty()) strict = worst_of(strict, Health::kUnknown);
    for (const auto& [name, member] : node.classes[i].members) {
      strict = worst_of(strict, member.health);
      add_cause(node.view.strict_because, name, member.health, member.reason);
    }
  }
  for (const std::size_t child : node.children) {
    strict = worst_of(strict, nodes_[child].view.strict);
    for (const std::string& cause : nodes_[child].view.strict_because) {
      if (node.view.strict_because.size() >= kMaxCauses) break;
      node.view.strict_because.push_back(nodes_[child].spec.name + ": " + cause);
    }
  }
  node.view.strict = strict;
}

void Tree::form_notes(Node& node) {
  node.view.notes.clear();
  for (std::size_t i = 0; i < node.classes.size(); ++i) {
    const Class& members = node.classes[i];
    // Of a group without members it is the reason.
    if (members.nobodys.empty() || members.members.empty()) continue;
    const MemberClass& spec = node.spec.classes[i];
    node.view.notes.push_back(spec.name + ": " + not_counted(members.nobodys.size(), spec.by));
  }
}

std::vector<Transition> Tree::tick(TimePoint now) {
  std::vector<ServiceView> before;
  for (Node& node : nodes_) before.push_back(node.view);
  for (Node& node : nodes_) {
    judge_all(node, now);
    form_own(node);
    form_notes(node);
  }
  for (const std::size_t i : bottom_up_) {
    form_rolled(nodes_[i], now);
    form_strict(nodes_[i]);
  }

  std::vector<Transition> transitions;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    Node& node = nodes_[i];
    ServiceView& view = node.view;
    view.impaired_by.clear();
    for (const std::string& name : view.depends_on) {
      if (nodes_[by_name_.at(name)].view.rolled == Health::kFailing)
        view.impaired_by.push_back(name);
    }
    const auto changed = [&](std::string_view name, Health from, Health to,
                             const std::vector<std::string>& because) {
      if (from == to) return;
      transitions.push_back({view.name, std::string(name), from, to, now,
                             because.empty() ? std::string() : because.front()});
    };
    changed("own", before[i].own, view.own, view.because);
    changed("rolled", before[i].rolled, view.rolled, view.because);
    changed("strict", before[i].strict, view.strict, view.strict_because);
  }
  publish_snapshot(now);
  return transitions;
}

void Tree::publish_snapshot(TimePoint as_of) {
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->as_of = as_of;
  for (const Node& node : nodes_) {
    ServiceView shown = node.view;
    for (const auto& [name, speaker] : node.business) {
      shown.business.push_back({name, "", speaker.health, speaker.reason, speaker.since});
    }
    for (std::size_t c = 0; c < node.classes.size(); ++c) {
      for (const auto& [name, member] : node.classes[c].members) {
        shown.members.push_back(
            {name, node.spec.classes[c].name, member.health, member.reason, member.since});
      }
    }
    snapshot->services.push_back(std::move(shown));
  }
  snapshot_ = std::move(snapshot);
}

}  // namespace tocsin::service
