// A session that answers, for the tests of connections and transports: each line goes to the intake
// and comes back, as a protocol with acknowledgements would have it.
//   NAME       taken; answered "NAME\n"
//   ask        answered when the test says so
//   big N      answered by N bytes
//   bye        the session ends; whatever comes behind it is nothing
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "ingest/listen/session.hpp"
#include "ingest/listen/stream_listener.hpp"
#include "tests/unit/ingest/listen/fakes.hpp"

namespace tocsin::listen::testing {

class AnsweringSession final : public Session {
 public:
  static constexpr std::size_t kMaxUnsentBytes = 8 * 1024;

  // What a test can see and do of its last session; on the loop's thread, but for the numbers.
  struct View {
    std::atomic<std::size_t> asked{0};  // and not answered yet
    std::atomic<std::size_t> most_unsent{0};
    std::atomic<std::size_t> aborts{0};
    std::atomic<std::size_t> gone{0};
    std::function<void()> wake;
    AnsweringSession* session = nullptr;
    std::string user;
  };

  AnsweringSession(FakeIntake& intake, View& view) : intake_(intake), view_(view) {
    view_.session = this;
  }
  ~AnsweringSession() override { ++view_.gone; }

  void open(std::function<void()> wake) override { view_.wake = std::move(wake); }

  Step step(std::string_view buffered, const Origin& origin, Tail tail) override {
    view_.user = origin.user;
    std::size_t at = 0;
    for (;;) {
      if (output_.size() >= kMaxUnsentBytes) return {Progress::kFull, at};
      const std::string_view rest = buffered.substr(at);
      const std::size_t end = rest.find('\n');
      if (end == std::string_view::npos) break;
      const std::string_view line = rest.substr(0, end);
      if (line == "bye") return {Progress::kEnd, buffered.size()};
      if (line == "ask") {
        ++view_.asked;
      } else if (line.starts_with("big ")) {
        output_.append(std::stoul(std::string(line.substr(4))), 'x');
      } else {
        if (!intake_.take(line)) return {Progress::kFull, at};
        output_.append(line) += '\n';
      }
      view_.most_unsent = std::max(view_.most_unsent.load(), output_.size());
      at += end + 1;
    }
    if (tail != Tail::kOpen) {
      if (at < buffered.size()) intake_.reject(RejectCause::kTruncated, buffered.substr(at), 0, "");
      at = buffered.size();
    }
    return {Progress::kNeedMore, at};
  }

  void abort(std::string_view buffered, const Origin& /*origin*/) override {
    ++view_.aborts;
    intake_.drop(static_cast<std::size_t>(std::count(buffered.begin(), buffered.end(), '\n')));
  }

  void take_output(std::string& out) override { out.swap(output_); }
  [[nodiscard]] bool owes_output() const override { return view_.asked > 0 || !output_.empty(); }

  // For all that was asked.
  void answer(std::string_view text) {
    view_.asked = 0;
    output_.append(text);
  }

 private:
  FakeIntake& intake_;
  View& view_;
  std::string output_;
};

// A listener of such sessions with its loop on a thread of its own.
struct AnsweringFixture {
  explicit AnsweringFixture(StreamOptions options = {}) {
    auto opened = StreamListener::open(loop.loop, options, [this](ConnectionCounters&) {
      return std::make_unique<AnsweringSession>(intake, view);
    });
    REQUIRE_MESSAGE(opened.has_value(), (opened ? "" : opened.error().message()));
    listener = std::move(*opened);
    loop.start();
  }
  ~AnsweringFixture() { loop.stop(); }

  [[nodiscard]] Client connect() const { return Client::ip(SOCK_STREAM, listener->port()); }
  [[nodiscard]] const ConnectionCounters& counters() const { return listener->counters(); }

  AnsweringSession::View view;
  FakeIntake intake;
  LoopThread loop;
  std::unique_ptr<StreamListener> listener;
};

}  // namespace tocsin::listen::testing
