#include "ingest/statsd/admin.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <string>
#include <vector>

namespace tocsin::statsd {
namespace {

// What Etsy's server held when its answers were recorded.
class RecordedView final : public AdminView {
 public:
  std::vector<NamedNumber> stats() const override {
    return {{"uptime", 2},
            {"messages.last_msg_seen", 1},
            {"messages.bad_lines_seen", 14},
            {"console.lastFlush", 1795229722},
            {"console.lastException", 1795229722},
            {"graphite.last_flush", 2},
            {"graphite.last_exception", 1795229724},
            {"graphite.flush_time", 0},
            {"graphite.flush_length", 0}};
  }
  std::vector<NamedNumber> counters() const override { return counters_; }
  std::vector<NamedNumber> gauges() const override {
    return {{"gaugor", 327}, {"gneg", -10},      {"gzero", -3},  {"ghex", 16},
            {"gexp", 1000},  {"ginf", INFINITY}, {"gspace", 12}, {"mlB", 5}};
  }
  std::vector<NamedNumbers> timers() const override {
    return {{"glork", {320, 10, 3, 7.25}}, {"tagged2;env=prod", {5}}, {"multi", {3}}};
  }
  std::string config() const override { return config_text; }
  std::vector<std::string> remove(SeriesKind kind, std::string_view name) override {
    removed_kinds.push_back(kind);
    const bool all = name.ends_with(".*");
    const std::string_view prefix = all ? name.substr(0, name.size() - 1) : name;
    std::vector<std::string> gone;
    for (const NamedNumber& counter : counters_) {
      if (all ? counter.name.starts_with(prefix) : counter.name == name)
        gone.push_back(counter.name);
    }
    return gone;
  }
  bool healthy() const override { return healthy_; }
  void set_healthy(bool healthy) override { healthy_ = healthy; }

  std::string config_text;
  std::vector<SeriesKind> removed_kinds;

 private:
  std::vector<NamedNumber> counters_ = {{"statsd.bad_lines_seen", 14},
                                        {"statsd.packets_received", 49},
                                        {"statsd.metrics_received", 51},
                                        {"gorets", INFINITY},
                                        {"weird_key-with_slash", 1},
                                        {"tagged;env=prod;az=a", 1},
                                        {"multi", 3},
                                        {"unknown", 5},
                                        {"dist", 5},
                                        {"hist", 5},
                                        {"meter", 3},
                                        {"windows", 1},
                                        {"crlf", 1},
                                        {"crlf2", 1},
                                        {"mlA", 3}};
  bool healthy_ = true;
};

struct Exchange {
  std::string command;
  std::string answer;
};

// The recording: ">>> command" and then the answer, up to the next command.
std::vector<Exchange> recorded() {
  std::ifstream file(TOCSIN_TEST_DATA "/statsd/reference_admin.txt");
  REQUIRE(file.is_open());
  std::vector<Exchange> exchanges;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(">>> ")) {
      exchanges.push_back({line.substr(4), ""});
    } else if (!exchanges.empty()) {
      exchanges.back().answer += line + "\n";
    }
  }
  return exchanges;
}

TEST_CASE("every answer is the recorded answer of Etsy's server") {
  const std::vector<Exchange> exchanges = recorded();
  REQUIRE(exchanges.size() == 14);
  RecordedView view;
  AdminSession session(view, true);
  for (const auto& [command, answer] : exchanges) {
    CAPTURE(command);
    if (command == "config") view.config_text = answer;
    if (command == "quit") {
      // Recorded as Python's b'': nothing, and the connection was closed.
      CHECK(session.answer(command).empty());
      CHECK(session.closed());
    } else {
      CHECK_FALSE(session.closed());
      CHECK(session.answer(command + "\n") == answer);
    }
  }
}

TEST_CASE("deletes take exact names and prefixes, of the kind that the command names") {
  RecordedView view;
  AdminSession session(view, true);
  CHECK(session.answer("delcounters statsd.* mlA") ==
        "deleted: statsd.bad_lines_seen\ndeleted: statsd.packets_received\n"
        "deleted: statsd.metrics_received\ndeleted: mlA\nEND\n\n");
  CHECK(session.answer("deltimers x") == "metric x not found\nEND\n\n");
  CHECK(session.answer("delgauges") == "END\n\n");
  CHECK(view.removed_kinds ==
        std::vector<SeriesKind>{SeriesKind::kCounter, SeriesKind::kCounter, SeriesKind::kTimer});
}

TEST_CASE("deletes are refused unless they are allowed") {
  RecordedView view;
  AdminSession session(view, false);
  for (const char* command : {"delcounters mlA", "delgauges *", "deltimers"}) {
    const std::string answer = session.answer(command);
    CHECK(answer.starts_with("ERROR: deleting is off"));
    CHECK(answer.ends_with("\nEND\n\n"));
  }
  CHECK(view.removed_kinds.empty());
}

TEST_CASE("health changes only with up and down") {
  RecordedView view;
  AdminSession session(view, false);
  CHECK(session.answer("health sideways") == "health: up\n");
  CHECK(session.answer("health down") == "health: down\n");
  CHECK_FALSE(view.healthy());
  CHECK(session.answer("health up\r\n") == "health: up\n");
}

TEST_CASE("what is no command is answered with ERROR") {
  RecordedView view;
  AdminSession session(view, true);
  for (const char* line : {"", "\r\n", "  ", "Help", "helpme", "\x01\xFF"}) {
    CHECK(session.answer(line) == "ERROR\n");
  }
}

}  // namespace
}  // namespace tocsin::statsd
