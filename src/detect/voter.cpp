#include "src/detect/voter.hpp"

#include "src/detect/ensemble.hpp"
#include "src/detect/skyline.hpp"
#include "src/detect/stream_detectors.hpp"

namespace tocsin::detect {

std::optional<Voter> find_voter(std::string_view name) {
  if (const Detector* const detector = find_detector(name)) return Voter(*detector);
  if (const StreamDetectorType* const type = find_stream_detector(name)) return Voter(*type);
  return std::nullopt;
}

std::vector<std::string> voter_names() {
  std::vector<std::string> names;
  for (const Detector& detector : skyline()) names.emplace_back(detector.name);
  for (const StreamDetectorType& type : stream_detectors()) names.emplace_back(type.name);
  return names;
}

}  // namespace tocsin::detect
