#include "ingest/riemann/decoder.hpp"

#include <cstdint>
#include <utility>

#include "ingest/riemann/usual_fields.hpp"
#include "ingest/statsd/peer_text.hpp"
#include "ingest/statsd/text.hpp"

namespace tocsin::riemann {
namespace {

constexpr std::uint32_t kStates = wire_tag(4, WireType::kBytes);
constexpr std::uint32_t kQuery = wire_tag(5, WireType::kBytes);
constexpr std::uint32_t kEvents = wire_tag(6, WireType::kBytes);

// Query: 1 string; of several the last counts.
bool read_query(WireReader& reader, std::string_view& text) {
  constexpr std::uint32_t kString = wire_tag(1, WireType::kBytes);
  while (!reader.at_end()) {
    std::uint32_t tag = 0;
    if (!reader.read_tag(tag)) return false;
    if (tag == kString ? !reader.read_bytes(text) : !reader.skip(tag)) return false;
  }
  return true;
}

}  // namespace

Decoder::Decoder(Options options, Intake& intake)
    : options_(std::move(options)), intake_(intake), reader_(options_) {}

std::size_t Decoder::decode(std::string_view bytes, const Origin& origin) {
  name_peer(origin.peer);
  event_waits_ = false;
  std::string_view record;
  // Nearly every Msg holds events and nothing else.
  UsualFields events(bytes);
  for (const char* field = bytes.data(); events.take_bytes(kEvents, record);
       field = events.position()) {
    if (!take_event(record, bytes, origin)) return wait_before(field, bytes);
  }
  Refusal refusal;
  WireReader reader(events.rest(), refusal);
  // At the top of the loop all fields before position() are accounted for: events were taken by the
  // intake or rejected, a query is in message_, what else there may be is skipped.
  while (!reader.at_end()) {
    const char* const field = reader.position();
    std::uint32_t tag = 0;
    bool good = reader.read_tag(tag);
    if (good) {
      const bool is_record = tag == kEvents || tag == kStates || tag == kQuery;
      good = is_record ? reader.read_bytes(record) : reader.skip(tag);
      if (good && tag == kQuery) {
        take_query(record, bytes);
      } else if (good && is_record && !take_event(record, bytes, origin)) {
        return wait_before(field, bytes);
      }
    }
    if (!good) {
      const auto begin = static_cast<std::size_t>(field - bytes.data());
      reject(refusal, bytes.substr(begin), bytes);
      break;
    }
  }
  event_may_go_ = false;
  finish_message();
  return bytes.size();
}

// The event in `field` is offered again; what is before it is done.
std::size_t Decoder::wait_before(const char* field, std::string_view bytes) noexcept {
  const auto taken = static_cast<std::size_t>(field - bytes.data());
  message_.bytes_before += taken;
  event_waits_ = true;
  event_may_go_ = false;
  return taken;
}

// False: the intake does not take it now.
bool Decoder::take_event(std::string_view record, std::string_view bytes, const Origin& origin) {
  if (record.size() > options_.max_event_bytes) {
    ++message_.events;
    reject({RejectCause::kOversized, record.data(), "an event longer than max_event_bytes"}, record,
           bytes);
    return true;
  }
  const EventView* const event = reader_.read(record, origin, peer_text_);
  if (event == nullptr) {
    ++message_.events;
    reject(reader_.refusal(), record, bytes);
    return true;
  }
  if (!intake_.event(*event)) {
    if (!event_may_go_) return false;
    event_may_go_ = false;
    intake_.drop(1);
    ++message_.lost;
  }
  ++message_.events;
  return true;
}

void Decoder::take_query(std::string_view record, std::string_view bytes) {
  Refusal refusal;
  WireReader reader(record, refusal);
  std::string_view text;
  if (!read_query(reader, text)) {
    reject(refusal, record, bytes);
  } else if (!options_.on_message) {
    reject({RejectCause::kUnsupported, record.data(), "a query where nobody can answer it"}, record,
           bytes);
  } else if (text.size() > options_.max_query_bytes) {
    reject({RejectCause::kOversized, record.data(), "a query longer than max_query_bytes"}, record,
           bytes);
  } else {
    message_.query = statsd::to_utf8(text);
    message_.has_query = true;
  }
}

void Decoder::reject(const Refusal& refusal, std::string_view record, std::string_view bytes) {
  const auto offset = message_.bytes_before + static_cast<std::size_t>(refusal.at - bytes.data());
  intake_.reject(refusal.cause, record, offset, refusal.text);
  if (message_.refused++ > 0) return;
  message_.first_refusal.assign("offset ").append(std::to_string(offset)).append(": ");
  message_.first_refusal.append(refusal.text);
}

void Decoder::finish_message() {
  if (options_.on_message) {
    if (message_.refused + message_.lost > 0) {
      const std::string text = refusal_text();
      options_.on_message({Outcome::Kind::kRefused, text});
    } else if (message_.has_query) {
      options_.on_message({Outcome::Kind::kQuery, message_.query});
    } else {
      options_.on_message({Outcome::Kind::kAccepted, {}});
    }
  }
  message_ = {};
}

// For the sender, who may be told of one fault only: that is the first.
std::string Decoder::refusal_text() const {
  std::string text = message_.first_refusal;
  if (message_.refused > 1) {
    text += "; " + std::to_string(message_.refused - 1) + " more refused";
  }
  if (message_.lost > 0) {
    if (!text.empty()) text += "; ";
    text += "the pipeline is full: " + std::to_string(message_.lost) + " of " +
            std::to_string(message_.events) + " events lost";
  }
  return text;
}

// Clients keep their address for long, so its text is kept too.
void Decoder::name_peer(const Peer& peer) {
  if (peer.family == peer_.family && peer.address == peer_.address) return;
  peer_ = peer;
  peer_text_ = statsd::peer_text(peer);
}

}  // namespace tocsin::riemann
