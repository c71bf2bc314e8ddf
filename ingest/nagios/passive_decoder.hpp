// Decodes passive check results: the lines that Nagios reads from its command pipe.
//   line   := ["[" seconds "]" blanks] ( service | host ) ["\r"] "\n"
//   service:= "PROCESS_SERVICE_CHECK_RESULT;" host ";" check ";" code [";" output]
//   host   := "PROCESS_HOST_CHECK_RESULT;" host ";" code [";" output]
//   code   := 0..255
//   output := see plugin_output.hpp, with escapes (escapes.hpp): "\n" for LF
// Input:   a datagram, or whole lines of a stream; the last LF may be missing, lines without a word
//          are skipped. Without seconds the time of arrival counts.
// Output:  the events of result_writer.hpp.
// Full:    what of a line is taken stays taken; the line is offered again for the rest.
// Threads: one decoder per ingest thread or connection; holds no shared state.
// Errors:  Intake::reject per bad line, and per bad item of perfdata; neighbours are kept.
// Cost:    no allocation in the steady state; bench/micro/nagios_bench.cpp.
// Source:  Nagios Core 4, external commands; docs/formats/nagios.md.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "ingest/nagios/options.hpp"
#include "ingest/nagios/refusal.hpp"
#include "ingest/nagios/result_writer.hpp"
#include "tocsin/decoder.hpp"
#include "tocsin/intake.hpp"

namespace tocsin::nagios {

class PassiveDecoder final : public tocsin::Decoder {
 public:
  // `intake` must outlive the decoder.
  PassiveDecoder(Options options, Intake& intake);

  [[nodiscard]] std::size_t decode(std::string_view bytes, const Origin& origin) override;
  [[nodiscard]] bool flush() override { return true; }
  void drop() override { writer_.drop(); }

 private:
  std::optional<Refusal> read_line(std::string_view line, TimePoint received, CheckResult& result);

  // Fixed after construction.
  const Options options_;
  const std::optional<std::chrono::nanoseconds> ttl_;
  Intake& intake_;

  ResultWriter writer_;
  std::string output_;  // of the line at hand, when it had escapes
};

}  // namespace tocsin::nagios
