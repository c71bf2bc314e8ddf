#include "src/app/inputs/input_builder.hpp"

#include <algorithm>

#include "ingest/listen/framed_session.hpp"
#include "src/settings/complaints.hpp"

namespace tocsin::app {

InputBuilder::MakeSessions framed(listen::FramingKind framing, std::size_t max_record_bytes,
                                  InputBuilder::MakeDecoder decoder) {
  return [framing, max_record_bytes, decoder = std::move(decoder)](Intake& intake) {
    return [framing, max_record_bytes, decoder, &intake](listen::ConnectionCounters& counters) {
      return std::make_unique<listen::FramedSession>(
          listen::make_framing(framing, max_record_bytes), decoder(intake), intake, counters);
    };
  };
}

InputSpec& InputBuilder::add(const char* way, const std::string& address) {
  InputSpec spec;
  spec.name = listener_.name + "." + way;
  spec.setting = setting_ + "." + way;
  spec.address = address;
  return specs_.emplace_back(std::move(spec));
}

listen::Endpoint InputBuilder::endpoint(const settings::Address& address) const {
  if (address.family == settings::Address::Family::kUnix) return listen::UnixEndpoint{address.host};
  return listen::IpEndpoint{address.host, address.port, context_.shared_ports, interface_};
}

listen::StreamOptions InputBuilder::stream_options(listen::Endpoint endpoint,
                                                   std::size_t record_bytes) const {
  listen::StreamOptions options;
  options.endpoint = std::move(endpoint);
  options.limits.max_connections = listener_.max_connections;
  options.limits.idle_timeout = listener_.idle_timeout;
  options.buffer_bytes = std::max(options.buffer_bytes, listen::least_buffer(record_bytes));
  return options;
}

InputBuilder& InputBuilder::datagrams_at(const char* way, const settings::Address& address,
                                         const MakeDecoder& decoder) {
  last_ = specs_.size();
  listen::DatagramOptions options;
  options.endpoint = endpoint(address);
  options.max_datagram_bytes = listener_.max_datagram_bytes;
  options.receive_buffer_bytes = static_cast<int>(listener_.receive_buffer_bytes);
  options.with_peers = with_peers_;
  add(way, settings::format_address(address)).way = DatagramInput{std::move(options), decoder};
  return *this;
}

InputBuilder& InputBuilder::streams_at(const char* way, const settings::Address& address,
                                       std::size_t record_bytes, const MakeSessions& sessions) {
  last_ = specs_.size();
  add(way, settings::format_address(address)).way =
      StreamInput{stream_options(endpoint(address), record_bytes), sessions};
  return *this;
}

InputBuilder& InputBuilder::datagrams(const MakeDecoder& decoder) {
  const std::size_t before = specs_.size();
  if (listener_.udp) datagrams_at("udp", *listener_.udp, decoder);
  if (!listener_.unix_datagram.empty()) {
    datagrams_at("unix", {settings::Address::Family::kUnix, listener_.unix_datagram, 0}, decoder);
  }
  last_ = before;
  return *this;
}

InputBuilder& InputBuilder::streams(std::size_t record_bytes, const MakeSessions& sessions) {
  const std::size_t before = specs_.size();
  if (listener_.tcp) streams_at("tcp", *listener_.tcp, record_bytes, sessions);
  tls(record_bytes, sessions);
  if (!listener_.unix_stream.empty()) {
    streams_at("unix_stream", {settings::Address::Family::kUnix, listener_.unix_stream, 0},
               record_bytes, sessions);
  }
  last_ = before;
  return *this;
}

InputBuilder& InputBuilder::tls(std::size_t record_bytes, const MakeSessions& sessions) {
  if (!listener_.tls) return *this;
  const listen::TlsFiles files{listener_.certificate, listener_.key, listener_.client_ca};
  auto opened = listen::TlsServer::open(files, [warn = context_.warn,
                                                setting = setting_](const Error* error) {
    warn(error == nullptr ? setting + ": the changed certificate is in use"
                          : setting + ": the old certificate stays in use: " + error->message());
  });
  if (!opened) {
    const std::string& file = opened.error().where;
    const char* const key = file == listener_.key           ? "key"
                            : file == listener_.certificate ? "certificate"
                                                            : "client_ca";
    done_ = about(key, opened.error(), "a certificate and its key, as PEM files");
    return *this;
  }
  streams_at("tls", *listener_.tls, record_bytes, sessions);
  std::get<StreamInput>(specs_.back().way).options.tls = std::move(*opened);
  return *this;
}

void InputBuilder::every_second(std::function<void(TimePoint)> call) {
  // Once is enough for all of them.
  if (last_ < specs_.size()) specs_[last_].every_second = std::move(call);
}

Error InputBuilder::about(const std::string& key, const Error& why,
                          const std::string& expected) const {
  return settings::complaint_about(context_.places, setting_ + "." + key, why, expected);
}

}  // namespace tocsin::app
