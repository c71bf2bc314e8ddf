// RepeatWriter: the events of lists that are remembered (ListCache). They are those that EventWriter
// writes of the same bytes once they are parsed; but the texts are there, and so only the times and
// what the values say is new.
// How:     attributes that have a value each time stand at the front, so that of a list like the one
//          before nothing but values is written:
//            sender's, plugin, type, ds_name, ds_type, [plugin_instance], [type_instance], [raw_value]
// Full:    EventWriter is left with the rest of the list.
// Threads: one per decoder.
// Cost:    allocates nothing; some 290 instructions a value, of which printing it takes 40.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "ingest/collectd/decimal.hpp"
#include "ingest/collectd/event_writer.hpp"
#include "ingest/collectd/list_cache.hpp"
#include "ingest/collectd/options.hpp"
#include "ingest/collectd/rate_table.hpp"
#include "ingest/collectd/value_list.hpp"
#include "ingest/collectd/wire_values.hpp"
#include "tocsin/event.hpp"
#include "tocsin/intake.hpp"

namespace tocsin::collectd {

class RepeatWriter {
 public:
  // All four must outlive the writer. `rest`: whose origin is that of the lists, too.
  RepeatWriter(const Options& options, RateTable& rates, Intake& intake, EventWriter& rest);

  // To be called before lists of another origin or user, or after those of others. `user` vouches
  // for the lists, and must stay until the last of them.
  void begin(std::string_view user) noexcept;

  // Lists behind each other.
  struct Walk {
    std::string_view bytes;           // from the list at hand on
    ListCache::List* list = nullptr;  // that may stand there; null: it is unknown
    ListCache::List* last = nullptr;  // the one before; null: none
    TimePoint time{};                 // that was said last

    // Behind the list at hand.
    void pass() noexcept {
      const std::size_t size = list->layout.size();
      bytes = {bytes.data() + size, bytes.size() - size};
      last = list;
      list = list->next;
    }
  };
  enum class End : std::uint8_t {
    kUnknown,  // what stands there is not remembered, or the bytes end
    kRefused,  // the list at hand: refusal() says why
    kFull,     // the intake is; the rest of the list at hand waits in `rest`
  };
  // Writes lists as long as they are known. Precondition: nothing waits in `rest`.
  [[nodiscard]] End write(Walk& walk);
  [[nodiscard]] const Refusal& refusal() const noexcept { return *refusal_; }

 private:
  // Of the sender, of the list, of the value.
  static constexpr std::size_t kMostAttributes = 3 + 4 + 3;

  [[nodiscard]] bool write_list(ListCache::List& list, std::uint8_t texts, TimePoint time,
                                const WireValues& values);
  void set_interval(std::chrono::nanoseconds interval) noexcept;
  void set_shape(SeriesText::Shape shape) noexcept;
  void set_texts(const SeriesText& series, std::uint8_t which) noexcept;
  [[nodiscard]] double take(const PreparedList& list, std::size_t index, const Value& value,
                            TimePoint time, RateTable::Reading* reading) const noexcept;
  void wait(const PreparedList& list, TimePoint time, const WireValues& values, std::size_t next,
            double metric, RateTable::Place place);

  // Fixed after construction.
  const Options& options_;
  RateTable& rates_;
  Intake& intake_;
  EventWriter& rest_;

  // What stands from list to list.
  std::string_view user_;
  TimePoint oldest_{};  // that is taken
  std::chrono::nanoseconds interval_{-1};
  RateTable::Lease lease_;
  EventView event_;
  std::array<AttributeView, kMostAttributes> attributes_;
  AttributeView* list_at_ = nullptr;  // in them: behind those of the sender
  AttributeView* type_instance_at_ = nullptr;
  std::size_t raw_at_ = 0;
  SeriesText::Shape shape_ = SeriesText::kNoShape;  // of what the keys are laid out for
  DecimalBuffer raw_text_{};
  const Refusal* refusal_ = nullptr;

  // Of a list whose rest waits.
  std::vector<Value> values_;
  std::vector<double> metrics_;
};

}  // namespace tocsin::collectd
