#include <doctest/doctest.h>

#include "tests/unit/rules/steps/rig.hpp"

namespace tocsin::rules {
namespace {

using test::applied;
using test::complaint;
using test::Texts;

TEST_CASE("a field's path, in another field") {
  CHECK(applied("      - path_template: path\n", "", {{"path", "/users/42"}}).attributes ==
        Texts{{"path", "/users/42"}, {"route", "/users/:id"}});
  CHECK(applied("      - path_template: {target: t, segments: 1, routes: ['/blog/:slug']}\n", "",
                {{"request", "/blog/a-title"}})
            .attributes == Texts{{"request", "/blog/a-title"}, {"t", "/blog/:slug"}});
  CHECK(applied("      - path_template: {segments: 1}\n", "", {{"request", "/a/b/c"}})
            .attributes.at("route") == "/a/*");
}

TEST_CASE("what is wrong is refused at its place") {
  CHECK(complaint("      - path_template: {routes: [/a, b]}\n") ==
        "5:38: found 'b', expected a route such as /users/:id");
  CHECK(complaint("      - path_template: {segments: 0}\n")
            .starts_with("5:35: found '0', expected a whole number from 1 to 32"));
  CHECK(complaint("      - path_template: [a]\n").starts_with("5:24: found a list"));
}

}  // namespace
}  // namespace tocsin::rules
