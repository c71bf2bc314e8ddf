// What a framed session makes of bytes, by itself: the connection around it is tested elsewhere.
#include "ingest/listen/framed_session.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/unit/ingest/listen/fakes.hpp"

namespace tocsin::listen {
namespace {

using namespace testing;
using Progress = Session::Progress;

struct Fixture {
  explicit Fixture(std::size_t max_record = 16)
      : session(make_framing(FramingKind::kLines, max_record),
                std::make_unique<FakeDecoder>(intake), intake, counters) {}

  FakeIntake intake;
  ConnectionCounters counters;
  FramedSession session;
};

TEST_CASE("whole lines are consumed, an open one is left") {
  Fixture f;
  const auto step = f.session.step("a\nbb\nc", {}, Tail::kOpen);
  CHECK(step.progress == Progress::kNeedMore);
  CHECK(step.consumed == 5);
  CHECK(f.intake.lines() == std::vector<std::string>{"a", "bb"});
  CHECK(f.intake.rejected == 0);
}

TEST_CASE("an open last line counts at an orderly end, and is truncated at another") {
  Fixture orderly;
  CHECK(orderly.session.step("a\nb", {}, Tail::kEnded).consumed == 3);
  CHECK(orderly.intake.lines() == std::vector<std::string>{"a", "b"});

  Fixture broken;
  CHECK(broken.session.step("a\nb", {}, Tail::kBroken).consumed == 3);
  CHECK(broken.intake.lines() == std::vector<std::string>{"a"});
  CHECK(broken.intake.causes() == std::vector{RejectCause::kTruncated});
}

TEST_CASE("a full pipeline is asked again and gets every line once") {
  Fixture f;
  f.intake.full = true;
  const std::string bytes = "1\n2\n3\n4\n5\n6\n";
  std::string_view rest = bytes;
  auto step = f.session.step(rest, {}, Tail::kOpen);
  CHECK(step.progress == Progress::kFull);
  rest.remove_prefix(step.consumed);
  step = f.session.step(rest, {}, Tail::kOpen);
  CHECK(step.progress == Progress::kFull);
  rest.remove_prefix(step.consumed);
  f.intake.full = false;
  step = f.session.step(rest, {}, Tail::kOpen);
  CHECK(step.progress == Progress::kNeedMore);
  CHECK(step.consumed == rest.size());
  CHECK(f.intake.lines() == std::vector<std::string>{"1", "2", "3", "4", "5", "6"});
}

TEST_CASE("a line that is too long is refused once, its neighbours are kept") {
  Fixture f(8);
  CHECK(f.session.step("ok\n123456789012345\nok\n", {}, Tail::kOpen).consumed == 22);
  CHECK(f.intake.lines() == std::vector<std::string>{"ok", "ok"});
  CHECK(f.intake.causes() == std::vector{RejectCause::kOversized});
  CHECK(f.counters.overlong.get() == 1);
}

TEST_CASE("an abort accounts for everything, taken or not") {
  Fixture f;
  f.intake.full = true;
  const std::string bytes = "1\n2\n3\n4\n5\n6\n7";
  const auto step = f.session.step(bytes, {}, Tail::kOpen);
  CHECK(step.progress == Progress::kFull);
  f.session.abort(std::string_view(bytes).substr(step.consumed), {});
  CHECK(f.intake.taken + f.intake.dropped == 6);
  CHECK(f.intake.causes() == std::vector{RejectCause::kTruncated});
}

}  // namespace
}  // namespace tocsin::listen
