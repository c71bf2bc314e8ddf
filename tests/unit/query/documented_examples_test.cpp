#include <doctest/doctest.h>

#include <fstream>
#include <string>
#include <vector>

#include "src/query/predicate.hpp"

namespace {

// The lines of all blocks fenced as ```predicate in the page for users.
std::vector<std::string> documented_examples() {
  std::ifstream page(TOCSIN_PREDICATES_PAGE);
  REQUIRE(page.is_open());
  std::vector<std::string> examples;
  bool inside = false;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("```")) {
      inside = line == "```predicate";
    } else if (inside && !line.empty()) {
      examples.push_back(line);
    }
  }
  return examples;
}

}  // namespace

TEST_CASE("every example in docs/predicates.md parses") {
  const std::vector<std::string> examples = documented_examples();
  CHECK(examples.size() >= 10);
  for (const std::string& example : examples) {
    CAPTURE(example);
    const auto predicate = tocsin::query::Predicate::parse(example);
    CHECK_MESSAGE(predicate.has_value(), (predicate ? "" : predicate.error().message()));
  }
}
