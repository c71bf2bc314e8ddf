// `watch`: which series are looked at, and how.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "src/rules/condition.hpp"
#include "src/rules/sections.hpp"
#include "src/settings/nearest.hpp"
#include "src/settings/reader.hpp"

namespace tocsin::rules {
namespace {

using settings::complain;
using settings::Complaints;
using settings::MapReader;
using settings::Node;
using settings::NodePtr;

constexpr std::uint32_t kMostWeight = 1000;
constexpr settings::Word<Priority> kPriorities[] = {
    {"high", Priority::kHigh}, {"normal", Priority::kNormal}, {"low", Priority::kLow}};
// Of a series: one in twenty years, and one every ten minutes.
constexpr double kFewestFalseAlarms = 0.001;
constexpr double kMostFalseAlarms = 1000;

// What a scalar may say: "consensus, deep, skyline".
std::vector<std::string> words_of(const Vocabulary& vocabulary) {
  std::vector<std::string> words = vocabulary.remembering;
  words.emplace_back("skyline");
  return words;
}

std::string detect_expected(const Vocabulary& vocabulary) {
  std::string expected;
  for (const std::string& word : words_of(vocabulary)) expected += word + ", ";
  return expected + "a list of detectors, or {detectors: [...], quorum: N}";
}

std::vector<std::string> known_detectors(const Vocabulary& vocabulary) {
  std::vector<std::string> known = vocabulary.detectors;
  known.insert(known.end(), vocabulary.remembering.begin(), vocabulary.remembering.end());
  return known;
}

std::uint32_t weight_of(const std::vector<Voter>& voters) {
  std::uint32_t weight = 0;
  for (const Voter& voter : voters) weight += voter.weight;
  return weight;
}

// Two thirds, rounded up: six of nine, as Skyline counts.
std::uint32_t default_quorum(std::uint32_t weight) {
  return (2 * weight + 2) / 3;
}

std::vector<Voter> read_list_of_voters(const Node& node, const std::vector<std::string>& known,
                                       Complaints& complaints) {
  std::vector<Voter> voters;
  for (const NodePtr& item : node.items) {
    const std::string* name = settings::read_text(*item, "the name of a detector", complaints);
    if (name == nullptr) continue;
    if (std::ranges::find(known, *name) == known.end()) {
      complain(*item, "the name of a detector" + settings::did_you_mean(*name, known), complaints,
               Errc::kUnknownName);
    } else if (std::ranges::find(voters, *name, &Voter::detector) != voters.end()) {
      complain(*item, "each detector once", complaints, Errc::kDuplicate);
    } else {
      voters.push_back({*name});
    }
  }
  return voters;
}

// {consensus: 2, deep: 1}: each with what its vote weighs.
std::vector<Voter> read_map_of_voters(const Node& node, const std::vector<std::string>& known,
                                      Complaints& complaints) {
  std::vector<Voter> voters;
  MapReader map(node, complaints);
  for (const Node::Entry& entry : node.entries) {
    if (std::ranges::find(known, entry.key) == known.end()) continue;
    Voter voter{entry.key};
    map.integer(entry.key, voter.weight, 1U, kMostWeight);
    voters.push_back(std::move(voter));
  }
  for (const std::string& name : known) (void)map.find(name);  // for who misspells one
  map.finish();
  return voters;
}

std::vector<Voter> read_voters(const Node& node, const Vocabulary& vocabulary,
                               Complaints& complaints) {
  const std::vector<std::string> known = known_detectors(vocabulary);
  if (node.kind == Node::Kind::kList && !node.items.empty()) {
    return read_list_of_voters(node, known, complaints);
  }
  if (node.kind == Node::Kind::kMap && !node.entries.empty()) {
    return read_map_of_voters(node, known, complaints);
  }
  complain(node, "a list of detectors, or {DETECTOR: WEIGHT}", complaints);
  return {};
}

std::optional<Detection> read_detection_map(const Node& node, const Vocabulary& vocabulary,
                                            Complaints& complaints) {
  MapReader map(node, complaints);
  Detection detection;
  if (const NodePtr* list = map.require("detectors", "a list of detectors")) {
    detection.voters = read_voters(**list, vocabulary, complaints);
  }
  const std::uint32_t weight = weight_of(detection.voters);
  detection.quorum = default_quorum(weight);
  map.integer("quorum", detection.quorum, 1U, std::max(1U, weight));
  double false_alarms = 0;
  if (map.real("false_alarms_per_week", false_alarms, kFewestFalseAlarms, kMostFalseAlarms)) {
    detection.false_alarms_per_week = false_alarms;
  }
  map.finish();
  return detection;
}

std::optional<Detection> read_detection_word(const Node& node, const Vocabulary& vocabulary,
                                             Complaints& complaints) {
  const std::string_view word = node.text();
  Detection detection;
  if (word == "skyline") {
    for (const std::string& name : vocabulary.detectors) detection.voters.push_back({name});
    detection.quorum = vocabulary.skyline_quorum;
    return detection;
  }
  if (std::ranges::find(vocabulary.remembering, word) != vocabulary.remembering.end()) {
    detection.voters.push_back({std::string(word)});
    detection.quorum = 1;
    return detection;
  }
  complain(
      node,
      detect_expected(vocabulary) + settings::did_you_mean(std::string(word), words_of(vocabulary)),
      complaints, Errc::kUnknownName);
  return std::nullopt;
}

std::optional<Detection> read_detection(const Node& node, const Vocabulary& vocabulary,
                                        Complaints& complaints) {
  switch (node.kind) {
    case Node::Kind::kScalar:
      return read_detection_word(node, vocabulary, complaints);
    case Node::Kind::kList: {
      Detection detection;
      detection.voters = read_voters(node, vocabulary, complaints);
      detection.quorum = default_quorum(weight_of(detection.voters));
      return detection;
    }
    case Node::Kind::kMap:
      return read_detection_map(node, vocabulary, complaints);
    case Node::Kind::kNull:
    case Node::Kind::kFaulty:
      break;
  }
  complain(node, detect_expected(vocabulary), complaints);
  return std::nullopt;
}

std::optional<Duration> read_expectation(const Node& node, const Vocabulary& vocabulary,
                                         Complaints& complaints) {
  using namespace std::chrono_literals;
  MapReader map(node, complaints);
  Duration every{};
  if (map.require("every", "how often the series is heard, such as every: 40m") != nullptr) {
    const bool read = map.duration("every", every, 1s, 366 * 24h);
    if (read && every < vocabulary.window) {
      complaints.add(Errc::kRange, map.position("every"),
                     "found " + settings::format_duration(every) + ", expected at least " +
                         settings::format_duration(vocabulary.window) +
                         " (series.interval): a series is heard once in a window, not more often");
    }
  }
  map.finish();
  return every;
}

Priority read_priority(MapReader& map) {
  Priority priority = Priority::kNormal;
  if (map.word("priority", priority, kPriorities) && !map.has("detect")) {
    map.complaints().add(Errc::kSyntax, map.position("priority"),
                         "found priority without detect, expected both: it is that of votes");
  }
  return priority;
}

void read_watch(const Node& node, const Vocabulary& vocabulary, std::vector<Watch>& watches,
                Complaints& complaints) {
  MapReader map(node, complaints);
  if (!map.usable()) return;
  std::string name;
  map.text("name", name);
  std::optional<Condition> where = require_condition(map, "where");
  std::optional<Detection> detect;
  if (const NodePtr* value = map.find("detect")) {
    detect = read_detection(**value, vocabulary, complaints);
  }
  const Priority priority = read_priority(map);
  std::optional<Condition> warning = read_condition(map, "warning");
  std::optional<Condition> critical = read_condition(map, "critical");
  std::optional<Duration> expect_every;
  if (const NodePtr* value = map.find("expect")) {
    expect_every = read_expectation(**value, vocabulary, complaints);
  }
  map.finish();
  const bool looks =
      map.has("detect") || map.has("warning") || map.has("critical") || map.has("expect");
  if (!looks) {
    complaints.add(Errc::kSyntax, map.position(),
                   "found a watch that looks at nothing, expected detect, warning, critical or "
                   "expect");
  }
  if (!where) return;
  if (name.empty()) name = where->text;
  watches.push_back({std::move(name),
                     std::move(*where),
                     std::move(detect),
                     priority,
                     std::move(warning),
                     std::move(critical),
                     expect_every,
                     {complaints.file(), map.position()}});
}

}  // namespace

void read_watches(const Node& node, const Vocabulary& vocabulary, std::vector<Watch>& watches,
                  Complaints& complaints) {
  if (node.kind != Node::Kind::kList) {
    complain(node, "a list of watches ('- where: ...')", complaints);
    return;
  }
  for (const NodePtr& item : node.items) read_watch(*item, vocabulary, watches, complaints);
}

}  // namespace tocsin::rules
