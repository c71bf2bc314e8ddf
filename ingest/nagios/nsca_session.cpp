#include "ingest/nagios/nsca_session.hpp"

#include "ingest/listen/give_up.hpp"

namespace tocsin::nagios {

using listen::Tail;
using Kind = NscaServer::Step::Kind;

listen::Session::Step NscaSession::step(std::string_view buffered, const Origin& origin,
                                        Tail tail) {
  std::size_t at = 0;
  for (;;) {
    const std::string_view rest = buffered.substr(at);
    const NscaServer::Step step = server_.step(rest, origin.received);
    switch (step.kind) {
      case Kind::kNeedMore:
        if (tail != Tail::kOpen) {
          refuse(NscaServer::end(rest), rest);
          at = buffered.size();
        }
        return {Progress::kNeedMore, at};
      case Kind::kMessage:
        // What of it is taken stays taken; the server gives the same message again.
        if (decoder_.decode(step.message, origin) < step.message.size()) {
          return {Progress::kFull, at};
        }
        server_.acknowledge();
        break;
      case Kind::kRefused:
        refuse(step, rest.substr(0, step.consumed));
        break;
      case Kind::kFault:
        refuse(step, rest);
        return {Progress::kEnd, buffered.size()};
    }
    at += step.consumed;
    consumed_ += step.consumed;
  }
}

void NscaSession::abort(std::string_view buffered, const Origin& origin) {
  for (;;) {
    const NscaServer::Step step = server_.step(buffered, origin.received);
    if (step.kind == Kind::kNeedMore) return refuse(NscaServer::end(buffered), buffered);
    if (step.kind == Kind::kMessage) {
      if (listen::decode_or_drop(decoder_, step.message, origin) != 0) intake_.drop(1);
      server_.acknowledge();
    } else {
      refuse(step, buffered);
      if (step.kind == Kind::kFault) return;
    }
    buffered.remove_prefix(step.consumed);
    consumed_ += step.consumed;
  }
}

void NscaSession::refuse(const NscaServer::Step& step, std::string_view record) {
  if (step.kind == Kind::kNeedMore) return;  // all is well
  intake_.reject(step.cause, record, static_cast<std::size_t>(consumed_), step.text);
}

}  // namespace tocsin::nagios
