#include "src/detect/stream_detectors.hpp"

#include <algorithm>
#include <array>
#include <memory>

#include "src/detect/consensus/consensus_detector.hpp"

namespace tocsin::detect {
namespace {

template <class Type>
std::unique_ptr<StreamDetector> make() {
  return std::make_unique<Type>();
}

constexpr std::array kTypes{
    StreamDetectorType{"consensus", make<consensus::ConsensusDetector>},
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
