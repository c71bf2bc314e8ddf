// Decodes lines of collectd's text protocol, as scripts write them for its exec and unixsock
// plugins and write_http sends them with `Format "Command"`.
//   putval   := PUTVAL identifier (option | list)*
//   option   := interval=seconds | meta:KEY=value       for the lists behind it
//   list     := (N | seconds) (":" (U | number))+       one value per data source of the type
//   putnotif := PUTNOTIF (key=value)*    severity=okay|warning|failure time=seconds message=text,
//               and host, plugin, plugin_instance, type, type_instance; s:KEY, n:KEY, b:KEY
// Commands have any case. Blanks separate; quotes hold them. Empty lines and those that begin with
// '#' say nothing. N is the time of arrival.
// Input:   whole lines that end in LF, a CR before it is ignored; the last LF may be missing.
// Output:  EventWriter says which events. With types.db a type must be known, and missing values
//          are 0, as in collectd; without it every value is a gauge.
// Record:  a list; a line, if it is refused as a whole.
// Answers: none, as the exec plugin; TextSession answers from accepted() and what was rejected.
// Threads: one decoder per connection.
// Source:  collectd 5.12, collectd-unixsock(5), collectd-exec(5).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/collectd/event_writer.hpp"
#include "ingest/collectd/options.hpp"
#include "ingest/collectd/text_line.hpp"
#include "tocsin/decoder.hpp"
#include "tocsin/intake.hpp"

namespace tocsin::collectd {

class TextDecoder final : public Decoder {
 public:
  // `rates` and `intake` must outlive the decoder.
  TextDecoder(Options options, RateTable& rates, Intake& intake);
  TextDecoder(const TextDecoder&) = delete;  // the writer looks at these options
  TextDecoder& operator=(const TextDecoder&) = delete;

  [[nodiscard]] std::size_t decode(std::string_view bytes, const Origin& origin) override;
  [[nodiscard]] bool flush() override { return true; }
  void drop() override { writer_.give_up(writer_.waits()); }

  // What the last line was, in so far as it was not rejected.
  struct Accepted {
    enum class Command : std::uint8_t { kNone, kPutval, kPutnotif };  // kNone: empty, a comment
    Command command = Command::kNone;
    std::size_t lists = 0;  // of a PUTVAL
  };
  [[nodiscard]] const Accepted& accepted() const noexcept { return accepted_; }

 private:
  // The line at hand, and where it stands in what decode() was given.
  struct Line {
    std::string_view text;
    std::size_t offset = 0;
  };

  [[nodiscard]] bool take_line(const Line& line, const Origin& origin);
  [[nodiscard]] bool take_values(const Line& line, const Origin& origin);
  [[nodiscard]] bool take_list(const Line& line, const SeriesName& name, std::string_view field,
                               std::chrono::nanoseconds interval, const Origin& origin);
  [[nodiscard]] bool take_notification(const Line& line);
  void add_meta(std::string_view key, std::string_view value);
  void view_meta();
  void reject(const Line& line, RejectCause cause, std::string_view text);

  // Fixed after construction.
  const Options options_;
  Intake& intake_;

  EventWriter writer_;
  TextLine line_;
  std::vector<Value> values_;
  std::vector<std::string> meta_keys_;  // with "meta." before them
  std::vector<std::string_view> meta_values_;
  std::vector<AttributeView> meta_;
  std::size_t records_done_ = 0;  // of the line at hand, when the intake was full in it
  Accepted accepted_;
};

}  // namespace tocsin::collectd
