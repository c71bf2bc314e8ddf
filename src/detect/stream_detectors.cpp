#include "src/detect/stream_detectors.hpp"

#include <algorithm>
#include <array>
#include <memory>

#include "src/detect/consensus/consensus_detector.hpp"
#include "src/detect/deep/deep_detector.hpp"

namespace tocsin::detect {
namespace {

std::unique_ptr<StreamDetector> make_consensus(const StreamDetectorOptions& options) {
  return std::make_unique<consensus::ConsensusDetector>(options);
}
std::unique_ptr<StreamDetector> make_deep(const StreamDetectorOptions& /*uncalibrated*/) {
  // The one witness there is of another kind; its own alarms are not asked for.
  return std::make_unique<DeepDetector>(DeepOptions{},
                                        std::make_unique<consensus::ConsensusDetector>());
}

constexpr std::array kTypes{
    StreamDetectorType{"consensus", make_consensus, true},
    StreamDetectorType{"deep", make_deep},
};

}  // namespace

std::span<const StreamDetectorType> stream_detectors() {
  return kTypes;
}

const StreamDetectorType* find_stream_detector(std::string_view name) {
  const auto found = std::ranges::find(kTypes, name, &StreamDetectorType::name);
  return found == kTypes.end() ? nullptr : &*found;
}

}  // namespace tocsin::detect
