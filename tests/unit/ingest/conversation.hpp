// Drives a listen::Session as its connection does, without a socket: bytes in, answers out. While a
// session is full its bytes stay where they are.
#pragma once

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "ingest/listen/session.hpp"

namespace tocsin::testing {

class Conversation {
 public:
  using Progress = listen::Session::Progress;

  explicit Conversation(listen::Session& session, const Origin& origin = {})
      : session_(session), origin_(origin) {
    session_.open([this] { listen(); });
    listen();  // a greeting
  }

  // `portion` bytes at a time; while it is full no more is received.
  void receive(std::string_view bytes, std::size_t portion = static_cast<std::size_t>(-1)) {
    while (!bytes.empty() && progress_ == Progress::kNeedMore) {
      const std::string_view part = bytes.substr(0, portion);
      buffer_.append(part);
      bytes.remove_prefix(part.size());
      advance();
    }
  }
  void end(listen::Tail tail) {
    tail_ = tail;
    advance();
  }
  // Shows what was there, again.
  void advance() {
    if (progress_ == Progress::kEnd) return;
    const std::string_view rest = std::string_view(buffer_).substr(begin_);
    const listen::Session::Step step = session_.step(rest, origin_, tail_);
    REQUIRE(step.consumed <= rest.size());
    begin_ += step.consumed;
    progress_ = step.progress;
    if (progress_ != Progress::kFull) {
      buffer_.erase(0, begin_);
      begin_ = 0;
    }
    listen();
  }
  void abort() { session_.abort(std::string_view(buffer_).substr(begin_), origin_); }

  // A client that does not read leaves the answers where they are.
  void stop_listening() { is_listening_ = false; }
  void listen_again() {
    is_listening_ = true;
    listen();
  }

  [[nodiscard]] Progress progress() const { return progress_; }
  [[nodiscard]] std::size_t buffered() const { return buffer_.size() - begin_; }
  [[nodiscard]] const std::string& heard() const { return heard_; }

 private:
  void listen() {
    if (!is_listening_) return;
    std::string out;
    session_.take_output(out);
    heard_ += out;
  }

  listen::Session& session_;
  const Origin origin_;
  std::string buffer_;
  std::size_t begin_ = 0;
  listen::Tail tail_ = listen::Tail::kOpen;
  Progress progress_ = Progress::kNeedMore;
  bool is_listening_ = true;
  std::string heard_;
};

}  // namespace tocsin::testing
