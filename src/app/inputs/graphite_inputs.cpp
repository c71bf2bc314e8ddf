// Graphite: lines in datagrams and on streams, pickles on TCP, and Skyline's msgpack in datagrams.
#include <charconv>
#include <string>
#include <vector>

#include "ingest/graphite/line_decoder.hpp"
#include "ingest/graphite/pickle_decoder.hpp"
#include "ingest/graphite/skyline_decoder.hpp"
#include "src/app/inputs/input_builder.hpp"

namespace tocsin::app {
namespace {

// `why` names the place in the list as "line:column"; the user has a place for each line.
Error about_template(const InputBuilder& builder, const std::vector<std::string>& templates,
                     const Error& why) {
  std::size_t line = 0;
  const char* const end = why.where.data() + why.where.size();
  const auto read = std::from_chars(why.where.data(), end, line);
  if (line == 0 || line > templates.size() || read.ptr == end) {
    return builder.about("templates", why, "templates such as servers.* .host.service*");
  }
  const std::string column(read.ptr + 1, end);
  return builder.about("templates[" + std::to_string(line - 1) + "]",
                       {why.code, templates[line - 1], "column " + column + ": " + why.text},
                       "a template such as servers.* .host.service*");
}

}  // namespace

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
    if (!templates) return about_template(builder, listener.templates, templates.error());
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
