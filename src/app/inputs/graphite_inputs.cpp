// Graphite: lines in datagrams and on streams, pickles on TCP, and Skyline's msgpack in datagrams.
#include "ingest/graphite/line_decoder.hpp"
#include "ingest/graphite/pickle_decoder.hpp"
#include "ingest/graphite/skyline_decoder.hpp"
#include "src/app/inputs/input_builder.hpp"

namespace tocsin::app {

Result<void> add_inputs(const settings::GraphiteListener& listener, const std::string& setting,
                        const InputContext& context, Specs& specs) {
  InputBuilder builder(listener, setting, context, specs);
  graphite::Options options;
  options.max_line_bytes = listener.max_record_bytes;
  options.max_frame_bytes = listener.max_pickle_bytes;
  options.default_host = listener.host;
  options.ttl = listener.ttl;
  if (!listener.templates.empty()) {
    auto templates = graphite::Templates::compile(listener.templates);
    if (!templates) {
      return builder.about("templates", templates.error(),
                           "templates such as servers.HOST.SERVICE*");
    }
    options.templates = std::make_shared<const graphite::Templates>(std::move(*templates));
  }
  const auto lines = [options](Intake& intake) {
    return std::make_unique<graphite::LineDecoder>(options, intake);
  };
  builder.datagrams(lines).streams(
      listener.max_record_bytes,
      framed(listen::FramingKind::kLines, listener.max_record_bytes, lines));
  if (listener.pickle) {
    const auto pickles = [options](Intake& intake) {
      return std::make_unique<graphite::PickleDecoder>(options, intake);
    };
    builder.streams_at(
        "pickle", *listener.pickle, listener.max_pickle_bytes,
        framed(listen::FramingKind::kBigLength32, listener.max_pickle_bytes, pickles));
  }
  if (listener.msgpack) {
    builder.datagrams_at("msgpack", *listener.msgpack, [options](Intake& intake) {
      return std::make_unique<graphite::SkylineDecoder>(options, intake);
    });
  }
  return builder.done();
}

}  // namespace tocsin::app
