// ResultWriter: makes the events of a check result and hands them over: one for the state, one for
// each item of its perfdata.
//   state   service the check, state, description the text, attributes exit_code and long_output
//   item    service CHECK/LABEL, metric, attributes label, uom, warn, crit, min, max as far as
//           given; metric_type=counter for the unit c; value=U, or the digits of an integer beyond
//           64 bits
//   both    host, time, ttl, attributes ingest=nagios, peer and auth_user
// Full:    write() stops at the event that was not taken and, when called again with the same
//          result, goes on there: nothing is counted twice. After drop() it goes to the end
//          and counts as dropped what is not taken.
// Threads: one per decoder.
// Cost:    no allocation in the steady state.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "ingest/nagios/options.hpp"
#include "ingest/nagios/perfdata.hpp"
#include "ingest/riemann/text_mender.hpp"
#include "tocsin/decoder.hpp"
#include "tocsin/event.hpp"
#include "tocsin/intake.hpp"

namespace tocsin::nagios {

// The views live until write() has returned true for it.
struct CheckResult {
  TimePoint time{};
  std::string_view host;
  std::string_view check;  // empty: the host itself was checked
  std::string_view state;  // a state word
  std::optional<int> exit_code;
  // Why there is no plugin to listen to (killed, not found); it becomes the description, and all of
  // the output is long_output. Empty: there is one.
  std::string_view failure;
  std::string_view output;  // without escapes
  bool cut = false;         // there was more of it: an item at its very end may lack digits
  std::optional<std::chrono::nanoseconds> ttl;

  // For the place of what is refused.
  std::size_t output_offset = 0;    // of the output, in what was received
  std::string_view escaped_output;  // as it was received; empty: as `output`
};

class ResultWriter {
 public:
  // `intake` outlives it; `options` is copied as far as it is needed.
  ResultWriter(const Options& options, Intake& intake);

  // Whose results follow.
  void set_origin(const Origin& origin);

  // False: the intake is full.
  [[nodiscard]] bool write(const CheckResult& result);
  // The result that waits may lose what the intake does not take. Nothing, when none waits.
  void drop() noexcept { gives_up_ = waits_; }

 private:
  bool write_state(const CheckResult& result, std::string_view text, std::string_view long_text);
  bool write_perfdata(const CheckResult& result, std::string_view perfdata, std::size_t& index);
  bool write_item(const CheckResult& result, const PerfItem& item);
  void refuse(const CheckResult& result, std::string_view perfdata, const PerfItem& item,
              const Refusal& refusal);
  bool hand_over(const CheckResult& result);
  void begin_event(const CheckResult& result);
  void add(std::string_view key, std::string_view value);
  void add_texts(const PerfItem& item);

  // Fixed after construction.
  const std::size_t max_perfdata_;
  const std::string host_service_;
  Intake& intake_;

  Peer peer_;
  std::string peer_text_;
  std::string user_;

  // Of the event at hand; they keep their memory.
  EventView event_;
  std::array<AttributeView, 12> attributes_;
  std::size_t attribute_count_ = 0;
  std::string service_;
  std::string label_;
  riemann::TextMender mender_;

  std::size_t done_ = 0;   // events and refusals of this result that are accounted for
  bool waits_ = false;     // the last write() stopped
  bool gives_up_ = false;  // drop() was called for it
};

}  // namespace tocsin::nagios
