#include "ingest/listen/file_listener.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <optional>

#include "tests/unit/ingest/listen/fakes.hpp"

namespace tocsin::listen {
namespace {

using namespace testing;
using Lines = std::vector<std::string>;

void append(const std::string& path, std::string_view bytes) {
  std::ofstream(path, std::ios::app | std::ios::binary) << bytes;
}

struct Rig {
  Rig() {
    options.files.paths = {folder.file("*.log")};
    options.files.start = tail::Start::kBeginning;
    options.files.checkpoint_file = folder.file("positions");
    options.files.rotation_wait = 50ms;
    options.files.partial_line_wait = 50ms;
    options.poll_interval = 10ms;
    options.nap = 1ms;
  }
  ~Rig() { thread->stop(); }

  void open() {
    auto opened = FileListener::open(
        thread->loop, options,
        [this](const std::string&) { return std::make_unique<FakeDecoder>(intake); }, intake);
    REQUIRE(opened);
    listener = *std::move(opened);
    thread->start();
  }
  // An orderly stop, and room for another start.
  void close() {
    thread->on_loop([this] { listener->close(); });
    thread->stop();
    listener.reset();
    thread.emplace();
  }
  bool come(const Lines& lines) {
    return eventually([&] { return intake.lines() == lines; });
  }

  TemporaryDirectory folder;
  FileListenerOptions options;
  FakeIntake intake;
  std::optional<LoopThread> thread{std::in_place};
  std::unique_ptr<FileListener> listener;
};

TEST_CASE("lines come as files grow, with and without inotify") {
  Rig rig;
  SUBCASE("inotify alone") {
    rig.options.poll_interval = rig.options.rescan_interval = 1h;
  }
  SUBCASE("polling alone") {
    rig.options.files.with_inotify = false;
    rig.options.rescan_interval = 10ms;
  }
  append(rig.folder.file("a.log"), "1\n");
  rig.open();
  CHECK(rig.come({"1"}));
  append(rig.folder.file("a.log"), "2\n");
  CHECK(rig.come({"1", "2"}));
  append(rig.folder.file("b.log"), "3\n");
  CHECK(rig.come({"1", "2", "3"}));
  append(rig.folder.file("b.log"), "4\n");
  CHECK(rig.come({"1", "2", "3", "4"}));
  CHECK(rig.listener->counters().open_files.get() == 2);
  CHECK(rig.listener->counters().bytes.get() == 8);
}

TEST_CASE("rotation and open lines need no news, only time") {
  Rig rig;
  append(rig.folder.file("a.log"), "1\nop");
  rig.open();
  CHECK(rig.come({"1", "op"}));
  std::filesystem::rename(rig.folder.file("a.log"), rig.folder.file("a.log.1"));
  append(rig.folder.file("a.log"), "2\n");
  CHECK(rig.come({"1", "op", "2"}));
  CHECK(rig.listener->counters().rotations.get() == 1);
}

TEST_CASE("a full pipeline pauses the reading, and nothing is lost") {
  Rig rig;
  rig.intake.full = true;
  append(rig.folder.file("a.log"), "1\n2\n");
  rig.open();
  CHECK(eventually([&] { return rig.listener->counters().stalls.get() >= 3; }));
  append(rig.folder.file("a.log"), "3\n");
  rig.intake.full = false;
  CHECK(rig.come({"1", "2", "3"}));
  CHECK(rig.intake.dropped == 0);
}

TEST_CASE("close reads what is there, and the next start goes on behind it") {
  Rig rig;
  rig.options.poll_interval = rig.options.rescan_interval = rig.options.nap = 1h;
  rig.options.files.with_inotify = false;
  rig.open();
  rig.thread->on_loop([&] { append(rig.folder.file("a.log"), "1\n2\nop"); });
  rig.close();
  CHECK(rig.intake.lines() == Lines{"1", "2"});
  append(rig.folder.file("a.log"), "en\n3\n");
  rig.open();
  CHECK(rig.come({"1", "2", "open", "3"}));
  rig.thread->on_loop([&] {
    rig.listener->close();
    rig.listener->close();
  });
}

TEST_CASE("close does not wait for a full pipeline: the rest comes after the next start") {
  Rig rig;
  rig.intake.full = true;
  append(rig.folder.file("a.log"), "1\n2\n");
  rig.open();
  CHECK(eventually([&] { return rig.listener->counters().stalls.get() >= 1; }));
  rig.close();
  CHECK(rig.intake.lines().empty());
  rig.intake.full = false;
  rig.open();
  CHECK(rig.come({"1", "2"}));
  CHECK(rig.intake.dropped == 0);
}

TEST_CASE("positions are written while it runs") {
  Rig rig;
  rig.options.checkpoint_interval = 10ms;
  append(rig.folder.file("a.log"), "1\n");
  rig.open();
  CHECK(eventually([&] { return std::filesystem::exists(rig.folder.file("positions")); }));
}

TEST_CASE("a decoder is made for each file, and time is the listener's") {
  Rig rig;
  std::vector<std::string> paths;
  append(rig.folder.file("a.log"), "1\n");
  rig.options.clock = [] { return TimePoint(5s); };
  TimePoint received{};
  struct Stamp final : Decoder {
    explicit Stamp(TimePoint& to) : to_(to) {}
    std::size_t decode(std::string_view bytes, const Origin& origin) override {
      to_ = origin.received;
      return bytes.size();
    }
    bool flush() override { return true; }
    void drop() override {}
    TimePoint& to_;
  };
  auto opened = FileListener::open(
      rig.thread->loop, rig.options,
      [&](const std::string& path) {
        paths.push_back(path);
        return std::make_unique<Stamp>(received);
      },
      rig.intake);
  REQUIRE(opened);
  rig.thread->start();
  rig.thread->on_loop([&] { (*opened)->close(); });
  CHECK(paths == Lines{rig.folder.file("a.log")});
  CHECK(received == TimePoint(5s));
}

TEST_CASE("options out of range are refused") {
  Rig rig;
  const auto complaint = [&] {
    auto opened = FileListener::open(rig.thread->loop, rig.options, {}, rig.intake);
    return opened ? "(none)" : opened.error().message();
  };
  SUBCASE("an interval") {
    rig.options.poll_interval = 0s;
    CHECK(complaint() == "poll_interval is 0 ns; expected more than 0");
  }
  SUBCASE("what the files are told") {
    rig.options.files.paths.clear();
    CHECK(complaint() == "no paths; expected at least one");
  }
}

TEST_CASE("complaints reach their reader") {
  Rig rig;
  std::vector<std::string> complaints;
  rig.options.complain = [&](const Error& error) { complaints.push_back(error.message()); };
  append(rig.folder.file("positions"), "nonsense\n");
  rig.open();
  rig.close();
  REQUIRE(complaints.size() == 1);
  CHECK(complaints[0].starts_with(rig.folder.file("positions") + ":1:1: "));
}

}  // namespace
}  // namespace tocsin::listen
