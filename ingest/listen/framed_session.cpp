#include "ingest/listen/framed_session.hpp"

#include <utility>

#include "ingest/listen/give_up.hpp"

namespace tocsin::listen {

Session::Step FramedSession::step(std::string_view buffered, const Origin& origin, Tail tail) {
  std::size_t at = 0;
  if (!decode(buffered, at, origin, tail) || !decoder_->flush()) return {Progress::kFull, at};
  if (tail != Tail::kOpen) {
    reject_rest(buffered.substr(at));
    at = buffered.size();
  }
  return {Progress::kNeedMore, at};
}

// Decodes all whole records; `at` is where the next one begins. False: the pipeline is full, and
// the rest must wait.
bool FramedSession::decode(std::string_view buffered, std::size_t& at, const Origin& origin,
                           Tail tail) {
  for (;;) {
    if (!records_.empty()) {
      records_.remove_prefix(decoder_->decode(records_, origin));
      if (!records_.empty()) return false;
    }
    const std::string_view rest = buffered.substr(at);
    const Cut cut = framing_->cut(rest, tail == Tail::kEnded);
    switch (cut.kind) {
      case Cut::Kind::kNeedMore:
        return true;
      case Cut::Kind::kOversized:
        counters_.overlong.add(1);
        intake_.reject(RejectCause::kOversized, rest.substr(0, cut.body),
                       static_cast<std::size_t>(consumed_), "record longer than max_record_bytes");
        continue;
      case Cut::Kind::kRecords:
        records_ = rest.substr(cut.head, cut.body);
        break;
      case Cut::Kind::kSkip:
        break;
    }
    at += cut.head + cut.body;
    consumed_ += cut.head + cut.body;
  }
}

void FramedSession::abort(std::string_view buffered, const Origin& origin) {
  std::size_t at = 0;
  while (!decode(buffered, at, origin, Tail::kBroken)) {
    decoder_->drop();
    if (decode_or_drop(*decoder_, std::exchange(records_, {}), origin) != 0) intake_.drop(1);
  }
  if (!decoder_->flush()) decoder_->drop();
  reject_rest(buffered.substr(at));
}

void FramedSession::reject_rest(std::string_view rest) {
  if (rest.empty()) return;
  intake_.reject(RejectCause::kTruncated, rest, static_cast<std::size_t>(consumed_),
                 "the connection ended inside a record");
  consumed_ += rest.size();
}

}  // namespace tocsin::listen
