#include "src/detect/stream_detectors.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <set>
#include <string_view>

namespace tocsin::detect {
namespace {

TEST_CASE("a stream detector is found by its name, and makes new ones") {
  for (const char* const name : {"consensus", "deep"}) {
    const StreamDetectorType* const type = find_stream_detector(name);
    REQUIRE(type != nullptr);
    const std::unique_ptr<StreamDetector> detector = type->make({});
    REQUIRE(detector != nullptr);
    CHECK(detector->update({0, 1}).abstained);
  }
}

TEST_CASE("no stream detector has the name of a list or of a detector without memory") {
  CHECK(find_stream_detector("skyline") == nullptr);
  CHECK(find_stream_detector("grubbs") == nullptr);
  CHECK(find_stream_detector("") == nullptr);
}

TEST_CASE("names of stream detectors are unique") {
  std::set<std::string_view> names;
  for (const StreamDetectorType& type : stream_detectors()) CHECK(names.insert(type.name).second);
}

}  // namespace
}  // namespace tocsin::detect
