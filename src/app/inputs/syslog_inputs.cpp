// Syslog: a message in each datagram, RFC 6587 frames on streams, and RELP.
#include "ingest/syslog/decoder.hpp"
#include "ingest/syslog/relp.hpp"
#include "ingest/syslog/relp_session.hpp"
#include "ingest/syslog/zlib_session.hpp"
#include "src/app/inputs/input_builder.hpp"

namespace tocsin::app {
Result<void> add_inputs(const settings::SyslogListener& listener, const std::string& setting,
                        const InputContext& context, Specs& specs) {
  InputBuilder builder(listener, setting, context, specs);
  syslog::Options options;
  options.max_message_bytes = listener.max_record_bytes;
  options.default_host = listener.host;
  options.default_service = listener.service;
  options.with_host = listener.with_host;
  options.bare_tags = listener.bare_tags;
  options.escape_controls = listener.escape_controls;
  options.trim_text = listener.trim_text;
  const auto zone = base::TimeZone::parse(listener.time_zone);
  if (!zone) return builder.about("time_zone", zone.error(), "UTC, local, +05:30 or Europe/Berlin");
  options.time_zone = *zone;

  const auto decoder = [](const syslog::Options& made) {
    return [made](Intake& intake) { return std::make_unique<syslog::Decoder>(made, intake); };
  };
  // What arrives on a socket of this machine was written on it, and libc writes no host.
  syslog::Options local = options;
  local.with_host = false;
  if (local.default_host.empty()) local.default_host = own_host();

  // RFC 6587 decides frame by frame; rsyslog may compress all of a connection.
  const auto frames = [&](const syslog::Options& made) -> InputBuilder::MakeSessions {
    const std::size_t max = listener.max_record_bytes;
    return [plain = framed(listen::FramingKind::kSyslog, max, decoder(made)), max](Intake& intake) {
      return [sessions = plain(intake), max, &intake](listen::ConnectionCounters& counters) {
        return std::make_unique<syslog::ZlibSession>(sessions(counters),
                                                     2 * listen::least_buffer(max), intake);
      };
    };
  };
  using Unix = settings::Address;
  if (listener.udp) builder.datagrams_at("udp", *listener.udp, decoder(options));
  if (!listener.unix_datagram.empty()) {
    builder.datagrams_at("unix", Unix{Unix::Family::kUnix, listener.unix_datagram, 0},
                         decoder(local));
  }
  if (listener.tcp) {
    builder.streams_at("tcp", *listener.tcp, listener.max_record_bytes, frames(options));
  }
  builder.tls(listener.max_record_bytes, frames(options));
  if (!listener.unix_stream.empty()) {
    builder.streams_at("unix_stream", Unix{Unix::Family::kUnix, listener.unix_stream, 0},
                       listener.max_record_bytes, frames(local));
  }
  if (listener.relp) {
    builder.streams_at("relp", *listener.relp,
                       syslog::RelpServer::least_buffer(listener.max_record_bytes),
                       [options](Intake& intake) {
                         return [options, &intake](listen::ConnectionCounters& counters) {
                           return std::make_unique<syslog::RelpSession>(options, intake, counters);
                         };
                       });
  }
  return builder.done();
}

}  // namespace tocsin::app
