#include "src/rules/steps/step_fields.hpp"

#include <doctest/doctest.h>

#include <functional>

#include "tests/unit/rules/vocabulary.hpp"

namespace tocsin::rules {
namespace {

using settings::Complaints;
using settings::MapReader;

// What `read` makes of a map; returns the complaints.
std::vector<std::string> reading(const std::string& yaml,
                                 const std::function<void(MapReader&)>& read) {
  Complaints complaints("r.yaml");
  const auto root = settings::parse_yaml(yaml, tests::empty_environment, complaints);
  REQUIRE(root);
  MapReader map(**root, complaints);
  read(map);
  std::vector<std::string> texts;
  for (const Error& error : complaints.take()) texts.push_back(error.message());
  return texts;
}

TEST_CASE("names of fields, one or several") {
  CHECK(reading("{a: '[x][y]', b: [p, q], c: r}", [](MapReader& map) {
          FieldName field;
          CHECK(read_field(map, "a", field));
          CHECK(field.text() == "x.y");
          CHECK_FALSE(read_field(map, "none", field));
          std::vector<FieldName> fields;
          CHECK(read_fields(map, "b", fields));
          REQUIRE(fields.size() == 2);
          CHECK(fields[1].text() == "q");
          CHECK(read_fields(map, "c", fields));
          CHECK(fields.size() == 1);
          CHECK_FALSE(read_fields(map, "none", fields));
        }).empty());
}

TEST_CASE("lists of texts replace what was there, the empty one too") {
  CHECK(reading("{a: [x, y], b: z, c: []}", [](MapReader& map) {
          std::vector<std::string> texts = {"default"};
          CHECK_FALSE(read_texts(map, "none", texts));
          CHECK(texts.size() == 1);
          CHECK(read_texts(map, "a", texts));
          CHECK(texts == std::vector<std::string>{"x", "y"});
          CHECK(read_texts(map, "b", texts));
          CHECK(texts == std::vector<std::string>{"z"});
          CHECK(read_texts(map, "c", texts));
          CHECK(texts.empty());
        }).empty());
  CHECK(reading("{a: {b: c}}",
                [](MapReader& map) {
                  std::vector<std::string> texts;
                  CHECK_FALSE(read_texts(map, "a", texts));
                }) ==
        std::vector<std::string>{"r.yaml:1:5: found a map, expected a text or a list of texts"});
}

TEST_CASE("maps of texts keep their order, and empty texts") {
  CHECK(reading("{m: {b: '', a: x}}", [](MapReader& map) {
          CHECK(read_pairs(map, "m", "a map") ==
                std::vector<std::pair<std::string, std::string>>{{"b", ""}, {"a", "x"}});
          CHECK(read_entries(map, "none", "a map").empty());
        }).empty());
  CHECK(reading("{m: x, n: {a: [1]}}",
                [](MapReader& map) {
                  CHECK(read_pairs(map, "m", "a map").empty());
                  CHECK(read_pairs(map, "n", "a map").empty());
                }) == std::vector<std::string>{"r.yaml:1:5: found 'x', expected a map",
                                               "r.yaml:1:15: found a list, expected a text"});
}

TEST_CASE("the options of every step") {
  CHECK(reading("{add_field: {a: [x, y], b: ''}, remove_field: [c, d], add_tag: t, remove_tag: [u],"
                " tag_on_failure: f}",
                [](MapReader& map) {
                  parse::Step step;
                  read_common_options(map, step);
                  CHECK(step.tag_on_failure == std::vector<std::string>{"f"});
                  const parse::Decoration& made = step.on_success;
                  REQUIRE(made.add_field.size() == 2);
                  CHECK(made.add_field[0].values.size() == 2);
                  CHECK(made.add_field[1].values.size() == 1);
                  CHECK(made.remove_field.size() == 2);
                  CHECK(made.add_tag.size() == 1);
                  CHECK(made.remove_tag.size() == 1);
                  map.finish();
                })
            .empty());
}

TEST_CASE("an entry alone is a map of its own, at its place") {
  CHECK(reading("{a: 1, b: 2}", [](MapReader& map) {
          const auto entries = read_entries(map, "none", "a map");
          CHECK(entries.empty());
        }).empty());
  settings::Node::Entry entry;
  entry.key = "k";
  entry.position = {4, 5};
  entry.value = std::make_shared<settings::Node>();
  const settings::Node single = only(entry);
  CHECK(single.kind == settings::Node::Kind::kMap);
  CHECK(single.position == settings::Position{4, 5});
  REQUIRE(single.entries.size() == 1);
  CHECK(single.entries[0].value == entry.value);
}

}  // namespace
}  // namespace tocsin::rules
