#include "ingest/collectd/text_session.hpp"

#include <algorithm>
#include <utility>

#include "ingest/listen/give_up.hpp"

namespace tocsin::collectd {

using listen::Tail;

listen::Session::Step TextSession::step(std::string_view buffered, const Origin& origin,
                                        Tail tail) {
  std::size_t at = 0;
  while (at < buffered.size()) {
    if (answers_.size() > kMaxUnsentBytes) return {Progress::kFull, at};
    const std::string_view rest = buffered.substr(at);
    const std::size_t end = rest.find('\n');
    if (std::min(end, rest.size()) > max_line_bytes_) {
      counters_.overlong.add(1);
      listener_.reject(RejectCause::kOversized, rest, 0, "line longer than max_record");
      answers_ += "-1 line too long\n";
      return {Progress::kEnd, buffered.size()};
    }
    if (end == std::string_view::npos && tail != Tail::kEnded) break;
    const std::string_view line = rest.substr(0, std::min(end + 1, rest.size()));
    taken_ += decoder_.decode(line.substr(taken_), origin);
    if (taken_ < line.size()) return {Progress::kFull, at};
    taken_ = 0;
    at += line.size();
    answer(line);
  }
  if (tail != Tail::kOpen && at < buffered.size()) {
    listener_.reject(RejectCause::kTruncated, buffered.substr(at), 0,
                     "the connection ended inside a line");
    at = buffered.size();
  }
  return {Progress::kNeedMore, at};
}

void TextSession::answer(std::string_view line) {
  const std::size_t events = std::exchange(listener_.events, 0);
  const std::string fault = std::exchange(listener_.fault, {});
  if (!fault.empty()) {
    answers_.append("-1 ").append(fault) += '\n';
    return;
  }
  if (events == 0) return;  // an empty line, a comment
  // A line that was taken is one of two commands, and they differ in their fourth letter.
  const std::size_t command = line.find_first_not_of(" \t");
  const bool is_notification = (line[command + 3] | 0x20) == 'n';
  if (is_notification) {
    answers_ += "0 Success\n";
  } else {
    answers_.append("0 Success: ").append(std::to_string(events));
    answers_ += events == 1 ? " value has been dispatched.\n" : " values have been dispatched.\n";
  }
}

void TextSession::abort(std::string_view buffered, const Origin& origin) {
  const std::size_t last = buffered.rfind('\n');
  const std::size_t whole = last == std::string_view::npos ? 0 : last + 1;
  const std::size_t taken = std::exchange(taken_, 0);
  if (whole > taken &&
      listen::decode_or_drop(decoder_, buffered.substr(taken, whole - taken), origin) != 0) {
    listener_.drop(1);
  }
  if (whole < buffered.size()) {
    listener_.reject(RejectCause::kTruncated, buffered.substr(whole), 0,
                     "the connection ended inside a line");
  }
}

}  // namespace tocsin::collectd
