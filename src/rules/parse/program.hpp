// Program: the parse rules of one generation, checked and made, in the order in which they apply.
//
//     rule   := where, keep, items
//     item   := step | choice | drop
//     step   := an operation, what is done on its success, the tags of its failure
//     choice := when, items, else items
//
// `where` is asked of the event as it arrives, `when` of the record as it is by then.
// Threads: immutable; shared by all ingest threads.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "src/query/predicate.hpp"
#include "src/rules/parse/decoration.hpp"
#include "src/rules/parse/operation.hpp"

namespace tocsin::rules::parse {

struct Step {
  std::string kind;   // "grok": the key in the rule file
  std::string place;  // "file:line:column" of that key
  OperationPtr operation;
  Decoration on_success;
  std::vector<std::string> tag_on_failure;
  std::vector<std::string> tag_on_give_up;
  std::uint32_t number = 0;  // in Program::steps()
};

struct Drop {};
struct Choice;
using Item = std::variant<Step, Drop, std::unique_ptr<Choice>>;
using Items = std::vector<Item>;

struct Choice {
  query::Predicate when;
  Items then;
  Items otherwise;
};

// Which events leave for their series; derive rules see all of them.
enum class Keep : std::uint8_t { kAll, kFailures, kNothing };

struct Rule {
  std::string name;  // unique
  query::Predicate where;
  Keep keep = Keep::kAll;
  Items items;
};

class Program {
 public:
  Program() = default;
  explicit Program(std::vector<Rule> rules);
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  struct NumberedStep {
    const Step* step;
    std::uint32_t rule;
  };

  [[nodiscard]] const std::vector<Rule>& rules() const noexcept { return rules_; }
  // Of all rules, in order.
  [[nodiscard]] const std::vector<NumberedStep>& steps() const noexcept { return steps_; }
  // Searches by regular expressions of `where` and `when` that gave up so far, on all threads.
  [[nodiscard]] std::uint64_t give_ups() const noexcept;

 private:
  void number(Items& items, std::uint32_t rule);

  std::vector<Rule> rules_;
  std::vector<NumberedStep> steps_;
};

using ProgramPtr = std::shared_ptr<const Program>;

}  // namespace tocsin::rules::parse
