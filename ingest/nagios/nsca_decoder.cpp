#include "ingest/nagios/nsca_decoder.hpp"

#include <cstdint>
#include <utility>

#include "ingest/nagios/escapes.hpp"
#include "ingest/nagios/nsca_packet.hpp"
#include "ingest/nagios/plugin_output.hpp"

namespace tocsin::nagios {
namespace {

constexpr std::int16_t kMostCode = 255;

}  // namespace

NscaDecoder::NscaDecoder(Options options, Intake& intake)
    : options_(std::move(options)),
      ttl_(ttl_of(options_.check_interval)),
      intake_(intake),
      writer_(options_, intake) {}

std::size_t NscaDecoder::decode(std::string_view bytes, const Origin& origin) {
  if (bytes.empty()) return 0;
  if (bytes.size() != nsca::kPacketBytes && bytes.size() != nsca::kOldPacketBytes) {
    intake_.reject(RejectCause::kSyntax, bytes, 0, "not an NSCA packet of 4304 or 720 bytes");
    return bytes.size();
  }
  const nsca::Packet packet(bytes);
  const auto code = packet.code();
  if (packet.host().empty()) {
    intake_.reject(RejectCause::kName, bytes, nsca::kHostOffset, "no name of a host");
    return bytes.size();
  }
  if (code < 0 || code > kMostCode) {
    intake_.reject(RejectCause::kValue, bytes, nsca::kCodeOffset, "not an exit code from 0 to 255");
    return bytes.size();
  }
  CheckResult result;
  result.time = origin.received;
  result.ttl = ttl_;
  result.host = packet.host();
  result.check = packet.service();
  result.exit_code = code;
  result.state = result.check.empty() ? host_state(code, options_.failure_state)
                                      : service_state(code, options_.failure_state);
  result.escaped_output = packet.output();
  result.output = unescape(result.escaped_output, output_);
  result.output_offset = nsca::kOutputOffset;
  result.cut = packet.output_is_full();
  writer_.set_origin(origin);
  return writer_.write(result) ? bytes.size() : 0;
}

}  // namespace tocsin::nagios
