// The command line: one binary, one sub-command per job. Everything the commands do stands in the
// files named after them; here are only their options and the exit.
#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdint>
#include <exception>
#include <iostream>
#include <vector>

#include "src/app/check_command.hpp"
#include "src/app/client_commands.hpp"
#include "src/app/decode_command.hpp"
#include "src/app/demo_command.hpp"
#include "src/app/detect_command.hpp"
#include "src/app/feedback_command.hpp"
#include "src/app/grok_command.hpp"
#include "src/app/run_command.hpp"
#include "src/app/version.hpp"

namespace tocsin::app {
namespace {

void add_daemon_options(CLI::App& command, DaemonAddress& daemon) {
  command.add_option("--host", daemon.host, "Address of the daemon's HTTP port");
  command.add_option("--port", daemon.port, "The daemon's HTTP port")->capture_default_str();
}

// `feedback` and what can be done with it. An own struct, because it has commands of its own.
struct FeedbackCommands {
  explicit FeedbackCommands(CLI::App& app)
      : command(app.add_subcommand(
            "feedback",
            "Say of alarms that they are expected or noise; exit 3: refused, no answer")) {
    command->require_subcommand(1);
    add_giving("expected", "Known until then: values in the anomaly's range do not alarm")
        ->add_option("--range", giving.range, "LOW..HIGH, in place of the anomaly's range");
    add_giving("noise", "Not worth a call: until then the vote must be clearer");
    list = command->add_subcommand("list", "What is in force");
    list->add_flag("--json", json, "As the API gives it");
    withdraw = command->add_subcommand("withdraw", "Take back what was given under these ids");
    withdraw->add_option("ids", ids, "Ids, as list shows them")->required();
    withdraw->add_option("--author", giving.author, "Who takes it back")->required();
    for (CLI::App* const one : command->get_subcommands({})) {
      add_daemon_options(*one, giving.daemon);
    }
  }

  int run() {
    if (*list) return run_feedback_list(giving.daemon, json, std::cout, std::cerr);
    if (*withdraw) {
      return run_feedback_withdraw(giving.daemon, giving.author, ids, std::cout, std::cerr);
    }
    giving.kind = command->get_subcommands().front()->get_name();
    return run_feedback(giving, std::cout, std::cerr);
  }

  CLI::App* command;
  CLI::App* list = nullptr;
  CLI::App* withdraw = nullptr;
  FeedbackOptions giving;
  bool json = false;
  std::vector<std::uint64_t> ids;

 private:
  CLI::App* add_giving(const char* kind, const char* help) {
    CLI::App* const added = command->add_subcommand(kind, help);
    added->add_option("--author", giving.author, "Who says so")->required();
    added
        ->add_option("--until", giving.until,
                     "When it ends: 2h, 7d, 2026-12-01T08:00:00Z; at most 90d")
        ->required();
    added->add_option("--watch", giving.watch, "One watch of the series; else all that detect");
    added->add_option("--note", giving.note, "Why");
    CLI::App* const which = added->add_option_group("series");
    which->add_option("predicate", giving.predicate, "As of query: service =~ \"shop.%\"");
    which->add_option("--id", giving.series,
                      "One series: 32 hexadecimal digits, as stores have it");
    which->require_option(1);
    return added;
  }
};

int main_with(int argc, char** argv) {
  CLI::App app("Tocsin: from what a fleet says about itself to the health of services.", "tocsin");
  app.require_subcommand(0, 1);  // none: said below, in words of ours
  app.set_help_all_flag("--help-all", "Help on all commands");

  RunOptions run;
  CLI::App* run_command = app.add_subcommand("run", "Run the daemon");
  run_command->add_option("--config", run.config, "Settings file")->capture_default_str();
  run_command->add_flag("--show-config", run.show_config, "Print the settings in force and exit");

  CheckOptions check;
  CLI::App* check_command =
      app.add_subcommand("check", "Check settings and rules; exit 1 if wrong");
  check_command->add_option("--config", check.config, "Settings file");
  check_command->add_option("rules", check.rules, "Rule files or directories");

  QueryOptions query;
  CLI::App* query_command = app.add_subcommand("query", "Events of the index that match");
  query_command->add_option("predicate", query.predicate, "For example: service =~ \"shop.%\"")
      ->required();
  query_command->add_flag("--json", query.json, "One JSON object a line");
  query_command->add_option("--limit", query.limit, "At most so many")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  add_daemon_options(*query_command, query.daemon);

  StatusOptions status;
  std::string wait = "0s";
  CLI::App* status_command =
      app.add_subcommand("status", "Is a service green? Exit 0 green, 1 amber, 2 red, 3 no answer");
  status_command->add_option("service", status.service, "Name of the service")->required();
  status_command->add_flag("--transitive", status.transitive, "And everything under it");
  status_command->add_option("--wait", wait, "Wait for green at most so long, e.g. 5m");
  add_daemon_options(*status_command, status.daemon);

  FeedbackCommands feedback(app);

  DetectOptions detect;
  CLI::App* detect_command =
      app.add_subcommand("detect", "Run a series through the detectors: CSV, or --series JSONL");
  detect_command->add_option("file", detect.csv_path, "timestamp,value CSV; - for standard input");
  detect_command->add_option("--series", detect.series_path, "Series as JSON lines, plain or gzip");
  detect_command->add_option("--plot", detect.plot_path,
                             "Write a picture, SVG: values, the expected range, alarms");
  detect_command
      ->add_option("--detectors", detect.detectors,
                   "consensus, deep, skyline, or names with commas")
      ->capture_default_str();
  detect_command
      ->add_option("--false-alarms-per-week", detect.false_alarms_per_week,
                   "Of consensus: how many alarms of a series may be chance; 0.1 unless given")
      ->check(CLI::PositiveNumber);

  GrokOptions grok;
  bool grok_compat = false;
  bool grok_no_compat = false;
  CLI::App* grok_command =
      app.add_subcommand("grok", "Lines to fields as NDJSON; why they do not match; how fast");
  grok_command->add_option("patterns", grok.patterns, "Grok expressions, tried in order");
  grok_command->add_option("--pattern-set", grok.pattern_set, "legacy or ecs-v1")
      ->capture_default_str();
  grok_command->add_option("--define", grok.definitions, "NAME=REGEX, a pattern of your own")
      ->allow_extra_args(false);
  grok_command->add_option("--patterns", grok.directories, "Directory of pattern files")
      ->allow_extra_args(false);
  grok_command->add_option("--patterns-root", grok.patterns_root, "Where the shipped sets stand")
      ->capture_default_str();
  grok_command->add_option("--input", grok.input, "File of lines; else standard input");
  CLI::Option* const explain = grok_command->add_flag(
      "--explain", grok.explain, "Say of lines that do not match where matching stopped, and why");
  grok_command
      ->add_flag("--bench", grok.bench,
                 "Measure: CPU time per line of grok, and of PCRE2 alone; check that both agree")
      ->excludes(explain);
  grok_command->add_option("--cases", grok.cases, "Run the cases of this file (JSON lines)");
  grok_command->add_flag("--compat", grok_compat, "With the reference's defects");
  grok_command->add_flag("--no-compat", grok_no_compat, "Without them, which cases are run with");

  DecodeOptions decode;
  CLI::App* decode_command = app.add_subcommand("decode", "Captured bytes to events as NDJSON");
  decode_command
      ->add_option("protocol", decode.protocol,
                   "statsd, collectd, riemann, graphite, syslog, json, gelf, nagios, nsca")
      ->required();
  decode_command->add_option("files", decode.files, "Captures; - for standard input")->required();
  decode_command->add_option("--container", decode.container, "dgram, stream or lines");
  decode_command->add_option("--dialect", decode.dialect, "statsd, etsy-strict or dogstatsd")
      ->capture_default_str();
  decode_command->add_option("--gauge-sign", decode.gauge_sign, "statsd: delta or absolute");
  decode_command->add_option(
      "--way", decode.way,
      "Where it came in: udp, tcp, unix, unix_stream, pickle, msgpack, relp, http");
  decode_command->add_option("--auth-file", decode.auth_file, "collectd: users and passwords");
  decode_command->add_option("--security", decode.security, "collectd: none, sign or encrypt")
      ->capture_default_str();
  decode_command->add_option("--types-db", decode.types_db, "collectd: names of data sources");
  decode_command->add_flag("--rates", decode.collectd_rates, "collectd: write_http sends rates");
  decode_command->add_option("--template", decode.templates, "graphite: servers.* .host.service*");
  decode_command->add_option("--host", decode.host, "Of records that name none");
  decode_command->add_option("--received", decode.received, "Time of arrival; else now");
  decode_command->add_option("--greeting", decode.greeting, "nsca: what the server sent first");
  decode_command->add_option("--method", decode.method, "nsca: 0, 1, 3 or 14")
      ->capture_default_str();
  decode_command->add_option("--password-file", decode.password_file, "nsca: the password");

  DemoOptions demo;
  std::int64_t demo_seconds = 0;
  CLI::App* demo_command = app.add_subcommand("demo", "Send a small shop's traffic to a daemon");
  demo_command->add_option("--host", demo.host, "IPv4 address of the statsd listener");
  demo_command->add_option("--port", demo.port, "UDP port of the statsd listener")
      ->capture_default_str();
  demo_command->add_option("--seconds", demo_seconds, "Stop after so long; 0: never");

  CLI::App* version_command = app.add_subcommand("version", "Print the version");

  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    std::cerr << "tocsin: " << error.what() << "; tocsin --help-all shows what is possible\n";
    // 1 would be an answer: amber.
    return *query_command || *status_command || *feedback.command ? kNoAnswer : 1;
  }
  if (app.get_subcommands().empty()) {
    std::cerr << "tocsin: no command, expected one of:";
    for (const CLI::App* command : app.get_subcommands({})) std::cerr << " " << command->get_name();
    std::cerr << "\n";
    return 1;
  }

  if (*run_command) return run_daemon(run, std::cout, std::cerr);
  if (*check_command) return run_check(check, std::cout, std::cerr);
  if (*query_command) return run_query(query, std::cout, std::cerr);
  if (*status_command) {
    const auto parsed = parse_wait(wait);
    if (!parsed) {
      std::cerr << "tocsin status: " << parsed.error().message() << "\n";
      return kNoAnswer;
    }
    status.wait = *parsed;
    return run_status(status, std::cout, std::cerr);
  }
  if (*feedback.command) return feedback.run();
  if (*detect_command) return run_detect(detect, std::cout, std::cerr);
  if (*grok_command) {
    grok.compat = grok_compat || (!grok.cases.empty() && !grok_no_compat);
    return run_grok(grok, std::cin, std::cout, std::cerr);
  }
  if (*decode_command) return run_decode(decode, std::cout, std::cerr);
  if (*demo_command) {
    demo.duration = std::chrono::seconds(demo_seconds);
    std::signal(SIGINT, [](int) { stop_demo(); });
    std::signal(SIGTERM, [](int) { stop_demo(); });
    return run_demo(demo, std::cout, std::cerr);
  }
  if (*version_command) std::cout << "tocsin " << kVersion << "\n";
  return 0;
}

}  // namespace
}  // namespace tocsin::app

int main(int argc, char** argv) {
  try {
    return tocsin::app::main_with(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "tocsin: " << error.what() << "\n";
    return 1;
  }
}
