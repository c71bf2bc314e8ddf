#include "src/rules/grok/expression.hpp"

#include <algorithm>
#include <utility>

#include "src/rules/grok/dialect.hpp"

namespace tocsin::rules::grok {
namespace {

CaptureType type_of(std::string_view word) {
  if (word == "int") return CaptureType::kInteger;
  if (word == "float") return CaptureType::kFloat;
  return CaptureType::kString;
}

// "pattern:field:type"; colons at the end count for nothing.
Capture capture_of(std::string_view name, std::size_t group) {
  name = name.substr(0, name.find_last_not_of(':') + 1);
  const std::size_t first = name.find(':');
  if (first == std::string_view::npos) return {group, std::string(name), CaptureType::kString};
  const std::string_view rest = name.substr(first + 1);
  const std::size_t second = rest.find(':');
  Capture capture{group, std::string(rest.substr(0, second)), CaptureType::kString};
  if (second != std::string_view::npos) {
    const std::string_view word = rest.substr(second + 1);
    capture.type = type_of(word.substr(0, word.find(':')));
  }
  return capture;
}

}  // namespace

std::vector<Capture> plan_captures(const std::vector<std::string>& groups, bool coerce_only_first) {
  std::vector<Capture> plan;
  for (std::size_t first = 0; first < groups.size(); ++first) {
    const std::string& name = groups[first];
    const auto begin = groups.begin();
    const bool seen = std::find(begin, begin + static_cast<std::ptrdiff_t>(first), name) !=
                      begin + static_cast<std::ptrdiff_t>(first);
    if (name.empty() || seen) continue;
    for (std::size_t i = first; i < groups.size(); ++i) {
      if (groups[i] != name) continue;
      plan.push_back(capture_of(name, i + 1));
      if (coerce_only_first && i != first) plan.back().type = CaptureType::kString;
    }
  }
  return plan;
}

Expression::Expression(std::string text, Regex regex, std::vector<Capture> captures)
    : text_(std::move(text)), regex_(std::move(regex)), captures_(std::move(captures)) {}

Result<Expression> Expression::compile(std::string_view text, const Place& place,
                                       const PatternLibrary& library,
                                       const ExpressionOptions& options) {
  const Result<Expansion> expansion = expand(text, place, library, options.unnamed);
  if (!expansion) return expansion.error();
  const Result<Translation> translation = translate(*expansion);
  if (!translation) return translation.error();
  Result<Regex> regex = Regex::compile(*translation, *expansion);
  if (!regex) return regex.error();
  return Expression(std::string(text), *std::move(regex),
                    plan_captures(translation->groups, options.coerce_only_first));
}

}  // namespace tocsin::rules::grok
