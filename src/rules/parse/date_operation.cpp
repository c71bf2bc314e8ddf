#include "src/rules/parse/date_operation.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "src/event/rfc3339.hpp"

namespace tocsin::rules::parse {
namespace {

// Names of zones come out of events: as many as a thread remembers.
constexpr std::size_t kMostZones = 256;

struct DateMemory final : Operation::Memory {
  std::map<std::string, std::optional<base::TimeZone>, std::less<>> zones;
  std::string text;
  // The last text that was read, and the time that it means for each event.
  std::string last_text;
  std::optional<TimePoint> last_time;
};

class Date final : public Operation {
 public:
  Date(DateOptions options, base::TimeZone zone)
      : options_(std::move(options)),
        zone_(std::move(zone)),
        zone_name_(TextTemplate::parse(options_.timezone)),
        remembers_(zone_name_.is_constant() &&
                   std::ranges::none_of(options_.formats, &TimeFormat::needs_near)) {}

  std::unique_ptr<Memory> make_memory() const override { return std::make_unique<DateMemory>(); }

  Outcome apply(Record& record, Memory* memory) const override {
    auto& own = static_cast<DateMemory&>(*memory);
    const Value value = record.find(options_.field);
    if (value.is_none()) return Outcome::kSkipped;
    const base::TimeZone* const zone = zone_of(record, own);
    if (zone == nullptr) return Outcome::kFailed;
    // Of a list the first: a field that was captured twice says the same time twice.
    for (const Value& element : value.elements().first(value.elements().empty() ? 0 : 1)) {
      const std::string_view text = as_text(element, record.arena());
      if (const auto time = read(text, *zone, record.time(), own)) {
        return set(*time, record, own) ? Outcome::kDone : Outcome::kFailed;
      }
    }
    return Outcome::kFailed;
  }

  std::string explain(const Record& record, const Memory*) const override {
    std::string formats;
    for (const std::string& format : options_.format_texts) {
      formats += (formats.empty() ? "" : " or ") + format;
    }
    const Value value = record.find(options_.field);
    return "found '" + std::string(as_text(value, record.arena())) + "' in " +
           options_.field.text() + ", expected a time of the form " + formats;
  }

 private:
  // Null: there is no such zone.
  const base::TimeZone* zone_of(const Record& record, DateMemory& memory) const {
    if (zone_name_.is_constant()) return &zone_;
    const std::string_view name = zone_name_.expand(record);
    auto known = memory.zones.find(name);
    if (known == memory.zones.end()) {
      if (memory.zones.size() >= kMostZones) memory.zones.clear();
      auto zone = base::TimeZone::parse(name);
      known = memory.zones.emplace(name, zone ? std::optional<base::TimeZone>(*zone) : std::nullopt)
                  .first;
    }
    return known->second ? &*known->second : nullptr;
  }

  std::optional<TimePoint> read(std::string_view text, const base::TimeZone& zone, TimePoint near,
                                DateMemory& memory) const {
    if (remembers_ && memory.last_time && memory.last_text == text) return memory.last_time;
    for (const TimeFormat& format : options_.formats) {
      const auto time = format.read(text, zone, near);
      if (!time) continue;
      memory.last_text = text;
      memory.last_time = time;
      return time;
    }
    return std::nullopt;
  }

  bool set(TimePoint time, Record& record, DateMemory& memory) const {
    if (options_.target.role() == FieldRole::kTime) {
      record.set_time(time);
      return true;
    }
    memory.text.clear();
    event::append_rfc3339(time, memory.text);
    return record.set(options_.target, Value::text(record.arena().copy(memory.text)));
  }

  DateOptions options_;
  base::TimeZone zone_;
  TextTemplate zone_name_;
  bool remembers_;  // the same text always means the same time
};

}  // namespace

Result<OperationPtr> make_date(DateOptions options) {
  base::TimeZone zone;
  if (TextTemplate::parse(options.timezone).is_constant()) {
    auto parsed = base::TimeZone::parse(options.timezone);
    if (!parsed) return parsed.error();
    zone = *std::move(parsed);
  }
  return OperationPtr(std::make_unique<Date>(std::move(options), std::move(zone)));
}

}  // namespace tocsin::rules::parse
