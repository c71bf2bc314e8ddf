#include "ingest/syslog/decoder.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <utility>

#include "ingest/syslog/rfc3164.hpp"
#include "ingest/syslog/rfc5424.hpp"

namespace tocsin::syslog {
namespace {

constexpr std::string_view kIngest = "syslog";
constexpr std::string_view kParameterPrefix = "sd.";
constexpr char kCompressed = 'z';
// ingest, peer, auth_user, facility, severity, procid, msgid, malformed
constexpr std::size_t kMostOwnAttributes = 8;
// ".128" behind the key of a parameter that repeats.
constexpr std::size_t kMostSuffixBytes = 21;

constexpr std::array<std::string_view, 24> kNumbers = {
    "0",  "1",  "2",  "3",  "4",  "5",  "6",  "7",  "8",  "9",  "10", "11",
    "12", "13", "14", "15", "16", "17", "18", "19", "20", "21", "22", "23"};

// Framing on a stream, or what a client puts at the end of a datagram.
std::string_view without_end(std::string_view bytes) noexcept {
  const auto is_end = [](char c) { return c == '\n' || c == '\r' || c == '\0'; };
  while (!bytes.empty() && is_end(bytes.back())) bytes.remove_suffix(1);
  return bytes;
}

bool is_compressed(std::string_view record) noexcept {
  return record.starts_with(kCompressed) && wire::begins_zlib(record.substr(1));
}

bool same_name(const Parameter& a, const Parameter& b) noexcept {
  return a.name == b.name && a.id == b.id;
}

}  // namespace

Decoder::Decoder(Options options, Intake& intake)
    : options_(std::move(options)),
      intake_(intake),
      cleaning_of_text_(options_.escape_controls ? Cleaning::kEscapedText : Cleaning::kText) {}

std::size_t Decoder::decode(std::string_view bytes, const Origin& origin) {
  event_waits_ = false;
  std::string_view record = bytes;
  if (bytes.size() <= options_.max_message_bytes && is_compressed(bytes)) record = inflate(bytes);
  record = without_end(record);
  if (record.size() > options_.max_message_bytes) {
    intake_.reject(RejectCause::kOversized, record, 0, "the message is longer than the limit");
  } else if (!record.empty()) {
    read_message(record, origin.received);
    if (!hand_over(record, origin)) {
      if (!event_may_go_) {
        event_waits_ = true;
        return 0;
      }
      intake_.drop(1);
    }
  }
  event_may_go_ = false;
  return bytes.size();
}

void Decoder::drop() {
  event_may_go_ = event_waits_;
}

// The message in `record`, or nothing when it was refused.
std::string_view Decoder::inflate(std::string_view record) {
  inflated_.resize(options_.max_message_bytes + 1);
  inflater_.restart();
  const wire::Inflater::Step step = inflater_.step(record.substr(1), inflated_);
  const std::size_t offset = 1 + step.used;
  if (step.status == wire::Inflater::Status::kBroken) {
    intake_.reject(RejectCause::kSyntax, record, offset, "compressed message that is no zlib data");
    return {};
  }
  if (step.written > options_.max_message_bytes) {
    intake_.reject(RejectCause::kOversized, record, offset,
                   "the message is longer than the limit when inflated");
    return {};
  }
  if (step.status == wire::Inflater::Status::kMore) {
    intake_.reject(RejectCause::kTruncated, record, offset,
                   "compressed message that ends before its zlib data does");
    return {};
  }
  return {inflated_.data(), step.written};
}

void Decoder::read_message(std::string_view record, TimePoint received) {
  message_.clear();
  message_.priority = read_priority(record);
  if (message_.priority.size == 0) {
    message_.malformed = malformed::kPriority;
    message_.text = record;
    return;
  }
  const std::string_view rest = record.substr(message_.priority.size);
  if (begins_rfc5424(rest)) {
    read_rfc5424(rest, options_.max_parameters, message_);
  } else {
    read_rfc3164(rest, options_, received, message_);
  }
}

bool Decoder::hand_over(std::string_view record, const Origin& origin) {
  is_plain_ = is_plain(record);
  make_room(record);
  const std::string_view peer = peer_name_.of(origin.peer);
  const std::uint8_t severity = message_.priority.severity();

  // Parameters first: of equal keys the last counts, and what we say ourselves stands.
  add_parameters();
  add("ingest", kIngest);
  if (!peer.empty()) add("peer", peer);
  if (!origin.user.empty()) add("auth_user", origin.user);
  add("facility", kNumbers[message_.priority.facility()]);
  add("severity", kNumbers[severity]);
  if (!message_.procid.empty()) add("procid", cleaned(message_.procid, Cleaning::kName));
  if (!message_.msgid.empty()) add("msgid", cleaned(message_.msgid, Cleaning::kName));
  if (!message_.malformed.empty()) add("malformed", message_.malformed);

  EventView event;
  event.time = message_.time.value_or(origin.received);
  event.host = message_.host.empty() ? std::string_view(options_.default_host)
                                     : cleaned(message_.host, Cleaning::kName);
  if (event.host.empty()) event.host = peer;
  event.service = message_.app.empty() ? std::string_view(options_.default_service)
                                       : cleaned(message_.app, Cleaning::kName);
  event.state = state_of(severity);
  event.description = presentable_text();
  event.attributes = std::span(attributes_).first(attribute_count_);
  return intake_.event(event);
}

// Room for all that hand_over() may add and write: each byte of the record once, the id of an
// element once for each of its parameters, and what stands around them in a key; times what
// cleaning adds.
void Decoder::make_room(std::string_view record) {
  attribute_count_ = 0;
  const std::size_t most = message_.parameters.size() + kMostOwnAttributes;
  if (attributes_.size() < most) attributes_.resize(most);
  std::size_t bytes = record.size();
  for (const Parameter& parameter : message_.parameters) {
    bytes += kParameterPrefix.size() + parameter.id.size() + 1 + kMostSuffixBytes;
  }
  scratch_.start(is_plain_ ? bytes : bytes * kCleanedGrowth);
}

// sd.ID.NAME, or sd.ID for an element without parameters. A name that comes again in its element
// (RFC 5424 section 6.3.3 allows it) becomes sd.ID.NAME.2 and so on.
void Decoder::add_parameters() {
  const std::vector<Parameter>& parameters = message_.parameters;
  std::string_view element;  // "sd.ID." as the parameter before wrote it
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const Parameter& parameter = parameters[i];
    if (i > 0 && parameters[i - 1].id.data() == parameter.id.data()) {
      scratch_.add(element);
    } else {
      scratch_.add(kParameterPrefix);
      write(parameter.id, Cleaning::kName);
      if (!parameter.name.empty()) scratch_.add(".");
    }
    const std::size_t element_size = scratch_.open_size();
    write(parameter.name, Cleaning::kName);
    add_repetition(i);
    const std::string_view key = scratch_.take();
    element = key.substr(0, element_size);
    add(key, parameter.escaped ? unescaped(parameter.value)
                               : cleaned(parameter.value, cleaning_of_text_));
  }
}

// Behind a key that came before: ".2", ...
void Decoder::add_repetition(std::size_t index) {
  const std::vector<Parameter>& parameters = message_.parameters;
  std::size_t count = 1;
  for (std::size_t i = 0; i < index; ++i) count += same_name(parameters[i], parameters[index]);
  if (count == 1) return;
  std::array<char, kMostSuffixBytes> suffix{'.'};
  const char* const end =
      std::to_chars(suffix.data() + 1, suffix.data() + suffix.size(), count).ptr;
  scratch_.add({suffix.data(), static_cast<std::size_t>(end - suffix.data())});
}

// Appends `text` to what is written in scratch_.
void Decoder::write_slowly(std::string_view text, Cleaning cleaning) {
  if (is_clean(text, cleaning)) return scratch_.add(text);
  scratch_.set_end(write_clean(text, cleaning, scratch_.end()));
}

// `text` itself when it needs no cleaning.
std::string_view Decoder::cleaned_slowly(std::string_view text, Cleaning cleaning) {
  if (is_clean(text, cleaning)) return text;
  scratch_.set_end(write_clean(text, cleaning, scratch_.end()));
  return scratch_.take();
}

std::string_view Decoder::unescaped(std::string_view value) {
  // Escapes are ASCII, so that cleaning moves none of them and may come first; then the text only
  // shrinks, in place.
  char* const begin = scratch_.end();
  write(value, cleaning_of_text_);
  const std::string_view written(begin, static_cast<std::size_t>(scratch_.end() - begin));
  scratch_.set_end(unescape_value(written, begin));
  return scratch_.take();
}

std::string_view Decoder::presentable_text() {
  std::string_view text = message_.text;
  if (options_.trim_text) text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  return cleaned(text, cleaning_of_text_);
}

}  // namespace tocsin::syslog
