#include "src/rules/service_graph.hpp"

#include <doctest/doctest.h>

#include "tests/unit/rules/vocabulary.hpp"

namespace tocsin::rules {
namespace {

using tests::parsed_rules;

TEST_CASE("a long chain of services is no cycle") {
  std::string text = "service:\n";
  constexpr int kLength = 5000;
  for (int i = 0; i < kLength; ++i) {
    text += "  - {name: s" + std::to_string(i) + ", members: [{service: s" + std::to_string(i + 1) +
            "}]}\n";
  }
  text += "  - {name: s" + std::to_string(kLength) + ", members: {where: 'true'}}\n";
  CHECK(parsed_rules(text)->services.size() == kLength + 1);
}

TEST_CASE("a service may be reached along two ways") {
  const RuleSetPtr rules = parsed_rules(R"(
service:
  - {name: top, members: [{service: left}, {service: right}]}
  - {name: left, business: [x], depends_on: [base]}
  - {name: right, members: [{service: base}]}
  - {name: base, business: [y]}
)");
  CHECK(rules->services.size() == 4);
}

TEST_CASE("two cycles are two complaints, each with its path") {
  const RuleFile file{"r.yaml",
                      "service:\n"
                      "  - {name: a, members: [{service: b}]}\n"
                      "  - {name: b, members: [{service: a}]}\n"
                      "  - {name: c, business: [x], depends_on: [c, a]}\n"};
  const auto errors = parse_rules({&file, 1}, tests::vocabulary()).errors;
  REQUIRE(errors.size() == 2);
  CHECK(errors[0].where == "r.yaml:3:35");
  CHECK(errors[0].text.find("(a -> b -> a)") != std::string::npos);
  CHECK(errors[1].text.find("(c -> c)") != std::string::npos);
}

}  // namespace
}  // namespace tocsin::rules
