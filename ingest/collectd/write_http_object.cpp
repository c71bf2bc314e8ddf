#include "ingest/collectd/write_http_object.hpp"

#include <rapidjson/document.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <deque>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "ingest/collectd/number.hpp"
#include "ingest/collectd/text_line.hpp"
#include "ingest/collectd/utf8_text.hpp"

namespace tocsin::collectd {
namespace {

using std::chrono::nanoseconds;
using Pool = rapidjson::MemoryPoolAllocator<>;
using Document = rapidjson::GenericDocument<rapidjson::UTF8<>, Pool, Pool>;
using Json = Document::ValueType;

// Numbers stay text, so that 64 bits survive and from_chars reads them.
constexpr unsigned kParseFlags =
    rapidjson::kParseIterativeFlag | rapidjson::kParseNumbersAsStringsFlag;

constexpr std::size_t kMaxValues = 1024;

// Enough for the objects that collectd writes. A larger one takes more from the heap while it is
// read: 16 times its own size at most.
constexpr std::size_t kTreeBytes = 16384;
constexpr std::size_t kStackBytes = 4096;

[[nodiscard]] std::optional<DsType> parse_ds_type(std::string_view word) noexcept {
  for (std::uint8_t i = 0; i < kDsTypes; ++i) {
    if (word == to_string(static_cast<DsType>(i))) return static_cast<DsType>(i);
  }
  return std::nullopt;
}

[[nodiscard]] Severity parse_severity(std::string_view word) noexcept {
  if (is_word(word, "okay")) return Severity::kOkay;
  if (is_word(word, "warning")) return Severity::kWarning;
  if (is_word(word, "failure")) return Severity::kFailure;
  return Severity::kNone;
}

[[nodiscard]] std::optional<int> digits(std::string_view text) noexcept {
  int number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  return number;
}

// "2026-11-21T02:48:08.508540025Z", as collectd writes it: always UTC.
[[nodiscard]] std::optional<TimePoint> parse_utc(std::string_view text) noexcept {
  constexpr std::string_view kForm = "0000-00-00T00:00:00";
  if (text.size() <= kForm.size() || text.back() != 'Z') return std::nullopt;
  for (const std::size_t at : {4u, 7u, 10u, 13u, 16u}) {
    if (text[at] != kForm[at]) return std::nullopt;
  }
  const auto year = digits(text.substr(0, 4));
  const auto month = digits(text.substr(5, 2));
  const auto day = digits(text.substr(8, 2));
  const auto hour = digits(text.substr(11, 2));
  const auto minute = digits(text.substr(14, 2));
  // With its fraction, which parse_seconds reads; it begins with the two digits of the second.
  const auto second = parse_seconds(text.substr(17, text.size() - 18));
  if (!year || !month || !day || !hour || !minute || !second) return std::nullopt;
  if (*hour > 23 || *minute > 59 || *second >= std::chrono::seconds{61} || *year < 1970 ||
      *year > 2261) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return TimePoint(std::chrono::sys_days(date).time_since_epoch() + std::chrono::hours(*hour) +
                   std::chrono::minutes(*minute) + *second);
}

}  // namespace

class WriteHttpObject::Reader {
 public:
  explicit Reader(const Options& options)
      : options_(options), tree_(kTreeBytes), stack_(kStackBytes) {}

  std::variant<ValueList, Notification, Refusal> read(std::string_view object);

 private:
  using Answer = std::variant<ValueList, Notification, Refusal>;

  Answer read_values(const Json& object);
  Answer read_notification(const Json& object);
  std::optional<Refusal> read_value_array(const Json& object);
  std::optional<Refusal> read_labels(const Json& labels, Notification& notification);
  void split_alert_name(std::string_view name, std::string_view plugin, SeriesName& series) const;
  void read_meta(const Json& meta);
  std::string_view keep(std::string_view text);
  std::string_view member(const Json& object, const char* name);

  // Fixed after construction.
  const Options& options_;

  std::vector<char> tree_;
  std::vector<char> stack_;
  std::deque<std::string> texts_;  // what is not in the tree as it is needed; stays where it is
  std::vector<Value> values_;
  std::vector<std::string_view> sources_;
  std::vector<AttributeView> meta_;
};

WriteHttpObject::WriteHttpObject(const Options& options)
    : reader_(std::make_unique<Reader>(options)) {}
WriteHttpObject::~WriteHttpObject() = default;

std::variant<ValueList, Notification, Refusal> WriteHttpObject::read(std::string_view object) {
  return reader_->read(object);
}

WriteHttpObject::Reader::Answer WriteHttpObject::Reader::read(std::string_view object) {
  texts_.clear();
  values_.clear();
  sources_.clear();
  meta_.clear();
  // The tree dies at the end of this function: keep() saves what is answered.
  Pool tree_pool(tree_.data(), tree_.size());
  Pool stack_pool(stack_.data(), stack_.size());
  Document document(&tree_pool, 1024, &stack_pool);
  document.Parse<kParseFlags>(object.data(), object.size());
  if (document.HasParseError() || !document.IsObject()) {
    return Refusal{RejectCause::kSyntax, "not a JSON object"};
  }
  return document.HasMember("labels") ? read_notification(document) : read_values(document);
}

WriteHttpObject::Reader::Answer WriteHttpObject::Reader::read_values(const Json& object) {
  ValueList list;
  list.name = {member(object, "host"), member(object, "plugin"), member(object, "plugin_instance"),
               member(object, "type"), member(object, "type_instance")};
  for (const std::string_view part : {list.name.host, list.name.plugin, list.name.plugin_instance,
                                      list.name.type, list.name.type_instance}) {
    if (part.size() > options_.max_name_bytes) {
      return Refusal{RejectCause::kOversized, "a name longer than the limit"};
    }
  }
  const std::optional<nanoseconds> time = parse_seconds(member(object, "time"));
  if (!time) return Refusal{RejectCause::kTimestamp, "time is not a number of seconds"};
  list.time = TimePoint(*time);
  if (object.HasMember("interval")) {
    const std::optional<nanoseconds> interval = parse_seconds(member(object, "interval"));
    if (!interval) return Refusal{RejectCause::kValue, "interval is not a number of seconds"};
    list.interval = *interval;
  }
  if (const std::optional<Refusal> refusal = read_value_array(object)) return *refusal;
  if (const auto meta = object.FindMember("meta"); meta != object.MemberEnd()) {
    read_meta(meta->value);
  }
  list.values = values_;
  list.sources = sources_;
  list.meta = meta_;
  return list;
}

std::optional<Refusal> WriteHttpObject::Reader::read_value_array(const Json& object) {
  const auto values = object.FindMember("values");
  const auto types = object.FindMember("dstypes");
  const auto names = object.FindMember("dsnames");
  const auto end = object.MemberEnd();
  if (values == end || types == end || !values->value.IsArray() || !types->value.IsArray() ||
      values->value.Empty() || values->value.Size() != types->value.Size()) {
    return Refusal{RejectCause::kSyntax, "values and dstypes are not arrays of the same length"};
  }
  const auto count = values->value.Size();
  if (count > kMaxValues) return Refusal{RejectCause::kOversized, "more than 1024 values"};
  if (names != end && (!names->value.IsArray() || names->value.Size() != count)) {
    return Refusal{RejectCause::kSyntax, "dsnames is not an array as long as values"};
  }
  for (rapidjson::SizeType i = 0; i < count; ++i) {
    const Json& type_name = types->value[i];
    const std::optional<DsType> type =
        type_name.IsString() ? parse_ds_type({type_name.GetString(), type_name.GetStringLength()})
                             : std::nullopt;
    if (!type) return Refusal{RejectCause::kType, "found an unknown type in dstypes"};
    const Json& number = values->value[i];
    const bool is_rate = *type != DsType::kGauge && options_.http_values_are_rates;
    std::optional<Value> value;
    if (number.IsString()) {
      value = parse_value({number.GetString(), number.GetStringLength()},
                          is_rate ? DsType::kGauge : *type);
    } else if (number.IsNull() && (is_rate || *type == DsType::kGauge)) {
      value = Value::of_real(std::numeric_limits<double>::quiet_NaN(), *type, is_rate);
    }
    if (!value) return Refusal{RejectCause::kValue, "a value that is not a number of its type"};
    value->type = *type;
    value->is_rate = is_rate;
    values_.push_back(*value);
    if (names != end) {
      const Json& name = names->value[i];
      if (!name.IsString() || name.GetStringLength() == 0) {
        return Refusal{RejectCause::kName, "a name in dsnames that is not a text"};
      }
      sources_.push_back(keep({name.GetString(), name.GetStringLength()}));
    }
  }
  return std::nullopt;
}

WriteHttpObject::Reader::Answer WriteHttpObject::Reader::read_notification(const Json& object) {
  Notification notification;
  if (const auto refusal = read_labels(object["labels"], notification)) return *refusal;
  const std::optional<TimePoint> time = parse_utc(member(object, "startsAt"));
  if (!time) {
    return Refusal{RejectCause::kTimestamp, "startsAt is not a time as 2026-11-21T02:48:08.5Z"};
  }
  notification.time = *time;
  const auto annotations = object.FindMember("annotations");
  if (annotations == object.MemberEnd() || !annotations->value.IsObject()) {
    return Refusal{RejectCause::kSyntax, "a notification without annotations"};
  }
  notification.message =
      cut_utf8(member(annotations->value, "summary"), options_.max_message_bytes);
  read_meta(annotations->value);
  notification.meta = meta_;
  return notification;
}

std::optional<Refusal> WriteHttpObject::Reader::read_labels(const Json& labels,
                                                            Notification& notification) {
  if (!labels.IsObject()) return Refusal{RejectCause::kSyntax, "labels is not an object"};
  notification.severity = parse_severity(member(labels, "severity"));
  if (notification.severity == Severity::kNone) {
    return Refusal{RejectCause::kValue,
                   "found an unknown severity, expected OKAY, WARNING or FAILURE"};
  }
  SeriesName& series = notification.name;
  series.host = member(labels, "instance");
  series.type_instance = member(labels, "type");
  for (const auto& label : labels.GetObject()) {
    const std::string_view key(label.name.GetString(), label.name.GetStringLength());
    if (key == "alertname" || key == "instance" || key == "severity" || key == "service" ||
        key == "type" || !label.value.IsString()) {
      continue;
    }
    // The one label that is named after the plugin.
    series.plugin = keep(key);
    std::string_view& instance =
        series.type_instance.empty() ? series.type_instance : series.plugin_instance;
    instance = keep({label.value.GetString(), label.value.GetStringLength()});
    break;
  }
  constexpr std::string_view kPrefix = "collectd_";
  std::string_view name = member(labels, "alertname");
  if (name.starts_with(kPrefix)) name.remove_prefix(kPrefix.size());
  split_alert_name(name, series.plugin, series);
  for (const std::string_view part :
       {series.host, series.plugin, series.plugin_instance, series.type, series.type_instance}) {
    if (part.size() > options_.max_name_bytes) {
      return Refusal{RejectCause::kOversized, "a name longer than the limit"};
    }
  }
  return std::nullopt;
}

// `name` is the type if that begins with the plugin's name, else plugin, '_' and type.
void WriteHttpObject::Reader::split_alert_name(std::string_view name, std::string_view plugin,
                                               SeriesName& series) const {
  const bool is_type = options_.types && options_.types->find(name) != nullptr;
  if (!plugin.empty()) {
    const bool has_both = !is_type && name.size() > plugin.size() + 1 && name.starts_with(plugin) &&
                          name[plugin.size()] == '_';
    series.type = has_both ? name.substr(plugin.size() + 1) : name;
    return;
  }
  // Without an instance nothing tells where the plugin ends; a type of its own name is usual.
  const std::size_t underscore = name.find('_');
  series.plugin = is_type ? name : name.substr(0, underscore);
  if (is_type) {
    series.type = name;
  } else if (underscore != std::string_view::npos) {
    series.type = name.substr(underscore + 1);
  }
}

void WriteHttpObject::Reader::read_meta(const Json& meta) {
  if (!meta.IsObject()) return;
  for (const auto& member : meta.GetObject()) {
    const std::string_view key(member.name.GetString(), member.name.GetStringLength());
    if (key == "summary") continue;
    std::string_view value;
    if (member.value.IsString()) {
      value = {member.value.GetString(), member.value.GetStringLength()};
    } else if (member.value.IsBool()) {
      value = member.value.GetBool() ? "true" : "false";
    } else {
      continue;
    }
    meta_.push_back({keep("meta." + std::string(key)), keep(value)});
  }
}

// A copy that is UTF-8 and outlives the tree.
std::string_view WriteHttpObject::Reader::keep(std::string_view text) {
  assign_utf8(texts_.emplace_back(), text);
  return texts_.back();
}

// The text or number under `name`; empty when there is none.
std::string_view WriteHttpObject::Reader::member(const Json& object, const char* name) {
  const auto found = object.FindMember(name);
  if (found == object.MemberEnd() || !found->value.IsString()) return {};
  return keep({found->value.GetString(), found->value.GetStringLength()});
}

}  // namespace tocsin::collectd
