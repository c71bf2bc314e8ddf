#include "ingest/statsd/datadog_message.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "ingest/statsd/metric_line.hpp"
#include "ingest/statsd/number.hpp"
#include "ingest/statsd/peer_text.hpp"
#include "ingest/statsd/tag_set.hpp"
#include "ingest/statsd/text.hpp"

namespace tocsin::statsd {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

Refusal refuse(RejectCause cause, std::string_view where, std::string_view text) {
  return {cause, where.data(), text};
}

// Takes what stands before the next '|' off `text`, and the '|' with it.
std::string_view take_field(std::string_view& text) noexcept {
  const std::size_t end = std::min(text.find('|'), text.size());
  const std::string_view field = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return field;
}

// Turns `from` into `to` everywhere.
std::string replace_all(std::string_view text, std::string_view from, std::string_view to) {
  std::string out;
  for (std::size_t at = text.find(from); at != kNone; at = text.find(from)) {
    out += text.substr(0, at);
    out += to;
    text.remove_prefix(at + from.size());
  }
  return out += text;
}

std::string unescape_lines(std::string_view text) {
  return replace_all(to_utf8(text), "\\n", "\n");
}

// What events and checks have in common.
struct Message {
  TimePoint time;
  std::optional<std::string> host;
  std::string aggregation_key;
  std::string_view state = state::kOk;
  TagSet tags;
};

std::optional<Refusal> read_alert_type(std::string_view word, Message& message) {
  if (word == "error") {
    message.state = state::kCritical;
  } else if (word == "warning") {
    message.state = state::kWarning;
  } else if (word != "info" && word != "success") {
    return refuse(RejectCause::kValue, word, "expected t:error, warning, info or success");
  }
  message.tags.set("alert_type", std::string(word));
  return std::nullopt;
}

// Fields d:, h: and #, which both records have.
std::optional<Refusal> read_shared_field(std::string_view field, Message& message) {
  if (field.starts_with("d:")) {
    const std::optional<std::int64_t> seconds = parse_digits(field.substr(2), kLastSecond);
    if (!seconds) return refuse(RejectCause::kTimestamp, field, "d: is not a number of seconds");
    message.time = TimePoint(std::chrono::seconds(*seconds));
  } else if (field.starts_with("h:")) {
    message.host = to_utf8(field.substr(2));
  } else if (field.starts_with('#')) {
    message.tags.add_list(field.substr(1));
  }
  return std::nullopt;
}

std::optional<Refusal> read_event_field(std::string_view field, Message& message) {
  const std::string_view body = field.substr(std::min<std::size_t>(2, field.size()));
  if (field.starts_with("t:")) return read_alert_type(body, message);
  if (field.starts_with("p:")) {
    if (body != "normal" && body != "low") {
      return refuse(RejectCause::kValue, field, "expected p:normal or p:low");
    }
    message.tags.set("priority", std::string(body));
  } else if (field.starts_with("k:")) {
    message.aggregation_key = to_utf8(body);
    message.tags.set("aggregation_key", message.aggregation_key);
  } else if (field.starts_with("s:")) {
    message.tags.set("source", to_utf8(body));
  } else {
    return read_shared_field(field, message);
  }
  return std::nullopt;
}

// Moves what both records share into an event.
EventOrRefusal to_event(std::string_view line, Message message, const Options& options,
                        const Origin& origin) {
  if (message.tags.count() > options.max_tags) {
    return refuse(RejectCause::kTags, line, "more tags than the limit allows");
  }
  const std::string peer = peer_text(origin.peer);
  Event event;
  event.time = message.time;
  event.state = message.state;
  if (message.host) {
    event.host = std::move(*message.host);
  } else if (message.tags.host()) {
    event.host = *message.tags.host();
  } else {
    event.host = options.default_host.empty() ? peer : options.default_host;
  }
  message.tags.set("ingest", "statsd");
  if (!peer.empty()) message.tags.set("peer", peer);
  message.tags.set("metric_type", std::string(to_string(SeriesKind::kEvent)));
  event.tags = message.tags.take_tags();
  event.attributes = message.tags.take_attributes();
  return event;
}

// How many bytes the first `units` UTF-16 code units of `text` take; kNone if that is not a whole
// number of characters of `text`.
std::size_t bytes_of_utf16(std::string_view text, std::size_t units) noexcept {
  std::size_t bytes = 0;
  while (units > 0) {
    const std::size_t length = utf8_length(text.substr(bytes));
    const std::size_t width = length == 4 ? 2 : 1;
    if (length == 0 || width > units) return kNone;
    bytes += length;
    units -= width;
  }
  return bytes;
}

struct TitleAndText {
  std::string_view title;
  std::string_view text;
  std::string_view fields;  // what follows, without its '|'
};

// Cuts `body` where title and text of these byte lengths end, if the '|' stand where they must.
std::optional<TitleAndText> cut_at(std::string_view body, std::size_t title, std::size_t text) {
  if (title >= body.size() || body[title] != '|') return std::nullopt;
  const std::string_view behind = body.substr(title + 1);
  if (text > behind.size() || (text < behind.size() && behind[text] != '|')) return std::nullopt;
  return TitleAndText{body.substr(0, title), behind.substr(0, text),
                      behind.substr(std::min(text + 1, behind.size()))};
}

std::optional<TitleAndText> cut_by_utf16(std::string_view body, std::size_t title,
                                         std::size_t text) {
  const std::size_t title_bytes = bytes_of_utf16(body, title);
  if (title_bytes >= body.size()) return std::nullopt;
  return cut_at(body, title_bytes, bytes_of_utf16(body.substr(title_bytes + 1), text));
}

std::optional<TitleAndText> cut_title_and_text(std::string_view body, std::size_t title,
                                               std::size_t text) {
  if (const auto cut = cut_at(body, title, text)) return cut;
  if (const auto cut = cut_by_utf16(body, title, text)) return cut;
  const std::size_t bar = body.find('|');
  if (bar == kNone) return std::nullopt;
  return cut_at(body, bar, std::min(body.find('|', bar + 1), body.size()) - bar - 1);
}

// Cuts the message off `fields`, together with those fields that clients append behind it.
std::string_view take_check_message(std::string_view& fields) noexcept {
  const std::size_t mark = fields.starts_with("m:") ? 0 : fields.find("|m:");
  if (mark == kNone) return {};
  std::string_view message = fields.substr(mark + (mark == 0 && fields.front() == 'm' ? 2 : 3));
  fields = fields.substr(0, mark);
  for (;;) {
    const std::size_t bar = message.rfind('|');
    if (bar == kNone) return message;
    const std::string_view last = message.substr(bar + 1);
    const bool appended =
        last.starts_with("c:") || last.starts_with("e:") || last.starts_with("card:");
    // Their values hold no blanks, words of a message most likely do.
    if (!appended || last.find(' ') != kNone) return message;
    message = message.substr(0, bar);
  }
}

std::optional<std::string_view> state_of_status(std::string_view status) noexcept {
  if (status == "0") return state::kOk;
  if (status == "1") return state::kWarning;
  if (status == "2") return state::kCritical;
  if (status == "3") return state::kUnknown;
  return std::nullopt;
}

}  // namespace

EventOrRefusal decode_datadog_event(std::string_view line, const Options& options,
                                    const Origin& origin) {
  // Long enough for any record, short enough that sums of two cannot wrap.
  constexpr std::int64_t kMaxLength = 1 << 30;
  const std::size_t close = line.find("}:");
  const std::size_t comma = line.find(',');
  if (close == kNone || comma > close) {
    return refuse(RejectCause::kSyntax, line, "expected _e{length,length}:title|text");
  }
  const auto title_length = parse_digits(line.substr(3, comma - 3), kMaxLength);
  const auto text_length = parse_digits(line.substr(comma + 1, close - comma - 1), kMaxLength);
  if (!title_length || !text_length) {
    return refuse(RejectCause::kSyntax, line.substr(3), "the lengths of the event are not numbers");
  }
  const std::string_view body = line.substr(close + 2);
  const auto cut = cut_title_and_text(body, static_cast<std::size_t>(*title_length),
                                      static_cast<std::size_t>(*text_length));
  if (!cut) return refuse(RejectCause::kTruncated, body, "expected title|text");
  if (cut->title.empty()) return refuse(RejectCause::kName, body, "the title is empty");

  Message message;
  message.time = origin.received;
  std::string_view fields = cut->fields;
  while (!fields.empty()) {
    if (const auto refusal = read_event_field(take_field(fields), message)) return *refusal;
  }
  std::string service = message.aggregation_key.empty() ? "event" : message.aggregation_key;
  EventOrRefusal result = to_event(line, std::move(message), options, origin);
  if (auto* event = std::get_if<Event>(&result)) {
    event->service = std::move(service);
    event->description = unescape_lines(cut->title);
    if (!cut->text.empty()) event->description += "\n" + unescape_lines(cut->text);
  }
  return result;
}

EventOrRefusal decode_service_check(std::string_view line, const Options& options,
                                    const Origin& origin) {
  std::string_view fields = line.substr(4);
  const std::string_view name = take_field(fields);
  std::string service = clean_name(name);
  if (service.empty()) return refuse(RejectCause::kName, name, "the check has no name");
  const std::string_view status = take_field(fields);
  const std::optional<std::string_view> state = state_of_status(status);
  if (!state) return refuse(RejectCause::kValue, status, "expected a status from 0 to 3");
  const std::string_view text = take_check_message(fields);

  Message message;
  message.time = origin.received;
  message.state = *state;
  message.tags.set("check_status", std::string(status));
  while (!fields.empty()) {
    if (const auto refusal = read_shared_field(take_field(fields), message)) return *refusal;
  }
  EventOrRefusal result = to_event(line, std::move(message), options, origin);
  if (auto* event = std::get_if<Event>(&result)) {
    event->service = std::move(service);
    event->description = replace_all(unescape_lines(text), "m\\:", "m:");
  }
  return result;
}

}  // namespace tocsin::statsd
