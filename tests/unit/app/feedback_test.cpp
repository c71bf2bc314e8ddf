#include "src/app/feedback.hpp"

#include "src/event/rfc3339.hpp"
#include "tests/unit/app/stage_fixture.hpp"

namespace tocsin::app {
namespace {

using namespace std::chrono_literals;
using test::at;  // 0: 2023-11-14T22:13:20Z

TEST_CASE("a kind is read as it is written") {
  for (const FeedbackKind kind : {FeedbackKind::kExpected, FeedbackKind::kNoise}) {
    const auto read = parse_feedback_kind(to_string(kind));
    REQUIRE(read);
    CHECK(*read == kind);
  }
  const auto other = parse_feedback_kind("Noise");
  REQUIRE_FALSE(other);
  CHECK(other.error().text == "found 'Noise', expected expected or noise");
}

TEST_CASE("it is in force until its end, which is not in it") {
  Feedback feedback;
  feedback.until = at(60);
  CHECK(feedback.in_force(at(59)));
  CHECK_FALSE(feedback.in_force(at(60)));
}

TEST_CASE("words say what, who, until when and why") {
  Feedback feedback;
  feedback.kind = FeedbackKind::kNoise;
  feedback.author = "ann";
  feedback.until = at(60);
  CHECK(feedback.words() == "noise by ann until 2023-11-14T22:14:20Z");
  feedback.note = "new probe";
  feedback.kind = FeedbackKind::kExpected;
  CHECK(feedback.words() == "expected by ann until 2023-11-14T22:14:20Z (new probe)");
}

TEST_CASE("both ends belong to a range") {
  const ValueRange range{-1.5, 412};
  CHECK(range.holds(-1.5));
  CHECK(range.holds(412));
  CHECK_FALSE(range.holds(412.1));
  CHECK_FALSE(range.holds(std::numeric_limits<double>::quiet_NaN()));
  CHECK(to_string(range) == "-1.5..412");
}

TEST_CASE("an end is a duration from now, or a time with its zone") {
  const auto until = [](std::string_view text) {
    const auto read = parse_until(text, at(0) + 300ms);
    return read ? event::rfc3339(*read) : read.error().text;
  };
  CHECK(until("2h") == "2023-11-15T00:13:20Z");
  CHECK(until("1ms") == "2023-11-14T22:13:21Z");
  CHECK(until("90d") == "2024-02-12T22:13:20Z");
  CHECK(until("2023-11-14T22:13:21Z") == "2023-11-14T22:13:21Z");
  CHECK(until("2023-11-14T23:14:00.5+01:00") == "2023-11-14T22:14:00Z");
  for (const char* text :
       {"", "soon", "2", "1700000000", "2023-12-01", "2023-12-01 08:00:00", "2023-12-01T08:00:00",
        "2023-13-01T08:00:00Z", "-2h", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"}) {
    CAPTURE(text);
    CHECK(until(text).find("expected a duration such as 2h or 7d, or a time such as") !=
          std::string::npos);
  }
  for (const char* text : {"91d", "2160h1s", "2023-11-14T22:13:20Z", "2023-11-14T22:13:20+01:00",
                           "2024-02-12T22:13:21Z", "0s"}) {
    CAPTURE(text);
    CHECK(until(text).find("expected an end after now (2023-11-14T22:13:20Z) and at most 90d") !=
          std::string::npos);
  }
}

TEST_CASE("an author and a note are one line of UTF-8, of bounded length") {
  CHECK(check_line("Ann \xc3\x84", 64));
  CHECK(check_line("", 64));
  CHECK_FALSE(check_line("a\nb", 64));
  CHECK_FALSE(check_line("\x7f", 64));
  CHECK_FALSE(check_line("\xff", 64));
  CHECK(check_line(std::string(64, 'a'), 64));
  const auto over = check_line(std::string(65, 'a'), 64);
  REQUIRE_FALSE(over);
  CHECK(over.error().text == "found 65 bytes, expected at most 64");
}

}  // namespace
}  // namespace tocsin::app
