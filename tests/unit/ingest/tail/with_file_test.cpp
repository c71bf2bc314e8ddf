#include "ingest/tail/with_file.hpp"

#include <doctest/doctest.h>

#include <array>
#include <utility>
#include <vector>

#include "tests/unit/ingest/recording_intake.hpp"

namespace tocsin::tail {
namespace {

using testing::RecordingIntake;

// Uses all of its intake, and says of each event that it comes from file "wrong".
class BusyDecoder final : public Decoder, public IdentityResolver {
 public:
  explicit BusyDecoder(Intake& intake) : intake_(intake) {}

  std::size_t decode(std::string_view bytes, const Origin&) override {
    const std::array<AttributeView, 2> attributes{{{"file", "wrong"}, {"k", "v"}}};
    EventView event;
    event.description = bytes;
    event.attributes = attributes;
    return intake_.event(event) ? bytes.size() : 0;
  }
  bool flush() override { return intake_.samples(std::vector<RawSample>(2), *this) == 2; }
  void drop() override {
    intake_.drop(3);
    intake_.reject(RejectCause::kValue, "record", 4, "text");
  }
  Result<Identity> resolve(const RawSample&) const override { return Identity{}; }
  std::uint64_t seed() const noexcept override { return 0; }

 private:
  Intake& intake_;
};

TEST_CASE("events carry the file, and everything else passes") {
  RecordingIntake intake;
  const auto decoder = with_file(
      "/var/log/a", intake, [](Intake& inner) { return std::make_unique<BusyDecoder>(inner); });
  CHECK(decoder->decode("one", {}) == 3);
  REQUIRE(intake.events.size() == 1);
  CHECK(intake.events[0].description == "one");
  CHECK(intake.events[0].attributes == std::vector<Attribute>{{"file", "/var/log/a"}, {"k", "v"}});
  CHECK(decoder->flush());
  CHECK(intake.kept.size() == 2);
  decoder->drop();
  CHECK(intake.dropped == 3);
  REQUIRE(intake.rejects.size() == 1);
  CHECK(intake.rejects[0].offset == 4);
  intake.events_to_refuse = 1;
  CHECK(decoder->decode("two", {}) == 0);
}

}  // namespace
}  // namespace tocsin::tail
