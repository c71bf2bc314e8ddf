// JSON lines: in datagrams, on streams, and as bodies of requests.
#include "ingest/json/decoder.hpp"
#include "src/app/inputs/input_builder.hpp"

namespace tocsin::app {

Result<void> add_inputs(const settings::JsonListener& listener, const std::string& setting,
                        const InputContext& context, Specs& specs) {
  json_lines::Options options;
  options.max_line_bytes = listener.max_record_bytes;
  options.default_host = listener.host;
  options.default_service = listener.service;
  const auto decoder = [options](Intake& intake) {
    return std::make_unique<json_lines::Decoder>(options, intake);
  };
  return InputBuilder(listener, setting, context, specs)
      .datagrams(decoder)
      .streams(listener.max_record_bytes,
               framed(listen::FramingKind::kLines, listener.max_record_bytes, decoder))
      .done();
}

}  // namespace tocsin::app
