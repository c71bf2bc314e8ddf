#include "src/app/run_command.hpp"

#include <signal.h>
#include <spdlog/spdlog.h>

#include <ostream>

#include "src/app/daemon.hpp"
#include "src/app/log.hpp"
#include "src/settings/load.hpp"
#include "src/settings/show.hpp"

namespace tocsin::app {
namespace {

int complain(const std::vector<Error>& errors, std::ostream& err) {
  for (const Error& error : errors) err << error.message() << "\n";
  return 1;
}

// Signals are taken by the main thread with sigwait, so that no handler runs anywhere: they are
// blocked before the first thread is made, and every thread inherits that.
sigset_t block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  ::signal(SIGPIPE, SIG_IGN);  // a peer that went away is an error code, not an end
  return signals;
}

}  // namespace

int run_daemon(const RunOptions& options, std::ostream& out, std::ostream& err) {
  const auto settings = settings::load_settings(options.config, settings::process_environment());
  if (!settings) return complain(settings.errors, err);
  if (options.show_config) {
    out << settings::show_settings(*settings.value);
    return 0;
  }
  const sigset_t signals = block_signals();
  start_log(settings.value->log);
  auto daemon = Daemon::open(*settings.value);
  if (!daemon) {
    stop_log();
    return complain(daemon.errors, err);
  }
  out << (*daemon.value)->welcome() << std::flush;
  while (true) {
    int signal = 0;
    if (sigwait(&signals, &signal) != 0) continue;
    if (signal != SIGHUP) break;
    const std::vector<Error> errors = (*daemon.value)->reload();
    for (const Error& error : errors) spdlog::error("rules not reloaded: {}", error.message());
    if (errors.empty()) spdlog::info("rules reloaded");
  }
  spdlog::info("stopping");
  if ((*daemon.value)->stop()) {
    spdlog::info("stopped; nothing is left behind");
  } else {
    spdlog::info("stopped");
  }
  stop_log();
  return 0;
}

}  // namespace tocsin::app
