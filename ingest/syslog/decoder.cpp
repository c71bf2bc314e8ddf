#include "ingest/syslog/decoder.hpp"

#include <algorithm>
#include <array>
#include <charconv>
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
// "sd.ID.NAME.2": the number behind the key of a parameter that repeats, and all but its names.
constexpr std::size_t kMostDigits = 20;
constexpr std::size_t kMostBytesAroundNames = kParameterPrefix.size() + 2 + kMostDigits;

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

// Names of which most are known to be new: few have both the length and the first letter of
// another.
class NameSet {
 public:
  // False: perhaps the name is there already.
  [[nodiscard]] bool add(std::string_view name) noexcept {
    const auto letter = name.empty() ? 0U : static_cast<unsigned char>(name.front());
    const std::uint64_t bit = std::uint64_t{1} << (letter + 7 * name.size()) % 64;
    const bool is_new = (bits_ & bit) == 0;
    bits_ |= bit;
    return is_new;
  }

 private:
  std::uint64_t bits_ = 0;
};

}  // namespace

Decoder::Decoder(Options options, Intake& intake)
    : options_(std::move(options)),
      intake_(intake),
      cleaning_of_text_(options_.escape_controls ? Cleaning::kEscapedText : Cleaning::kText),
      attributes_(DataShapes::kMostParameters + kMostOwnAttributes) {}

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
  known_ = 0;
  message_.priority = read_priority(record);
  if (message_.priority.size == 0) {
    message_.malformed = malformed::kPriority;
    message_.text = record;
    return;
  }
  const std::string_view rest = record.substr(message_.priority.size);
  if (begins_rfc5424(rest)) {
    const std::string_view data = read_rfc5424_header(rest, iso_times_, message_);
    if (data.data() != nullptr) read_data(data);
  } else {
    read_rfc3164(rest, options_, received, bsd_times_, message_);
  }
}

// The structured data at the front of `rest`, and the text.
void Decoder::read_data(std::string_view rest) {
  const DataShapes::Match match = shapes_.match(rest, attributes_.data());
  if (match.size != 0 && read_rfc5424_text(rest.substr(match.size), message_)) {
    known_ = match.parameters;
  } else {
    read_rfc5424_data(rest, options_.max_parameters, message_);
  }
}

bool Decoder::hand_over(std::string_view record, const Origin& origin) {
  is_plain_ = is_plain(record);
  make_room(record);
  const std::string_view peer = peer_name_.of(origin.peer);
  const std::uint8_t severity = message_.priority.severity();

  // Parameters first: of equal keys the last counts, and what we say ourselves stands.
  if (known_ == 0) {
    add_parameters();
  } else if (!is_plain_) {
    clean_known();
  }
  AttributeView* place = attributes_.data() + known_ + message_.parameters.size();
  const auto add = [&place](std::string_view key, std::string_view value) {
    *place++ = {key, value};
  };
  add("ingest", kIngest);
  if (!peer.empty()) add("peer", peer);
  if (!origin.user.empty()) add("auth_user", origin.user);
  add("facility", kNumbers[message_.priority.facility()]);
  add("severity", kNumbers[severity]);
  if (!message_.procid.empty()) add("procid", cleaned(message_.procid, Cleaning::kName));
  if (!message_.msgid.empty()) add("msgid", cleaned(message_.msgid, Cleaning::kName));
  if (!message_.malformed.empty()) add("malformed", message_.malformed);

  event_.time = message_.time.value_or(origin.received);
  event_.host = message_.host.empty() ? std::string_view(options_.default_host)
                                      : cleaned(message_.host, Cleaning::kName);
  if (event_.host.empty()) event_.host = peer;
  event_.service = message_.app.empty() ? std::string_view(options_.default_service)
                                        : cleaned(message_.app, Cleaning::kName);
  event_.state = state_of(severity);
  event_.description = presentable_text();
  event_.attributes = {attributes_.data(), static_cast<std::size_t>(place - attributes_.data())};
  return intake_.event(event_);
}

// Room for all that hand_over() may add and write: each byte of the record once, the id of an
// element once for each of its parameters, and what stands around them in a key; times what
// cleaning adds.
void Decoder::make_room(std::string_view record) {
  const std::vector<Parameter>& parameters = message_.parameters;
  const std::size_t most = parameters.size() + kMostOwnAttributes;
  if (attributes_.size() < most) attributes_.resize(most);
  std::size_t bytes = record.size() + parameters.size() * kMostBytesAroundNames;
  for (const Parameter& parameter : parameters) bytes += parameter.id.size();
  scratch_.start(is_plain_ ? bytes : bytes * kCleanedGrowth);
}

// Names were cleaned when their shape was learnt; values are as received.
void Decoder::clean_known() {
  for (std::size_t i = 0; i < known_; ++i) {
    attributes_[i].value = cleaned(attributes_[i].value, cleaning_of_text_);
  }
}

// sd.ID.NAME, or sd.ID for an element without parameters.
void Decoder::add_parameters() {
  NameSet names;
  std::string_view element;  // "sd.ID." of the last element, in scratch_
  const char* element_id = nullptr;
  AttributeView* place = attributes_.data();
  for (const Parameter& parameter : message_.parameters) {
    char* const key = scratch_.end();
    char* out = key;
    if (parameter.id.data() == element_id) {
      out = copy_short(element, out);
    } else {
      out = copy_short(kParameterPrefix, out);
      out = write(parameter.id, Cleaning::kName, out);
      if (!parameter.name.empty()) *out++ = '.';
      element = {key, static_cast<std::size_t>(out - key)};
      element_id = parameter.id.data();
    }
    out = write(parameter.name, Cleaning::kName, out);
    if (!names.add(parameter.name)) out = write_repetition(parameter, out);
    scratch_.set_end(out);
    place->key = scratch_.take();
    place->value = value_of(parameter);
    ++place;
  }
  if (!message_.data.empty()) {
    shapes_.learn(message_.data, message_.parameters, attributes_.data());
  }
}

// A name that comes again in its element (RFC 5424 section 6.3.3 allows it) becomes sd.ID.NAME.2
// and so on.
char* Decoder::write_repetition(const Parameter& parameter, char* out) const noexcept {
  std::size_t count = 1;
  for (const Parameter* at = message_.parameters.data(); at != &parameter; ++at) {
    count += same_name(*at, parameter) ? 1U : 0U;
  }
  if (count == 1) return out;
  *out++ = '.';
  return std::to_chars(out, out + kMostDigits, count).ptr;
}

// `text` itself when it needs no cleaning.
std::string_view Decoder::cleaned_slowly(std::string_view text, Cleaning cleaning) {
  if (is_clean(text, cleaning)) return text;
  scratch_.set_end(write_clean(text, cleaning, scratch_.end()));
  return scratch_.take();
}

std::string_view Decoder::value_of(const Parameter& parameter) {
  if (!parameter.escaped) return cleaned(parameter.value, cleaning_of_text_);
  // Escapes are ASCII, so that cleaning moves none of them and may come first; then the text only
  // shrinks, in place.
  char* const begin = scratch_.end();
  const char* const end = write(parameter.value, cleaning_of_text_, begin);
  scratch_.set_end(unescape_value({begin, static_cast<std::size_t>(end - begin)}, begin));
  return scratch_.take();
}

std::string_view Decoder::presentable_text() {
  std::string_view text = message_.text;
  if (options_.trim_text) text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  return cleaned(text, cleaning_of_text_);
}

}  // namespace tocsin::syslog
