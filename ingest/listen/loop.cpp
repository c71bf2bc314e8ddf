#include "ingest/listen/loop.hpp"

#include <utility>

#include <boost/asio/post.hpp>

#include "ingest/listen/loop_context.hpp"

namespace tocsin::listen {

void Loop::Context::Beat::arm() {
  timer.async_wait([this](error_code error) {
    if (error) return;
    fn();
    const auto now = std::chrono::steady_clock::now();
    auto next = timer.expiry() + interval;
    if (next <= now) next += interval * ((now - next) / interval + 1);
    timer.expires_at(next);
    arm();
  });
}

Loop::Loop() : context_(std::make_unique<Context>()) {}
Loop::~Loop() = default;

void Loop::run() {
  context_->io.run();
}

void Loop::stop() {
  context_->io.stop();
}

void Loop::post(std::function<void()> fn) {
  asio::post(context_->io, std::move(fn));
}

void Loop::every(std::chrono::nanoseconds interval, std::function<void()> fn) {
  auto& beats = context_->beats;
  beats.push_back(std::make_unique<Context::Beat>(context_->io, interval, std::move(fn)));
  beats.back()->timer.expires_after(interval);
  beats.back()->arm();
}

}  // namespace tocsin::listen
