#include "bench/votes/parity.hpp"

#include <array>
#include <cstdio>
#include <optional>
#include <random>
#include <string>

#include "src/app/history_reader.hpp"
#include "src/app/running_window.hpp"
#include "src/detect/ensemble.hpp"
#include "src/detect/running_ensemble.hpp"
#include "src/series/history.hpp"

namespace tocsin::bench {
namespace {

constexpr std::int64_t kFirstSlot = 17'000'000;

// One series, followed twice: by who only decides, as nearly always, and by who asks all nine.
class Followed {
 public:
  Followed(std::uint32_t slots, std::uint32_t stagger)
      : step_s_(86400.0 / slots),
        pool_(arena_, {static_cast<std::uint32_t>(step_s_), slots}),
        history_(stagger),
        reader_(step_s_) {}

  void append(std::int64_t slot, double value) {
    const series::HistoryView view(pool_, history_);
    decides_.follow(view, slot, value);
    judges_.follow(view, slot, value);
    (void)pool_.append(history_, slot, value);
  }
  [[nodiscard]] bool decide() { return ensemble_.decide(opened(decides_), reader_, scratch_); }
  [[nodiscard]] detect::Verdict judge() {
    return ensemble_.judge(opened(judges_), reader_, scratch_);
  }
  [[nodiscard]] detect::Verdict judge_straight() {
    view_.emplace(pool_, history_);
    reader_.open(*view_);
    return straight_.judge(reader_.whole(), scratch_);
  }

 private:
  detect::RunningSkyline& opened(app::RunningWindow& running) {
    view_.emplace(pool_, history_);
    running.catch_up(*view_);
    reader_.open(*view_);
    return running.state();
  }

  double step_s_;
  series::Arena arena_{std::size_t{1} << 24};
  series::HistoryPool pool_;
  series::History history_;
  std::optional<series::HistoryView> view_;
  app::HistoryReader reader_;
  app::RunningWindow decides_;
  app::RunningWindow judges_;
  detect::Ensemble straight_;
  detect::RunningEnsemble ensemble_{straight_};
  Scratch scratch_;
};

struct Count {
  std::size_t asked = 0;
  std::size_t fired = 0;
  std::size_t different = 0;

  void add(bool straight, bool running) {
    ++asked;
    fired += straight;
    different += straight != running;
  }
};

}  // namespace

bool votes_agree(const std::vector<Points>& values, std::uint32_t slots) {
  std::array<Count, detect::kMaxDetectors> votes;
  Count decisions;
  Count verdicts;
  for (std::size_t i = 0; i < values.size(); ++i) {
    Followed followed(slots, static_cast<std::uint32_t>(i * 7));
    std::mt19937_64 random(i);
    std::int64_t slot = kFirstSlot;
    for (const double value : values[i]) {
      ++slot;
      if (i % 3 == 2 && random() % 1000 == 0) slot += static_cast<std::int64_t>(random() % 500);
      if (i % 3 == 2 && random() % 20 == 0) continue;
      followed.append(slot, value);
      const detect::Verdict straight = followed.judge_straight();
      const detect::Verdict running = followed.judge();
      decisions.add(straight.alarming, followed.decide());
      verdicts.add(straight.alarming, running.alarming && straight.skip == running.skip);
      if (straight.skip != detect::Skip::kNone) continue;
      for (std::size_t k = 0; k < straight.size; ++k) {
        votes[k].add(straight.votes[k].fired, running.votes[k].fired);
      }
    }
  }
  std::printf(
      "%zu series, a day of %u slots\n\n| vote | points | fired | different |\n|---|---|---|---|\n",
      values.size(), slots);
  bool agree = true;
  const auto print = [&](const char* name, const Count& count) {
    std::printf("| %s | %zu | %zu | %zu |\n", name, count.asked, count.fired, count.different);
    agree = agree && count.different == 0;
  };
  const detect::Ensemble ensemble;
  for (std::size_t k = 0; k < ensemble.detectors().size(); ++k) {
    print(std::string(ensemble.detectors()[k].name).c_str(), votes[k]);
  }
  print("all nine", verdicts);
  print("decided early", decisions);
  std::fflush(stdout);
  return agree;
}

}  // namespace tocsin::bench
