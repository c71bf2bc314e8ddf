// Records that are posted over HTTP: each path takes the bodies of one protocol.
#include "ingest/collectd/write_http_decoder.hpp"
#include "ingest/gelf/decoder.hpp"
#include "ingest/json/decoder.hpp"
#include "ingest/nagios/passive_decoder.hpp"
#include "src/app/inputs/input_builder.hpp"
#include "src/app/inputs/types_db_files.hpp"

namespace tocsin::app {
namespace {

// A decoder together with the readings that it shares with those before and after it.
class BodyOfCollectd final : public Decoder {
 public:
  BodyOfCollectd(const collectd::Options& options, std::shared_ptr<collectd::RateTable> rates,
                 Intake& intake)
      : rates_(std::move(rates)), decoder_(options, *rates_, intake) {}
  std::size_t decode(std::string_view bytes, const Origin& origin) override {
    return decoder_.decode(bytes, origin);
  }
  bool flush() override { return decoder_.flush(); }
  void drop() override { decoder_.drop(); }

 private:
  const std::shared_ptr<collectd::RateTable> rates_;
  collectd::WriteHttpDecoder decoder_;
};

}  // namespace

Result<void> add_inputs(const settings::HttpListener& http, const InputContext& context,
                        Specs& specs) {
  if (!http.ingest) return {};
  const auto add = [&](const char* protocol, InputBuilder::MakeDecoder decoder) {
    InputSpec spec;
    spec.name = std::string("http.") + protocol;
    spec.setting = "listen.http.ingest";
    spec.address = std::string("/ingest/") + protocol;
    spec.way = BodyInput{std::move(decoder)};
    specs.push_back(std::move(spec));
  };
  const auto max_body = static_cast<std::size_t>(http.max_body_bytes);
  add("json", [max_body](Intake& intake) {
    json_lines::Options options;
    options.whole_bodies = true;
    options.max_line_bytes = max_body;
    return std::make_unique<json_lines::Decoder>(options, intake);
  });
  add("gelf", [max_body](Intake& intake) {
    gelf::Options options;
    options.max_message_bytes = max_body;
    return std::make_unique<gelf::Decoder>(options, intake);
  });
  // Rates are made from one body to the next.
  const auto rates =
      std::make_shared<collectd::RateTable>(collectd::RateTableLimits{}, context.hash_seed);
  collectd::Options values;
  values.max_line_bytes = max_body;
  values.max_object_bytes = max_body;
  values.http_values_are_rates = http.collectd_rates;
  if (!http.types_db.empty()) {
    auto types = read_types_db(http.types_db, "listen.http", context);
    if (!types) return types.error();
    values.types = std::move(*types);
  }
  add("collectd", [values, rates](Intake& intake) {
    return std::make_unique<BodyOfCollectd>(values, rates, intake);
  });
  add("nagios", [max_body](Intake& intake) {
    nagios::Options options;
    options.max_line_bytes = max_body;
    return std::make_unique<nagios::PassiveDecoder>(options, intake);
  });
  return {};
}

}  // namespace tocsin::app
