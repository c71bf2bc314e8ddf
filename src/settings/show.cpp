#include "src/settings/show.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <string_view>
#include <utility>

#include "src/settings/listener_fields.hpp"
#include "src/settings/setting_words.hpp"

namespace tocsin::settings {
namespace {

// "${" would be a variable.
std::string without_variables(std::string_view value) {
  std::string out;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] == '$' && value.substr(i + 1, 1) == "{") out += '$';
    out += value[i];
  }
  return out;
}

std::string double_quoted(std::string_view value) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') out += '\\';
    if (byte < 0x20 || byte == 0x7F) {
      out += {'\\', 'x', kDigits[byte >> 4U], kDigits[byte & 0xFU]};
    } else {
      out += c;
    }
  }
  return out + '"';
}

// Single quotes keep everything but the quote itself and line ends, which they fold.
std::string text(std::string_view value) {
  const std::string kept = without_variables(value);
  const bool controls = std::any_of(kept.begin(), kept.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
  });
  if (controls) return double_quoted(kept);
  std::string out = "'";
  for (const char c : kept) {
    if (c == '\'') out += '\'';
    out += c;
  }
  return out + '\'';
}

std::string text_or_null(std::string_view value) {
  return value.empty() ? "null" : text(value);
}

std::string address(const std::optional<Address>& value) {
  return value ? text(format_address(*value)) : "null";
}

template <class Enum, std::size_t N>
std::string word(const Word<Enum> (&words)[N], Enum value) {
  return std::string(word_of(std::span<const Word<Enum>>(words), value));
}

std::string boolean(bool value) {
  return value ? "true" : "false";
}

std::string real(double value) {
  return std::isinf(value) ? ".inf" : format_real(value);
}

std::string reals(const std::vector<double>& values) {
  std::string out = "[";
  for (std::size_t i = 0; i < values.size(); ++i) out += (i > 0 ? ", " : "") + real(values[i]);
  return out + ']';
}

// Writes lines at an indentation; sections nest by scope.
class Writer {
 public:
  void key(std::string_view name, const std::string& value) {
    line(std::string(name) + ": " + value);
  }
  void open(std::string_view name) {
    line(std::string(name) + ":");
    ++depth_;
  }
  // One item of a list of maps: its keys follow, until close().
  void item() {
    dash_ = true;
    depth_ += 2;
  }
  void close_item() { depth_ -= 2; }
  void close() { --depth_; }
  void line(const std::string& content) {
    std::string indentation(2 * depth_, ' ');
    if (dash_) indentation.replace(indentation.size() - 2, 2, "- ");
    dash_ = false;
    out_ += indentation + content + '\n';
  }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  std::string out_;
  std::size_t depth_ = 0;
  bool dash_ = false;
};

// Writes a listener's keys as ListenerReader reads them.
class ListenerWriter {
 public:
  explicit ListenerWriter(Writer& out) : out_(out) {}

  void name(const std::string& name) { out_.key("name", settings::text(name)); }
  void socket(std::string_view key, const std::optional<Address>& address_, const char*) {
    out_.key(key, address(address_));
  }
  void path(std::string_view key, const std::string& path) { out_.key(key, text_or_null(path)); }
  void file(std::string_view key, const std::string& path) { out_.key(key, text_or_null(path)); }
  void files(std::string_view key, const std::vector<std::string>& paths) { texts(key, paths); }
  void texts(std::string_view key, const std::vector<std::string>& texts) {
    std::string list;
    for (const std::string& each : texts) {
      list += (list.empty() ? "" : ", ") + settings::text(each);
    }
    out_.key(key, "[" + list + "]");
  }
  void text(std::string_view key, const std::string& text) { out_.key(key, settings::text(text)); }
  void boolean(std::string_view key, bool value) { out_.key(key, settings::boolean(value)); }
  template <class Enum, std::size_t N>
  void word(std::string_view key, Enum value, const Word<Enum> (&words)[N]) {
    out_.key(key, settings::word(words, value));
  }
  void bytes(std::string_view key, std::uint64_t value, std::uint64_t, std::uint64_t) {
    out_.key(key, format_bytes(value));
  }
  template <class Int>
  void integer(std::string_view key, Int value, Int, Int) {
    out_.key(key, std::to_string(value));
  }
  void duration(std::string_view key, Duration value, Duration, Duration) {
    out_.key(key, format_duration(value));
  }
  void optional_duration(std::string_view key, const std::optional<Duration>& value, Duration,
                         Duration) {
    out_.key(key, value ? format_duration(*value) : "null");
  }

 private:
  Writer& out_;
};

template <class L>
void show_listeners(Writer& out, std::string_view key, const std::vector<L>& listeners) {
  if (listeners.empty()) return out.key(key, "[]");
  out.line(std::string(key) + ":");
  for (L listener : listeners) {  // a copy: visitors may change what they see
    out.item();
    ListenerWriter writer(out);
    visit(listener, writer);
    out.close_item();
  }
}

void show_listen(Writer& out, const Listen& listen) {
  out.open("listen");
  show_listeners(out, "statsd", listen.statsd);
  show_listeners(out, "collectd", listen.collectd);
  show_listeners(out, "riemann", listen.riemann);
  show_listeners(out, "graphite", listen.graphite);
  show_listeners(out, "syslog", listen.syslog);
  show_listeners(out, "json", listen.json);
  show_listeners(out, "gelf", listen.gelf);
  show_listeners(out, "nagios", listen.nagios);
  show_listeners(out, "tail", listen.tail);
  out.key("max_ahead", format_duration(listen.max_ahead));
  if (listen.statsd_admin) {
    out.open("statsd_admin");
    out.key("address", address(listen.statsd_admin->address));
    out.key("deletes", boolean(listen.statsd_admin->deletes));
    out.close();
  } else {
    out.key("statsd_admin", "null");
  }
  out.open("http");
  out.key("address", address(listen.http.address));
  out.key("max_connections", std::to_string(listen.http.max_connections));
  out.key("header_timeout", format_duration(listen.http.header_timeout));
  out.key("max_body", format_bytes(listen.http.max_body_bytes));
  out.key("ingest", boolean(listen.http.ingest));
  ListenerWriter(out).files("types_db", listen.http.types_db);
  out.key("collectd_rates", boolean(listen.http.collectd_rates));
  ListenerWriter(out).texts("hosts", listen.http.hosts);
  out.close();
  out.close();
}

void show_checks(Writer& out, const Checks& checks) {
  out.open("checks");
  out.key("max_concurrent", std::to_string(checks.max_concurrent));
  out.key("failure", word(kCheckFailures, checks.failure));
  show_listeners(out, "run", checks.run);
  out.close();
}

void show_series(Writer& out, const Series& series) {
  out.open("series");
  out.key("interval", format_duration(series.interval));
  out.key("history", format_duration(series.history));
  out.key("max_series", std::to_string(series.max_series));
  out.key("max_bytes", format_bytes(series.max_bytes));
  out.open("ttl");
  out.key("counter", format_duration(series.ttl.counter));
  out.key("gauge", format_duration(series.ttl.gauge));
  out.key("timer", format_duration(series.ttl.timer));
  out.key("set", format_duration(series.ttl.set));
  out.key("event", format_duration(series.ttl.event));
  out.close();
  out.close();
}

void show_statsd(Writer& out, const Statsd& statsd) {
  out.open("statsd");
  out.key("percentiles", reals(statsd.percentiles));
  out.key("names", word(kFlushNames, statsd.names));
  out.key("send_idle", boolean(statsd.send_idle));
  if (statsd.histogram.empty()) {
    out.key("histogram", "none");
  } else {
    out.line("histogram:");
    for (const HistogramBins& bins : statsd.histogram) {
      out.item();
      out.key("metric", text(bins.metric));
      out.key("bins", reals(bins.bounds));
      out.close_item();
    }
  }
  out.close();
}

void show_results(Writer& out, const Results& results) {
  out.open("results");
  out.key("store", word(kStores, results.store));
  out.open("embedded");
  out.key("directory", text(results.embedded.directory.string()));
  out.key("series", text(results.embedded.series.text()));
  out.close();
  const RedisStore& redis = results.redis;
  out.open("redis");
  out.key("address", address(redis.address));
  out.key("user", text_or_null(redis.user));
  out.key("password", redis.password.empty() ? "null" : "'********'");
  out.key("password_file", text_or_null(redis.password_file.string()));
  out.key("database", std::to_string(redis.database));
  out.key("prefix", text(redis.prefix));
  out.key("ttl", format_duration(redis.ttl));
  out.key("series", text(redis.series.text()));
  out.key("connect_timeout", format_duration(redis.connect_timeout));
  out.key("pipeline", std::to_string(redis.pipeline));
  out.key("spool", format_bytes(redis.spool_bytes));
  out.close();
  out.close();
}

void show_forward(Writer& out, const std::vector<Forward>& forwards) {
  if (forwards.empty()) return out.key("forward", "[]");
  out.line("forward:");
  for (const Forward& forward : forwards) {
    out.item();
    out.key("name", text(forward.name));
    out.key("to", word(kForwardTos, forward.to));
    std::string addresses;
    for (const ForwardAddress& each : forward.addresses) {
      addresses += (addresses.empty() ? "" : ", ") + text(format_address(each));
    }
    out.key("addresses", '[' + addresses + ']');
    if (forward.to == ForwardTo::kGraphite) {
      out.key("protocol", word(kGraphiteProtocols, forward.protocol));
      out.key("hashing", word(kHashings, forward.hashing));
      out.key("replicas", std::to_string(forward.replicas));
      out.key("diverse_replicas", boolean(forward.diverse_replicas));
    }
    out.key("where", text(forward.where.text()));
    out.key("prefix", text(forward.prefix));
    out.key("connect_timeout", format_duration(forward.connect_timeout));
    out.key("spool", format_bytes(forward.spool_bytes));
    out.close_item();
  }
}

}  // namespace

std::string show_settings(const Settings& settings) {
  Writer out;
  show_listen(out, settings.listen);
  show_checks(out, settings.checks);
  out.open("pipeline");
  out.key("ingest_threads", std::to_string(settings.pipeline.ingest_threads));
  out.key("shard_threads", std::to_string(settings.pipeline.shard_threads));
  out.key("batches", std::to_string(settings.pipeline.batches));
  out.key("batch_samples", std::to_string(settings.pipeline.batch_samples));
  out.close();
  show_series(out, settings.series);
  show_statsd(out, settings.statsd);
  out.open("detect");
  out.key("consensus", word(kConsensuses, settings.detect.consensus));
  out.key("time_share", format_real(settings.detect.time_share));
  out.key("max_bytes", format_bytes(settings.detect.max_bytes));
  out.open("feedback");
  out.key("file", text_or_null(settings.detect.feedback.file.string()));
  out.key("max", std::to_string(settings.detect.feedback.max));
  out.close();
  out.close();
  show_results(out, settings.results);
  show_forward(out, settings.forward);
  std::string rules;
  for (const std::filesystem::path& path : settings.rules) {
    rules += (rules.empty() ? "" : ", ") + text(path.string());
  }
  out.key("rules", '[' + rules + ']');
  out.open("log");
  out.key("level", word(kLogLevels, settings.log.level));
  out.key("format", word(kLogFormats, settings.log.format));
  out.close();
  return out.take();
}

}  // namespace tocsin::settings
