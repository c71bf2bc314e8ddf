#include "ingest/graphite/series_name.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

namespace tocsin::graphite {
namespace {

using Tags = std::vector<std::pair<std::string, std::string>>;

struct Read {
  std::string path;
  Tags tags;
};

Read read(std::string_view name) {
  SeriesName series;
  const auto refusal = series.read(name, 64);
  REQUIRE_MESSAGE(!refusal, std::string(name));
  Read read{std::string(series.path()), {}};
  for (const AttributeView& tag : series.tags()) read.tags.emplace_back(tag.key, tag.value);
  return read;
}

Refusal refused(std::string_view name, std::size_t max_tags = 64) {
  SeriesName series;
  const auto refusal = series.read(name, max_tags);
  REQUIRE_MESSAGE(refusal.has_value(), std::string(name));
  CHECK_FALSE(refusal->text.empty());
  return *refusal;
}

TEST_CASE("a name without tags is its path") {
  CHECK(read("servers.web-01.cpu.user").path == "servers.web-01.cpu.user");
  CHECK(read("a..b.").path == "a..b.");
  CHECK(read("a.{b").path == "a.{b");
  CHECK(read("a}").path == "a}");
  CHECK(read("a=b").tags.empty());
}

TEST_CASE("tags follow semicolons") {
  const Read tagged = read("disk.used;host=web-01;mount=/var");
  CHECK(tagged.path == "disk.used");
  CHECK(tagged.tags == Tags{{"host", "web-01"}, {"mount", "/var"}});
  CHECK(read("a;k=v=w").tags == Tags{{"k", "v=w"}});
  CHECK(read("a;k=x~").tags == Tags{{"k", "x~"}});
  CHECK(read("a;k={b}").tags == Tags{{"k", "{b}"}});
}

TEST_CASE("OpenMetrics braces are tags too") {
  const Read tagged = read(R"(disk.used{host="web-01",mount="/var;x=1"})");
  CHECK(tagged.path == "disk.used");
  CHECK(tagged.tags == Tags{{"host", "web-01"}, {"mount", "/var;x=1"}});
  CHECK(read("a{}").tags.empty());
  CHECK(read("a{}").path == "a");
  CHECK(read(R"(a{k="v",})").tags == Tags{{"k", "v"}});
}

TEST_CASE("a backslash in an OpenMetrics value protects a quote or a backslash") {
  CHECK(read(R"(a{k="say \"hi\"",l="C:\\x",m="}"})").tags ==
        Tags{{"k", R"(say "hi")"}, {"l", R"(C:\x)"}, {"m", "}"}});
  CHECK(refused(R"(a{k="\n"})").cause == RejectCause::kTags);
}

TEST_CASE("a name without a path is refused") {
  for (const char* name : {"", ";k=v", R"({k="v"})"}) {
    CAPTURE(name);
    CHECK(refused(name).cause == RejectCause::kName);
  }
}

TEST_CASE("malformed tags are refused where they stand") {
  CHECK(refused("a;").offset == 2);
  CHECK(refused("a;k").offset == 2);
  CHECK(refused("a;k=v;").offset == 6);
  CHECK(refused("a;k=v;=w").offset == 6);
  CHECK(refused("a;k=").offset == 2);
  CHECK(refused("a;k=~v").offset == 4);
  CHECK(refused("a;k!=v").offset == 2);
  CHECK(refused("a;k^=v").offset == 2);
  CHECK(refused("a{k}").offset == 2);
  CHECK(refused(R"(a{="v"})").offset == 2);
  CHECK(refused("a{k=v}").offset == 4);
  CHECK(refused("a{k=}").offset == 4);
  CHECK(refused(R"(a{k=""})").offset == 5);
  CHECK(refused(R"(a{k="v})").offset == 5);
  CHECK(refused(R"(a{k="v"l="w"})").offset == 7);
  CHECK(refused(R"(a{k="v\})").offset == 5);
  for (const char* name : {"a;", "a;k=", "a;k=~v", "a{k}", R"(a{k="v})"}) {
    CHECK(refused(name).cause == RejectCause::kTags);
  }
}

TEST_CASE("more tags than the limit are refused in both forms") {
  CHECK(refused("a;k=1;l=2;m=3", 2).offset == 10);
  CHECK(refused(R"(a{k="1",l="2",m="3"})", 2).offset == 14);
  CHECK(refused("a;k=1", 0).cause == RejectCause::kTags);
}

}  // namespace
}  // namespace tocsin::graphite
