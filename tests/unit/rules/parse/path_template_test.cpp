#include "src/rules/parse/path_template.hpp"

#include <doctest/doctest.h>

#include "tests/support/counting_new.hpp"
#include "tests/unit/rules/parse/rig.hpp"

namespace tocsin::rules::parse {
namespace {

PathTemplate with(std::vector<std::string> routes, std::size_t segments = 8) {
  return test::made(PathTemplate::make(routes, segments));
}

std::string of(std::string_view path, const PathTemplate& made) {
  TextArena arena;
  return std::string(made.of(path, arena));
}

TEST_CASE("what differs from request to request is taken out") {
  const std::pair<const char*, const char*> cases[] = {
      {"/", "/"},
      {"/index.html", "/index.html"},
      {"/users/42", "/users/:id"},
      {"/users/42/posts/7", "/users/:id/posts/:id"},
      {"/users/42/", "/users/:id/"},
      {"//a", "//a"},
      {"/list?page=2&q=x", "/list"},
      {"/list#top", "/list"},
      {"/cart;jsessionid=5F3A", "/cart"},
      {"/orders/3f2504e0-4f89-11d3-9a0c-0305e82c3301", "/orders/:uuid"},
      {"/orders/3F2504E0-4F89-11D3-9A0C-0305E82C3301/x", "/orders/:uuid/x"},
      {"/blob/da39a3ee5e6b4b0d3255bfef95601890afd80709", "/blob/:hash"},
      {"/blob/deadbeef", "/blob/deadbeef"},
      {"/blob/deadbee1", "/blob/:hash"},
      {"/assets/app-5f3a9c1b2d.js", "/assets/app-:hash.js"},
      {"/assets/app.5f3a9c1b2d.min.css", "/assets/app.:hash.min.css"},
      {"/lib/jquery-3.6.0.js", "/lib/jquery-:id.:id.:id.js"},
      {"/archive/2026-11-21", "/archive/:date"},
      {"/archive/2026/11/21", "/archive/:id/:id/:id"},
      {"/api/v2/items", "/api/v2/items"},
      {"/s/dGhpc0lzQVRva2Vu1", "/s/:token"},
      {"/by/jane@example.org", "/by/:email"},
      {"/search/two%20words", "/search/:text"},
      {"/tag/caf\xC3\xA9", "/tag/:text"},
      {"/blog/my-first-post", "/blog/my-first-post"},
      {"/blog/a-title-that-goes-on-and-on-for-ever-and-then-some", "/blog/:text"},
      {"https://shop.example:8443/users/42?x=1", "/users/:id"},
      {"http://shop.example", "/"},
      {"/redirect/http://x/1", "/redirect/http://x/:id"},
      {"*", "*"},
      {"-", ":other"},
      {"", ":other"},
      {"\x16\x03\x01", ":other"},
      {"shop.example:443", ":other"},
  };
  const PathTemplate made = with({});
  for (const auto& [path, expected] : cases) {
    CAPTURE(std::string(path));
    CHECK(of(path, made) == expected);
  }
}

TEST_CASE("further segments than wanted are one star") {
  CHECK(of("/a/b/c", with({}, 3)) == "/a/b/c");
  CHECK(of("/a/b/c/d/e", with({}, 3)) == "/a/b/c/*");
  CHECK(of("/a/b/c/", with({}, 3)) == "/a/b/c/*");
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "/x";
  CHECK(of(deep, with({}, 1000)).size() == 2 * PathTemplate::kMostSegments + 2);
}

TEST_CASE("routes come first, in their order") {
  const PathTemplate made =
      with({"/users/me", "/users/:name", "/blog/:year/:slug", "/static/*", "/", "/exact/"});
  const std::pair<const char*, const char*> cases[] = {
      {"/users/me?x", "/users/me"},
      {"/users/jane", "/users/:name"},
      {"/users/", "/users/"},
      {"/users/42/x", "/users/:id/x"},
      {"/blog/2026/my-first-post", "/blog/:year/:slug"},
      {"/static/a/b/c", "/static/*"},
      {"/static/", "/static/*"},
      {"/static", "/static"},
      {"/staticx/1", "/staticx/:id"},
      {"/", "/"},
      {"/exact/", "/exact/"},
      {"/exact", "/exact"},
  };
  for (const auto& [path, expected] : cases) {
    CAPTURE(std::string(path));
    CHECK(of(path, made) == expected);
  }
}

TEST_CASE("a route that is none is refused") {
  CHECK(PathTemplate::make({"users/:id"}, 8).error().text ==
        "found 'users/:id', expected a route such as /users/:id");
  CHECK(PathTemplate::make({"/a/*/b"}, 8).error().text ==
        "found '/a/*/b', expected * only as the last segment of a route");
  CHECK(PathTemplate::make({"/a?b"}, 8).error().text ==
        "found '/a?b', expected a route without what stands behind ? # or ;");
}

TEST_CASE("the operation puts the template of a field into another") {
  test::Rig rig("", {{"request", "/users/42"}});
  const auto into = [](const char* target) {
    return make_path_template({FieldName::parse("request"), FieldName::parse(target), with({})});
  };
  CHECK(rig.apply(into("route")) == Outcome::kDone);
  CHECK(rig.text("route") == "/users/:id");
  CHECK(rig.apply(into("metric")) == Outcome::kFailed);
  CHECK(rig.record.remove(test::name("request")));
  CHECK(rig.apply(into("route")) == Outcome::kSkipped);
}

TEST_CASE("templates are made without the heap, and never outgrow their room") {
  const PathTemplate made = with({"/static/*"});
  std::string worst = "/";
  for (int i = 0; i < 2000; ++i) worst += "1.@/%/1-";
  TextArena arena;
  const auto use = [&] {
    arena.reset();
    CHECK(made.of(worst, arena).size() <= 8 * worst.size());
    CHECK(made.of("/users/42", arena) == "/users/:id");
  };
  use();
  const std::uint64_t before = tocsin::testing::heap_allocations();
  for (int i = 0; i < 5; ++i) use();
  CHECK(tocsin::testing::heap_allocations() == before);
}

}  // namespace
}  // namespace tocsin::rules::parse
