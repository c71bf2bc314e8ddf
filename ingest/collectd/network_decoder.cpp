#include "ingest/collectd/network_decoder.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "ingest/collectd/part.hpp"
#include "ingest/collectd/short_text.hpp"
#include "ingest/collectd/utf8_text.hpp"
#include "ingest/collectd/wire_time.hpp"
#include "ingest/collectd/wire_values.hpp"
#include "src/base/byte_order.hpp"

namespace tocsin::collectd {
namespace {

using std::chrono::nanoseconds;

// What stands before the first NUL of `payload`; empty when the last byte is not one.
std::optional<std::string_view> terminated(std::string_view payload) noexcept {
  if (payload.empty() || payload.back() != '\0') return std::nullopt;
  return payload.substr(0, payload.find('\0'));
}

}  // namespace

NetworkDecoder::NetworkDecoder(Options options, std::shared_ptr<const Users> users,
                               RateTable& rates, Intake& intake)
    : options_(std::move(options)),
      intake_(intake),
      least_trust_(options_.security_level == SecurityLevel::kNone   ? Trust::kNone
                   : options_.security_level == SecurityLevel::kSign ? Trust::kSigned
                                                                     : Trust::kEncrypted),
      users_(std::move(users)),
      rates_(rates),
      writer_(options_, rates, intake),
      repeats_(options_, rates, intake, writer_),
      lists_(options_.max_remembered_bytes, rates.seed()) {}

std::size_t NetworkDecoder::decode(std::string_view bytes, const Origin& origin) {
  if (left_ != 0 && left_ == bytes.size()) {
    resume(bytes);
  } else {
    begin(bytes, origin);
  }
  // At the top of the loop every part before consumed() is accounted for.
  bool has_room = true;
  while (has_room && (inner_end_ != 0 || outer_.at < outer_.bytes.size())) {
    if (inner_end_ == 0) {
      has_room = walk(outer_, origin);
    } else if ((has_room = walk(inner_, origin))) {
      outer_.at = std::exchange(inner_end_, 0);
    }
  }
  const std::size_t taken = consumed();
  left_ = bytes.size() - taken;
  if (left_ != 0) {  // the caller may show it somewhere else
    outer_.said.keep_texts();
    if (inner_end_ != 0) inner_.said.keep_texts();
  }
  return taken;
}

void NetworkDecoder::drop() {
  writer_.give_up(left_ != 0);
}

void NetworkDecoder::set_users(std::shared_ptr<const Users> users) {
  users_ = std::move(users);
}

void NetworkDecoder::begin(std::string_view datagram, const Origin& origin) {
  if (writer_.waits()) {  // nobody came back for the rest of the datagram before
    writer_.give_up(true);
    (void)writer_.write();
  }
  writer_.give_up(false);
  writer_.set_origin(origin);
  lists_.begin_datagram(origin.received);
  rates_.counters().remembered_lists.set(lists_.size());
  outer_.bytes = datagram;
  outer_.at = 0;
  outer_.offset = 0;
  outer_.trust = Trust::kNone;
  outer_.user.clear();
  begin_lists(outer_, 0);
  inner_end_ = 0;
}

// Puts `rest`, which begins at consumed(), in the place of what decode() was given before.
void NetworkDecoder::resume(std::string_view rest) {
  const std::size_t taken = consumed();
  outer_.offset += taken;
  outer_.bytes = rest;
  outer_.at = 0;
  if (outer_.list_at != kNoList) outer_.list_at -= taken;
  if (inner_end_ != 0) inner_end_ -= taken;
}

// What stands from `at` on is described anew.
void NetworkDecoder::begin_lists(Stretch& stretch, std::size_t at) {
  stretch.said.clear();
  stretch.list_at = at;
  stretch.list = nullptr;
}

// Ciphertext and clear text have the same length, so that inside an encryption part bytes are taken
// as they are read.
std::size_t NetworkDecoder::consumed() const noexcept {
  if (inner_end_ == 0) return outer_.at;
  return inner_end_ - (inner_.bytes.size() - inner_.at);
}

inline bool NetworkDecoder::is_believed(const Stretch& stretch) const noexcept {
  return stretch.trust >= least_trust_;
}

// Takes the parts of a stretch up to its end, or to an encryption part, which becomes inner_.
// False: the intake is full, and the part at stretch.at waits.
bool NetworkDecoder::walk(Stretch& stretch, const Origin& origin) {
  while (stretch.at < stretch.bytes.size()) {
    if (stretch.at == stretch.list_at && is_believed(stretch)) {
      if (!take_repeated(stretch, origin)) return false;
      if (stretch.at == stretch.bytes.size()) return true;
    }
    const char* const part = stretch.bytes.data() + stretch.at;
    const std::size_t left = stretch.bytes.size() - stretch.at;
    part_length_ = left;
    if (left < kHeadBytes) {
      reject(stretch, RejectCause::kTruncated, "the datagram ends in the head of a part");
      stretch.at += left;
      return true;
    }
    const auto [type, length] = read_head(part);
    if (length < kHeadBytes || length > left) {
      reject(stretch, length < kHeadBytes ? RejectCause::kSyntax : RejectCause::kTruncated,
             length < kHeadBytes ? "found a length below 4, expected that of a part"
                                 : "a part that is longer than what is left of the datagram");
      stretch.at += left;
      return true;
    }
    part_length_ = length;
    const std::string_view payload(part + kHeadBytes, length - kHeadBytes);
    if (is_believed(stretch)) {
      if (!take(stretch, type, payload, origin)) return false;
    } else {
      take_unbelieved(stretch, type, payload);
    }
    if (type == kEncryption && &stretch == &outer_ && inner_end_ != 0) return true;
    stretch.at += part_length_;
  }
  return true;
}

// What is not believed describes nothing either.
void NetworkDecoder::take_unbelieved(Stretch& stretch, std::uint16_t type,
                                     std::string_view payload) {
  if (type == kValues || type == kMessage) {
    reject(stretch, RejectCause::kUnauthorized,
           stretch.trust == Trust::kNone ? "neither signed nor encrypted, as is demanded"
                                         : "signed, but encryption is demanded");
  } else if (type == kSignature) {
    take_signature(stretch, payload);
  } else if (type == kEncryption) {
    take_encryption(stretch, payload);
  }
}

// False: the intake is full. Inline, because there is one caller and this is every part.
[[gnu::always_inline]] inline bool NetworkDecoder::take(Stretch& stretch, std::uint16_t type,
                                                        std::string_view payload,
                                                        const Origin& origin) {
  Description& said = stretch.said;
  switch (type) {
    case kValues:
      return take_values(stretch, payload, origin);
    case kMessage:
      return take_message(stretch, payload);
    case kHost:
      set_text(stretch, said.list.name.host, type, payload);
      break;
    case kPlugin:
      set_text(stretch, said.list.name.plugin, type, payload);
      break;
    case kPluginInstance:
      set_text(stretch, said.list.name.plugin_instance, type, payload);
      break;
    case kType:
      set_text(stretch, said.list.name.type, type, payload);
      break;
    case kTypeInstance:
      set_text(stretch, said.list.name.type_instance, type, payload);
      break;
    case kTime:
    case kTimeHr:
      set_time(stretch, payload, type == kTimeHr);
      break;
    case kInterval:
    case kIntervalHr:
      set_interval(stretch, payload, type == kIntervalHr);
      break;
    case kSeverity:
      set_severity(stretch, payload);
      break;
    case kSignature:
      take_signature(stretch, payload);
      break;
    case kEncryption:
      take_encryption(stretch, payload);
      break;
    default:
      break;
  }
  return true;
}

// Takes lists that came before in the same place, as long as there are any: see ListCache. False:
// the intake is full.
bool NetworkDecoder::take_repeated(Stretch& stretch, const Origin& origin) {
  Description& said = stretch.said;
  RepeatWriter::Walk walk{stretch.rest(), nullptr, stretch.list, said.list.time};
  walk.list = stretch.list != nullptr ? stretch.list->next
                                      : lists_.find_first(walk.bytes, origin.peer, stretch.user);
  repeats_.begin(stretch.user);
  RepeatWriter::End end = RepeatWriter::End::kUnknown;
  while ((end = repeats_.write(walk)) != RepeatWriter::End::kUnknown) {
    const ListCache::Layout& layout = walk.list->layout;
    walk.pass();
    part_length_ = kHeadBytes + kCountBytes + layout.values * kValueBytes;
    stretch.at = stretch.bytes.size() - walk.bytes.size() - part_length_;
    if (end == RepeatWriter::End::kFull) break;
    reject(stretch, repeats_.refusal().cause, repeats_.refusal().text);
  }
  said.list.time = walk.time;
  stretch.list = walk.last;
  stretch.list_at = stretch.bytes.size() - walk.bytes.size();
  if (end == RepeatWriter::End::kFull) return false;
  stretch.at = stretch.list_at;
  if (stretch.list != nullptr) {  // what was not parsed was not said
    said.list.name = stretch.list->prepared.series.name();
    said.list.interval = stretch.list->interval;
  }
  return true;
}

// n:u16, n types, n values.
inline bool NetworkDecoder::take_values(Stretch& stretch, std::string_view payload,
                                        const Origin& origin) {
  if (writer_.waits()) return finish_record();
  if (payload.size() < kCountBytes + kValueBytes) {
    reject(stretch, RejectCause::kSyntax, "a values part without a value");
    return true;
  }
  const std::size_t count = base::load_big_endian<std::uint16_t>(payload.data());
  if (payload.size() != kCountBytes + count * kValueBytes) {
    reject(stretch, RejectCause::kSyntax,
           "a values part whose length is not that of its number of values");
    return true;
  }
  Description& said = stretch.said;
  if (said.broken != 0) {
    reject(stretch, RejectCause::kName, "values that were described by a broken part");
    return true;
  }
  const WireValues values(payload.data() + kCountBytes, count);
  if (!values.are_known()) {
    reject(stretch, RejectCause::kType,
           "found an unknown type of value, expected 0 (counter) to 3 (absolute)");
    return true;
  }
  values_.clear();
  for (std::size_t i = 0; i < count; ++i) values_.push_back(values[i]);
  said.list.values = values_;
  said.list.user = stretch.user;
  if (const Refusal* const refusal = writer_.begin(said.list)) {
    reject(stretch, refusal->cause, refusal->text);
    return true;
  }
  remember(stretch, origin);
  return finish_record();
}

// Keeps the list that was just begun, for the time when it comes again.
inline void NetworkDecoder::remember(Stretch& stretch, const Origin& origin) {
  if (stretch.list_at == kNoList) return;
  const std::size_t end = stretch.at + part_length_;
  stretch.list =
      lists_.remember(stretch.list, stretch.bytes.substr(stretch.list_at, end - stretch.list_at),
                      origin.peer, stretch.said.list, writer_.prepared());
  stretch.list_at = stretch.list == nullptr ? kNoList : end;
}

bool NetworkDecoder::take_message(Stretch& stretch, std::string_view payload) {
  if (writer_.waits()) return finish_record();
  const std::optional<std::string_view> text = terminated(payload);
  if (!text) {
    reject(stretch, RejectCause::kSyntax, "a message that does not end in NUL");
    return true;
  }
  const Description& said = stretch.said;
  if (said.broken != 0) {
    reject(stretch, RejectCause::kName, "a notification that was described by a broken part");
    return true;
  }
  assign_utf8(message_, cut_utf8(*text, options_.max_message_bytes));
  const Notification notification{said.list.name, said.list.time, said.severity, message_, {},
                                  stretch.user};
  if (const Refusal* const refusal = writer_.begin(notification)) {
    reject(stretch, refusal->cause, refusal->text);
    return true;
  }
  return finish_record();
}

inline bool NetworkDecoder::finish_record() {
  if (!writer_.write()) return false;
  writer_.give_up(false);
  return true;
}

// 32 bytes of HMAC-SHA-256 over the user and all that follows, then the user.
void NetworkDecoder::take_signature(Stretch& stretch, std::string_view payload) {
  if (stretch.trust != Trust::kNone) {
    return reject(stretch, RejectCause::kUnsupported,
                  "a signature within what is signed or encrypted");
  }
  // Whatever is wrong here, nothing that follows can be believed.
  const auto refuse_rest = [&](RejectCause cause, std::string_view text) {
    part_length_ = stretch.bytes.size() - stretch.at;
    reject(stretch, cause, text);
  };
  if (payload.size() <= kSignatureBytes) {
    return refuse_rest(RejectCause::kSyntax, "a signature part without a user");
  }
  const std::string_view user_name = payload.substr(kSignatureBytes);
  if (!users_) {
    if (options_.security_level == SecurityLevel::kNone) return;  // as good as unsigned
    return refuse_rest(RejectCause::kUnauthorized, "signed, but no users are known");
  }
  const User* const user = users_->find(user_name);
  if (user == nullptr) {
    return refuse_rest(RejectCause::kUnauthorized, "signed by an unknown user");
  }
  const std::string_view covered = stretch.bytes.substr(stretch.at + kHeadBytes + kSignatureBytes);
  if (!seal_.is_signed(*user, payload.substr(0, kSignatureBytes), covered)) {
    return refuse_rest(RejectCause::kUnauthorized,
                       "the signature does not match: another password, or changed on the way");
  }
  stretch.trust = Trust::kSigned;
  begin_lists(stretch, stretch.at + part_length_);
  assign_utf8(stretch.user, user_name);
}

// user length:u16, user, IV, ciphertext. What it holds becomes inner_.
void NetworkDecoder::take_encryption(Stretch& stretch, std::string_view payload) {
  if (&stretch == &inner_) {
    return reject(stretch, RejectCause::kUnsupported, "encryption within what is encrypted");
  }
  const std::size_t user_size =
      payload.size() < 2 ? 0 : base::load_big_endian<std::uint16_t>(payload.data());
  if (user_size == 0 || payload.size() < 2 + user_size + kIvBytes + kChecksumBytes) {
    return reject(stretch, RejectCause::kSyntax,
                  "an encryption part without a user, or too short for its user");
  }
  if (!users_) {
    return reject(stretch, RejectCause::kUnauthorized, "encrypted, but no users are known");
  }
  const std::string_view user_name = payload.substr(2, user_size);
  const User* const user = users_->find(user_name);
  if (user == nullptr) {
    return reject(stretch, RejectCause::kUnauthorized, "encrypted by an unknown user");
  }
  const std::optional<std::string_view> clear = seal_.open(
      *user, payload.substr(2 + user_size, kIvBytes), payload.substr(2 + user_size + kIvBytes));
  if (!clear) {
    return reject(stretch, RejectCause::kUnauthorized,
                  "the checksum does not match: another password, or changed on the way");
  }
  inner_.bytes = *clear;
  inner_.at = 0;
  inner_end_ = stretch.at + part_length_;
  inner_.offset = stretch.offset + inner_end_ - clear->size();
  inner_.trust = Trust::kEncrypted;
  begin_lists(inner_, 0);
  assign_utf8(inner_.user, user_name);
}

// Nearly all names are short and hold nothing but ASCII and the NUL at their end.
inline void NetworkDecoder::set_text(Stretch& stretch, std::string_view& text, std::uint16_t type,
                                     std::string_view payload) {
  const std::size_t size = payload.size() - 1;
  if (size <= options_.max_name_bytes && payload[size] == '\0' &&
      is_plain({payload.data(), size})) {
    text = {payload.data(), size};
    stretch.said.broken &= ~(1u << type);
  } else {
    set_unusual_text(stretch, text, type, payload);
  }
}

void NetworkDecoder::set_unusual_text(Stretch& stretch, std::string_view& text, std::uint16_t type,
                                      std::string_view payload) {
  Description& said = stretch.said;
  said.broken |= 1u << type;
  if (payload.empty() || payload.back() != '\0') {
    return reject(stretch, RejectCause::kSyntax, "a name that does not end in NUL");
  }
  const std::string_view found = payload.substr(0, payload.find('\0'));
  if (found.size() > options_.max_name_bytes) {
    return reject(stretch, RejectCause::kOversized, "a name longer than the limit");
  }
  said.broken &= ~(1u << type);
  assign_utf8(said.texts[type], found);
  text = said.texts[type];
}

inline bool NetworkDecoder::read_number(Stretch& stretch, std::string_view payload,
                                        std::uint64_t& number) {
  if (payload.size() != kNumberBytes) {
    reject(stretch, RejectCause::kSyntax, "a number that is not of 8 bytes");
    return false;
  }
  number = base::load_big_endian<std::uint64_t>(payload.data());
  return true;
}

// A broken one leaves none, so that no list gets the time of another.
inline void NetworkDecoder::set_time(Stretch& stretch, std::string_view payload,
                                     bool high_resolution) {
  stretch.said.list.time = {};
  std::uint64_t number = 0;
  if (!read_number(stretch, payload, number)) return;
  const std::optional<nanoseconds> time =
      high_resolution ? from_high_resolution(number) : from_seconds(number);
  if (!time) {
    return reject(stretch, RejectCause::kTimestamp, "a time after the year 2262");
  }
  stretch.said.list.time = TimePoint(*time);
}

// A broken one leaves the listener's default.
void NetworkDecoder::set_interval(Stretch& stretch, std::string_view payload,
                                  bool high_resolution) {
  stretch.said.list.interval = nanoseconds::zero();
  std::uint64_t number = 0;
  if (!read_number(stretch, payload, number)) return;
  const std::optional<nanoseconds> interval =
      high_resolution ? from_high_resolution(number) : from_seconds(number);
  if (!interval) {
    return reject(stretch, RejectCause::kTimestamp, "an interval of more than 290 years");
  }
  stretch.said.list.interval = *interval;
}

void NetworkDecoder::set_severity(Stretch& stretch, std::string_view payload) {
  stretch.said.severity = Severity::kNone;
  std::uint64_t number = 0;
  if (!read_number(stretch, payload, number)) return;
  if (number != 1 && number != 2 && number != 4) {
    return reject(stretch, RejectCause::kValue,
                  "found an unknown severity, expected 1 (failure), 2 (warning) or 4 (okay)");
  }
  stretch.said.severity = static_cast<Severity>(number);
}

// Refuses the part at hand. What was encrypted is shown in the clear, but where it stood. It is to
// be refused when it comes again too, so that lists described by it are not remembered.
void NetworkDecoder::reject(Stretch& stretch, RejectCause cause, std::string_view text) {
  intake_.reject(cause, stretch.bytes.substr(stretch.at, part_length_), stretch.offset + stretch.at,
                 text);
  stretch.list_at = kNoList;
}

void NetworkDecoder::Description::clear() {
  list = {};
  severity = Severity::kNone;
  broken = 0;
}

void NetworkDecoder::Description::keep_texts() {
  SeriesName& name = list.name;
  for (const auto& [text, type] :
       {std::pair(&name.host, kHost), std::pair(&name.plugin, kPlugin),
        std::pair(&name.plugin_instance, kPluginInstance), std::pair(&name.type, kType),
        std::pair(&name.type_instance, kTypeInstance)}) {
    *text = texts[type].assign(*text);
  }
}

}  // namespace tocsin::collectd
