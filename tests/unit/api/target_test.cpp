// The splitting of request targets: target.cpp, declared in http_server.hpp.
#include <doctest/doctest.h>

#include <map>
#include <string>

#include "src/api/http_server.hpp"

namespace tocsin::api {
namespace {

using Queries = std::map<std::string, std::string>;

TEST_CASE("a target is split and decoded") {
  const auto request = parse_target("/a%20b/c?q=x%3D1+2&flag&q=last%26");
  REQUIRE(request.has_value());
  CHECK(request->path == "/a b/c");
  CHECK(request->queries == Queries{{"q", "last&"}, {"flag", ""}});
}

TEST_CASE("a plus is a blank in the query and a plus in the path") {
  const auto request = parse_target("/a+b?c+d=e+f");
  REQUIRE(request.has_value());
  CHECK(request->path == "/a+b");
  CHECK(request->queries == Queries{{"c d", "e f"}});
}

TEST_CASE("hexadecimal digits of either case give any byte") {
  const auto request = parse_target("/%c3%A4%00%fF");
  REQUIRE(request.has_value());
  CHECK(request->path == std::string("/\xC3\xA4\0\xFF", 5));
}

TEST_CASE("what is decoded is not split again") {
  const auto request = parse_target("/a%3Fb=1?x%26y=1%3D2&z=%253D");
  REQUIRE(request.has_value());
  CHECK(request->path == "/a?b=1");
  CHECK(request->queries == Queries{{"x&y", "1=2"}, {"z", "%3D"}});
}

TEST_CASE("empty pairs are no queries, and a value may hold equals signs") {
  const auto request = parse_target("/p?&&a=b=c&&=v&");
  REQUIRE(request.has_value());
  CHECK(request->queries == Queries{{"a", "b=c"}, {"", "v"}});
  CHECK(parse_target("/p?")->queries.empty());
  CHECK(parse_target("")->path.empty());
}

TEST_CASE("a percent sign without two hexadecimal digits is refused wherever it stands") {
  for (const char* target :
       {"/%zz", "/%4", "/%", "/%4g", "/x?a=%4", "/x?a=%", "/x?%g0=1", "/x?a%"}) {
    CAPTURE(target);
    const auto request = parse_target(target);
    REQUIRE_FALSE(request.has_value());
    CHECK(request.error().code == Errc::kSyntax);
    CHECK(request.error().text == "a '%' that is not followed by two hexadecimal digits");
  }
}

}  // namespace
}  // namespace tocsin::api
