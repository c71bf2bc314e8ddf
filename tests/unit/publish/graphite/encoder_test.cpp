#include "src/publish/graphite/encoder.hpp"

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "tests/unit/ingest/captures.hpp"
#include "tests/unit/ingest/graphite/decode_all.hpp"

namespace tocsin::publish::graphite {
namespace {

using namespace std::string_literals;
using tocsin::graphite::testing::attribute;
using tocsin::graphite::testing::decode_lines;
using tocsin::graphite::testing::decode_pickle;
using tocsin::testing::RecordingIntake;

constexpr TimePoint kTime{std::chrono::seconds(1'795'229'000)};

std::string named(std::string_view service, std::string_view host,
                  const std::vector<AttributeView>& tags) {
  std::string out;
  append_name(service, host, tags, out);
  return out;
}

std::string line(const Metric& value, TimePoint time = kTime) {
  std::string out;
  REQUIRE(append_line({"a.b", value, time}, out));
  return out;
}

std::string frame_of(const std::vector<Point>& points) {
  std::string out;
  PickleFrame frame(out);
  for (const Point& point : points) REQUIRE(frame.append(point));
  CHECK(frame.size() == points.size());
  frame.finish();
  return out;
}

TEST_CASE("a name is the service, then host and tags by key") {
  CHECK(named("cpu.user", "", {}) == "cpu.user");
  CHECK(named("cpu", "web", {{"zone", "a"}, {"dc", "fra"}}) == "cpu;dc=fra;host=web;zone=a");
  CHECK(named("cpu", "", {{"k", "1"}, {"k", "2"}}) == "cpu;k=2");
}

TEST_CASE("what would end a word or a tag becomes an underscore") {
  CHECK(named("disk /var\n;x{y}", "", {}) == "disk_/var__x_y_");
  CHECK(named("a", "", {{"k;!^= ", "v w;x=y"}}) == "a;k_____=v_w_x=y");
  CHECK(named("a", "", {{"k", "~v~"}}) == "a;k=_v~");
  CHECK(named("gr\xC3\xB6\xC3\x9F"
              "e",
              "", {}) ==
        "gr\xC3\xB6\xC3\x9F"
        "e");
}

TEST_CASE("tags without key or value are left out, a name without service is empty") {
  CHECK(named("a", "", {{"", "v"}, {"k", ""}}) == "a");
  CHECK(named("", "web", {{"k", "v"}}).empty());
}

TEST_CASE("a line has the shortest number that reads back the same, and whole seconds") {
  CHECK(line(std::int64_t{42}) == "a.b 42 1795229000\n");
  CHECK(line(std::numeric_limits<std::int64_t>::min()) == "a.b -9223372036854775808 1795229000\n");
  CHECK(line(0.1) == "a.b 0.1 1795229000\n");
  CHECK(line(1e300) == "a.b 1e+300 1795229000\n");
  CHECK(line(std::numeric_limits<double>::infinity()) == "a.b inf 1795229000\n");
  CHECK(line(1.5, kTime + std::chrono::milliseconds(999)) == "a.b 1.5 1795229000\n");
}

TEST_CASE("a frame is its length and a pickle of protocol 2") {
  CHECK(frame_of({{"a.b", 12.5, kTime}}) ==
        "\x00\x00\x00\x1e"
        "\x80\x02]("
        "X\x03\x00\x00\x00"
        "a.b"
        "J\x48\x05\x01\x6b"
        "G\x40\x29\x00\x00\x00\x00\x00\x00"
        "\x86\x86"
        "e."s);
  CHECK(frame_of({{"a", std::int64_t{-3}, kTime}}).find("J\xfd\xff\xff\xff\x86\x86") !=
        std::string::npos);
  CHECK(frame_of({{"a", std::int64_t{1} << 40U, kTime}})
            .find("\x8a\x08\0\0\0\0\0\x01\0\0\x86\x86"s) != std::string::npos);
}

TEST_CASE("frames follow what is there, and an empty one leaves nothing") {
  std::string out = "before";
  {
    PickleFrame frame(out);
    frame.finish();
  }
  CHECK(out == "before");
  PickleFrame frame(out);
  REQUIRE(frame.append({"a", 1.0, kTime}));
  frame.finish();
  CHECK(out == "before" + frame_of({{"a", 1.0, kTime}}));
}

TEST_CASE("points that carbon would refuse are not written") {
  std::string out;
  PickleFrame frame(out);
  for (const Point& point :
       {Point{"", 1.0, kTime}, Point{"a", {}, kTime}, Point{"a", std::nan(""), kTime}}) {
    CHECK_FALSE(frame.append(point));
    std::string text;
    CHECK_FALSE(append_line(point, text));
    CHECK(text.empty());
  }
  frame.finish();
  CHECK(out.empty());
}

TEST_CASE("what is written is read again, in both forms") {
  std::mt19937_64 random(2003);
  std::vector<std::string> names;
  std::vector<Point> points;
  for (int i = 0; i < 500; ++i) {
    std::string name;
    const std::string zone = "z" + std::to_string(i % 7);
    append_name("servers.cpu" + std::to_string(i), i % 2 == 0 ? "web" : "",
                std::array<AttributeView, 1>{{{"zone", zone}}}, name);
    names.push_back(name);
  }
  for (const std::string& name : names) {
    const auto bits = random();
    Metric value = static_cast<std::int64_t>(bits) >> (bits % 64);
    if (bits % 3 == 0)
      value = std::ldexp(static_cast<double>(bits), static_cast<int>(bits % 200) - 150);
    points.push_back({name, value, kTime + std::chrono::seconds(bits % 1000)});
  }
  std::string lines;
  for (const Point& point : points) REQUIRE(append_line(point, lines));
  const std::string frame = frame_of(points);
  const RecordingIntake from_lines = decode_lines(lines);
  const RecordingIntake from_pickle = decode_pickle(std::string_view(frame).substr(4));
  CHECK(from_lines.rejects.empty());
  CHECK(from_pickle.rejects.empty());
  REQUIRE(from_lines.events.size() == points.size());
  REQUIRE(from_pickle.events.size() == points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    const Event& event = from_pickle.events[i];
    CHECK(event.metric == points[i].value);
    CHECK(event.time == points[i].time);
    CHECK(event.host == (i % 2 == 0 ? "web" : ""));
    CHECK(attribute(event, "zone") == "z" + std::to_string(i % 7));
    CHECK(*as_double(from_lines.events[i].metric) == *as_double(event.metric));
    CHECK(from_lines.events[i].service == event.service);
    CHECK(from_lines.events[i].time == event.time);
  }
}

TEST_CASE("pickles keep fractions of a second") {
  const std::string frame = frame_of({{"a", 1.0, kTime + std::chrono::milliseconds(750)}});
  const RecordingIntake intake = decode_pickle(std::string_view(frame).substr(4));
  REQUIRE(intake.events.size() == 1);
  CHECK(intake.events[0].time == kTime + std::chrono::milliseconds(750));
}

}  // namespace
}  // namespace tocsin::publish::graphite
