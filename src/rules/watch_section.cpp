// `watch`: which series are looked at, and how.
#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

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

constexpr std::string_view kDetectExpected =
    "skyline, a list of detectors, or {detectors: [...], quorum: N}";

// Two thirds, rounded up: six of nine, as Skyline counts.
std::uint32_t default_quorum(std::size_t detectors) {
  return static_cast<std::uint32_t>((2 * detectors + 2) / 3);
}

std::vector<std::string> read_detectors(const Node& node, const Vocabulary& vocabulary,
                                        Complaints& complaints) {
  std::vector<std::string> detectors;
  if (node.kind != Node::Kind::kList || node.items.empty()) {
    complain(node, "a list of detectors", complaints);
    return detectors;
  }
  const std::vector<std::string>& known = vocabulary.detectors;
  for (const NodePtr& item : node.items) {
    const std::string* name = settings::read_text(*item, "the name of a detector", complaints);
    if (name == nullptr) continue;
    if (std::find(known.begin(), known.end(), *name) == known.end()) {
      complain(*item, "the name of a detector" + settings::did_you_mean(*name, known), complaints,
               Errc::kUnknownName);
    } else if (std::find(detectors.begin(), detectors.end(), *name) != detectors.end()) {
      complain(*item, "each detector once", complaints, Errc::kDuplicate);
    } else {
      detectors.push_back(*name);
    }
  }
  return detectors;
}

std::optional<Detection> read_detection_map(const Node& node, const Vocabulary& vocabulary,
                                            Complaints& complaints) {
  MapReader map(node, complaints);
  Detection detection;
  if (const NodePtr* list = map.require("detectors", "a list of detectors")) {
    detection.detectors = read_detectors(**list, vocabulary, complaints);
  }
  const auto most =
      static_cast<std::uint32_t>(std::max<std::size_t>(1, detection.detectors.size()));
  detection.quorum = default_quorum(detection.detectors.size());
  map.integer("quorum", detection.quorum, 1U, most);
  map.finish();
  return detection;
}

std::optional<Detection> read_detection(const Node& node, const Vocabulary& vocabulary,
                                        Complaints& complaints) {
  switch (node.kind) {
    case Node::Kind::kScalar:
      if (node.text() == "skyline") {
        return Detection{vocabulary.detectors, vocabulary.skyline_quorum};
      }
      complain(node, kDetectExpected, complaints, Errc::kUnknownName);
      return std::nullopt;
    case Node::Kind::kList: {
      std::vector<std::string> detectors = read_detectors(node, vocabulary, complaints);
      const std::uint32_t quorum = default_quorum(detectors.size());
      return Detection{std::move(detectors), quorum};
    }
    case Node::Kind::kMap:
      return read_detection_map(node, vocabulary, complaints);
    case Node::Kind::kNull:
    case Node::Kind::kFaulty:
      break;
  }
  complain(node, kDetectExpected, complaints);
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
