#include "src/settings/load.hpp"

#include <utility>

#include "src/settings/read_file.hpp"
#include "src/settings/reader.hpp"
#include "src/settings/sections.hpp"
#include "src/settings/setting_words.hpp"
#include "src/settings/source_text.hpp"

namespace tocsin::settings {
namespace {

constexpr std::uint32_t kMaxThreads = 64;

void read_pipeline(const Node& node, Pipeline& pipeline, Complaints& complaints) {
  MapReader map(node, complaints);
  map.integer("ingest_threads", pipeline.ingest_threads, 1U, kMaxThreads);
  map.integer("shard_threads", pipeline.shard_threads, 1U, kMaxThreads);
  map.integer("batches", pipeline.batches, 2U, 65536U);
  map.integer("batch_samples", pipeline.batch_samples, 16U, 65536U);
  map.finish();
}

void read_feedback(const Node& node, Feedback& feedback, Complaints& complaints) {
  MapReader map(node, complaints);
  const NodePtr* file = map.find("file");
  std::string path;
  if (file != nullptr && (*file)->kind == Node::Kind::kNull) {
    feedback.file.clear();
  } else if (map.text("file", path)) {
    feedback.file = path;
  }
  map.integer("max", feedback.max, 1U, 100'000U);
  map.finish();
}

void read_detect(const Node& node, Detect& detect, Complaints& complaints) {
  MapReader map(node, complaints);
  map.word("consensus", detect.consensus, kConsensuses);
  map.real("time_share", detect.time_share, 0.01, 0.95);
  map.bytes("max_bytes", detect.max_bytes, std::uint64_t{1} << 20, std::uint64_t{1} << 50);
  if (const NodePtr* node_of = map.find("feedback")) {
    read_feedback(**node_of, detect.feedback, complaints);
  }
  map.finish();
}

void read_log(const Node& node, Log& log, Complaints& complaints) {
  MapReader map(node, complaints);
  map.word("level", log.level, kLogLevels);
  map.word("format", log.format, kLogFormats);
  map.finish();
}

void read_rules(const NodePtr& node, std::vector<std::filesystem::path>& rules,
                Complaints& complaints) {
  constexpr std::string_view kExpected = "a list of rule files and directories";
  const std::filesystem::path base = std::filesystem::path(complaints.file()).parent_path();
  if (node->kind == Node::Kind::kMap || node->kind == Node::Kind::kNull) {
    complain(*node, kExpected, complaints);
    return;
  }
  rules.clear();
  for (const NodePtr& item : read_list(node, kExpected, complaints)) {
    const std::string* path = read_text(*item, "the path of a rule file or directory", complaints);
    if (path != nullptr) rules.push_back((base / *path).lexically_normal());
  }
}

void read_all(const Node& root, Settings& settings, Complaints& complaints) {
  MapReader map(root, complaints);
  if (const NodePtr* node = map.find("listen")) read_listen(**node, settings.listen, complaints);
  if (const NodePtr* node = map.find("checks")) read_checks(**node, settings.checks, complaints);
  if (const NodePtr* node = map.find("pipeline")) {
    read_pipeline(**node, settings.pipeline, complaints);
  }
  if (const NodePtr* node = map.find("series")) {
    read_series(**node, settings.pipeline.shard_threads, settings.series, complaints);
  }
  if (const NodePtr* node = map.find("statsd")) read_statsd(**node, settings.statsd, complaints);
  if (const NodePtr* node = map.find("detect")) read_detect(**node, settings.detect, complaints);
  if (const NodePtr* node = map.find("results")) read_results(**node, settings.results, complaints);
  if (const NodePtr* node = map.find("forward")) read_forward(*node, settings.forward, complaints);
  if (const NodePtr* node = map.find("rules")) read_rules(*node, settings.rules, complaints);
  if (const NodePtr* node = map.find("log")) read_log(**node, settings.log, complaints);
  map.finish();
}

}  // namespace

Loaded<Settings> parse_settings(std::string_view text, const std::string& file,
                                const Environment& environment) {
  Complaints complaints(file);
  Settings settings;
  const auto root = parse_yaml(text, environment, complaints);
  if (root && (*root)->kind != Node::Kind::kNull) read_all(**root, settings, complaints);
  if (root) settings.places = Places(file, **root);
  if (!complaints.empty()) return {std::nullopt, complaints.take()};
  return {std::move(settings), {}};
}

Loaded<Settings> load_settings(const std::filesystem::path& file, const Environment& environment) {
  const Result<std::string> text = read_file(file, SourceText::kMaxBytes);
  if (!text) return {std::nullopt, {text.error()}};
  return parse_settings(*text, file.string(), environment);
}

}  // namespace tocsin::settings
