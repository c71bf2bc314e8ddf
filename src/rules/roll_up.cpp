#include "src/rules/roll_up.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace tocsin::rules {
namespace {

using settings::MapReader;
using settings::NodePtr;
using settings::Word;

constexpr Word<Policy> kPolicies[] = {
    {"worst", Policy::kWorst}, {"best", Policy::kBest}, {"quorum", Policy::kQuorum}};

constexpr std::int64_t kMaxCount = 1'000'000;

std::optional<Amount> parse_amount(std::string_view text) {
  if (!text.empty() && text.back() == '%') {
    const Result<double> percent = settings::parse_real(text.substr(0, text.size() - 1));
    if (!percent || *percent <= 0 || *percent > 100) return std::nullopt;
    return Amount{*percent, true};
  }
  const Result<std::int64_t> count = settings::parse_integer(text);
  if (!count || *count < 1 || *count > kMaxCount) return std::nullopt;
  return Amount{static_cast<double>(*count), false};
}

std::optional<Amount> read_amount(MapReader& map, std::string_view key) {
  constexpr std::string_view kExpected =
      "a number of members from 1 on, or a share such as \"60%\"";
  const NodePtr* node = map.find(key);
  if (node == nullptr) return std::nullopt;
  const std::string* text = settings::read_text(**node, kExpected, map.complaints());
  if (text == nullptr) return std::nullopt;
  const std::optional<Amount> amount = parse_amount(*text);
  if (!amount) settings::complain(**node, kExpected, map.complaints(), Errc::kRange);
  return amount;
}

}  // namespace

RollUp read_roll_up(MapReader& map) {
  RollUp roll_up;
  roll_up.need = read_amount(map, "need");
  roll_up.degraded_below = read_amount(map, "degraded_below");
  const bool has_need = map.has("need");
  roll_up.policy = has_need ? Policy::kQuorum : Policy::kWorst;
  const bool has_policy = map.word("policy", roll_up.policy, kPolicies);
  settings::Complaints& complaints = map.complaints();
  if (has_policy && has_need != (roll_up.policy == Policy::kQuorum)) {
    complaints.add(Errc::kSyntax, map.position("policy"),
                   has_need ? "found need with a policy that counts nothing, expected quorum"
                            : "found a quorum without need, expected need: K or need: \"60%\"");
  }
  if (map.has("degraded_below") && !has_need) {
    complaints.add(Errc::kSyntax, map.position("degraded_below"),
                   "found degraded_below without need, expected both");
  }
  if (roll_up.need && roll_up.degraded_below &&
      roll_up.need->is_percent == roll_up.degraded_below->is_percent &&
      roll_up.degraded_below->value <= roll_up.need->value) {
    complaints.add(Errc::kRange, map.position("degraded_below"),
                   "found degraded_below at or below need, expected a larger number: fewer than "
                   "need is failing already");
  }
  return roll_up;
}

}  // namespace tocsin::rules
