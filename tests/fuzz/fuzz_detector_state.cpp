// The saved states of detectors that remember: whatever is restored, points can be taken in
// afterwards, and what is accepted is saved in the same bytes.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "src/detect/stream_detectors.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

// Far enough apart for hours and days to pass.
void take_points(tocsin::StreamDetector& detector) {
  constexpr double kStart_s = 1.7e9;
  constexpr double kSteps_s[] = {10, 10, 10, 3600, 10, 86400, 10, 10};
  double time_s = kStart_s;
  double value = 100;
  for (const double step_s : kSteps_s) {
    time_s += step_s;
    value = -1.5 * value + 7;
    (void)detector.update({time_s, value});
  }
  (void)detector.reason();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (const tocsin::StreamDetectorType& type : tocsin::detect::stream_detectors()) {
    const auto detector = type.make({});
    if (detector->restore(bytes)) {
      std::string again;
      detector->save(again);
      require(again == bytes);
    }
    take_points(*detector);
    std::string saved;
    detector->save(saved);
    require(detector->restore(saved).has_value());
  }
  return 0;
}
