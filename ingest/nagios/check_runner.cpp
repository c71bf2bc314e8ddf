#include "ingest/nagios/check_runner.hpp"

#include <cstring>
#include <deque>
#include <optional>
#include <string>
#include <utility>

#include "ingest/listen/process.hpp"
#include "ingest/nagios/options.hpp"
#include "ingest/nagios/plugin_output.hpp"
#include "ingest/nagios/result_writer.hpp"

namespace tocsin::nagios {
namespace {

using listen::Ended;
using std::chrono::nanoseconds;

// A result on its way to the intake.
struct Finished {
  std::size_t check = 0;
  TimePoint time{};
  std::optional<int> exit_code{};
  std::string_view state{};
  std::string failure{};  // empty: the plugin said its state
  std::string output{};
  bool is_cut = false;
};

std::string seconds_text(nanoseconds span) {
  const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(span).count();
  std::string text = std::to_string(milliseconds / 1000);
  if (milliseconds % 1000 != 0) {
    std::string decimals = std::to_string(milliseconds % 1000);
    decimals.insert(0, 3 - decimals.size(), '0');
    while (decimals.back() == '0') decimals.pop_back();
    text += "." + decimals;
  }
  return text + " s";
}

// 126 and 127 are what a shell says of a command that it cannot run.
std::string failure_of(int exit_code) {
  const std::string text = "exit code " + std::to_string(exit_code);
  if (exit_code == 126) return text + ": command not executable";
  if (exit_code == 127) return text + ": command not found";
  return text + ", 0 to 3 were expected";
}

std::string failure_of_signal(int number) {
  const char* const words = ::sigdescr_np(number);
  return "killed by signal " + std::to_string(number) +
         (words != nullptr ? " (" + std::string(words) + ")" : std::string());
}

Options writer_options(const RunnerOptions& options) {
  Options writing;
  writing.max_perfdata = options.max_perfdata;
  return writing;
}

}  // namespace

class CheckRunner::Impl final : public std::enable_shared_from_this<CheckRunner::Impl> {
 public:
  Impl(listen::Loop& loop, CheckSchedule schedule, RunnerOptions options, Intake& intake)
      : loop_(loop),
        options_(std::move(options)),
        schedule_(std::move(schedule)),
        processes_(schedule_.checks().size()),
        writer_(writer_options(options_), intake) {}

  void start() {
    loop_.every(options_.beat, [weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->advance();
    });
  }

  void close(nanoseconds grace, std::function<void()> done) {
    closing_ = true;
    deadline_ = options_.steady_clock() + grace;
    done_ = std::move(done);
  }

  // No process and no result is left, nothing is called any more.
  void give_up() {
    for (auto& process : processes_) process.reset();
    while (!finished_.empty()) {
      if (!write_front()) {
        writer_.drop();
        (void)write_front();
      }
      finished_.pop_front();
    }
    counters.running.set(0);
    is_over_ = true;
  }

  RunnerCounters counters;

 private:
  void advance() {
    if (is_over_) return;
    hand_over();
    if (closing_) return advance_close();
    while (const auto check = schedule_.start_next(options_.steady_clock())) {
      start_check(*check);
      hand_over();  // what could not be started is over already
    }
    count();
  }

  void advance_close() {
    count();
    if (schedule_.running() > 0 && options_.steady_clock() < deadline_) return;
    give_up();
    if (done_) std::exchange(done_, nullptr)();
  }

  void start_check(std::size_t index) {
    const Check& check = schedule_.checks()[index];
    listen::Command command;
    command.words = check.command;
    command.timeout = check.timeout;
    command.grace = options_.grace;
    command.max_output_bytes = options_.max_output_bytes;
    auto process = listen::Process::start(loop_, command, [this, index](Ended ended) {
      const std::unique_ptr<listen::Process> last_use = std::move(processes_[index]);
      on_ended(index, std::move(ended));
    });
    if (process) {
      processes_[index] = std::move(*process);
    } else {
      add({.check = index, .failure = process.error().message()});
    }
  }

  void on_ended(std::size_t index, Ended ended) {
    Finished result{.check = index, .output = std::move(ended.output), .is_cut = ended.is_cut};
    switch (ended.how) {
      case Ended::How::kTimedOut:
        counters.timed_out.add(1);
        result.failure = "timed out after " + seconds_text(schedule_.checks()[index].timeout);
        break;
      case Ended::How::kSignaled:
        result.failure = failure_of_signal(ended.number);
        break;
      case Ended::How::kExited:
        result.exit_code = ended.number;
        result.state = service_state(ended.number, {});
        if (result.state.empty()) result.failure = failure_of(ended.number);
    }
    add(std::move(result));
    hand_over();
    count();
  }

  void add(Finished result) {
    result.time = options_.clock();
    if (!result.failure.empty()) {
      counters.failed.add(1);
      result.state = options_.failure_state;
    }
    finished_.push_back(std::move(result));
  }

  // Results go in the order of their ends.
  void hand_over() {
    while (!finished_.empty()) {
      if (!write_front()) {
        counters.stalls.add(stalled_ ? 0 : 1);
        stalled_ = true;
        return;
      }
      stalled_ = false;
      schedule_.finished(finished_.front().check, options_.steady_clock());
      finished_.pop_front();
    }
  }

  bool write_front() {
    const Finished& finished = finished_.front();
    const Check& check = schedule_.checks()[finished.check];
    CheckResult result;
    result.time = finished.time;
    result.host = check.host;
    result.check = check.name;
    result.state = finished.state;
    result.exit_code = finished.exit_code;
    result.failure = finished.failure;
    result.output = finished.output;
    result.cut = finished.is_cut;
    result.ttl = check.interval * 2;
    return writer_.write(result);
  }

  void count() {
    counters.started.set(schedule_.started());
    counters.skipped.set(schedule_.skipped());
    counters.running.set(schedule_.running());
  }

  // Fixed after construction.
  listen::Loop& loop_;
  const RunnerOptions options_;

  CheckSchedule schedule_;
  std::vector<std::unique_ptr<listen::Process>> processes_;  // of each check, while it runs
  std::deque<Finished> finished_;                            // results, not yet taken
  ResultWriter writer_;
  bool stalled_ = false;  // the front of finished_ was refused
  bool closing_ = false;
  bool is_over_ = false;
  CheckSchedule::Instant deadline_;
  std::function<void()> done_;
};

Result<std::unique_ptr<CheckRunner>> CheckRunner::start(listen::Loop& loop,
                                                        std::vector<Check> checks,
                                                        RunnerOptions options, Intake& intake) {
  auto schedule =
      CheckSchedule::make(std::move(checks), options.max_concurrent, options.steady_clock());
  if (!schedule) return schedule.error();
  auto impl = std::make_shared<Impl>(loop, *std::move(schedule), std::move(options), intake);
  impl->start();
  return std::unique_ptr<CheckRunner>(new CheckRunner(std::move(impl)));
}

CheckRunner::CheckRunner(std::shared_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}

CheckRunner::~CheckRunner() {
  impl_->give_up();
}

void CheckRunner::close(nanoseconds grace, std::function<void()> done) {
  impl_->close(grace, std::move(done));
}

const RunnerCounters& CheckRunner::counters() const noexcept {
  return impl_->counters;
}

}  // namespace tocsin::nagios
