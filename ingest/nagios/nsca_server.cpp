#include "ingest/nagios/nsca_server.hpp"

namespace tocsin::nagios {
namespace {

using nsca::kOldPacketBytes;
using nsca::kPacketBytes;
using nsca::Packet;

constexpr std::string_view kWrongPassword =
    "not a packet of version 3 with the right CRC: the client uses another password or another "
    "encryption method";

NscaServer::Step fault(std::size_t offset, RejectCause cause, std::string_view text) noexcept {
  NscaServer::Step step;
  step.kind = NscaServer::Step::Kind::kFault;
  step.consumed = offset;
  step.cause = cause;
  step.text = text;
  return step;
}

}  // namespace

NscaServer::NscaServer(const NscaOptions& options, const nsca::Iv& iv, TimePoint now)
    : max_age_(options.max_age),
      iv_(iv),
      greeted_s_(static_cast<std::uint32_t>(
          std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count())),
      greeted_(now),
      cipher_(options.key, iv) {}

void NscaServer::greeting(std::string& out) const {
  out.append(iv_.data(), iv_.size());
  for (const unsigned shift : {24U, 16U, 8U, 0U}) {
    out += static_cast<char>(greeted_s_ >> shift & 0xFFU);
  }
}

// Two forms of packets are about, and nothing says which one comes but its CRC. The first packet of
// a connection decides for the rest.
NscaServer::Step NscaServer::step(std::string_view buffered, TimePoint now) {
  const bool may_be_old = packet_bytes_ != kPacketBytes && !is_not_old_;
  if (may_be_old && buffered.size() >= kOldPacketBytes) {
    if (open(buffered, kOldPacketBytes)) return judge(kOldPacketBytes, buffered, now);
    const bool other_version = Packet({clear_.data(), kOldPacketBytes}).version() != nsca::kVersion;
    if (packet_bytes_ == kOldPacketBytes || other_version) {
      return fault(0, RejectCause::kUnauthorized, kWrongPassword);
    }
    is_not_old_ = true;
  }
  if (buffered.size() < kPacketBytes || packet_bytes_ == kOldPacketBytes) return {};
  if (open(buffered, kPacketBytes)) return judge(kPacketBytes, buffered, now);
  return fault(0, RejectCause::kUnauthorized, kWrongPassword);
}

// Decrypts a packet of `size` bytes. False: it is none.
bool NscaServer::open(std::string_view buffered, std::size_t size) {
  cipher_.decrypt(buffered.substr(0, size), clear_.data());
  const std::string_view clear(clear_.data(), size);
  return Packet(clear).version() == nsca::kVersion && nsca::has_good_crc(clear);
}

NscaServer::Step NscaServer::judge(std::size_t size, std::string_view buffered, TimePoint now) {
  packet_bytes_ = size;
  buffered.substr(size - tail_.size()).copy(tail_.data(), tail_.size());
  Step step;
  step.consumed = size;
  step.cause = RejectCause::kTimestamp;
  if (Packet({clear_.data(), size}).time() != greeted_s_) {
    step.kind = Step::Kind::kRefused;
    step.text = "not the time of the greeting: a packet of another connection";
  } else if (max_age_.count() > 0 && now - greeted_ > max_age_) {
    step.kind = Step::Kind::kRefused;
    step.text = "later behind the greeting than max_age allows";
  } else {
    step.kind = Step::Kind::kMessage;
    step.message = {clear_.data(), size};
    return step;
  }
  acknowledge();
  return step;
}

NscaServer::Step NscaServer::end(std::string_view buffered) noexcept {
  if (buffered.empty()) return {};
  return fault(buffered.size(), RejectCause::kTruncated, "the connection ended inside a packet");
}

}  // namespace tocsin::nagios
