#include "ingest/statsd/admin.hpp"

#include <algorithm>
#include <cstddef>

namespace tocsin::statsd {
namespace {

constexpr std::string_view kEnd = "END\n\n";

std::vector<std::string_view> split_words(std::string_view line) {
  constexpr std::string_view kBlanks = " \t\r\n";
  std::vector<std::string_view> words;
  for (;;) {
    line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
    if (line.empty()) return words;
    const std::size_t end = std::min(line.find_first_of(kBlanks), line.size());
    words.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
}

std::string with_end(std::string text) {
  return text += kEnd;
}

std::string stats_text(const std::vector<NamedNumber>& stats) {
  std::string text;
  for (const NamedNumber& stat : stats) {
    text += stat.name + ": " + inspect_number(stat.value) + "\n";
  }
  return with_end(text);
}

}  // namespace

std::string AdminSession::answer(std::string_view line) {
  std::vector<std::string_view> words = split_words(line);
  if (words.empty()) return "ERROR\n";
  const std::string_view command = words.front();
  words.erase(words.begin());
  if (command == "help") {
    return "Commands: stats, counters, timers, gauges, delcounters, deltimers, delgauges, health, "
           "config, quit\n\n";
  }
  if (command == "stats") return stats_text(view_.stats());
  if (command == "counters") return with_end(inspect(view_.counters()) + "\n");
  if (command == "gauges") return with_end(inspect(view_.gauges()) + "\n");
  if (command == "timers") return with_end(inspect(view_.timers()) + "\n");
  if (command == "delcounters") return remove(SeriesKind::kCounter, words);
  if (command == "delgauges") return remove(SeriesKind::kGauge, words);
  if (command == "deltimers") return remove(SeriesKind::kTimer, words);
  if (command == "health") return health(words);
  if (command == "config") return view_.config();
  if (command == "quit") {
    closed_ = true;
    return {};
  }
  return "ERROR\n";
}

std::string AdminSession::remove(SeriesKind kind, const std::vector<std::string_view>& names) {
  if (!allow_deletes_) {
    return with_end("ERROR: deleting is off; it is allowed by the settings of this port\n");
  }
  std::string text;
  for (const std::string_view name : names) {
    const std::vector<std::string> gone = view_.remove(kind, name);
    if (gone.empty()) text += "metric " + std::string(name) + " not found\n";
    for (const std::string& series : gone) text += "deleted: " + series + "\n";
  }
  return with_end(text);
}

std::string AdminSession::health(const std::vector<std::string_view>& arguments) {
  if (!arguments.empty() && arguments.front() == "up") view_.set_healthy(true);
  if (!arguments.empty() && arguments.front() == "down") view_.set_healthy(false);
  return view_.healthy() ? "health: up\n" : "health: down\n";
}

}  // namespace tocsin::statsd
