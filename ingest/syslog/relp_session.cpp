#include "ingest/syslog/relp_session.hpp"

#include <utility>

#include "ingest/listen/give_up.hpp"

namespace tocsin::syslog {

using listen::Tail;
using Kind = RelpServer::Step::Kind;

listen::Session::Step RelpSession::step(std::string_view buffered, const Origin& origin,
                                        Tail tail) {
  std::size_t at = 0;
  for (;;) {
    if (!waiting_.empty()) {
      waiting_.remove_prefix(decoder_.decode(waiting_, origin));
      if (!waiting_.empty()) return {Progress::kFull, at};
      server_.acknowledge(replies_);
    }
    if (replies_.size() > kMaxUnsentBytes) return {Progress::kFull, at};
    const std::string_view rest = buffered.substr(at);
    const RelpServer::Step step = server_.step(rest, replies_);
    at += step.consumed;
    switch (step.kind) {
      case Kind::kNeedMore:
        if (tail != Tail::kOpen) {
          reject_rest(buffered.substr(at));
          at = buffered.size();
        }
        return {Progress::kNeedMore, at};
      case Kind::kMessage:
        waiting_ = step.message;
        if (waiting_.empty()) server_.acknowledge(replies_);
        break;
      case Kind::kAnswered:
      case Kind::kSkipped:
        break;
      case Kind::kRefused:
        counters_.overlong.add(1);
        intake_.reject(step.cause, rest, static_cast<std::size_t>(consumed_), step.text);
        break;
      case Kind::kClosed:
        consumed_ += step.consumed;
        reject_rest(buffered.substr(at));
        return {Progress::kEnd, buffered.size()};
      case Kind::kFault:
        intake_.reject(step.cause, rest, static_cast<std::size_t>(consumed_), step.text);
        return {Progress::kEnd, buffered.size()};
    }
    consumed_ += step.consumed;
  }
}

void RelpSession::abort(std::string_view buffered, const Origin& origin) {
  // What was not acknowledged is sent again by the client, to whoever listens then.
  if (!waiting_.empty() &&
      listen::decode_or_drop(decoder_, std::exchange(waiting_, {}), origin) != 0) {
    intake_.drop(1);
  }
  reject_rest(buffered);
}

void RelpSession::reject_rest(std::string_view rest) {
  if (rest.empty()) return;
  intake_.reject(RejectCause::kTruncated, rest, static_cast<std::size_t>(consumed_),
                 "the connection ended before this was acknowledged");
}

}  // namespace tocsin::syslog
