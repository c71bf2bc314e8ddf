#include "src/app/grok_bench.hpp"

#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <ostream>
#include <string_view>
#include <utility>

#include "src/rules/grok/captures.hpp"
#include "src/rules/grok/subject.hpp"

namespace tocsin::app {
namespace {

using rules::grok::Captures;
using rules::grok::Effort;
using rules::grok::Expression;
using rules::grok::Groups;
using rules::grok::kDefaultEffort;
using rules::grok::Matcher;
using rules::grok::Regex;
using rules::grok::Subject;
using Outcome = Regex::Outcome;
using std::chrono::nanoseconds;

constexpr nanoseconds kLongEnough = std::chrono::milliseconds(500);  // of each side
constexpr std::size_t kLeastPasses = 3;

nanoseconds cpu_time() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + nanoseconds(time.tv_nsec);
}

Outcome search_by_pcre2(const Expression& expression, const Subject& subject, Groups& groups) {
  Effort effort = kDefaultEffort;
  const Regex::Twin twin = subject.is_ascii() ? Regex::Twin::kAscii : Regex::Twin::kUtf;
  return expression.regex().search(subject, twin, effort, groups);
}

// As Matcher::match(): the first expression that matches or gives up.
Outcome match_by_pcre2(const Matcher& matcher, const Subject& subject) {
  for (const Expression& expression : matcher.expressions()) {
    Groups groups;
    const Outcome outcome = search_by_pcre2(expression, subject, groups);
    if (outcome != Outcome::kNoMatch) return outcome;
  }
  return Outcome::kNoMatch;
}

// The groups of a search, as offsets, before another search takes their place.
std::vector<std::optional<std::string_view>> all_of(const Groups& groups) {
  std::vector<std::optional<std::string_view>> all;
  for (std::size_t i = 0; i < groups.size(); ++i) all.push_back(groups.find(i));
  return all;
}

// Whether both say the same of a line. Giving up says nothing.
bool agree(const Expression& expression, const Subject& subject) {
  Groups groups;
  Effort effort = kDefaultEffort;
  const Outcome ours = expression.search(subject, effort, groups);
  const auto our_groups = all_of(groups);
  groups = {};
  const Outcome theirs = search_by_pcre2(expression, subject, groups);
  if (ours == Outcome::kGaveUp || theirs == Outcome::kGaveUp) return true;
  if (ours != theirs) return false;
  const auto at = [](const std::optional<std::string_view>& group) {
    return group ? std::pair(group->data(), group->size()) : std::pair<const char*, std::size_t>();
  };
  return ours == Outcome::kNoMatch || std::ranges::equal(our_groups, all_of(groups), {}, at, at);
}

class Contest {
 public:
  Contest(const Matcher& matcher, const std::vector<std::string>& lines)
      : matcher_(matcher), lines_(lines) {}

  struct Tally {
    std::size_t matched = 0;
    std::size_t gave_up = 0;
  };

  // Nanoseconds for each line. `search`: what is done with one.
  template <class Search>
  double pass(Search&& search, Tally& tally) {
    tally = {};
    const nanoseconds begin = cpu_time();
    for (const std::string& line : lines_) {
      subject_.view(line);
      const Outcome outcome = search(subject_);
      tally.matched += outcome == Outcome::kMatch ? 1 : 0;
      tally.gave_up += outcome == Outcome::kGaveUp ? 1 : 0;
    }
    const nanoseconds spent = cpu_time() - begin;
    return static_cast<double>(spent.count()) / static_cast<double>(lines_.size());
  }

  double pass_of_grok() {
    return pass([&](const Subject& subject) { return matcher_.match(subject, captures_).outcome; },
                grok_);
  }
  double pass_of_pcre2() {
    return pass([&](const Subject& subject) { return match_by_pcre2(matcher_, subject); }, pcre2_);
  }

  [[nodiscard]] const Tally& grok() const { return grok_; }
  [[nodiscard]] const Tally& pcre2() const { return pcre2_; }

 private:
  const Matcher& matcher_;
  const std::vector<std::string>& lines_;
  Subject subject_;
  Captures captures_;
  Tally grok_;
  Tally pcre2_;
};

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

void print_row(const char* name, double ns, std::ostream& out) {
  char text[128];
  std::snprintf(text, sizeof text, "%-6s %12.0f %20.0f\n", name, ns, 1e9 / ns);
  out << text;
}

}  // namespace

int run_grok_bench(const Matcher& matcher, const std::vector<std::string>& lines, std::ostream& out,
                   std::ostream& err) {
  Subject subject;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    subject.view(lines[i]);
    bytes += lines[i].size();
    for (std::size_t n = 0; n < matcher.expressions().size(); ++n) {
      if (agree(matcher.expressions()[n], subject)) continue;
      err << "line " << i + 1 << ": pattern " << n + 1
          << " finds something else by the engine than by PCRE2, expected the same\n";
      return 1;
    }
  }
  Contest contest(matcher, lines);
  std::vector<double> grok;
  std::vector<double> pcre2;
  double spent = 0;  // in a pass's nanoseconds per line, by the faster side
  do {
    pcre2.push_back(contest.pass_of_pcre2());
    grok.push_back(contest.pass_of_grok());
    spent += std::min(grok.back(), pcre2.back()) * static_cast<double>(lines.size());
  } while (grok.size() < kLeastPasses || spent < static_cast<double>(kLongEnough.count()));

  const Contest::Tally& tally = contest.grok();
  out << lines.size() << " lines of " << bytes / lines.size() << " bytes: " << tally.matched
      << " match, " << lines.size() - tally.matched - tally.gave_up << " do not, " << tally.gave_up
      << " gave up\n";
  out << "            ns/line  lines/s on one core\n";
  print_row("grok", median(grok), out);
  print_row("PCRE2", median(pcre2), out);
  char text[128];
  std::snprintf(text, sizeof text, "grok is %.1f times as fast", median(pcre2) / median(grok));
  out << text << "; both agree on every line";
  if (contest.pcre2().gave_up > 0) {
    out << " but those " << contest.pcre2().gave_up << " on which PCRE2 gave up";
  }
  out << "\n";
  return 0;
}

}  // namespace tocsin::app
