// Voter: one who has a say in an ensemble: a detector that judges the window, or one that remembers.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tocsin/detector.hpp"
#include "tocsin/stream_detector.hpp"

namespace tocsin::detect {

struct Voter {
  std::string_view name;
  Vote (*judge)(const Window& window, Scratch& scratch) = nullptr;  // null: it remembers
  // Null: it judges the window.
  std::unique_ptr<StreamDetector> (*make)(const StreamDetectorOptions& options) = nullptr;
  bool calibrated = false;        // StreamDetectorType's
  StreamDetectorOptions options;  // of one that remembers
  std::uint32_t weight = 1;       // what its vote counts for

  Voter(std::string_view its_name, Vote (*its_judge)(const Window& window, Scratch& scratch))
      : name(its_name), judge(its_judge) {}
  Voter(const Detector& detector)  // NOLINT(*-explicit-*): it is that detector, with one vote
      : Voter(detector.name, detector.judge) {}
  Voter(const StreamDetectorType& type)  // NOLINT(*-explicit-*)
      : name(type.name), make(type.make), calibrated(type.calibrated) {}

  [[nodiscard]] bool remembers() const noexcept { return make != nullptr; }
};

// The detector of that name, of either kind, with one vote.
[[nodiscard]] std::optional<Voter> find_voter(std::string_view name);

// All of them: Skyline's nine, then those that remember.
[[nodiscard]] std::vector<std::string> voter_names();

}  // namespace tocsin::detect
