#include "src/detect/ensemble.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "src/detect/median.hpp"
#include "src/detect/skyline.hpp"

namespace tocsin::detect {
namespace {

constexpr std::string_view kSkylineName = "skyline";
constexpr std::size_t kSkylineQuorum = 6;

std::size_t two_thirds_of(std::size_t count) {
  return (2 * count + 2) / 3;
}

void append_number(std::string& text, double number) {
  // Six digits: enough for an eye, short enough for a pager.
  char buffer[32];
  const char* end =
      std::to_chars(buffer, buffer + sizeof buffer, number, std::chars_format::general, 6).ptr;
  text.append(buffer, static_cast<std::size_t>(end - buffer));
}

// See Verdict::expected_low.
void combine_ranges(Verdict& verdict) {
  std::array<double, kMaxDetectors> low{};
  std::array<double, kMaxDetectors> high{};
  std::size_t count = 0;
  for (const Vote& vote : std::span(verdict.votes).first(verdict.size)) {
    if (!std::isfinite(vote.expected_low) || !std::isfinite(vote.expected_high)) continue;
    low[count] = vote.expected_low;
    high[count] = vote.expected_high;
    ++count;
  }
  verdict.expected_low = median_of(std::span(low).first(count));
  verdict.expected_high = median_of(std::span(high).first(count));
}

std::string known_names() {
  std::string names;
  for (const Detector& detector : skyline()) {
    if (!names.empty()) names += ", ";
    names += detector.name;
  }
  return names;
}

}  // namespace

Ensemble::Ensemble()
    : Ensemble({skyline().begin(), skyline().end()}, skyline().size(), kSkylineQuorum,
               Consensus::kQuorum) {}

Ensemble::Ensemble(std::vector<Voter> voters, std::size_t weight, std::size_t quorum,
                   Consensus rule)
    : voters_(std::move(voters)),
      weight_(weight),
      quorum_(quorum),
      rule_(rule),
      reads_window_(!std::ranges::all_of(voters_, &Voter::remembers)),
      remembers_(std::ranges::any_of(voters_, &Voter::remembers)) {}

Result<Ensemble> Ensemble::make(std::vector<Voter> voters, std::size_t quorum, Consensus rule) {
  const std::size_t size = voters.size();
  if (size == 0) return Error{Errc::kRange, "", "no detectors, expected at least one"};
  if (size > kMaxDetectors) {
    return Error{
        Errc::kLimit, "",
        std::to_string(size) + " detectors, expected at most " + std::to_string(kMaxDetectors)};
  }
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (voters[i].name == voters[j].name) {
        return Error{Errc::kDuplicate, "",
                     "detector '" + std::string(voters[i].name) + "' is given twice"};
      }
    }
  }
  std::size_t weight = 0;
  for (const Voter& voter : voters) weight += voter.weight;
  if (quorum > weight) {
    return Error{Errc::kRange, "",
                 "a quorum of " + std::to_string(quorum) + ", expected at most " +
                     std::to_string(weight) +
                     (weight == size ? ", the number of detectors" : ", the weight of all")};
  }
  return Ensemble(std::move(voters), weight, quorum == 0 ? two_thirds_of(weight) : quorum, rule);
}

Result<Ensemble> Ensemble::parse(std::string_view list, std::size_t quorum, Consensus rule) {
  if (list == kSkylineName) return make({skyline().begin(), skyline().end()}, quorum, rule);
  std::vector<Voter> voters;
  for (std::string_view rest = list;;) {
    const std::size_t comma = rest.find(',');
    const std::string_view name = rest.substr(0, comma);
    const Detector* detector = find_detector(name);
    if (detector == nullptr) {
      return Error{Errc::kUnknownName, "",
                   "unknown detector '" + std::string(name) + "', expected skyline or some of " +
                       known_names()};
    }
    voters.emplace_back(*detector);
    if (comma == std::string_view::npos) break;
    rest.remove_prefix(comma + 1);
  }
  return make(std::move(voters), quorum, rule);
}

Verdict Ensemble::judge(const Window& window, Scratch& scratch) const {
  std::array<Vote, kMaxDetectors> votes;
  for (std::size_t i = 0; i < voters_.size(); ++i) {
    votes[i] = voters_[i].judge(window, scratch);
  }
  const double value = window.values.empty() ? kUndefined : window.values.back();
  return count(std::span(votes).first(voters_.size()), value, skip_of(window));
}

Verdict Ensemble::count(std::span<const Vote> votes, double value, Skip skip) const {
  Verdict verdict;
  verdict.size = votes.size();
  verdict.skip = skip;
  verdict.value = value;
  std::copy(votes.begin(), votes.end(), verdict.votes.begin());
  std::size_t weight_true = 0;
  std::size_t weight_false = 0;
  for (std::size_t i = 0; i < votes.size(); ++i) {
    const bool against = !votes[i].fired && !votes[i].abstained;
    verdict.votes_true += votes[i].fired;
    verdict.votes_false += against;
    weight_true += votes[i].fired ? voters_[i].weight : 0;
    weight_false += against ? voters_[i].weight : 0;
  }
  verdict.anomalous = weight_true >= quorum_;
  verdict.anomalous_as_run = weight_false <= weight_ - quorum_;
  const bool by_rule = rule_ == Consensus::kQuorum ? verdict.anomalous : verdict.anomalous_as_run;
  verdict.alarming = by_rule && verdict.skip == Skip::kNone;
  combine_ranges(verdict);
  return verdict;
}

std::string Verdict::explanation() const {
  std::string text = "value ";
  append_number(text, value);
  if (!std::isnan(expected_low)) {
    text += ", expected ";
    append_number(text, expected_low);
    text += "..";
    append_number(text, expected_high);
  }
  text += ", ";
  text += std::to_string(votes_true);
  text += " of ";
  text += std::to_string(size);
  text += votes_true == 1 ? " agrees" : " agree";
  return text;
}

const Detector* find_detector(std::string_view name) {
  const std::span<const Detector> all = skyline();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const Detector& detector) { return detector.name == name; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace tocsin::detect
