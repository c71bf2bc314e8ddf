// With real programs: /bin/sh.
#include "ingest/listen/process.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

#include <fstream>
#include <optional>

#include "ingest/listen/loop_context.hpp"
#include "src/base/unique_fd.hpp"
#include "tests/unit/ingest/listen/asio_testing.hpp"
#include "tests/unit/ingest/listen/fakes.hpp"

namespace tocsin::listen {
namespace {

using namespace testing;
using How = Ended::How;

Command shell(std::string script) {
  Command command;
  command.words = {"/bin/sh", "-c", std::move(script)};
  return command;
}

struct Run {
  std::optional<Ended> ended;
  std::chrono::steady_clock::duration took{};
};

Run run(const Command& command) {
  Loop loop;
  Run run;
  const auto begin = std::chrono::steady_clock::now();
  auto process = Process::start(loop, command, [&](Ended ended) { run.ended = std::move(ended); });
  REQUIRE(process.has_value());
  REQUIRE(run_until(loop.context().io, [&] { return run.ended.has_value(); }));
  run.took = std::chrono::steady_clock::now() - begin;
  return run;
}

bool is_alive(pid_t pid) {
  return ::kill(pid, 0) == 0;
}

TEST_CASE("the exit code and both outputs come, in order") {
  const Ended ended = *run(shell("echo one; echo two >&2; printf three; exit 3")).ended;
  CHECK(ended.how == How::kExited);
  CHECK(ended.number == 3);
  CHECK(ended.output == "one\ntwo\nthree");
  CHECK_FALSE(ended.is_cut);
}

TEST_CASE("words go to the program as they are, and it is found in PATH") {
  Command command;
  command.words = {"printf", "%s|", "a b", "$HOME", "*", "", ";exit 1"};
  CHECK(run(command).ended->output == "a b|$HOME|*||;exit 1|");
}

TEST_CASE("the program has nothing to read and nothing else open") {
  constexpr int kFree = 100;  // above what the shell itself has open while it lists the folder
  const base::UniqueFd opened(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const base::UniqueFd leak(::fcntl(opened.get(), F_DUPFD, kFree));  // not close-on-exec
  REQUIRE(leak.get() >= kFree);
  const Ended ended = *run(shell("cat; for fd in /proc/self/fd/*; do echo ${fd##*/}; done")).ended;
  CHECK(ended.output.starts_with("0\n1\n"));
  CHECK(ended.output.find("\n" + std::to_string(leak.get()) + "\n") == std::string::npos);
}

TEST_CASE("the program leads a group of its own, with default signals") {
  struct sigaction ignore {};
  struct sigaction before {};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &ignore, &before);
  const Ended ended = *run(shell("read -r pid name state ppid group rest </proc/self/stat; "
                                 "[ $pid = $group ] && echo leader; kill -PIPE $$"))
                           .ended;
  ::sigaction(SIGPIPE, &before, nullptr);
  CHECK(ended.output == "leader\n");
  CHECK(ended.how == How::kSignaled);
  CHECK(ended.number == SIGPIPE);
}

TEST_CASE("output beyond the limit is forgotten, and the program goes on") {
  Command command = shell("head -c 300000 /dev/zero | tr '\\0' x; exit 2");
  command.max_output_bytes = 1000;
  const Ended ended = *run(command).ended;
  CHECK(ended.output == std::string(1000, 'x'));
  CHECK(ended.is_cut);
  CHECK(ended.number == 2);
  command.max_output_bytes = 300000;
  const Ended whole = *run(command).ended;
  CHECK(whole.output.size() == 300000);
  CHECK_FALSE(whole.is_cut);
}

TEST_CASE("time over is SIGTERM first") {
  Command command =
      shell("trap 'echo told; exit 0' TERM; echo begun; while :; do sleep 0.01; done");
  command.timeout = 200ms;
  command.grace = 5s;
  const Run result = run(command);
  CHECK(result.ended->how == How::kTimedOut);
  // In between the shell may tell of its "sleep", which the signal ends too.
  CHECK(result.ended->output.starts_with("begun\n"));
  CHECK(result.ended->output.ends_with("told\n"));
  CHECK(result.took >= 200ms);
  CHECK(result.took < 5s);
}

TEST_CASE("and SIGKILL after the grace, for all of the group") {
  const TemporaryDirectory directory;
  const std::string file = directory.file("pid");
  Command command = shell("trap '' TERM; sleep 60 & echo $! >" + file + "; wait; wait");
  command.timeout = 200ms;
  command.grace = 100ms;
  const Run result = run(command);
  CHECK(result.ended->how == How::kTimedOut);
  CHECK(result.took >= 300ms);
  CHECK(result.took < 10s);
  pid_t child = 0;
  std::ifstream(file) >> child;
  REQUIRE(child > 0);
  CHECK(eventually([&] { return !is_alive(child); }));
}

TEST_CASE("what the program leaves behind in time does not hold up its end") {
  const TemporaryDirectory directory;
  const std::string file = directory.file("pid");
  const Run result = run(shell("sleep 60 & echo $! >" + file + "; echo done"));
  CHECK(result.ended->how == How::kExited);
  CHECK(result.ended->output == "done\n");
  CHECK(result.took < 10s);
  pid_t child = 0;
  std::ifstream(file) >> child;
  REQUIRE(child > 0);
  CHECK(is_alive(child));
  ::kill(child, SIGKILL);
}

TEST_CASE("a program that cannot be started is an error in the system's words") {
  Loop loop;
  const auto start = [&](std::vector<std::string> words) {
    Command command;
    command.words = std::move(words);
    auto process = Process::start(loop, command, [](Ended) { FAIL("ended without a start"); });
    REQUIRE_FALSE(process.has_value());
    return process.error();
  };
  CHECK(start({"/nonesuch/plugin"}).message() ==
        "/nonesuch/plugin: cannot be started: No such file or directory");
  CHECK(start({"/dev/null"}).message() == "/dev/null: cannot be started: Permission denied");
  CHECK(start({}).code == Errc::kRange);
  CHECK(start({""}).code == Errc::kRange);
}

TEST_CASE("who destroys a process kills it with its group, and hears no more of it") {
  const TemporaryDirectory directory;
  const std::string file = directory.file("pid");
  Loop loop;
  bool called = false;
  auto process = Process::start(loop, shell("sleep 60 & echo $! $$ >" + file + "; wait"),
                                [&](Ended) { called = true; });
  REQUIRE(process.has_value());
  pid_t child = 0;
  pid_t leader = 0;
  REQUIRE(eventually([&] { return std::ifstream(file) >> child >> leader && leader > 0; }));
  process->reset();
  run_for(loop.context().io, 200ms);
  CHECK_FALSE(called);
  CHECK(eventually([&] { return !is_alive(child); }));
  CHECK_FALSE(is_alive(leader));  // waited for, too
}

TEST_CASE("the callback may destroy the process") {
  Loop loop;
  std::unique_ptr<Process> process;
  bool called = false;
  auto started = Process::start(loop, shell("exit 0"), [&](Ended) {
    process.reset();
    called = true;
  });
  REQUIRE(started.has_value());
  process = std::move(*started);
  CHECK(run_until(loop.context().io, [&] { return called; }));
}

TEST_CASE("time_out() does not wait for the time") {
  Loop loop;
  std::optional<Ended> ended;
  auto process =
      Process::start(loop, shell("sleep 60"), [&](Ended end) { ended = std::move(end); });
  REQUIRE(process.has_value());
  (*process)->time_out();
  REQUIRE(run_until(loop.context().io, [&] { return ended.has_value(); }));
  CHECK(ended->how == How::kTimedOut);
}

TEST_CASE("many programs at once, each gets its own end, none is left") {
  Loop loop;
  std::vector<std::unique_ptr<Process>> processes;
  std::size_t ended = 0;
  for (int i = 0; i < 40; ++i) {
    auto process =
        Process::start(loop, shell("echo " + std::to_string(i) + "; exit " + std::to_string(i % 4)),
                       [&ended, i](Ended end) {
                         CHECK(end.output == std::to_string(i) + "\n");
                         CHECK(end.number == i % 4);
                         ++ended;
                       });
    REQUIRE(process.has_value());
    processes.push_back(std::move(*process));
  }
  CHECK(run_until(loop.context().io, [&] { return ended == 40; }));
  CHECK(::waitpid(-1, nullptr, WNOHANG) == -1);
}

}  // namespace
}  // namespace tocsin::listen
