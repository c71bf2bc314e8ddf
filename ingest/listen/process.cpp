#include "ingest/listen/process.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <string_view>
#include <utility>

#include <boost/asio/posix/stream_descriptor.hpp>

#include "ingest/listen/loop_context.hpp"
#include "src/base/system_error.hpp"
#include "src/base/unique_fd.hpp"

extern char** environ;

namespace tocsin::listen {
namespace {

using base::system_error;
using base::UniqueFd;

// What posix_spawn is told; both objects own memory.
struct SpawnPlan {
  SpawnPlan() {
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawnattr_init(&attributes);
  }
  ~SpawnPlan() {
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;

  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
};

// Returns 0 or an error number.
int plan(SpawnPlan& plan, int output) {
  sigset_t none;
  sigset_t all;
  ::sigemptyset(&none);
  ::sigfillset(&all);
  constexpr short kFlags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
  for (const int error :
       {::posix_spawn_file_actions_addopen(&plan.actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0),
        ::posix_spawn_file_actions_adddup2(&plan.actions, output, STDOUT_FILENO),
        ::posix_spawn_file_actions_adddup2(&plan.actions, output, STDERR_FILENO),
        ::posix_spawn_file_actions_addclosefrom_np(&plan.actions, STDERR_FILENO + 1),
        ::posix_spawnattr_setpgroup(&plan.attributes, 0),
        ::posix_spawnattr_setsigmask(&plan.attributes, &none),
        ::posix_spawnattr_setsigdefault(&plan.attributes, &all),
        ::posix_spawnattr_setflags(&plan.attributes, kFlags)}) {
    if (error != 0) return error;
  }
  return 0;
}

// Until it is waited for, neither its number nor that of its group is given to anybody else.
struct Child {
  pid_t pid = 0;
  UniqueFd fd;
};

void kill_at_once(pid_t pid) noexcept {
  ::kill(-pid, SIGKILL);
  ::waitpid(pid, nullptr, 0);
}

Result<Child> spawn(const Command& command, int output) {
  if (command.words.empty() || command.words.front().empty()) {
    return Error{Errc::kRange, "", "an empty command, the words of a program were expected"};
  }
  const std::string& program = command.words.front();
  std::vector<char*> words;
  for (const std::string& word : command.words) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  SpawnPlan spawn_plan;
  pid_t pid = 0;
  int error = plan(spawn_plan, output);
  if (error == 0) {
    error = ::posix_spawnp(&pid, program.c_str(), &spawn_plan.actions, &spawn_plan.attributes,
                           words.data(), environ);
  }
  if (error != 0) return system_error(program, "cannot be started", error);
  // By number: glibc 2.36 declares pidfd_open() without saying that it is C. Close-on-exec by
  // itself.
  UniqueFd fd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0U)));
  if (!fd) {
    const int cause = errno;
    kill_at_once(pid);
    return system_error(program, "cannot be watched", cause);
  }
  return Child{pid, std::move(fd)};
}

}  // namespace

class Process::Impl final : public std::enable_shared_from_this<Process::Impl> {
 public:
  Impl(asio::io_context& io, const Command& command, std::function<void(Ended)> done)
      : grace_(command.grace),
        max_output_bytes_(command.max_output_bytes),
        done_(std::move(done)),
        output_(io),
        end_(io),
        timer_(io) {}
  ~Impl() {
    if (!is_running_) return;
    // The loop has gone, so nobody else will wait for it. What is not dead at once is left to init.
    signal_group(SIGKILL);
    siginfo_t info;
    (void)wait(info);
  }

  Result<void> start(const Command& command) {
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) {
      return system_error("", "cannot open a pipe", errno);
    }
    UniqueFd read_end(pipe[0]);
    const UniqueFd write_end(pipe[1]);
    auto child = spawn(command, write_end.get());
    if (!child) return child.error();
    error_code error;
    output_.assign(read_end.get(), error);
    if (!error) {
      (void)read_end.release();
      output_.non_blocking(true, error);
    }
    if (!error) end_.assign(child->fd.get(), error);
    if (error) {
      kill_at_once(child->pid);
      return Error{Errc::kIo, command.words.front(), "cannot be watched: " + error.message()};
    }
    (void)child->fd.release();
    pid_ = child->pid;
    is_running_ = true;
    timer_.expires_after(command.timeout);
    wait_for_time();
    wait_for_output();
    wait_for_end();
    return {};
  }

  void time_out() {
    if (!is_running_ || timed_out_) return;
    timed_out_ = true;
    signal_group(SIGTERM);
    timer_.expires_after(grace_);
    wait_for_time();
  }

  // The owner has gone: no call back. The loop still waits for the end, if it goes on.
  void abandon() {
    done_ = nullptr;
    if (!is_running_) return;
    timed_out_ = true;
    signal_group(SIGKILL);
    error_code ignored;
    output_.close(ignored);
    timer_.cancel();
  }

 private:
  void wait_for_time() {
    timer_.async_wait([self = shared_from_this()](error_code error) {
      if (error || !self->is_running_) return;
      if (!self->timed_out_) return self->time_out();
      self->signal_group(SIGKILL);
    });
  }

  // Bytes are only read when their handler runs, never ahead of it: at the end, what is not yet in
  // ended_ is still in the pipe.
  void wait_for_output() {
    output_.async_wait(asio::posix::stream_descriptor::wait_read,
                       [self = shared_from_this()](error_code error) {
                         if (error || !self->is_running_) return;
                         constexpr std::size_t kMostBytesAtOnce = 64 * 1024;
                         if (self->read_output(kMostBytesAtOnce)) self->wait_for_output();
                       });
  }

  // Reads what is there, about `most` bytes. False: it is the end of it.
  bool read_output(std::size_t most) {
    std::array<char, 4096> piece;
    for (std::size_t total = 0; total < most;) {
      const ssize_t size = ::read(output_.native_handle(), piece.data(), piece.size());
      if (size < 0 && errno == EINTR) continue;
      if (size < 0) return errno == EAGAIN;
      if (size == 0) return false;
      total += static_cast<std::size_t>(size);
      keep({piece.data(), static_cast<std::size_t>(size)});
    }
    return true;
  }

  void keep(std::string_view piece) {
    const std::size_t room = max_output_bytes_ - ended_.output.size();
    ended_.output.append(piece.substr(0, room));
    if (piece.size() > room) ended_.is_cut = true;
  }

  void wait_for_end() {
    end_.async_wait(asio::posix::stream_descriptor::wait_read,
                    [self = shared_from_this()](error_code error) {
                      if (!error && self->is_running_) self->on_end();
                    });
  }

  void on_end() {
    // Before waiting: as long as its leader is not waited for, the group is ours.
    if (timed_out_) signal_group(SIGKILL);
    siginfo_t info;
    if (!wait(info)) return wait_for_end();
    is_running_ = false;
    if (output_.is_open()) {
      // Others may hold the pipe open and write on, so no more than a pipe may hold.
      constexpr std::size_t kMostPipeBytes = 1024 * 1024;
      (void)read_output(kMostPipeBytes);
    }
    error_code ignored;
    output_.close(ignored);
    end_.close(ignored);
    timer_.cancel();
    if (timed_out_) {
      ended_.how = Ended::How::kTimedOut;
    } else {
      ended_.how = info.si_code == CLD_EXITED ? Ended::How::kExited : Ended::How::kSignaled;
      ended_.number = info.si_status;
    }
    if (done_) std::exchange(done_, nullptr)(std::move(ended_));
  }

  void signal_group(int number) const noexcept { ::kill(-pid_, number); }

  // Waits for the program without blocking. False: it has not ended.
  bool wait(siginfo_t& info) {
    info = siginfo_t();
    const auto fd = static_cast<id_t>(end_.native_handle());
    return ::waitid(P_PIDFD, fd, &info, WEXITED | WNOHANG) == 0 && info.si_pid != 0;
  }

  // Fixed after construction.
  const std::chrono::nanoseconds grace_;
  const std::size_t max_output_bytes_;

  std::function<void(Ended)> done_;
  asio::posix::stream_descriptor output_;
  asio::posix::stream_descriptor end_;  // the pidfd: readable when the program has ended
  asio::steady_timer timer_;
  pid_t pid_ = 0;  // and the group's number
  Ended ended_;
  bool is_running_ = false;  // not yet waited for
  bool timed_out_ = false;
};

Result<std::unique_ptr<Process>> Process::start(Loop& loop, const Command& command,
                                                std::function<void(Ended)> done) {
  auto impl = std::make_shared<Impl>(loop.context().io, command, std::move(done));
  if (auto started = impl->start(command); !started) return started.error();
  return std::unique_ptr<Process>(new Process(std::move(impl)));
}

Process::Process(std::shared_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}

Process::~Process() {
  impl_->abandon();
}

void Process::time_out() {
  impl_->time_out();
}

}  // namespace tocsin::listen
