// Fuzzes the loader of rule files: YAML, the sections, and the predicates in them; and the steps of
// the parse section, applied to the file's own text.
// Properties: never crashes; gives rules or errors, not both and not neither; every error is placed
// inside of the file, in the order of the file, and fit to be printed; so is every place that a
// rule remembers, and the names that rules give each other lead somewhere. What steps make of an
// event has no field twice.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "src/rules/load.hpp"
#include "src/rules/parse/parser.hpp"
#include "tests/fuzz/positions.hpp"

namespace {

using namespace tocsin::fuzz;
using namespace tocsin::rules;

std::optional<std::string> environment(std::string_view name) {
  if (name == "SET") return "value";
  if (name == "LONG") return "longer than\n  the \x1b[31m name, and = = no predicate";
  return std::nullopt;
}

const Vocabulary& vocabulary() {
  static const Vocabulary known = {environment,
                                   {"stddev_from_average", "mean_subtraction_cumulation",
                                    "least_squares", "grubbs", "median_absolute_deviation"},
                                   3,
                                   std::chrono::seconds(10),
                                   {"consensus", "deep"}};
  return known;
}

void require_inside(const Place& place, std::string_view text) {
  require(place.file == "f");
  require_inside(LineColumn{place.position.line, place.position.column}, text);
}

void check_condition(const Condition& condition, std::string_view text) {
  require_inside(condition.place, text);
  // What was accepted is a predicate, whatever YAML did to its text.
  const auto again = tocsin::query::Predicate::parse(condition.text);
  require(again.has_value() && *again == condition.predicate);
}

void check_watch(const Watch& watch, std::string_view text) {
  require(!watch.name.empty());
  require_inside(watch.place, text);
  check_condition(watch.where, text);
  require(watch.detect || watch.warning || watch.critical || watch.expect_every);
  if (watch.warning) check_condition(*watch.warning, text);
  if (watch.critical) check_condition(*watch.critical, text);
  if (watch.expect_every) require(*watch.expect_every >= vocabulary().window);
  if (!watch.detect) return;
  std::set<std::string> unique;
  std::uint32_t weight = 0;
  for (const Voter& voter : watch.detect->voters) {
    unique.insert(voter.detector);
    require(voter.weight >= 1);
    weight += voter.weight;
  }
  require(unique.size() == watch.detect->voters.size());
  require(watch.detect->quorum >= 1 && watch.detect->quorum <= weight);
}

void check_service(const Service& service, const std::set<std::string>& names,
                   std::string_view text) {
  require_inside(service.place, text);
  require(service.roll_up.need.has_value() == (service.roll_up.policy == Policy::kQuorum));
  for (const Members& members : service.members) {
    require_inside(members.place, text);
    check_condition(members.where, text);
    require(members.roll_up.need.has_value() == (members.roll_up.policy == Policy::kQuorum));
    require(members.standing.weight > 0);
  }
  for (const Child& child : service.children) {
    require_inside(child.place, text);
    require(names.count(child.service) == 1 && child.service != service.name);
  }
  for (const Dependency& dependency : service.depends_on) {
    require_inside(dependency.place, text);
    require(names.count(dependency.service) == 1 && dependency.service != service.name);
  }
}

void check_derivation(const Derivation& derivation, std::string_view text) {
  require(!derivation.name.empty() && derivation.max_groups > 0);
  require_inside(derivation.place, text);
  check_condition(derivation.where, text);
  require(derivation.window % vocabulary().window == Duration{});
  std::set<std::string> names;
  for (const Emission& emission : derivation.emit) {
    require(names.insert(emission.name).second);
    require(derivation.value || emission.what == Emission::What::kCount ||
            emission.what == Emission::What::kRate);
  }
}

// The steps of all rules, on an event with this description.
void apply_all(const parse::Program& program, std::string_view line) {
  const tocsin::AttributeView attributes[] = {
      {"a", "1"}, {"b", "x=1 y=\"2 3\""}, {"c", "/users/42"}, {"d", "{\"e\": [1, {}]}"}};
  tocsin::EventView event;
  event.time = tocsin::TimePoint(std::chrono::seconds(1'700'000'000));
  event.host = "h";
  event.description = line;
  event.attributes = attributes;
  parse::Record record;
  record.assign(event);
  parse::Parser parser(program);
  parser.begin();
  for (const parse::Rule& rule : program.rules()) {
    if (rule.where.matches(record) && !parser.apply(rule, record)) return;
  }
  std::set<std::string_view> keys;
  for (const tocsin::AttributeView& attribute : record.view().attributes) {
    require(keys.insert(attribute.key).second);
  }
}

void check_parse(const parse::Program& program, std::string_view text) {
  for (const auto& numbered : program.steps()) {
    require_inside(parse_place(numbered.step->place, "f"), text);
    require(numbered.step->operation != nullptr);
  }
  apply_all(program, text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const RuleFile file{"f", std::string(reinterpret_cast<const char*>(data), size)};
  const auto loaded = parse_rules({&file, 1}, vocabulary());
  require(loaded.value.has_value() == loaded.errors.empty());
  LineColumn last;
  for (const tocsin::Error& error : loaded.errors) {
    require_printable(error.text);
    const LineColumn place = parse_place(error.where, "f");
    require_inside(place, file.text);
    require(last <= place);
    last = place;
  }
  if (!loaded) return 0;

  const RuleSet& rules = **loaded.value;
  check_parse(*rules.parse, file.text);
  std::set<std::string> derivations;
  for (const Derivation& derivation : rules.derivations) {
    require(derivations.insert(derivation.name).second);
    check_derivation(derivation, file.text);
  }
  std::set<std::string> watches;
  for (const Watch& watch : rules.watches) {
    require(watches.insert(watch.name).second);
    check_watch(watch, file.text);
  }
  std::set<std::string> services;
  for (const Service& service : rules.services) require(services.insert(service.name).second);
  for (const Service& service : rules.services) check_service(service, services, file.text);
  return 0;
}
