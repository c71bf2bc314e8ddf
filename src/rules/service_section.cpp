// `service`: what a service is made of. References between services are checked by service_graph.
#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "src/rules/condition.hpp"
#include "src/rules/roll_up.hpp"
#include "src/rules/sections.hpp"
#include "src/settings/reader.hpp"

namespace tocsin::rules {
namespace {

using settings::complain;
using settings::Complaints;
using settings::MapReader;
using settings::Node;
using settings::NodePtr;
using settings::Word;

constexpr Word<OnAnomaly> kOnAnomaly[] = {{"failing", OnAnomaly::kFailing},
                                          {"degraded", OnAnomaly::kDegraded}};
constexpr Word<OnSilence> kOnSilence[] = {{"failing", OnSilence::kFailing},
                                          {"unknown", OnSilence::kUnknown},
                                          {"keep_last", OnSilence::kKeepLast},
                                          {"ignore", OnSilence::kIgnore}};

constexpr double kMinWeight = 0.001;
constexpr double kMaxWeight = 1000;

// Service names are used in keys, in addresses and on command lines.
bool is_name(std::string_view name) {
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
  });
}

const std::string* read_name(const Node& node, Complaints& complaints) {
  constexpr std::string_view kExpected = "a name of letters, digits, '_', '-' and '.'";
  const std::string* name = settings::read_text(node, kExpected, complaints);
  if (name == nullptr || is_name(*name)) return name;
  complain(node, kExpected, complaints);
  return nullptr;
}

Standing read_standing(MapReader& map) {
  Standing standing;
  map.boolean("required", standing.required);
  map.boolean("optional", standing.optional);
  map.real("weight", standing.weight, kMinWeight, kMaxWeight);
  if (standing.required && standing.optional) {
    map.complaints().add(Errc::kSyntax, map.position("optional"),
                         "found both required and optional, expected one of them");
  }
  return standing;
}

void read_forget_after(MapReader& map, std::optional<Duration>& forget_after) {
  using namespace std::chrono_literals;
  const NodePtr* node = map.find("forget_after");
  if (node == nullptr) return;
  if ((*node)->kind == Node::Kind::kScalar && (*node)->text() == "never") return;
  Duration duration{};
  if (map.duration("forget_after", duration, 1s, 100 * 366 * 24h)) forget_after = duration;
}

void read_child(MapReader& map, std::vector<Child>& children) {
  Child child;
  if (const NodePtr* node = map.find("service")) {
    if (const std::string* name = read_name(**node, map.complaints())) child.service = *name;
    child.place = {map.complaints().file(), (*node)->position};
  }
  child.standing = read_standing(map);
  map.finish();
  if (!child.service.empty()) children.push_back(std::move(child));
}

void read_group(MapReader& map, std::vector<Members>& groups) {
  std::string name;
  std::string by = "host";
  OnSilence on_silence = OnSilence::kFailing;
  std::optional<Duration> forget_after;
  map.text("name", name);
  std::optional<Condition> where = require_condition(map, "where");
  map.text("by", by);
  RollUp roll_up = read_roll_up(map);
  const Standing standing = read_standing(map);
  map.word("on_silence", on_silence, kOnSilence);
  read_forget_after(map, forget_after);
  map.finish();
  if (!where) return;
  if (name.empty()) name = where->text;
  const auto twin = std::find_if(groups.begin(), groups.end(),
                                 [&](const Members& group) { return group.name == name; });
  if (twin != groups.end()) {
    map.complaints().add(Errc::kDuplicate, map.position("name"),
                         "found a second member group named " + settings::in_quotes(name) +
                             ", expected a name of its own (first at " + twin->place.to_string() +
                             ")");
    return;
  }
  groups.push_back({std::move(name),
                    std::move(*where),
                    std::move(by),
                    roll_up,
                    standing,
                    on_silence,
                    forget_after,
                    {map.complaints().file(), map.position()}});
}

void read_members(const NodePtr& node, Service& service, Complaints& complaints) {
  for (const NodePtr& item : settings::read_list(
           node, "{where: PREDICATE} or {service: NAME}, or a list of these", complaints)) {
    MapReader map(*item, complaints);
    if (!map.usable()) continue;
    if (map.has("service") && !map.has("where")) {
      read_child(map, service.children);
    } else {
      read_group(map, service.members);
    }
  }
}

void read_business(const NodePtr& node, std::vector<Business>& business, Complaints& complaints) {
  for (const NodePtr& item :
       settings::read_list(node, "a list of series names or {where: PREDICATE}", complaints)) {
    std::optional<Condition> where;
    std::string name;
    if (item->kind == Node::Kind::kMap) {
      MapReader map(*item, complaints);
      where = require_condition(map, "where");
      map.finish();
    } else {
      where = condition_of_series(*item, complaints);
      name = item->text();
    }
    if (where) business.push_back({std::move(name), std::move(*where)});
  }
}

void read_dependencies(const NodePtr& node, std::vector<Dependency>& dependencies,
                       Complaints& complaints) {
  for (const NodePtr& item : settings::read_list(node, "a list of names of services", complaints)) {
    const std::string* name = read_name(*item, complaints);
    if (name == nullptr) continue;
    const bool twice = std::any_of(dependencies.begin(), dependencies.end(),
                                   [&](const Dependency& other) { return other.service == *name; });
    if (twice) {
      complain(*item, "each service once", complaints, Errc::kDuplicate);
    } else {
      dependencies.push_back({*name, {complaints.file(), item->position}});
    }
  }
}

void read_service(const Node& node, std::vector<Service>& services, Complaints& complaints) {
  MapReader map(node, complaints);
  if (!map.usable()) return;
  Service service;
  service.place = {complaints.file(), map.position("name")};
  if (const NodePtr* name = map.require("name", "the name of the service")) {
    if (const std::string* text = read_name(**name, complaints)) service.name = *text;
  }
  service.title = service.name;
  map.text("title", service.title);
  if (const NodePtr* business = map.find("business")) {
    read_business(*business, service.business, complaints);
  }
  map.word("on_anomaly", service.on_anomaly, kOnAnomaly);
  if (const NodePtr* members = map.find("members")) read_members(*members, service, complaints);
  service.roll_up = read_roll_up(map);
  if (const NodePtr* names = map.find("depends_on")) {
    read_dependencies(*names, service.depends_on, complaints);
  }
  map.text("runbook", service.runbook);
  map.finish();
  if (!map.has("business") && !map.has("members")) {
    complaints.add(Errc::kSyntax, map.position(),
                   "found a service with nothing in it, expected business or members");
  }
  if (!service.name.empty()) services.push_back(std::move(service));
}

}  // namespace

void read_services(const Node& node, std::vector<Service>& services, Complaints& complaints) {
  if (node.kind != Node::Kind::kList) {
    complain(node, "a list of services ('- name: ...')", complaints);
    return;
  }
  for (const NodePtr& item : node.items) read_service(*item, services, complaints);
}

}  // namespace tocsin::rules
