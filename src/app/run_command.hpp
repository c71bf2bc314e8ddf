// `tocsin run`: the daemon, from its settings file to its orderly end.
// Signals: SIGTERM and SIGINT stop it, SIGHUP reads the rules again. Exit status 0 after an orderly
//          stop, 1 when the settings or the start were wrong, with every complaint on `err`.
#pragma once

#include <iosfwd>
#include <string>

namespace tocsin::app {

struct RunOptions {
  std::string config = "config/tocsin.yaml";
  bool show_config = false;  // print the settings in force instead of running
};

int run_daemon(const RunOptions& options, std::ostream& out, std::ostream& err);

}  // namespace tocsin::app
