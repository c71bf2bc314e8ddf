#include "ingest/nagios/passive_decoder.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>

#include "ingest/nagios/escapes.hpp"
#include "ingest/nagios/plugin_output.hpp"
#include "ingest/statsd/number.hpp"

namespace tocsin::nagios {
namespace {

constexpr std::string_view kServiceResult = "PROCESS_SERVICE_CHECK_RESULT";
constexpr std::string_view kHostResult = "PROCESS_HOST_CHECK_RESULT";
constexpr std::int64_t kLastSecond = 9'223'372'035;  // all of it fits a TimePoint
constexpr std::int64_t kMostCode = 255;

constexpr bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t';
}

bool is_command_name(std::string_view word) noexcept {
  return !word.empty() && std::all_of(word.begin(), word.end(),
                                      [](char c) { return (c >= 'A' && c <= 'Z') || c == '_'; });
}

// The fields of a line, one after the other. A field ends at ";" or at the end of the line.
class Fields {
 public:
  Fields(std::string_view line, std::size_t at) noexcept : line_(line), at_(at) {}

  [[nodiscard]] std::size_t at() const noexcept { return at_; }
  [[nodiscard]] std::string_view next() noexcept {
    const std::size_t end = std::min(line_.find(';', at_), line_.size());
    const std::string_view field = line_.substr(at_, end - at_);
    at_ = std::min(end + 1, line_.size());
    return field;
  }
  [[nodiscard]] std::string_view rest() const noexcept { return line_.substr(at_); }

 private:
  std::string_view line_;
  std::size_t at_;
};

std::size_t skip_blanks(std::string_view line, std::size_t at) noexcept {
  while (at < line.size() && is_blank(line[at])) ++at;
  return at;
}

}  // namespace

PassiveDecoder::PassiveDecoder(Options options, Intake& intake)
    : options_(std::move(options)),
      ttl_(ttl_of(options_.check_interval)),
      intake_(intake),
      writer_(options_, intake) {}

std::size_t PassiveDecoder::decode(std::string_view bytes, const Origin& origin) {
  writer_.set_origin(origin);
  CheckResult result;
  // At the top of the loop `at` is the first byte of a line, and all lines before it are accounted
  // for; of this one, as much as the writer remembers.
  std::size_t at = 0;
  while (at < bytes.size()) {
    const std::size_t line_end = std::min(bytes.find('\n', at), bytes.size());
    std::string_view line = bytes.substr(at, line_end - at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (skip_blanks(line, 0) < line.size()) {
      if (const auto refusal = read_line(line, origin.received, result)) {
        intake_.reject(refusal->cause, line, at + refusal->offset, refusal->text);
      } else {
        result.output_offset += at;
        if (!writer_.write(result)) return at;
      }
    }
    at = std::min(line_end + 1, bytes.size());
  }
  return bytes.size();
}

// Offsets, also of the output, count from the front of `line`.
std::optional<Refusal> PassiveDecoder::read_line(std::string_view line, TimePoint received,
                                                 CheckResult& result) {
  if (line.size() > options_.max_line_bytes) {
    return Refusal{RejectCause::kOversized, 0, "the line is longer than the limit"};
  }
  result = CheckResult();
  result.time = received;
  result.ttl = ttl_;
  std::size_t at = skip_blanks(line, 0);
  if (line[at] == '[') {
    const std::size_t bracket = std::min(line.find(']', at), line.size());
    const auto seconds = statsd::parse_digits(line.substr(at + 1, bracket - at - 1), kLastSecond);
    if (!seconds || bracket == line.size()) {
      return Refusal{RejectCause::kTimestamp, at,
                     "not a time: [seconds] from 1970 to 2262 were expected"};
    }
    result.time = TimePoint(std::chrono::seconds(*seconds));
    at = skip_blanks(line, bracket + 1);
  }

  Fields fields(line, at);
  const std::string_view command = fields.next();
  if (command != kServiceResult && command != kHostResult) {
    if (is_command_name(command)) {
      return Refusal{RejectCause::kUnsupported, at,
                     "a command other than PROCESS_SERVICE_CHECK_RESULT and "
                     "PROCESS_HOST_CHECK_RESULT"};
    }
    return Refusal{RejectCause::kSyntax, at,
                   "expected PROCESS_SERVICE_CHECK_RESULT or PROCESS_HOST_CHECK_RESULT"};
  }
  const bool is_service = command == kServiceResult;
  at = fields.at();
  result.host = fields.next();
  if (result.host.empty()) return Refusal{RejectCause::kName, at, "no name of a host"};
  if (is_service) {
    at = fields.at();
    result.check = fields.next();
    if (result.check.empty()) return Refusal{RejectCause::kName, at, "no name of a service"};
  }
  at = fields.at();
  const auto code = statsd::parse_digits(fields.next(), kMostCode);
  if (!code) return Refusal{RejectCause::kValue, at, "not an exit code from 0 to 255"};
  result.exit_code = static_cast<int>(*code);
  result.state = is_service ? service_state(*result.exit_code, options_.failure_state)
                            : host_state(*result.exit_code, options_.failure_state);
  result.output_offset = fields.at();
  result.escaped_output = fields.rest();
  result.output = unescape(result.escaped_output, output_);
  return std::nullopt;
}

}  // namespace tocsin::nagios
