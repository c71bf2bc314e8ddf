#include "ingest/nagios/result_writer.hpp"

#include <charconv>
#include <iterator>

#include "ingest/nagios/escapes.hpp"
#include "ingest/nagios/plugin_output.hpp"
#include "ingest/statsd/peer_text.hpp"

namespace tocsin::nagios {

ResultWriter::ResultWriter(const Options& options, Intake& intake)
    : max_perfdata_(options.max_perfdata), host_service_(options.host_service), intake_(intake) {}

void ResultWriter::set_origin(const Origin& origin) {
  user_.assign(origin.user);
  if (origin.peer.family == peer_.family && origin.peer.address == peer_.address) return;
  peer_ = origin.peer;
  peer_text_ = statsd::peer_text(peer_);
}

bool ResultWriter::write(const CheckResult& result) {
  PluginOutput output;
  if (result.failure.empty()) {
    output = split_output(result.output);
  } else {
    output.text = result.failure;
    output.long_text = trimmed(result.output);
  }
  waits_ = true;
  if (done_ == 0 && !write_state(result, output.text, output.long_text)) return false;
  std::size_t index = 1;
  for (const std::string_view perfdata : output.perfdata) {
    if (!write_perfdata(result, perfdata, index)) return false;
  }
  done_ = 0;
  waits_ = false;
  gives_up_ = false;
  return true;
}

bool ResultWriter::write_state(const CheckResult& result, std::string_view text,
                               std::string_view long_text) {
  begin_event(result);
  event_.service =
      mender_.mend(result.check.empty() ? std::string_view(host_service_) : result.check);
  event_.state = result.state;
  event_.description = mender_.mend(text);
  std::array<char, 11> digits{};
  if (result.exit_code) {
    const char* const end =
        std::to_chars(digits.data(), digits.data() + digits.size(), *result.exit_code).ptr;
    add("exit_code", {digits.data(), static_cast<std::size_t>(end - digits.data())});
  }
  if (!long_text.empty()) add("long_output", mender_.mend(long_text));
  return hand_over(result);
}

// `index` counts events and refusals of the whole result.
bool ResultWriter::write_perfdata(const CheckResult& result, std::string_view perfdata,
                                  std::size_t& index) {
  PerfReader reader(perfdata);
  PerfItem item;
  std::optional<Refusal> refusal;
  while (index <= max_perfdata_ + 1 && reader.next(item, refusal)) {
    const std::size_t at = static_cast<std::size_t>(item.text.data() - perfdata.data());
    if (index > max_perfdata_) {
      refusal = Refusal{RejectCause::kOversized, at, "more perfdata than the limit"};
      item.text = perfdata.substr(at);
    }
    if (!refusal && result.cut &&
        item.text.data() + item.text.size() == result.output.data() + result.output.size()) {
      refusal = Refusal{RejectCause::kTruncated, at,
                        "the output was cut off, its last perfdata may lack digits"};
    }
    if (index++ < done_) continue;
    if (refusal) {
      refuse(result, perfdata, item, *refusal);
    } else if (!write_item(result, item)) {
      return false;
    }
  }
  return true;
}

bool ResultWriter::write_item(const CheckResult& result, const PerfItem& item) {
  begin_event(result);
  std::string_view label = item.label;
  if (item.has_quotes) {
    unquote(item.label, label_);
    label = label_;
  }
  label = mender_.mend(label);
  service_.assign(
      mender_.mend(result.check.empty() ? std::string_view(host_service_) : result.check));
  service_ += '/';
  service_ += label;
  event_.service = service_;
  event_.metric = item.metric;
  add("label", label);
  add_texts(item);
  return hand_over(result);
}

void ResultWriter::add_texts(const PerfItem& item) {
  const auto add_given = [this](std::string_view key, std::string_view value) {
    if (!value.empty()) add(key, mender_.mend(value));
  };
  add_given("uom", item.uom);
  add_given("warn", item.warn);
  add_given("crit", item.crit);
  add_given("min", item.min);
  add_given("max", item.max);
  if (item.uom == "c") add("metric_type", "counter");
  const bool tells_all = item.metric.index() != 0 && item.exact;
  if (!tells_all) add("value", item.value.substr(0, item.value.size() - item.uom.size()));
}

void ResultWriter::refuse(const CheckResult& result, std::string_view perfdata,
                          const PerfItem& item, const Refusal& refusal) {
  const auto in_output =
      static_cast<std::size_t>(perfdata.data() - result.output.data()) + refusal.offset;
  const std::size_t offset =
      result.escaped_output.empty() ? in_output : escaped_offset(result.escaped_output, in_output);
  intake_.reject(refusal.cause, item.text, result.output_offset + offset, refusal.text);
  ++done_;
}

bool ResultWriter::hand_over(const CheckResult& result) {
  if (!peer_text_.empty()) add("peer", peer_text_);
  if (!user_.empty()) add("auth_user", user_);
  event_.time = result.time;
  event_.ttl = result.ttl;
  event_.attributes = {attributes_.data(), attribute_count_};
  if (!intake_.event(event_)) {
    if (!gives_up_) return false;
    intake_.drop(1);
  }
  ++done_;
  return true;
}

void ResultWriter::begin_event(const CheckResult& result) {
  mender_.begin_record(result.host.size() + result.check.size() + host_service_.size() +
                       result.failure.size() + result.output.size());
  event_ = EventView();
  attribute_count_ = 0;
  event_.host = mender_.mend(result.host);
  add("ingest", "nagios");
}

void ResultWriter::add(std::string_view key, std::string_view value) {
  attributes_[attribute_count_++] = {key, value};
}

}  // namespace tocsin::nagios
