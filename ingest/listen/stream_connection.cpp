#include "ingest/listen/stream_connection.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

#include "ingest/listen/give_up.hpp"

namespace tocsin::listen {
namespace {

// A full pipeline drains within milliseconds, or is stuck for long: ask soon, then less often.
constexpr std::chrono::milliseconds kFirstRetry{1};
constexpr std::chrono::milliseconds kLastRetry{16};

}  // namespace

StreamConnection::StreamConnection(ConnectionPool& pool, asio::io_context& io,
                                   const StreamShared& shared, base::UniqueFd fd, const Peer& peer,
                                   std::unique_ptr<Decoder> decoder)
    : Connection(pool),
      shared_(shared),
      decoder_(std::move(decoder)),
      framing_(make_framing(shared.options.framing, shared.options.max_record_bytes)),
      // Not cleared: a connection that sends little touches little.
      buffer_(new char[shared.options.buffer_bytes]),
      socket_(io),
      retry_timer_(io),
      retry_pause_(kFirstRetry) {
  error_code error;
  socket_.assign(asio::generic::stream_protocol(AF_UNSPEC, 0), fd.get(), error);
  if (!error) (void)fd.release();
  origin_.peer = peer;
}

void StreamConnection::start() {
  if (!socket_.is_open()) return leave();  // the loop could not take the descriptor
  read();
}

void StreamConnection::read() {
  // Nothing is buffered in the decoder now, so the open record may move to the front.
  if (begin_ > 0) {
    std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  socket_.async_read_some(asio::buffer(buffer_.get() + end_, shared_.options.buffer_bytes - end_),
                          [self = shared_from_this()](error_code error, std::size_t received) {
                            if (self->socket_.is_open()) self->on_read(error, received);
                          });
}

void StreamConnection::on_read(error_code error, std::size_t received) {
  moved();
  end_ += received;
  shared_.counters.bytes.add(received);
  origin_.received = shared_.options.clock();
  ended_ = static_cast<bool>(error);
  // When it is us who close, an open last record may continue in bytes that we will never see:
  // decoding it could give a wrong value.
  in_order_ = error == asio::error::eof && !closing_;
  advance();
}

void StreamConnection::advance() {
  if (!decode_buffered() || !decoder_->flush()) return stall();
  retry_pause_ = kFirstRetry;
  if (ended_) return finish();
  read();
}

// Decodes all whole records. False: the pipeline is full, and the rest must wait.
bool StreamConnection::decode_buffered() {
  for (;;) {
    if (!records_.empty()) {
      records_.remove_prefix(decoder_->decode(records_, origin_));
      if (!records_.empty()) return false;
    }
    const Cut cut = framing_->cut(buffered(), in_order_);
    switch (cut.kind) {
      case Cut::Kind::kNeedMore:
        return true;
      case Cut::Kind::kOversized:
        shared_.counters.overlong.add(1);
        shared_.intake.reject(RejectCause::kOversized, buffered().substr(0, cut.body),
                              static_cast<std::size_t>(consumed_),
                              "record longer than max_record_bytes");
        continue;
      case Cut::Kind::kRecords:
        records_ = buffered().substr(cut.head, cut.body);
        break;
      case Cut::Kind::kSkip:
        break;
    }
    begin_ += cut.head + cut.body;
    consumed_ += cut.head + cut.body;
  }
}

void StreamConnection::stall() {
  stalled_ = true;
  shared_.counters.stalls.add(1);
  retry_timer_.expires_after(retry_pause_);
  retry_pause_ = std::min(retry_pause_ * 2, kLastRetry);
  retry_timer_.async_wait([self = shared_from_this()](error_code) {
    if (self->socket_.is_open()) self->retry();
  });
}

void StreamConnection::retry() {
  if (!decoder_->flush()) return stall();
  stalled_ = false;
  advance();
}

void StreamConnection::begin_close() {
  closing_ = true;
  // The kernel now reports the end of the stream behind what it already holds, and so the ordinary
  // path drains it.
  error_code ignored;
  socket_.shutdown(asio::socket_base::shutdown_receive, ignored);
}

void StreamConnection::abort() {
  if (!socket_.is_open()) return;
  in_order_ = false;
  while (!decode_buffered()) {
    decoder_->drop();
    if (decode_or_drop(*decoder_, std::exchange(records_, {}), origin_) != 0) {
      shared_.intake.drop(1);
    }
  }
  if (!decoder_->flush()) decoder_->drop();
  finish();
}

void StreamConnection::finish() {
  if (begin_ < end_) {
    shared_.intake.reject(RejectCause::kTruncated, buffered(), static_cast<std::size_t>(consumed_),
                          "the connection ended inside a record");
    begin_ = end_;
  }
  error_code ignored;
  retry_timer_.cancel();
  socket_.close(ignored);
  leave();
}

}  // namespace tocsin::listen
