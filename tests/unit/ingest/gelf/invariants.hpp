// What holds for all datagrams that a GELF decoder gets. For the mutation test and the fuzz target.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/gelf/decoder.hpp"
#include "src/event/event_access.hpp"
#include "src/event/utf8.hpp"
#include "tests/unit/ingest/recording_intake.hpp"

namespace tocsin::gelf::testing {

inline std::string broken_in_event(const Event& event) {
  if (event.service.empty()) return "an event without a service";
  if (event.description.empty()) return "an event without a text";
  if (event.state != "ok" && event.state != "warning" && event.state != "critical" &&
      !event.state.empty()) {
    return "state \"" + event.state + "\"";
  }
  for (const std::string* text : {&event.host, &event.service, &event.description}) {
    if (!event::is_utf8(*text)) return "a text that is no UTF-8";
  }
  for (const Attribute& attribute : event.attributes) {
    if (!event::is_utf8(attribute.key) || !event::is_utf8(attribute.value)) {
      return "an attribute that is no UTF-8";
    }
  }
  return {};
}

// What a datagram should do to the count of records, by rules of its own and without limits: an
// oracle in the plainest words for a sender that is always the same.
class NaiveChunks {
 public:
  enum class Kind { kNothing, kRecord, kMessage };  // kMessage: `message` decides

  Kind add(const std::string& datagram, std::string& message) {
    message = datagram;
    if (!datagram.starts_with("\x1E\x0F")) return Kind::kMessage;
    if (datagram.size() < 12) return Kind::kRecord;
    const std::size_t sequence = static_cast<unsigned char>(datagram[10]);
    const std::size_t count = static_cast<unsigned char>(datagram[11]);
    if (count == 0 || count > 128 || sequence >= count) return Kind::kRecord;
    message = datagram.substr(12);
    if (count == 1) return Kind::kMessage;
    const std::string id = datagram.substr(2, 8);
    if (done_.count(id) != 0) return Kind::kNothing;
    const auto [place, is_new] = counts_.emplace(id, count);
    if (place->second != count) return Kind::kRecord;
    std::map<std::size_t, std::string>& parts = parts_[id];
    parts.emplace(sequence, message);
    if (parts.size() < count) return Kind::kNothing;
    message.clear();
    for (const auto& [at, part] : parts) message += part;
    done_.insert(id);
    parts_.erase(id);
    return Kind::kMessage;
  }
  [[nodiscard]] std::size_t open() const { return parts_.size(); }

 private:
  std::map<std::string, std::map<std::size_t, std::string>> parts_;
  std::map<std::string, std::size_t> counts_;
  std::set<std::string> done_;
};

// "" or what is wrong when `datagrams` arrive at one moment from one sender, and the time of the
// chunks among them then ends. They are within the limits of `options`, except for their lengths.
inline std::string broken_invariant(const std::vector<std::string>& datagrams, const Origin& origin,
                                    const Options& options) {
  tocsin::testing::RecordingIntake intake;
  Decoder decoder(options, intake);
  NaiveChunks naive;
  for (const std::string& datagram : datagrams) {
    const std::size_t before = intake.events.size() + intake.rejects.size();
    std::string message;
    const NaiveChunks::Kind kind = naive.add(datagram, message);
    // Exactly as large as the datagram, so that a sanitizer sees any byte read outside.
    const std::vector<char> bytes(datagram.begin(), datagram.end());
    if (decoder.decode({bytes.data(), bytes.size()}, origin) != bytes.size()) return "not taken";
    const std::size_t records = intake.events.size() + intake.rejects.size() - before;
    if (kind == NaiveChunks::Kind::kNothing && records != 0) return "a chunk that was counted";
    if (kind == NaiveChunks::Kind::kRecord && records != 1) return "a bad chunk, not counted once";
    if (kind != NaiveChunks::Kind::kMessage) continue;

    // A message in chunks is the message without them.
    tocsin::testing::RecordingIntake direct;
    Decoder whole(options, direct);
    if (message.starts_with("\x1E\x0F")) {
      if (records != 1) return "a chunk within chunks, not counted once";
      continue;
    }
    if (whole.decode(message, origin) != message.size()) return "not taken without chunks";
    if (records != direct.events.size() + direct.rejects.size() || records > 1) {
      return "a message that was not counted once";
    }
    if (!direct.events.empty() &&
        (intake.events.empty() || intake.events.back() != direct.events[0])) {
      return "a message that is another in chunks";
    }
  }
  for (const Event& event : intake.events) {
    if (std::string broken = broken_in_event(event); !broken.empty()) return broken;
  }
  const std::size_t before = intake.rejects.size();
  decoder.expire(origin.received + options.chunks.max_age);
  if (intake.rejects.size() - before != naive.open()) return "lost messages, not counted once";
  return {};
}

}  // namespace tocsin::gelf::testing
