// The detectors that remember, by the name under which rules and the command line choose them.
#pragma once

#include <span>
#include <string_view>

#include "tocsin/stream_detector.hpp"

namespace tocsin::detect {

[[nodiscard]] std::span<const StreamDetectorType> stream_detectors();

// The one of that name, or nullptr.
[[nodiscard]] const StreamDetectorType* find_stream_detector(std::string_view name);

}  // namespace tocsin::detect
