// grok_bench: what it costs to take a line apart, in nanoseconds of CPU time of one thread.
//   Beside each other, in turn and repeated, over the same lines: PCRE2 with machine code on the
//   fully expanded expressions, one after the other until one matches, which leaves offsets; and
//   Matcher, from the line to typed fields. Then known bad expressions on long lines, with good
//   ones between. First every answer is compared: whether and which expression matches, and each
//   captured field with the text of its group. A difference ends the run with a message and exit
//   status 1.
// Usage:   grok_bench [--repeat N] [--quick] [--case NAME]
//          --quick: compares the answers and measures next to nothing
//          --case: only that, "known bad" among them
// Output:  a JSON object per case and line. "raw", "grok": of each repetition; "single": the same
//          by the last expression alone, of lists of candidates; "allocations": of all measured
//          lines.
#include <time.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bench/grok/lines.hpp"
#include "bench/grok/raw_pcre2.hpp"
#include "src/rules/grok/dialect.hpp"
#include "src/rules/grok/expansion.hpp"
#include "src/rules/grok/matcher.hpp"
#include "src/rules/grok/pattern_set.hpp"
#include "tests/support/counting_new.hpp"
#include "tests/unit/rules/grok/known_bad.hpp"

namespace tocsin::bench::grok {
namespace {

using namespace rules::grok;

constexpr std::size_t kLines = 1000;
constexpr std::uint32_t kSeed = 20261122;
constexpr double kLeastNs = 5e6;  // of one measurement: passes are repeated until it took so long

[[noreturn]] void fail(const std::string& what) {
  std::fprintf(stderr, "grok_bench: %s\n", what.c_str());
  std::exit(1);
}

const PatternLibrary& library() {
  static const PatternLibrary all = [] {
    auto loaded = load_pattern_set(TOCSIN_PATTERNS, PatternSet::kEcsV1);
    if (!loaded) fail(loaded.error().message());
    return *std::move(loaded);
  }();
  return all;
}

Matcher matcher_of(const std::vector<std::string>& expressions) {
  std::vector<PlacedText> placed;
  for (const std::string& expression : expressions) placed.push_back({expression, {"bench", 1, 1}});
  auto matcher = Matcher::compile(placed, library(), {});
  if (!matcher) fail(matcher.error().message());
  return *std::move(matcher);
}

RawPcre2 raw_of(const std::string& expression) {
  const auto source = expand(expression, {"bench", 1, 1}, library(), Unnamed::kDoNotCapture);
  if (!source) fail(source.error().message());
  const auto translation = translate(*source);
  if (!translation) fail(translation.error().message());
  return RawPcre2(translation->ascii);
}

double cpu_ns() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return 1e9 * static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec);
}

// The expressions of a case in both ways.
class Contest {
 public:
  explicit Contest(const std::vector<std::string>& expressions)
      : matcher_(matcher_of(expressions)) {
    for (const std::string& expression : expressions) raw_.push_back(raw_of(expression));
  }

  // The index of the first that matches; kNone: none does.
  std::size_t match_raw(std::string_view line) const {
    std::size_t index = 0;
    while (index < raw_.size() && !raw_[index].match(line)) ++index;
    return index < raw_.size() ? index : Matcher::kNone;
  }

  std::size_t match(std::string_view line) {
    subject_.view(line);
    const Matcher::Found found = matcher_.match(subject_, captures_);
    return found.outcome == Matcher::Outcome::kMatch ? found.expression : Matcher::kNone;
  }

  void compare(std::string_view line) {
    const std::size_t expected = match_raw(line);
    const std::size_t found = match(line);
    if (found != expected) fail("another expression matches " + std::string(line));
    if (found == Matcher::kNone) return;
    std::size_t next = 0;  // of the captures
    for (const Capture& capture : matcher_.expressions()[found].captures()) {
      const std::size_t begin = raw_[found].groups()[2 * capture.group];
      const std::size_t end = raw_[found].groups()[2 * capture.group + 1];
      const bool typed = capture.type != CaptureType::kString;
      if (begin == ~std::size_t{0} || (begin == end && !typed)) continue;
      const CapturedValue value = captured_value(line.substr(begin, end - begin), capture.type);
      const bool same = next < captures_.size() && captures_[next].value == value &&
                        matcher_.fields()[captures_[next].field].spelling == capture.field;
      if (!same) fail("another " + capture.field + " is captured of " + std::string(line));
      ++next;
    }
    if (next != captures_.size()) fail("more is captured of " + std::string(line));
  }

 private:
  Matcher matcher_;
  std::vector<RawPcre2> raw_;
  Subject subject_;
  Captures captures_;
};

struct Case {
  const char* name;
  const char* kind;  // of its lines
  std::vector<std::string> expressions;
  Lines lines;
  bool matches;   // by the last expression, or not at all
  double target;  // so many times as fast as PCRE2
  double single_target =
      0;  // at most so many times the cost of the last expression alone; 0: no list
};

std::vector<Case> cases() {
  constexpr std::size_t kKinds = 50;
  const std::vector<std::string> access = {"%{COMBINEDAPACHELOG}"};
  const std::vector<std::string> syslog = {"%{SYSLOGBASE} %{GREEDYDATA:rest}"};
  const std::vector<std::string> candidates = candidate_expressions(kKinds);
  return {
      {"COMBINEDAPACHELOG", "match", access, access_lines(kLines, kSeed), true, 1.5},
      {"COMBINEDAPACHELOG", "near miss", access, access_near_misses(kLines, kSeed), false, 20},
      {"COMBINEDAPACHELOG", "foreign", access, json_lines(kLines, kSeed), false, 50},
      // PCRE2 looks for the last quote first, and is done: neither can be much faster than that.
      {"COMBINEDAPACHELOG", "foreign, no quote", access, syslog_lines(kLines, kSeed), false, 0},
      {"SYSLOGBASE + rest", "match", syslog, syslog_lines(kLines, kSeed), true, 1},
      {"SYSLOGBASE + rest", "near miss", syslog, syslog_near_misses(kLines, kSeed), false, 1},
      {"SYSLOGBASE + rest", "foreign", syslog, access_lines(kLines, kSeed), false, 3},
      {"50 candidates", "match the last", candidates,
       lines_of_last_candidate(kKinds, kLines, kSeed), true, 100, 1.5},
      {"50 candidates", "foreign", candidates, access_lines(kLines, kSeed), false, 100, 1.5},
  };
}

// Nanoseconds per line. `work` does one line and says which expression matched.
template <class Work>
double measure(const Lines& lines, std::size_t expected, bool quick, Work work) {
  double spent = 0;
  std::size_t done = 0;
  std::size_t right = 0;
  do {
    const double begin = cpu_ns();
    for (const std::string& line : lines) right += work(line) == expected ? 1 : 0;
    spent += cpu_ns() - begin;
    done += lines.size();
  } while (!quick && spent < kLeastNs);
  if (right != done) fail("an answer changed while it was measured");
  return spent / static_cast<double>(done);
}

void print(const char* name, const std::vector<double>& figures) {
  std::printf(",\"%s\":[", name);
  for (std::size_t i = 0; i < figures.size(); ++i) {
    std::printf("%s%.2f", i == 0 ? "" : ",", figures[i]);
  }
  std::printf("]");
}

void run(const Case& one, std::size_t repeat, bool quick) {
  Contest contest(one.expressions);
  Contest single({one.expressions.back()});
  const std::size_t expected = one.matches ? one.expressions.size() - 1 : Matcher::kNone;
  const std::size_t expected_single = one.matches ? 0 : Matcher::kNone;
  std::size_t bytes = 0;
  for (const std::string& line : one.lines) {
    contest.compare(line);
    bytes += line.size();
  }
  std::vector<double> raw, grok, alone;
  std::uint64_t allocations = 0;
  for (std::size_t i = 0; i < repeat; ++i) {
    raw.push_back(measure(one.lines, expected, quick,
                          [&](std::string_view line) { return contest.match_raw(line); }));
    const std::uint64_t before = tocsin::testing::heap_allocations();
    const double ns = measure(one.lines, expected, quick,
                              [&](std::string_view line) { return contest.match(line); });
    allocations += tocsin::testing::heap_allocations() - before;
    grok.push_back(ns);
    if (one.single_target == 0) continue;
    alone.push_back(measure(one.lines, expected_single, quick,
                            [&](std::string_view line) { return single.match(line); }));
  }
  std::printf("{\"case\":\"%s\",\"lines\":\"%s\",\"bytes\":%.0f,\"target\":%g,\"single_target\":%g",
              one.name, one.kind,
              static_cast<double>(bytes) / static_cast<double>(one.lines.size()), one.target,
              one.single_target);
  print("raw", raw);
  print("grok", grok);
  print("single", alone);
  std::printf(",\"allocations\":%llu}\n", static_cast<unsigned long long>(allocations));
  std::fflush(stdout);
}

// Each known bad expression on its long line; before and behind it access lines by another matcher:
// its neighbours.
void run_known_bad(std::size_t repeat, bool quick) {
  Contest neighbour({"%{COMBINEDAPACHELOG}"});
  const Lines lines = access_lines(kLines / 10, kSeed);
  const auto pass = [&] {
    return measure(lines, 0, quick, [&](std::string_view line) { return neighbour.match(line); });
  };
  std::vector<double> worst, quiet, beside;
  std::size_t gave_up = 0;
  std::size_t uncounted = 0;
  (void)pass();
  for (const rules::grok::testing::KnownBad& bad : rules::grok::testing::kKnownBad) {
    const Matcher matcher = matcher_of({std::string(bad.regex)});
    const std::string line = rules::grok::testing::long_line(bad);
    Subject subject;
    Captures captures;
    double most = 0;
    std::size_t outcomes = 0;
    quiet.push_back(pass());
    for (std::size_t i = 0; i < repeat; ++i) {
      const double begin = cpu_ns();
      subject.view(line);
      const Matcher::Found found = matcher.match(subject, captures);
      most = std::max(most, cpu_ns() - begin);
      if (found.outcome == Matcher::Outcome::kMatch) fail("a known bad expression matches");
      outcomes += found.outcome == Matcher::Outcome::kGaveUp ? 1 : 0;
      beside.push_back(pass());
    }
    worst.push_back(most);
    gave_up += outcomes != 0 ? 1 : 0;
    if (matcher.expressions().front().regex().give_ups() != outcomes) ++uncounted;
  }
  if (uncounted != 0) fail("a time an expression gave up was not counted");
  std::printf("{\"case\":\"known bad\",\"expressions\":%zu,\"gave_up\":%zu", worst.size(), gave_up);
  print("worst", worst);
  print("quiet", quiet);
  print("beside", beside);
  std::printf("}\n");
}

}  // namespace
}  // namespace tocsin::bench::grok

int main(int argc, char** argv) {
  using namespace tocsin::bench::grok;
  std::size_t repeat = 15;
  bool quick = false;
  std::string_view only;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--quick") == 0) {
      quick = true;
      repeat = 1;
    } else if (std::strcmp(argv[i], "--repeat") == 0 && i + 1 < argc) {
      repeat = std::strtoull(argv[++i], nullptr, 10);
    } else if (std::strcmp(argv[i], "--case") == 0 && i + 1 < argc) {
      only = argv[++i];
    } else {
      fail("usage: grok_bench [--repeat N] [--quick] [--case NAME]");
    }
  }
  for (const Case& one : cases()) {
    if (only.empty() || only == one.name) run(one, repeat, quick);
  }
  if (only.empty() || only == "known bad") run_known_bad(quick ? 1 : 5, quick);
  return 0;
}
