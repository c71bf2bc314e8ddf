// A writer, rotations, truncations, full pipelines, stops and crashes in any order, against a model
// that knows what was written: every line exactly once, or, after crashes, at least once and in
// order.
#include <doctest/doctest.h>

#include <algorithm>
#include <optional>
#include <random>
#include <set>
#include <string>

#include "ingest/tail/tailer.hpp"
#include "tests/unit/ingest/tail/tailer_rig.hpp"

namespace tocsin::tail {
namespace {

using namespace testing;

class Model {
 public:
  Model(unsigned seed, bool with_crashes) : random_(seed), with_crashes_(with_crashes) {
    rig_.options.paths = {rig_.folder / (seed % 2 == 0 ? "app.log" : "app.log*")};
    // Longer than any pause of the writer within a line.
    rig_.options.partial_line_wait = 1h;
    open_writer();
    rig_.start();
  }

  void run(int steps) {
    for (int step = 0; step < steps; ++step) {
      switch (random_() % 16) {
        case 0:
          rotate();
          break;
        case 1:
          truncate();
          break;
        case 2:
          rig_.stop();
          write_some();
          start();
          break;
        case 3:
          if (with_crashes_) rig_.crash();
          if (with_crashes_) start();
          break;
        case 4:
          rig_.tailer->save();
          break;
        case 5:
          rig_.inbox.room = random_() % 20;
          break;
        case 6:
        case 7:
          rig_.wait(std::chrono::seconds(random_() % 8));
          break;
        case 8:
        case 9:
        case 10:
          rig_.inbox.room = kPlenty;
          rig_.run();
          break;
        default:
          write_some();
          break;
      }
    }
    end_line();
    settle();
  }

  [[nodiscard]] const Lines& expected() const { return expected_; }
  [[nodiscard]] Lines got() const { return rig_.inbox.lines(); }
  [[nodiscard]] const Counters& counters() const { return rig_.tailer->counters(); }

 private:
  static constexpr std::size_t kPlenty = 1'000'000'000;

  void start() {
    rig_.inbox.room = kPlenty;
    rig_.start();
  }
  void open_writer() { writer_.emplace(rig_.folder / "app.log"); }

  // Pieces of lines, of any length, with any line end.
  void write_some() {
    std::string bytes;
    for (auto lines = random_() % 30; lines > 0; --lines) {
      if (open_.empty()) bytes += open_ = std::to_string(++written_) + ":";
      const std::string more(random_() % (random_() % 50 == 0 ? 30'000 : 40), 'x');
      open_ += more;
      bytes += more;
      if (random_() % 4 == 0) bytes += std::string(random_() % 9, '\0');
      if (random_() % 3 != 0) {
        bytes += random_() % 2 == 0 ? "\n" : "\r\n";
        expected_.push_back(open_);
        open_.clear();
      }
    }
    writer_->write(bytes);
  }
  void end_line() {
    if (open_.empty()) return;
    writer_->write("\n");
    expected_.push_back(open_);
    open_.clear();
  }

  // As logrotate does, with a writer that goes on for a while; then all is quiet for long enough.
  void rotate() {
    for (int i = 3; i > 0; --i) {
      const std::string from = rig_.folder / ("app.log." + std::to_string(i));
      if (!std::filesystem::exists(from)) continue;
      if (i == 3) {
        remove(from);
      } else {
        rename(from, rig_.folder / ("app.log." + std::to_string(i + 1)));
      }
    }
    rename(rig_.folder / "app.log", rig_.folder / "app.log.1");
    if (random_() % 2 == 0) rig_.run();
    write_some();
    end_line();
    open_writer();
    if (random_() % 2 == 0) write_some();
    settle();
  }

  // Only what was read before is known to come, so everything is.
  void truncate() {
    end_line();
    settle();
    testing::truncate(rig_.folder / "app.log");
    // A line of its own says where the contents begin anew, as every log's time does.
    write_some();
  }

  void settle() {
    rig_.inbox.room = kPlenty;
    rig_.wait(7s);
    rig_.wait(7s);
  }

  std::mt19937 random_;
  const bool with_crashes_;
  TailerRig rig_;
  std::optional<Writer> writer_;
  Lines expected_;
  std::string open_;  // the line that is being written
  int written_ = 0;
};

// Where two lists part, in words; empty: nowhere.
std::string difference(const Lines& got, const Lines& expected) {
  const auto [g, e] = std::mismatch(got.begin(), got.end(), expected.begin(), expected.end());
  if (g == got.end() && e == expected.end()) return "";
  const auto say = [](const Lines& lines, auto at) {
    return at == lines.end() ? "the end" : at->substr(0, 40);
  };
  return "got " + say(got, g) + ", expected " + say(expected, e);
}

TEST_CASE("every line comes exactly once, in order, whatever happens to the files") {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    Model model(seed, false);
    model.run(120);
    REQUIRE(model.expected().size() > 100);
    REQUIRE(difference(model.got(), model.expected()) == "");
    REQUIRE(model.counters().lost_bytes.get() == 0);
    REQUIRE(model.counters().errors.get() == 0);
  }
}

TEST_CASE("with crashes too every line comes at least once, the first time in order") {
  std::size_t repeated = 0;
  for (unsigned seed = 1001; seed <= 1060; ++seed) {
    CAPTURE(seed);
    Model model(seed, true);
    model.run(120);
    const Lines got = model.got();
    Lines first;
    std::set<std::string> seen;
    for (const std::string& line : got) {
      if (seen.insert(line).second) first.push_back(line);
    }
    REQUIRE(difference(first, model.expected()) == "");
    repeated += got.size() - first.size();
  }
  CHECK(repeated > 0);
}

}  // namespace
}  // namespace tocsin::tail
