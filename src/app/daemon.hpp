// The daemon: all stages put together, started in order and stopped in order.
//
//   ingest threads -> lanes -> shard threads -> roll-up thread -> publisher thread -> result store
//                                  \________________________________/            \-> destinations
//
// Start: from the back to the front, so that whatever arrives finds its way prepared.
// Stop:  from the front to the back. Each stage ends when everything in front of it has, so that
//        nothing that was received is lost, but for results that the store does not take in time.
// Threads: open(), reload() and stop() belong to one thread, the main one.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "src/settings/complaints.hpp"
#include "src/settings/settings.hpp"
#include "tocsin/result.hpp"

namespace tocsin::app {

class Daemon {
 public:
  // Everything listens when this returns. Errors are the user's to correct, each with its place.
  [[nodiscard]] static settings::Loaded<std::unique_ptr<Daemon>> open(
      const settings::Settings& settings);
  ~Daemon();
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  // Reads the rule files again; all or nothing: with an error the old rules stay.
  [[nodiscard]] std::vector<Error> reload();
  // False: some results, or what was to be forwarded, are lost; the log says how many, and where
  // they would have gone. Calls
  // after the first do nothing and say the same.
  bool stop();

  // Five lines for people: what listens where and what to try next.
  [[nodiscard]] std::string welcome() const;

 private:
  class Impl;
  explicit Daemon(std::unique_ptr<Impl> impl) noexcept;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tocsin::app
