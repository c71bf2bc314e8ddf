#include "src/rules/parse/mutate/mutate_operation.hpp"

#include <doctest/doctest.h>

#include "src/rules/parse/mutate/assign.hpp"
#include "src/rules/parse/mutate/gsub.hpp"
#include "tests/unit/rules/parse/rig.hpp"

namespace tocsin::rules::parse {
namespace {

OperationPtr set(const char* field, const char* text) {
  return make_assign(AssignTo::kAny, {{FieldName::parse(field), TextTemplate::parse(text)}});
}

template <class... Operation>
OperationPtr mutate(Operation&&... operations) {
  std::vector<OperationPtr> all;
  (all.push_back(std::forward<Operation>(operations)), ...);
  return make_mutate(std::move(all));
}

TEST_CASE("changes are made one behind the other, each with its own memory") {
  test::Rig rig;
  CHECK(rig.apply(
            mutate(set("a", "x-1"), set("b", "%{a}"),
                   test::made(make_gsub({{FieldName::parse("b"), "\\d", {"here", 1, 1}, "#"}})))) ==
        Outcome::kDone);
  CHECK(rig.text("a") == "x-1");
  CHECK(rig.text("b") == "x-#");
}

TEST_CASE("the first that fails ends the step, and explains it") {
  test::Rig rig;
  const OperationPtr operation = mutate(set("a", "1"), set("metric", "x"), set("b", "2"));
  const auto memory = operation->make_memory();
  CHECK(operation->apply(rig.record, memory.get()) == Outcome::kFailed);
  CHECK(rig.text("a") == "1");
  CHECK(rig.text("b") == "(none)");
  CHECK(operation->explain(rig.record, memory.get()) ==
        "a field cannot hold the text that it was to be set to");
}

}  // namespace
}  // namespace tocsin::rules::parse
