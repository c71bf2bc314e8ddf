#include "src/rules/parse/program.hpp"

#include <utility>

namespace tocsin::rules::parse {

Program::Program(std::vector<Rule> rules) : rules_(std::move(rules)) {
  for (std::uint32_t i = 0; i < rules_.size(); ++i) number(rules_[i].items, i);
}

void Program::number(Items& items, std::uint32_t rule) {
  for (Item& item : items) {
    if (auto* const step = std::get_if<Step>(&item)) {
      step->number = static_cast<std::uint32_t>(steps_.size());
      steps_.push_back({step, rule});
    } else if (auto* const choice = std::get_if<std::unique_ptr<Choice>>(&item)) {
      number((*choice)->then, rule);
      number((*choice)->otherwise, rule);
    }
  }
}

}  // namespace tocsin::rules::parse
