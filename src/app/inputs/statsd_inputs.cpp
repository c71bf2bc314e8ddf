// statsd and DogStatsD: lines in datagrams and on TCP; DogStatsD's unix streams carry the content
// of a datagram behind a length.
#include "ingest/statsd/decoder.hpp"
#include "src/app/inputs/input_builder.hpp"

namespace tocsin::app {
namespace {

statsd::Options decoder_options(const settings::StatsdListener& listener) {
  statsd::Options options;
  switch (listener.dialect) {
    case settings::Dialect::kStatsd:
      options.dialect = statsd::Dialect::kStatsd;
      break;
    case settings::Dialect::kEtsyStrict:
      options.dialect = statsd::Dialect::kEtsyStrict;
      break;
    case settings::Dialect::kDogstatsd:
      options.dialect = statsd::Dialect::kDogstatsd;
      break;
  }
  options.gauge_sign = listener.gauge_sign == settings::GaugeSign::kDelta
                           ? statsd::GaugeSign::kDelta
                           : statsd::GaugeSign::kAbsolute;
  options.container = listener.container == settings::ContainerId::kIgnore
                          ? statsd::Container::kIgnore
                          : statsd::Container::kTag;
  options.max_record_bytes = listener.max_record_bytes;
  options.default_host = listener.host;
  return options;
}

}  // namespace

Result<void> add_inputs(const settings::StatsdListener& listener, const std::string& setting,
                        const InputContext& context, Specs& specs) {
  const auto decoder = [options = decoder_options(listener)](Intake& intake) {
    return std::make_unique<statsd::Decoder>(options, intake);
  };
  InputBuilder builder(listener, setting, context, specs);
  // Only DogStatsD's events and checks ask who sent them; for samples it would cost the kernel 50
  // to 100 ns a datagram to say.
  builder.with_peers(listener.dialect == settings::Dialect::kDogstatsd).datagrams(decoder);
  if (listener.tcp) {
    builder.streams_at("tcp", *listener.tcp, listener.max_record_bytes,
                       framed(listen::FramingKind::kLines, listener.max_record_bytes, decoder));
  }
  if (!listener.unix_stream.empty()) {
    // A frame may hold many lines; a line by itself is held to max_record by the decoder.
    builder.streams_at(
        "unix_stream", {settings::Address::Family::kUnix, listener.unix_stream, 0},
        listener.max_datagram_bytes,
        framed(listen::FramingKind::kLength32, listener.max_datagram_bytes, decoder));
  }
  return builder.done();
}

}  // namespace tocsin::app
