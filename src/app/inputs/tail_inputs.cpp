// Files that are followed: each line, or each record of several lines, goes to the decoder of the
// format they are in.
#include "ingest/graphite/line_decoder.hpp"
#include "ingest/json/decoder.hpp"
#include "ingest/nagios/passive_decoder.hpp"
#include "ingest/statsd/decoder.hpp"
#include "ingest/syslog/decoder.hpp"
#include "ingest/tail/plain_decoder.hpp"
#include "ingest/tail/with_file.hpp"
#include "src/app/inputs/input_builder.hpp"

namespace tocsin::app {
namespace {

tail::DecoderMaker maker(const settings::TailInput& input, const std::string& host) {
  switch (input.format) {
    case settings::LineFormat::kJson: {
      json_lines::Options options;
      options.max_line_bytes = input.max_record_bytes;
      options.default_host = host;
      if (!input.service.empty()) options.default_service = input.service;
      return [options](Intake& intake) {
        return std::make_unique<json_lines::Decoder>(options, intake);
      };
    }
    case settings::LineFormat::kSyslog: {
      syslog::Options options;
      options.max_message_bytes = input.max_record_bytes;
      options.default_host = host;
      if (!input.service.empty()) options.default_service = input.service;
      return
          [options](Intake& intake) { return std::make_unique<syslog::Decoder>(options, intake); };
    }
    case settings::LineFormat::kStatsd: {
      statsd::Options options;
      options.max_record_bytes = input.max_record_bytes;
      options.default_host = input.host;
      return
          [options](Intake& intake) { return std::make_unique<statsd::Decoder>(options, intake); };
    }
    case settings::LineFormat::kGraphite: {
      graphite::Options options;
      options.max_line_bytes = input.max_record_bytes;
      options.default_host = input.host;
      return [options](Intake& intake) {
        return std::make_unique<graphite::LineDecoder>(options, intake);
      };
    }
    case settings::LineFormat::kNagios: {
      nagios::Options options;
      options.max_line_bytes = input.max_record_bytes;
      return [options](Intake& intake) {
        return std::make_unique<nagios::PassiveDecoder>(options, intake);
      };
    }
    case settings::LineFormat::kPlain:
      break;
  }
  return {};
}

}  // namespace

Result<void> add_inputs(const settings::TailInput& input, const std::string& setting,
                        const InputContext& context, Specs& specs) {
  const std::string host = input.host.empty() ? own_host() : input.host;
  FileInput files;
  tail::Options& options = files.options.files;
  options.paths = input.paths;
  options.exclude = input.exclude;
  options.start =
      input.start == settings::TailStart::kBeginning ? tail::Start::kBeginning : tail::Start::kEnd;
  options.max_line_bytes = input.max_record_bytes;
  options.multi_line.max_bytes = input.max_record_bytes;
  if (!input.record_start.empty()) {
    options.multi_line.rule = tail::MultiLineOptions::Rule::kStartPattern;
    options.multi_line.start_pattern = input.record_start;
  } else if (input.join_indented) {
    options.multi_line.rule = tail::MultiLineOptions::Rule::kIndent;
  }
  options.rotation_wait = input.rotation_wait;
  options.max_files = input.max_files;
  options.max_checkpoints = std::size_t{4} * input.max_files;
  if (!context.state_directory.empty()) {
    options.checkpoint_file = context.state_directory + "/tail-" + input.name + ".positions";
  }
  files.options.complain = [warn = context.warn, setting](const Error& error) {
    warn(setting + ": " + error.message());
  };
  files.decoders = [make = maker(input, host),
                    plain = tail::PlainOptions{input.service, host}](Intake& intake) {
    return [make, plain, &intake](const std::string& path) -> std::unique_ptr<Decoder> {
      if (make) return tail::with_file(path, intake, make);
      return std::make_unique<tail::PlainDecoder>(plain, path, intake);
    };
  };
  InputSpec spec;
  spec.name = input.name;
  spec.setting = setting + ".paths";
  for (const std::string& path : input.paths) {
    spec.address += (spec.address.empty() ? "" : " ") + path;
  }
  spec.way = std::move(files);
  specs.push_back(std::move(spec));
  return {};
}

}  // namespace tocsin::app
