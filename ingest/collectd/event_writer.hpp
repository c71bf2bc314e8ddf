// EventWriter: from value lists and notifications to events, one event per value.
//   host         the list's
//   service      plugin[-plugin_instance]/type[-type_instance][/data source, if there are several]
//   metric       a gauge's value; of the others the rate per second. None: a gauge that is not
//                finite, the first reading of a series, a rate outside the bounds of types.db
//   ttl          two intervals
//   tags         collectd
//   attributes   ingest = "collectd", peer, auth_user, plugin, plugin_instance, type,
//                type_instance, ds_name, ds_type ("gauge", "derive:rate", ...), raw_value (the
//                reading behind a rate, or a gauge that is infinite), then the list's meta data
// Rates, as collectd makes them from two readings dt apart:
//   counter   (new - old) / dt; when it falls it has wrapped, at 2^32 if the old one was below
//             that, else at 2^64. A restart is thus a huge rate, unless types.db bounds it
//   derive    (new - old) / dt, may be negative
//   absolute  new / dt; the first one by its interval
// A list must be newer than the one before of its series, or it is refused: what is repeated or
// late counts once.
// Repeats: what a list has in common with itself in every interval is a PreparedList, from which
//          RepeatWriter writes the list again with other values.
// Full:    a list is begun, which takes its readings over, and then written value by value; when
//          the intake is full the rest waits inside. A list that is to be given up is counted as
//          dropped, value by value.
// Threads: one per decoder.
// Cost:    allocates nothing once its buffers have grown.
// Source:  collectd 5.12, utils_cache.c (uc_update), write_riemann.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/collectd/decimal.hpp"
#include "ingest/collectd/options.hpp"
#include "ingest/collectd/prepared_list.hpp"
#include "ingest/collectd/rate_table.hpp"
#include "ingest/collectd/sender.hpp"
#include "ingest/collectd/value_list.hpp"
#include "tocsin/decoder.hpp"
#include "tocsin/intake.hpp"

namespace tocsin::collectd {

class EventWriter {
 public:
  // All three must outlive the writer.
  EventWriter(const Options& options, RateTable& rates, Intake& intake);

  // Precondition of the next four: nothing waits.
  // Where what is begun from now on came from. To be called before anything is begun.
  void set_origin(const Origin& origin);

  // What `list` or `notification` views, other than its name, must stay until nothing waits any
  // more. Null, or a constant that says why it is refused; then nothing waits.
  [[nodiscard]] const Refusal* begin(const ValueList& list);
  [[nodiscard]] const Refusal* begin(const Notification& notification);
  // The end of a list that somebody else began to write: the events from the value `next` on.
  // `values` and what the others view must stay until nothing waits any more.
  struct Rest {
    const PreparedList& list;
    TimePoint time;
    std::span<const Value> values;
    std::span<const double> metrics;  // of each value
    std::string_view user;
    std::size_t next;
  };
  void wait(const Rest& rest);

  // Of the list that was begun last. Its texts are valid until the next begin.
  [[nodiscard]] const PreparedList& prepared() const noexcept { return prepared_; }

  // What was said last by set_origin().
  [[nodiscard]] const Sender& sender() const noexcept { return sender_; }

  // Hands over what waits. False: the intake is full.
  [[nodiscard]] bool write();
  [[nodiscard]] bool waits() const noexcept { return next_ < count_; }

  // From now on what the intake refuses is counted as dropped instead of kept, until stopped.
  void give_up(bool give_up) noexcept { gives_up_ = give_up; }

 private:
  [[nodiscard]] SeriesText write_series(const SeriesName& name);
  void find_sources(const ValueList& list);
  void start(const PreparedList& list, TimePoint time, std::span<const Value> values,
             std::string_view user, std::span<const AttributeView> meta);
  [[nodiscard]] bool is_too_old(TimePoint time) const;
  void set_attributes(const SeriesName& name, std::string_view user,
                      std::span<const AttributeView> meta);
  void set_sender(std::string_view user, std::span<const AttributeView> meta);
  [[nodiscard]] bool make_metrics(PreparedList& list, TimePoint time,
                                  std::span<const Value> values);
  [[nodiscard]] std::string_view service_of(std::string_view source);
  void set_value(std::size_t index);

  // Fixed after construction.
  const Options& options_;
  RateTable& rates_;
  Intake& intake_;

  // What is being written.
  EventView event_;
  const PreparedList* list_ = nullptr;  // null: a notification
  std::vector<AttributeView> attributes_;
  // In them: behind those of the sender, which stand for the next list too if it has the same user.
  // Null: they have to be written.
  AttributeView* sender_end_ = nullptr;
  std::string_view sender_user_;
  AttributeView* values_at_ = nullptr;  // in them: behind those that are the same for all values
  AttributeView* end_ = nullptr;        // behind those of the value at hand
  std::span<const Value> values_;       // of the list
  std::vector<double> metrics_;         // as many at least; NaN: none
  std::span<const std::string_view> names_;  // of the data sources; empty: the list knows
  std::string service_;                      // and a data source, if there are several; a buffer
  std::size_t count_ = 0;                    // events of it
  std::size_t next_ = 0;                     // the first of them that waits
  bool gives_up_ = false;
  DecimalBuffer index_text_{};
  DecimalBuffer raw_text_{};

  // Remembered from list to list.
  PreparedList prepared_;
  std::string series_;  // its text; a buffer
  std::string last_type_;
  const DataSet* last_sources_ = nullptr;
  Sender sender_;
};

}  // namespace tocsin::collectd
