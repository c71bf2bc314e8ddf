#include "ingest/riemann/session.hpp"

#include <string>
#include <utility>

#include "ingest/listen/give_up.hpp"
#include "src/base/byte_order.hpp"

namespace tocsin::riemann {
namespace {

using listen::Tail;

constexpr std::size_t kHeadBytes = 4;

}  // namespace

Session::Session(Options options, const ReplyOptions& reply_options, std::size_t max_frame_bytes,
                 Ask ask, Intake& intake, listen::ConnectionCounters& counters)
    : max_frame_bytes_(max_frame_bytes),
      ask_(std::move(ask)),
      intake_(intake),
      counters_(counters),
      state_(std::make_shared<State>(reply_options)),
      decoder_(
          [&] {
            options.on_message = [this](const Outcome& outcome) { on_message(outcome); };
            return std::move(options);
          }(),
          intake) {}

void Session::on_message(const Outcome& outcome) {
  if (is_over_) return;
  const auto ticket = state_->replies.add(outcome);
  if (!ticket) return;
  if (!ask_) {
    return state_->replies.answer(*ticket,
                                  Error{Errc::kUnsupported, "", "queries are not offered"});
  }
  ask_(std::string(outcome.text),
       [state = state_, ticket = *ticket, wake = wake_](const Result<std::string>& events) {
         if (events) {
           state->replies.answer(ticket, std::string_view(*events));
         } else {
           state->replies.answer(ticket, events.error());
         }
         if (wake) wake();
       });
}

listen::Session::Step Session::step(std::string_view buffered, const Origin& origin, Tail tail) {
  std::size_t at = 0;
  for (;;) {
    if (state_->replies.full()) return {Progress::kFull, at};
    const std::string_view rest = buffered.substr(at);
    if (rest.size() < kHeadBytes) break;
    const std::size_t length = base::load_big_endian<std::uint32_t>(rest.data());
    if (length > max_frame_bytes_) {
      counters_.overlong.add(1);
      const std::string why = "found a Msg of " + std::to_string(length) +
                              " bytes, expected at most " + std::to_string(max_frame_bytes_);
      intake_.reject(RejectCause::kOversized, rest, static_cast<std::size_t>(consumed_), why);
      state_->replies.add_refusal(why);
      return {Progress::kEnd, buffered.size()};
    }
    if (rest.size() < kHeadBytes + length) break;
    taken_ += decoder_.decode(rest.substr(kHeadBytes + taken_, length - taken_), origin);
    if (taken_ < length) return {Progress::kFull, at};
    taken_ = 0;
    at += kHeadBytes + length;
    consumed_ += kHeadBytes + length;
  }
  if (tail != Tail::kOpen) {
    reject_rest(buffered.substr(at));
    at = buffered.size();
  }
  return {Progress::kNeedMore, at};
}

void Session::abort(std::string_view buffered, const Origin& origin) {
  // Replies would go nowhere, and so nothing is asked either.
  is_over_ = true;
  while (buffered.size() >= kHeadBytes) {
    const std::size_t length = base::load_big_endian<std::uint32_t>(buffered.data());
    if (length > max_frame_bytes_ || buffered.size() < kHeadBytes + length) break;
    const std::string_view msg = buffered.substr(kHeadBytes + taken_, length - taken_);
    taken_ = 0;
    if (listen::decode_or_drop(decoder_, msg, origin) != 0) intake_.drop(1);
    buffered.remove_prefix(kHeadBytes + length);
    consumed_ += kHeadBytes + length;
  }
  reject_rest(buffered);
}

void Session::reject_rest(std::string_view rest) {
  if (rest.empty()) return;
  intake_.reject(RejectCause::kTruncated, rest, static_cast<std::size_t>(consumed_),
                 "the connection ended inside a Msg");
}

}  // namespace tocsin::riemann
