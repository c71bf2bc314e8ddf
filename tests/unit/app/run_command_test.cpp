#include "src/app/run_command.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <sstream>

#include "tests/unit/app/scratch_directory.hpp"

namespace tocsin::app {
namespace {

TEST_CASE("broken settings end with every complaint at its place") {
  const test::ScratchDirectory scratch;
  const std::string config = scratch.write("c.yaml", "series: {interval: fast}\nlistn: {}\n");
  std::ostringstream out;
  std::ostringstream err;
  CHECK(run_daemon({config, false}, out, err) == 1);
  CHECK(out.str().empty());
  CHECK(err.str().find(config + ":1:") != std::string::npos);
  CHECK(err.str().find(config + ":2:") != std::string::npos);
  std::ostringstream missing;
  CHECK(run_daemon({"/nonexistent.yaml", false}, out, missing) == 1);
  CHECK(missing.str().find("/nonexistent.yaml") != std::string::npos);
}

TEST_CASE("the settings in force can be shown instead") {
  const test::ScratchDirectory scratch;
  const std::string config = scratch.write("c.yaml", "series: {interval: 5s}\n");
  std::ostringstream out;
  std::ostringstream err;
  CHECK(run_daemon({config, true}, out, err) == 0);
  CHECK(out.str().find("interval: 5s") != std::string::npos);
}

// In a process of its own: the command takes over signals and standard error.
TEST_CASE("SIGHUP reads the rules again and SIGTERM ends it in order") {
  const test::ScratchDirectory scratch;
  scratch.write("r.yaml", "service:\n  - {name: shop, business: [orders]}\n");
  const std::string config = scratch.write("c.yaml",
                                           "rules: [r.yaml]\n"
                                           "listen:\n"
                                           "  statsd: [{udp: '127.0.0.1:0'}]\n"
                                           "  statsd_admin: null\n"
                                           "  http: {address: '127.0.0.1:0'}\n"
                                           "series: {max_series: 1000, max_bytes: 64MiB}\n"
                                           "results: {embedded: {directory: '" +
                                               (scratch.path() / "results").string() + "'}}\n");
  const std::string log = (scratch.path() / "log").string();
  int ready[2];
  REQUIRE(::pipe(ready) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    if (std::freopen(log.c_str(), "w", stderr) == nullptr) ::_exit(9);
    // Tells when the welcome, and so everything before it, is out.
    struct Telling : std::stringbuf {
      explicit Telling(int fd) : fd_(fd) {}
      int sync() override { return ::write(fd_, "x", 1) == 1 ? 0 : -1; }
      int fd_;
    } buffer(ready[1]);
    std::ostream out(&buffer);
    std::ostringstream err;
    ::_exit(run_daemon({config, false}, out, err));
  }
  ::close(ready[1]);
  char byte = 0;
  REQUIRE(::read(ready[0], &byte, 1) == 1);  // or its end, if the child died
  ::close(ready[0]);
  CHECK(::kill(child, SIGHUP) == 0);
  CHECK(::kill(child, SIGTERM) == 0);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  std::ifstream in(log);
  const std::string lines(std::istreambuf_iterator<char>(in), {});
  CHECK(lines.find("stopped") != std::string::npos);
}

}  // namespace
}  // namespace tocsin::app
