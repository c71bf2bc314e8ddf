#include "ingest/collectd/text_session.hpp"

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
    const std::size_t newline = rest.find('\n');
    const bool is_whole = newline != std::string_view::npos;
    const std::size_t length = is_whole ? newline : rest.size();
    if (length > max_line_bytes_) {
      counters_.overlong.add(1);
      listener_.reject(RejectCause::kOversized, rest, 0, "line longer than max_record");
      answers_ += "-1 line too long\n";
      return {Progress::kEnd, buffered.size()};
    }
    if (!is_whole && tail != Tail::kEnded) break;
    const std::string_view line = rest.substr(0, length + (is_whole ? 1 : 0));
    // A line is taken whole, or offered again.
    if (decoder_.decode(line, origin) == 0) return {Progress::kFull, at};
    at += line.size();
    listener_.line_at += line.size();
    answer();
  }
  if (tail != Tail::kOpen && at < buffered.size()) {
    listener_.reject(RejectCause::kTruncated, buffered.substr(at), 0,
                     "the connection ended inside a line");
    at = buffered.size();
  }
  return {Progress::kNeedMore, at};
}

// For the line that was decoded last.
void TextSession::answer() {
  using Command = TextDecoder::Accepted::Command;
  const std::string fault = std::exchange(listener_.fault, {});
  if (!fault.empty()) {
    answers_.append("-1 ").append(fault) += '\n';
    return;
  }
  const TextDecoder::Accepted& accepted = decoder_.accepted();
  switch (accepted.command) {
    case Command::kNone:
      return;
    case Command::kPutnotif:
      answers_ += "0 Success\n";
      return;
    case Command::kPutval:
      answers_.append("0 Success: ").append(std::to_string(accepted.lists));
      answers_ +=
          accepted.lists == 1 ? " value has been dispatched.\n" : " values have been dispatched.\n";
      return;
  }
}

void TextSession::abort(std::string_view buffered, const Origin& origin) {
  const std::size_t last = buffered.rfind('\n');
  const std::size_t whole = last == std::string_view::npos ? 0 : last + 1;
  if (listen::decode_or_drop(decoder_, buffered.substr(0, whole), origin) != 0) listener_.drop(1);
  if (whole < buffered.size()) {
    listener_.line_at += whole;
    listener_.reject(RejectCause::kTruncated, buffered.substr(whole), 0,
                     "the connection ended inside a line");
  }
}

}  // namespace tocsin::collectd
