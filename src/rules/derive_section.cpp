// `derive`: series that are made of events: counts, and statistics of a field, by group and window.
#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "src/rules/condition.hpp"
#include "src/rules/parse/field_name.hpp"
#include "src/rules/sections.hpp"
#include "src/settings/reader.hpp"
#include "src/settings/units.hpp"

namespace tocsin::rules {
namespace {

using parse::FieldName;
using parse::FieldRole;
using settings::complain;
using settings::Complaints;
using settings::MapReader;
using settings::Node;
using settings::NodePtr;

using What = Emission::What;

constexpr std::string_view kStatistics = "count, rate, sum, min, max, mean or a percentile (p95)";
constexpr std::size_t kMostGroupFields = 8;
constexpr std::uint32_t kMostGroups = 100'000;

constexpr std::pair<std::string_view, What> kWhats[] = {
    {"count", What::kCount}, {"rate", What::kRate}, {"sum", What::kSum},
    {"min", What::kMin},     {"max", What::kMax},   {"mean", What::kMean}};

// "p99.9"
std::optional<double> percentile_in(std::string_view text) {
  if (!text.starts_with('p')) return std::nullopt;
  const Result<double> number = settings::parse_real(text.substr(1));
  const bool digits = text.find_first_not_of("0123456789.", 1) == std::string_view::npos;
  if (!digits || !number || *number <= 0 || *number > 100) return std::nullopt;
  return *number;
}

std::optional<Emission> emission_of(const std::string& name) {
  for (const auto& [word, what] : kWhats) {
    if (name == word) return Emission{name, what, 0};
  }
  const auto percentile = percentile_in(name);
  if (!percentile) return std::nullopt;
  // A point ends a part of a series' name.
  std::string part = name;
  std::ranges::replace(part, '.', '_');
  return Emission{std::move(part), What::kPercentile, *percentile};
}

void read_emissions(const NodePtr& node, bool measures, std::vector<Emission>& emissions,
                    Complaints& complaints) {
  for (const NodePtr& item :
       settings::read_list(node, "a list of " + std::string(kStatistics), complaints)) {
    const std::string* const name = settings::read_text(*item, kStatistics, complaints);
    if (name == nullptr) continue;
    auto emission = emission_of(*name);
    const bool counts =
        emission && (emission->what == What::kCount || emission->what == What::kRate);
    if (!emission) {
      complain(*item, kStatistics, complaints, Errc::kUnknownName);
    } else if (!measures && !counts) {
      complain(*item, "count or rate, or a `value` to measure", complaints);
    } else if (std::ranges::find(emissions, emission->name, &Emission::name) != emissions.end()) {
      complain(*item, "each statistic once", complaints, Errc::kDuplicate);
    } else {
      emissions.push_back(*std::move(emission));
    }
  }
}

// Groups become the host and the attributes of series: so they must be names that these can have.
void read_groups(const NodePtr& node, std::vector<std::string>& by, Complaints& complaints) {
  for (const NodePtr& item : settings::read_list(node, "a list of fields", complaints)) {
    const std::string* const text = settings::read_text(*item, "the name of a field", complaints);
    if (text == nullptr) continue;
    const FieldName field = FieldName::parse(*text);
    if (field.role() != FieldRole::kAttribute && field.role() != FieldRole::kHost) {
      complain(*item,
               "host or a field that becomes an attribute (a step can copy it: mutate: {copy: {" +
                   *text + ": NAME}})",
               complaints);
    } else if (std::ranges::find(by, field.text()) != by.end()) {
      complain(*item, "each field once", complaints, Errc::kDuplicate);
    } else {
      by.push_back(field.text());
    }
  }
  if (by.size() > kMostGroupFields) {
    complaints.add(Errc::kLimit, node->position,
                   "found " + std::to_string(by.size()) + " fields, expected at most " +
                       std::to_string(kMostGroupFields));
  }
}

void read_window(MapReader& map, const Vocabulary& vocabulary, Duration& window) {
  using namespace std::chrono_literals;
  if (!map.duration("window", window, 1s, 24h)) return;
  const Duration interval = vocabulary.window;
  if (interval.count() == 0 || window % interval == Duration{}) return;
  map.complaints().add(Errc::kRange, map.position("window"),
                       "found " + settings::format_duration(window) + ", expected a multiple of " +
                           settings::format_duration(interval) + " (series.interval)");
}

void read_derivation(const Node& node, const Vocabulary& vocabulary,
                     std::vector<Derivation>& derivations, Complaints& complaints) {
  MapReader map(node, complaints);
  if (!map.usable()) return;
  Derivation made;
  made.place = {complaints.file(), map.position()};
  const std::size_t before = complaints.count();
  if (map.require("name", "the name of the series") != nullptr) map.text("name", made.name);
  std::optional<Condition> where = require_condition(map, "where");
  std::string value;
  if (map.text("value", value)) made.value = FieldName::parse(value).text();
  if (const NodePtr* by = map.find("by")) read_groups(*by, made.by, complaints);
  if (const NodePtr* emit = map.find("emit")) {
    read_emissions(*emit, map.has("value"), made.emit, complaints);
  } else if (made.value) {
    for (const char* name : {"count", "p50", "p95", "p99"}) made.emit.push_back(*emission_of(name));
  }
  read_window(map, vocabulary, made.window);
  map.integer("max_groups", made.max_groups, std::uint32_t{1}, kMostGroups);
  map.finish();
  if (!where || complaints.count() > before) return;
  made.where = *std::move(where);
  derivations.push_back(std::move(made));
}

}  // namespace

void read_derivations(const Node& node, const Vocabulary& vocabulary,
                      std::vector<Derivation>& derivations, Complaints& complaints) {
  if (node.kind != Node::Kind::kList) {
    complain(node, "a list of derive rules ('- name: ...')", complaints);
    return;
  }
  for (const NodePtr& item : node.items) {
    read_derivation(*item, vocabulary, derivations, complaints);
  }
}

}  // namespace tocsin::rules
