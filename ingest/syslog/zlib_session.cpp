#include "ingest/syslog/zlib_session.hpp"

#include <cstring>
#include <utility>

namespace tocsin::syslog {

using listen::Tail;

listen::Session::Step ZlibSession::step(std::string_view buffered, const Origin& origin,
                                        Tail tail) {
  if (form_ == Form::kUnknown) {
    if (buffered.size() < 2 && tail == Tail::kOpen) return {Progress::kNeedMore, 0};
    form_ = wire::begins_zlib(buffered) ? Form::kZlib : Form::kPlain;
  }
  if (form_ == Form::kPlain) return inner_->step(buffered, origin, tail);
  return inflate(buffered, origin, tail);
}

// Inflates a buffer full, lets the session inside take what is whole, and so on.
listen::Session::Step ZlibSession::inflate(std::string_view buffered, const Origin& origin,
                                           Tail tail) {
  if (!buffer_) buffer_ = std::make_unique_for_overwrite<char[]>(buffer_bytes_);
  std::size_t at = 0;
  for (;;) {
    // First what an earlier call left: nothing may be moved while the session inside may view it.
    const Progress progress = pass_on(origin, Tail::kOpen);
    if (progress == Progress::kEnd) return {Progress::kEnd, buffered.size()};
    if (progress == Progress::kFull) return {Progress::kFull, at};
    if (is_whole_) break;
    if (begin_ > 0) {
      std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
      end_ -= std::exchange(begin_, 0);
    }
    const auto step =
        inflater_.step(buffered.substr(at), {buffer_.get() + end_, buffer_bytes_ - end_});
    at += step.used;
    consumed_ += step.used;
    end_ += step.written;
    is_whole_ = step.status == wire::Inflater::Status::kEnd;
    if (step.status == wire::Inflater::Status::kBroken) {
      intake_.reject(RejectCause::kSyntax, buffered.substr(at), static_cast<std::size_t>(consumed_),
                     "found broken compression, expected the zlib stream to go on");
      inner_->abort(inflated(), origin);
      return {Progress::kEnd, buffered.size()};
    }
    if (step.written == 0 && at == buffered.size()) break;
  }
  if (tail == Tail::kOpen && (!is_whole_ || at == buffered.size()))
    return {Progress::kNeedMore, at};
  // Without the last block of the compressed stream nothing says that the last record is whole.
  const Progress progress = pass_on(origin, is_whole_ ? Tail::kEnded : Tail::kBroken);
  if (progress == Progress::kFull) return {Progress::kFull, at};
  if (at < buffered.size()) {
    intake_.reject(RejectCause::kSyntax, buffered.substr(at), static_cast<std::size_t>(consumed_),
                   "found bytes behind the end of the zlib stream, expected the connection's end");
  }
  return {tail == Tail::kOpen ? Progress::kEnd : Progress::kNeedMore, buffered.size()};
}

listen::Session::Progress ZlibSession::pass_on(const Origin& origin, Tail tail) {
  const Step step = inner_->step(inflated(), origin, tail);
  begin_ += step.consumed;
  return step.progress;
}

void ZlibSession::abort(std::string_view buffered, const Origin& origin) {
  if (form_ != Form::kZlib) return inner_->abort(buffered, origin);
  inner_->abort(inflated(), origin);
  if (!buffered.empty()) {
    intake_.reject(RejectCause::kTruncated, buffered, static_cast<std::size_t>(consumed_),
                   "the connection ended inside a compressed stream");
  }
}

}  // namespace tocsin::syslog
