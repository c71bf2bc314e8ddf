#include "ingest/listen/file_listener.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>

#include "ingest/listen/loop_context.hpp"
#include "ingest/tail/tailer.hpp"

namespace tocsin::listen {
namespace {

// A full pipeline drains within milliseconds, or is stuck for long: ask soon, then less often.
constexpr std::chrono::milliseconds kFirstRetry{1};
constexpr std::chrono::milliseconds kLastRetry{16};

Result<void> check(std::chrono::nanoseconds interval, std::string_view name) {
  if (interval > interval.zero()) return {};
  return Error{
      Errc::kRange, "",
      std::string(name) + " is " + std::to_string(interval.count()) + " ns; expected more than 0"};
}

}  // namespace

// Turns come from three sources, but only one chain of them runs at a time:
//
//     inotify, poll timer -> turn -> more: another one, posted
//                                 -> full: another one after a pause
//                                 -> idle: the chain ends
class FileListener::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(asio::io_context& io, FileListenerOptions options, std::unique_ptr<tail::Tailer> made)
      : tailer(std::move(made)),
        options_(std::move(options)),
        watched_(io),
        nap_timer_(io),
        poll_timer_(io),
        rescan_timer_(io),
        save_timer_(io),
        turn_timer_(io) {}

  void start() {
    wait_for_news();
    repeat(poll_timer_, options_.poll_interval, &Impl::poll);
    repeat(rescan_timer_, options_.rescan_interval, &Impl::rescan);
    repeat(save_timer_, options_.checkpoint_interval, &Impl::save);
    asio::post(turn_timer_.get_executor(), [self = shared_from_this()] { self->begin_turns(); });
  }

  void close(bool drain) {
    if (std::exchange(closed_, true)) return;
    for (auto* timer : {&nap_timer_, &poll_timer_, &rescan_timer_, &save_timer_, &turn_timer_}) {
      timer->cancel();
    }
    if (watched_.is_open()) (void)watched_.release();  // cancels the wait
    if (drain) {
      tailer->close(now());
    } else {
      tailer->save();
    }
  }

  const std::unique_ptr<tail::Tailer> tailer;

 private:
  using Action = void (Impl::*)();

  void repeat(asio::steady_timer& timer, std::chrono::nanoseconds interval, Action action) {
    timer.expires_after(interval);
    timer.async_wait([self = shared_from_this(), &timer, interval, action](error_code) {
      if (self->closed_) return;
      (self.get()->*action)();
      self->repeat(timer, interval, action);
    });
  }

  void wait_for_news() {
    if (tailer->watch_fd() < 0) return;
    error_code error;
    if (!watched_.is_open()) watched_.assign(tailer->watch_fd(), error);
    if (error) return;  // polling goes on
    watched_.async_wait(asio::posix::descriptor_base::wait_read,
                        [self = shared_from_this()](error_code failed) {
                          if (!self->closed_ && !failed) self->on_news();
                        });
  }

  void on_news() {
    tailer->read_watches();
    begin_turns();
    nap_timer_.expires_after(options_.nap);
    nap_timer_.async_wait([self = shared_from_this()](error_code) {
      if (!self->closed_) self->wait_for_news();
    });
  }

  void poll() {
    tailer->want_polls();
    if (tailer->is_deciding()) tailer->want_rescan();
    begin_turns();
  }
  void rescan() {
    tailer->want_rescan();
    begin_turns();
  }
  void save() { tailer->save(); }

  void begin_turns() {
    if (closed_ || std::exchange(turning_, true)) return;
    retry_pause_ = kFirstRetry;
    turn();
  }

  void turn() {
    switch (tailer->turn(now())) {
      case tail::Tailer::Step::kIdle:
        turning_ = false;
        return;
      case tail::Tailer::Step::kMore:
        retry_pause_ = kFirstRetry;
        asio::post(turn_timer_.get_executor(), [self = shared_from_this()] {
          if (!self->closed_) self->turn();
        });
        return;
      case tail::Tailer::Step::kFull:
        turn_timer_.expires_after(retry_pause_);
        retry_pause_ = std::min(retry_pause_ * 2, kLastRetry);
        turn_timer_.async_wait([self = shared_from_this()](error_code) {
          if (!self->closed_) self->turn();
        });
        return;
    }
  }

  [[nodiscard]] tail::Now now() const {
    return {options_.clock(), std::chrono::steady_clock::now()};
  }

  const FileListenerOptions options_;
  asio::posix::stream_descriptor watched_;  // the tailer's; never owns it
  asio::steady_timer nap_timer_;
  asio::steady_timer poll_timer_;
  asio::steady_timer rescan_timer_;
  asio::steady_timer save_timer_;
  asio::steady_timer turn_timer_;
  std::chrono::milliseconds retry_pause_ = kFirstRetry;
  bool turning_ = false;
  bool closed_ = false;
};

Result<std::unique_ptr<FileListener>> FileListener::open(Loop& loop, FileListenerOptions options,
                                                         tail::DecoderFactory decoders,
                                                         Intake& intake) {
  const std::pair<std::chrono::nanoseconds, std::string_view> intervals[] = {
      {options.poll_interval, "poll_interval"},
      {options.rescan_interval, "rescan_interval"},
      {options.checkpoint_interval, "checkpoint_interval"},
  };
  for (const auto& [interval, name] : intervals) {
    if (auto checked = check(interval, name); !checked) return checked.error();
  }
  auto tailer = tail::Tailer::create(options.files, std::move(decoders), intake, options.complain);
  if (!tailer) return tailer.error();
  auto impl = std::make_shared<Impl>(loop.context().io, std::move(options), *std::move(tailer));
  impl->start();
  return std::unique_ptr<FileListener>(new FileListener(std::move(impl)));
}

FileListener::FileListener(std::shared_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
FileListener::~FileListener() {
  impl_->close(false);
}

void FileListener::close() {
  impl_->close(true);
}
const tail::Counters& FileListener::counters() const noexcept {
  return impl_->tailer->counters();
}

}  // namespace tocsin::listen
