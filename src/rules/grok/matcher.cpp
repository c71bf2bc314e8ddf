#include "src/rules/grok/matcher.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

namespace tocsin::rules::grok {

Result<Matcher> Matcher::compile(const std::vector<PlacedText>& expressions,
                                 const PatternLibrary& library, const MatcherOptions& options) {
  Matcher matcher(options);
  const ExpressionOptions how{
      options.named_captures_only ? Unnamed::kDoNotCapture : Unnamed::kCapture, options.compat};
  for (const PlacedText& source : expressions) {
    auto expression = Expression::compile(source.text, source.place, library, how);
    if (!expression) return expression.error();
    matcher.add(*std::move(expression));
  }
  std::vector<std::string> literals;
  for (const Expression& expression : matcher.expressions_) {
    literals.push_back(expression.regex().literal());
  }
  matcher.candidates_ = Candidates(literals);
  return matcher;
}

void Matcher::add(Expression expression) {
  std::vector<Delivery> deliveries;
  for (const Capture& capture : expression.captures()) {
    deliveries.push_back({capture.group, field_of(capture.field), capture.type});
  }
  deliveries_.push_back(std::move(deliveries));
  expressions_.push_back(std::move(expression));
}

std::uint32_t Matcher::field_of(const std::string& spelling) {
  const auto known = std::find_if(fields_.begin(), fields_.end(),
                                  [&](const Field& field) { return field.spelling == spelling; });
  const auto index = static_cast<std::uint32_t>(known - fields_.begin());
  if (known == fields_.end()) fields_.push_back({spelling, FieldReference::parse(spelling)});
  return index;
}

Matcher::Found Matcher::match(const Subject& subject, Captures& captures) const {
  return match_all(subject, captures, nullptr);
}

Matcher::Found Matcher::match(const Subject& subject, Captures& captures, Effort& left) const {
  return match_all(subject, captures, &left);
}

Matcher::Found Matcher::match_all(const Subject& subject, Captures& captures, Effort* left) const {
  captures.clear();
  Found found;
  Candidates::Flags flags;
  const bool all = !candidates_.tells();
  if (!all) candidates_.find(subject, flags);
  const std::size_t count = expressions_.size();
  const auto next = [&](std::size_t i) { return all ? i : flags.next(i, count); };
  std::size_t last_matched = kNone;
  for (std::size_t i = next(0); i < count; i = next(i + 1)) {
    Groups groups;
    Effort own = options_.effort;
    const Outcome outcome = expressions_[i].search(subject, left == nullptr ? own : *left, groups);
    if (outcome == Outcome::kGaveUp) return {outcome, i};
    if (outcome == Outcome::kMatch) {
      deliver(i, groups, captures);
      found = {outcome, i};
      if (options_.break_on_match) return found;
      last_matched = i;
    }
  }
  // The reference's defect: the last expression's outcome counts for all.
  if (options_.compat && last_matched + 1 != count) found.outcome = Outcome::kNoMatch;
  return found;
}

void Matcher::deliver(std::size_t expression, const Groups& groups, Captures& captures) const {
  const bool keep_empty = options_.keep_empty_captures;
  for (const Delivery& delivery : deliveries_[expression]) {
    const std::string_view text = groups[delivery.group];
    if (text.data() == nullptr) {
      if (keep_empty) captures.add(delivery.field).emplace<Null>();
    } else if (delivery.type != CaptureType::kString) {
      captures.add(delivery.field) = captured_value(text, delivery.type);
    } else if (keep_empty || !text.empty()) {
      captures.add(delivery.field).emplace<std::string_view>(text);
    }
  }
}

}  // namespace tocsin::rules::grok
