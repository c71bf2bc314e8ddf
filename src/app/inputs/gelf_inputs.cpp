// GELF: datagrams, plain, compressed or in chunks, and streams of messages that end in NUL.
#include "ingest/gelf/decoder.hpp"
#include "src/app/inputs/input_builder.hpp"

namespace tocsin::app {

Result<void> add_inputs(const settings::GelfListener& listener, const std::string& setting,
                        const InputContext& context, Specs& specs) {
  gelf::Options options;
  options.max_message_bytes = listener.max_record_bytes;
  options.chunks.max_message_bytes = listener.max_record_bytes;
  InputBuilder builder(listener, setting, context, specs);
  // The decoder of datagrams holds chunks until their message is whole. It lives as long as its
  // listener, which is longer than this is called.
  const auto assembling = std::make_shared<gelf::Decoder*>(nullptr);
  builder.datagrams([options, assembling](Intake& intake) {
    auto decoder = std::make_unique<gelf::Decoder>(options, intake);
    *assembling = decoder.get();
    return decoder;
  });
  builder.every_second([assembling](TimePoint now) {
    if (*assembling != nullptr) (*assembling)->expire(now);
  });
  builder.streams(
      listener.max_record_bytes,
      framed(listen::FramingKind::kNul, listener.max_record_bytes, [options](Intake& intake) {
        return std::make_unique<gelf::Decoder>(options, intake);
      }));
  return builder.done();
}

}  // namespace tocsin::app
