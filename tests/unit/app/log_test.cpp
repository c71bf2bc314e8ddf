#include "src/app/log.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <rapidjson/document.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <string>

#include "tests/unit/app/scratch_directory.hpp"

namespace tocsin::app {
namespace {

// What the log writes while `say` runs.
template <class Say>
std::string logged(const settings::Log& settings, Say&& say) {
  const test::ScratchDirectory scratch;
  const std::string file = (scratch.path() / "log").string();
  const int before = ::dup(STDERR_FILENO);
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  REQUIRE(fd >= 0);
  ::dup2(fd, STDERR_FILENO);
  ::close(fd);
  start_log(settings);
  say();
  stop_log();
  // Tests that come later log too.
  spdlog::set_default_logger(std::make_shared<spdlog::logger>("after"));
  ::dup2(before, STDERR_FILENO);
  ::close(before);
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST_CASE("JSON lines hold any message") {
  settings::Log settings;
  settings.format = settings::LogFormat::kJson;
  const std::string message = "a \"quoted\" \\ line\nand\tanother";
  const std::string line = logged(settings, [&] { spdlog::warn("{}", message); });
  CHECK(line.find('\n') == line.size() - 1);
  rapidjson::Document json;
  json.Parse(line.c_str());
  REQUIRE_FALSE(json.HasParseError());
  CHECK(json["message"].GetString() == message);
  CHECK(json["level"] == "warning");
  CHECK(std::string(json["time"].GetString()).ends_with("Z"));
}

TEST_CASE("lines below the level are left out") {
  settings::Log settings;
  settings.level = settings::LogLevel::kWarning;
  const std::string lines = logged(settings, [] {
    spdlog::info("quiet");
    spdlog::error("loud");
  });
  CHECK(lines.find("quiet") == std::string::npos);
  CHECK(lines.find(" error: loud\n") != std::string::npos);
  CHECK(log_overruns() == 0);
}

}  // namespace
}  // namespace tocsin::app
