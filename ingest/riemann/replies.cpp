#include "ingest/riemann/replies.hpp"

#include <cassert>
#include <utility>

#include "ingest/riemann/event_writer.hpp"
#include "ingest/riemann/reply.hpp"

namespace tocsin::riemann {
namespace {

// A buffer that one large answer made larger than this is given back after it.
constexpr std::size_t kKeptBytes = 64 * 1024;

std::string framed(std::string_view msg) {
  std::string frame;
  append_frame(msg, frame);
  return frame;
}

std::string ok_frame(std::string_view events) {
  std::string msg;
  append_ok(msg);
  msg += events;
  return framed(msg);
}

std::string error_frame(std::string_view text) {
  std::string msg;
  append_error(text, msg);
  return framed(msg);
}

}  // namespace

std::optional<Replies::Ticket> Replies::add(const Outcome& outcome) {
  switch (outcome.kind) {
    case Outcome::Kind::kAccepted:
      put(ok_frame({}));
      break;
    case Outcome::Kind::kRefused:
      put(error_frame(outcome.text));
      break;
    case Outcome::Kind::kQuery:
      waiting_.emplace_back();
      ++queries_;
      return next_ready_ + waiting_.size() - 1;
  }
  return std::nullopt;
}

void Replies::add_refusal(std::string_view why) {
  put(error_frame(why));
}

void Replies::answer(Ticket ticket, std::string_view events) {
  if (events.size() > options_.max_reply_bytes) {
    return fill(ticket, error_frame("the answer is longer than " +
                                    std::to_string(options_.max_reply_bytes) +
                                    " bytes: ask for fewer events"));
  }
  fill(ticket, ok_frame(events));
}

void Replies::answer(Ticket ticket, const Error& error) {
  fill(ticket, error_frame(error.message()));
}

void Replies::take(std::string& out) {
  assert(out.empty());
  if (out.capacity() > kKeptBytes) out = std::string();
  out.swap(ready_);
  unsent_bytes_ -= out.size();
}

// A reply that is known at once: ready, unless an earlier one is missing.
void Replies::put(std::string frame) {
  unsent_bytes_ += frame.size();
  if (waiting_.empty()) {
    ready_ += frame;
    ++next_ready_;
  } else {
    waiting_.push_back(std::move(frame));
  }
}

void Replies::fill(Ticket ticket, std::string frame) {
  if (ticket < next_ready_ || ticket - next_ready_ >= waiting_.size()) return;
  std::string& place = waiting_[static_cast<std::size_t>(ticket - next_ready_)];
  if (!place.empty()) return;
  --queries_;
  unsent_bytes_ += frame.size();
  place = std::move(frame);
  while (!waiting_.empty() && !waiting_.front().empty()) {
    ready_ += waiting_.front();
    waiting_.pop_front();
    ++next_ready_;
  }
}

}  // namespace tocsin::riemann
