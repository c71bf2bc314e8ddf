#include "ingest/collectd/text_decoder.hpp"

#include <optional>
#include <utility>

#include "ingest/collectd/number.hpp"
#include "ingest/collectd/utf8_text.hpp"

namespace tocsin::collectd {
namespace {

using std::chrono::nanoseconds;

std::string_view cut(std::string_view& rest, char separator) noexcept {
  const std::size_t at = rest.find(separator);
  const std::string_view front = rest.substr(0, at);
  rest = at == std::string_view::npos ? std::string_view() : rest.substr(at + 1);
  return front;
}

bool is_too_long(const SeriesName& name, std::size_t limit) noexcept {
  for (const std::string_view part :
       {name.host, name.plugin, name.plugin_instance, name.type, name.type_instance}) {
    if (part.size() > limit) return true;
  }
  return false;
}

std::string_view* part_of(SeriesName& name, std::string_view key) noexcept {
  if (key == "host") return &name.host;
  if (key == "plugin") return &name.plugin;
  if (key == "plugin_instance") return &name.plugin_instance;
  if (key == "type") return &name.type;
  if (key == "type_instance") return &name.type_instance;
  return nullptr;
}

Severity parse_severity(std::string_view word) noexcept {
  if (is_word(word, "okay")) return Severity::kOkay;
  if (is_word(word, "warning")) return Severity::kWarning;
  if (is_word(word, "failure")) return Severity::kFailure;
  return Severity::kNone;
}

// "s:KEY": meta data of a notification, with its type in front.
bool is_typed_meta(std::string_view key) noexcept {
  return key.size() > 2 && key[1] == ':' &&
         std::string_view("sndb").find(key[0]) != std::string_view::npos;
}

}  // namespace

TextDecoder::TextDecoder(Options options, RateTable& rates, Intake& intake)
    : options_(std::move(options)), intake_(intake), writer_(options_, rates, intake) {}

std::size_t TextDecoder::decode(std::string_view bytes, const Origin& origin) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    const std::size_t newline = bytes.find('\n', at);
    const std::size_t end = newline == std::string_view::npos ? bytes.size() : newline;
    accepted_ = {};
    if (!take_line({bytes.substr(at, end - at), at}, origin)) break;
    records_done_ = 0;
    writer_.give_up(false);
    at = newline == std::string_view::npos ? end : end + 1;
  }
  return at;
}

// False: the intake is full. The line is then offered again.
bool TextDecoder::take_line(const Line& line, const Origin& origin) {
  // What waits views the fields of this line as they were split: it goes first.
  if (writer_.waits()) {
    if (!writer_.write()) return false;
    ++records_done_;
  }
  writer_.set_origin(origin);
  if (line.text.size() > options_.max_line_bytes) {
    reject(line, RejectCause::kOversized, "a line longer than the limit");
    return true;
  }
  if (!line_.split(line.text)) {
    reject(line, RejectCause::kSyntax, "a quote that is not closed");
    return true;
  }
  const auto fields = line_.fields();
  if (fields.empty() || fields.front().starts_with('#')) return true;
  const std::string_view command = fields.front();
  if (is_word(command, "putval")) return take_values(line, origin);
  if (is_word(command, "putnotif")) return take_notification(line);
  for (const std::string_view known : {"getval", "getthreshold", "listval", "flush"}) {
    if (is_word(command, known)) {
      reject(line, RejectCause::kUnsupported,
             "a command that asks; only PUTVAL and PUTNOTIF are taken");
      return true;
    }
  }
  reject(line, RejectCause::kSyntax, "found an unknown command, expected PUTVAL or PUTNOTIF");
  return true;
}

bool TextDecoder::take_values(const Line& line, const Origin& origin) {
  const auto fields = line_.fields();
  const std::optional<SeriesName> name =
      fields.size() < 2 ? std::nullopt : parse_identifier(fields[1]);
  if (!name) {
    reject(line, RejectCause::kName, "expected an identifier: host/plugin-instance/type-instance");
    return true;
  }
  if (is_too_long(*name, options_.max_name_bytes)) {
    reject(line, RejectCause::kOversized, "a name longer than the limit");
    return true;
  }
  if (options_.types && options_.types->find(name->type) == nullptr) {
    reject(line, RejectCause::kType, "a type that types.db does not know");
    return true;
  }
  meta_keys_.clear();
  meta_values_.clear();
  nanoseconds interval = nanoseconds::zero();
  std::size_t lists = 0;
  for (const std::string& field : fields.subspan(2)) {
    const Option option = parse_option(field);
    if (option.key.empty()) {
      // The first records_done_ were accounted for before the intake was full.
      if (lists++ < records_done_) continue;
      if (!take_list(line, *name, field, interval, origin)) return false;
      records_done_ = lists;
    } else if (is_word(option.key, "interval")) {
      const std::optional<nanoseconds> seconds = parse_seconds(option.value);
      if (!seconds || *seconds == nanoseconds::zero()) {
        reject(line, RejectCause::kValue, "an interval that is not a number of seconds above 0");
        return true;
      }
      interval = *seconds;
    } else if (option.key.starts_with("meta:") && option.key.size() > 5) {
      add_meta(option.key.substr(5), option.value);
    } else {
      reject(line, RejectCause::kSyntax,
             "found an unknown option, expected interval= or meta:KEY=");
      return true;
    }
  }
  if (lists == 0) {
    reject(line, RejectCause::kValue, "PUTVAL without a value");
  } else {
    accepted_ = {Accepted::Command::kPutval, lists};
  }
  return true;
}

bool TextDecoder::take_list(const Line& line, const SeriesName& name, std::string_view field,
                            nanoseconds interval, const Origin& origin) {
  const DataSet* const sources = options_.types ? options_.types->find(name.type) : nullptr;
  std::string_view rest = field;
  const std::string_view time_text = cut(rest, ':');
  const std::optional<nanoseconds> seconds =
      time_text == "N" ? origin.received.time_since_epoch() : parse_seconds(time_text);
  if (!seconds) {
    reject(line, RejectCause::kTimestamp, "a time that is neither N nor a number of seconds");
    return true;
  }
  values_.clear();
  do {
    if (sources != nullptr && values_.size() == sources->size()) {
      reject(line, RejectCause::kValue, "more values than the type has data sources");
      return true;
    }
    const DsType type = sources != nullptr ? (*sources)[values_.size()].type : DsType::kGauge;
    const std::optional<Value> value = parse_value(cut(rest, ':'), type);
    if (!value) {
      reject(line, RejectCause::kValue, "a value that is not a number of its type");
      return true;
    }
    values_.push_back(*value);
  } while (!rest.empty());
  while (sources != nullptr && values_.size() < sources->size()) {
    values_.push_back({0, (*sources)[values_.size()].type, false});
  }
  view_meta();
  const ValueList list{name, TimePoint(*seconds), interval, values_, {}, meta_, {}};
  if (const Refusal* const refusal = writer_.begin(list)) {
    reject(line, refusal->cause, refusal->text);
    return true;
  }
  return writer_.write();
}

bool TextDecoder::take_notification(const Line& line) {
  accepted_.command = Accepted::Command::kPutnotif;
  if (records_done_ > 0) return true;
  Notification notification;
  meta_keys_.clear();
  meta_values_.clear();
  for (const std::string& field : line_.fields().subspan(1)) {
    const Option option = parse_option(field);
    if (std::string_view* const part = part_of(notification.name, option.key)) {
      *part = option.value;
    } else if (option.key == "severity") {
      notification.severity = parse_severity(option.value);
      if (notification.severity == Severity::kNone) {
        reject(line, RejectCause::kValue,
               "found an unknown severity, expected okay, warning or failure");
        return true;
      }
    } else if (option.key == "time") {
      const std::optional<nanoseconds> seconds = parse_seconds(option.value);
      if (!seconds) {
        reject(line, RejectCause::kTimestamp, "a time that is not a number of seconds");
        return true;
      }
      notification.time = TimePoint(*seconds);
    } else if (option.key == "message") {
      notification.message = cut_utf8(option.value, options_.max_message_bytes);
    } else if (is_typed_meta(option.key)) {
      add_meta(option.key.substr(2), option.value);
    } else {
      reject(line, RejectCause::kSyntax, "found an unknown option, expected one of PUTNOTIF's");
      return true;
    }
  }
  if (is_too_long(notification.name, options_.max_name_bytes)) {
    reject(line, RejectCause::kOversized, "a name longer than the limit");
    return true;
  }
  view_meta();
  notification.meta = meta_;
  if (const Refusal* const refusal = writer_.begin(notification)) {
    reject(line, refusal->cause, refusal->text);
    return true;
  }
  return writer_.write();
}

void TextDecoder::add_meta(std::string_view key, std::string_view value) {
  meta_keys_.push_back("meta." + std::string(key));
  meta_values_.push_back(value);
}

// Only once all are there: strings move while their vector grows.
void TextDecoder::view_meta() {
  meta_.clear();
  for (std::size_t i = 0; i < meta_keys_.size(); ++i) {
    meta_.push_back({meta_keys_[i], meta_values_[i]});
  }
}

void TextDecoder::reject(const Line& line, RejectCause cause, std::string_view text) {
  intake_.reject(cause, line.text, line.offset, text);
}

}  // namespace tocsin::collectd
