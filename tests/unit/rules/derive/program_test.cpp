#include "src/rules/derive/program.hpp"

#include <doctest/doctest.h>

namespace tocsin::rules::derive {
namespace {

Derivation derivation(std::string name, std::vector<std::string> by, std::uint32_t most = 10) {
  Derivation made;
  made.name = std::move(name);
  made.where.predicate = query::Predicate::always();
  made.by = std::move(by);
  made.max_groups = most;
  return made;
}

TEST_CASE("a rule that stays the same over a reload goes on with its groups") {
  const Program before(
      {derivation("a", {"x"}), derivation("b", {"x"}), derivation("c", {"x"}), derivation("d", {})},
      60, nullptr);
  CHECK(before.rules()[3].roster == nullptr);
  const Program after({derivation("c", {"x", "y"}), derivation("b", {"x"}, 20),
                       derivation("a", {"x"}), derivation("new", {"x"})},
                      60, &before);
  CHECK(after.rules()[0].roster != before.rules()[2].roster);
  CHECK(after.rules()[1].roster != before.rules()[1].roster);
  CHECK(after.rules()[1].roster->most() == 20);
  CHECK(after.rules()[2].roster == before.rules()[0].roster);
  CHECK(after.rules()[3].roster != nullptr);
  CHECK(Program({derivation("a", {"x"})}, 30, &before).rules()[0].roster !=
        before.rules()[0].roster);
}

TEST_CASE("a rule with a value measures, one without counts") {
  Derivation measured = derivation("m", {"x"});
  measured.value = "[took][ms]";
  CHECK(kind_of(measured) == SeriesKind::kHistogram);
  CHECK(kind_of(derivation("c", {})) == SeriesKind::kCounter);
  const Program before({derivation("m", {"x"})}, 60, nullptr);
  const Program program({measured}, 60, &before);
  CHECK(program.rules()[0].value->text() == "took.ms");
  CHECK(program.rules()[0].roster != before.rules()[0].roster);
}

}  // namespace
}  // namespace tocsin::rules::derive
