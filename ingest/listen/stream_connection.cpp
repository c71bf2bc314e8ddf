#include "ingest/listen/stream_connection.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include <boost/asio/error.hpp>

namespace tocsin::listen {
namespace {

// A full pipeline drains within milliseconds, or is stuck for long: ask soon, then less often.
constexpr std::chrono::milliseconds kFirstRetry{1};
constexpr std::chrono::milliseconds kLastRetry{16};

// How long the last answers have to arrive. A client that reads them ends at once.
constexpr std::chrono::seconds kLinger{1};

}  // namespace

StreamConnection::StreamConnection(ConnectionPool& pool, asio::io_context& io,
                                   const StreamShared& shared, std::unique_ptr<Transport> transport,
                                   const Peer& peer, std::unique_ptr<Session> session)
    : Connection(pool),
      shared_(shared),
      transport_(std::move(transport)),
      session_(std::move(session)),
      // Not cleared: a connection that sends little touches little.
      buffer_(new char[shared.options.buffer_bytes]),
      timer_(io),
      retry_pause_(kFirstRetry) {
  origin_.peer = peer;
}

void StreamConnection::start() {
  if (!transport_->is_open()) return leave();  // the loop could not take the descriptor
  transport_->handshake([self = shared_from_this()](error_code error) {
    if (!self->transport_->is_open()) return;
    if (!error) return self->begin();
    self->shared_.counters.handshake_failures.add(1);
    self->end();
  });
}

void StreamConnection::begin() {
  is_up_ = true;
  moved();
  user_ = transport_->user();
  origin_.user = user_;
  session_->open([weak = weak_from_this()] {
    if (const auto self = weak.lock()) {
      self->send();
      if (self->finishing_) self->finish();
    }
  });
  send();
  read();
}

void StreamConnection::read() {
  // Nothing is viewed by the session now, so the open record may move to the front.
  if (begin_ > 0) {
    std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  transport_->read_some(asio::buffer(buffer_.get() + end_, shared_.options.buffer_bytes - end_),
                        [self = shared_from_this()](error_code error, std::size_t received) {
                          if (self->transport_->is_open()) self->on_read(error, received);
                        });
}

void StreamConnection::on_read(error_code error, std::size_t received) {
  moved();
  end_ += received;
  shared_.counters.bytes.add(received);
  origin_.received = shared_.options.clock();
  if (error) {
    // When it is us who close, an open last record may continue in bytes that we will never see:
    // decoding it could give a wrong value.
    tail_ = error == asio::error::eof && !closing_ && !is_deaf_ ? Tail::kEnded : Tail::kBroken;
  }
  advance();
}

void StreamConnection::advance() {
  const Session::Step step = session_->step(buffered(), origin_, tail_);
  begin_ += step.consumed;
  send();
  switch (step.progress) {
    case Session::Progress::kFull:
      return stall();
    case Session::Progress::kEnd:
      return finish();
    case Session::Progress::kNeedMore:
      retry_pause_ = kFirstRetry;
      if (tail_ != Tail::kOpen) return finish();
      return read();
  }
}

void StreamConnection::stall() {
  stalled_ = true;
  shared_.counters.stalls.add(1);
  timer_.expires_after(retry_pause_);
  retry_pause_ = std::min(retry_pause_ * 2, kLastRetry);
  timer_.async_wait([self = shared_from_this()](error_code) {
    if (self->transport_->is_open()) self->retry();
  });
}

void StreamConnection::retry() {
  stalled_ = false;
  advance();
}

// Sends what the session has ready, unless something is under way: then its end calls again.
void StreamConnection::send() {
  if (!is_up_ || !sending_.empty() || !transport_->is_open()) return;
  session_->take_output(sending_);
  if (is_deaf_) sending_.clear();
  if (sending_.empty()) return;
  transport_->write(asio::buffer(sending_),
                    [self = shared_from_this()](error_code error, std::size_t) {
                      if (self->transport_->is_open()) self->on_sent(error);
                    });
}

void StreamConnection::on_sent(error_code error) {
  sending_.clear();
  // A sender that went away without reading its answers is still a sender: what it sent is in the
  // kernel, and is read to its end.
  if (error) is_deaf_ = true;
  moved();
  send();
  if (finishing_) finish();
}

void StreamConnection::begin_close() {
  closing_ = true;
  if (!is_up_) return end();
  // What the kernel already holds is still read, and so the ordinary path drains it.
  transport_->end_reading();
}

void StreamConnection::abort() {
  if (!transport_->is_open()) return;
  if (is_up_ && !std::exchange(finishing_, true)) session_->abort(buffered(), origin_);
  end();
}

// Closes once all is sent that is to be sent.
void StreamConnection::finish() {
  finishing_ = true;
  if (lingering_ || !sending_.empty()) return;
  if (is_deaf_ || (tail_ == Tail::kBroken && !session_->owes_output())) return end();
  if (!session_->owes_output()) linger();
}

// Closing a socket on which there is something to read resets the connection, and a reset destroys
// the answers that are still on their way. So what a client may still send is read and forgotten.
void StreamConnection::linger() {
  lingering_ = true;
  timer_.expires_after(kLinger);
  timer_.async_wait([self = shared_from_this()](error_code) {
    if (self->transport_->is_open()) self->end();
  });
  transport_->linger(asio::buffer(buffer_.get(), shared_.options.buffer_bytes),
                     [self = shared_from_this()] {
                       if (self->transport_->is_open()) self->end();
                     });
}

void StreamConnection::end() {
  timer_.cancel();
  transport_->close();
  leave();
}

}  // namespace tocsin::listen
