// A Tailer on real files, driven by hand: what a listener does with timers is a call here.
#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "ingest/tail/tailer.hpp"
#include "tests/unit/ingest/tail/rig.hpp"

namespace tocsin::tail::testing {

struct TailerRig {
  TailerRig() {
    options.paths = {folder / "*.log"};
    options.checkpoint_file = folder / "positions";
    options.start = Start::kBeginning;
    options.with_inotify = false;
  }

  Folder folder;
  Options options;
  tocsin::testing::RecordingIntake intake;
  Inbox inbox;
  Time time;
  std::vector<std::string> complaints;
  std::unique_ptr<Tailer> tailer;

  void start() {
    auto made = Tailer::create(
        options,
        [this](const std::string& path) { return std::make_unique<LineDecoder>(inbox, path); },
        intake, [this](const Error& error) { complaints.push_back(error.message()); });
    REQUIRE(made);
    tailer = *std::move(made);
    run();
  }
  // Everything is looked at, as after a poll and a rescan.
  Tailer::Step run() {
    tailer->want_rescan();
    tailer->want_polls();
    return turns();
  }
  Tailer::Step turns() {
    for (int turn = 0; turn < 10'000; ++turn) {
      const Tailer::Step step = tailer->turn(time.now());
      if (step != Tailer::Step::kMore) return step;
    }
    return Tailer::Step::kMore;
  }
  Lines lines() {
    CHECK(run() == Tailer::Step::kIdle);
    return inbox.lines();
  }
  // Lets `span` pass as a listener sees it, a second at a time.
  void wait(std::chrono::seconds span) {
    for (auto passed = 0s; passed < span; passed += 1s) {
      time.pass(1s);
      run();
    }
  }
  void stop() {
    tailer->close(time.now());
    tailer.reset();
  }
  // The power goes: nothing is written any more.
  void crash() { tailer.reset(); }
};

}  // namespace tocsin::tail::testing
