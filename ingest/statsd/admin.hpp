// The admin protocol of statsd: command lines in, answer text out.
//   help  stats  counters  timers  gauges  delcounters  deltimers  delgauges  health [up|down]
//   config  quit
// Commands are case-sensitive, words are separated by blanks. Answers end in "END" and an empty
// line; but help ends in an empty line, health is one line, config has no terminator, quit has no
// answer, and anything else is answered with "ERROR".
// Deleting is off unless allowed: the protocol knows no passwords.
// Threads: a session belongs to one connection; AdminView says which thread may call it.
// Source:  answers of Etsy's server, kept in tests/data/statsd/reference_admin.txt.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ingest/statsd/inspect_text.hpp"
#include "tocsin/identity.hpp"

namespace tocsin::statsd {

// What the port shows: a snapshot of the daemon, and its three switches.
class AdminView {
 public:
  virtual ~AdminView() = default;

  [[nodiscard]] virtual std::vector<NamedNumber> stats() const = 0;     // "uptime", ...
  [[nodiscard]] virtual std::vector<NamedNumber> counters() const = 0;  // of the open window
  [[nodiscard]] virtual std::vector<NamedNumber> gauges() const = 0;
  [[nodiscard]] virtual std::vector<NamedNumbers> timers() const = 0;  // of the open window
  [[nodiscard]] virtual std::string config() const = 0;                // as it is to be shown

  // Deletes the series `name` of this kind or, when it ends in ".*", all that begin with what
  // stands before the '*'. Returns the names that are gone.
  virtual std::vector<std::string> remove(SeriesKind kind, std::string_view name) = 0;

  [[nodiscard]] virtual bool healthy() const = 0;
  virtual void set_healthy(bool healthy) = 0;
};

class AdminSession {
 public:
  // `view` must outlive the session.
  AdminSession(AdminView& view, bool allow_deletes) : view_(view), allow_deletes_(allow_deletes) {}

  // The answer to one line, with or without its line end.
  [[nodiscard]] std::string answer(std::string_view line);
  // `quit` was said: the connection is to be closed.
  [[nodiscard]] bool closed() const noexcept { return closed_; }

 private:
  std::string remove(SeriesKind kind, const std::vector<std::string_view>& names);
  std::string health(const std::vector<std::string_view>& arguments);

  AdminView& view_;
  const bool allow_deletes_;
  bool closed_ = false;
};

}  // namespace tocsin::statsd
