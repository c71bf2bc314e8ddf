#include "src/rules/parse/program.hpp"

#include <utility>

namespace tocsin::rules::parse {
namespace {

std::uint64_t give_ups_of(const Items& items) noexcept {
  std::uint64_t sum = 0;
  for (const Item& item : items) {
    if (const auto* const choice = std::get_if<std::unique_ptr<Choice>>(&item)) {
      sum += (*choice)->when.give_ups();
      sum += give_ups_of((*choice)->then) + give_ups_of((*choice)->otherwise);
    }
  }
  return sum;
}

}  // namespace

Program::Program(std::vector<Rule> rules) : rules_(std::move(rules)) {
  for (std::uint32_t i = 0; i < rules_.size(); ++i) number(rules_[i].items, i);
}

std::uint64_t Program::give_ups() const noexcept {
  std::uint64_t sum = 0;
  for (const Rule& rule : rules_) sum += rule.where.give_ups() + give_ups_of(rule.items);
  return sum;
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
