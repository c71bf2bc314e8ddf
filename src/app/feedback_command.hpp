// The command `feedback`: an operator's word on the alarms of series, given to a running daemon,
// listed and taken back (feedback.hpp).
// Exit status: 0; kNoAnswer with the reason on `err`: no daemon, or it refused.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

#include "src/app/client_commands.hpp"

namespace tocsin::app {

struct FeedbackOptions {
  DaemonAddress daemon;
  std::string kind;    // expected or noise
  std::string author;  // also of a withdrawal
  std::string until;
  std::string watch;  // this and the next two: empty when not given
  std::string note;
  std::string range;      // "LOW..HIGH", of expected
  std::string predicate;  // or
  std::string series;     // an id
};

int run_feedback(const FeedbackOptions& options, std::ostream& out, std::ostream& err);
// `json`: as the API gives it, instead of lines for people.
int run_feedback_list(const DaemonAddress& daemon, bool json, std::ostream& out, std::ostream& err);
// One after the other; stops at the first that is refused.
int run_feedback_withdraw(const DaemonAddress& daemon, const std::string& author,
                          const std::vector<std::uint64_t>& ids, std::ostream& out,
                          std::ostream& err);

}  // namespace tocsin::app
