// What programs write into logs, as syslog messages, JSON lines and GELF.
#pragma once

#include <cstddef>
#include <random>
#include <string>
#include <string_view>

namespace tocsin::traffic {

// Words of three to nine letters, `bytes` in all.
[[nodiscard]] std::string log_text(std::size_t bytes, std::mt19937& random);

inline constexpr std::size_t kSyslogTextBytes = 80;
inline constexpr std::size_t kJsonTextBytes = 60;  // of GELF too

// Who logs, and which of its messages this is.
struct LogSource {
  std::string_view host;
  std::string_view program;
  std::size_t number = 0;
};
[[nodiscard]] LogSource log_source(std::size_t number, std::mt19937& random);

// RFC 5424 up to the structured data, with a blank at the end.
[[nodiscard]] std::string rfc5424_header(const LogSource& source);
// The message of the target: one element of three parameters, 80 bytes of text.
[[nodiscard]] std::string rfc5424(const LogSource& source, std::mt19937& random);

// What a service writes with zap, zerolog, structlog or bunyan: some 200 bytes, with LF.
[[nodiscard]] std::string json_line(const LogSource& source, std::mt19937& random);

[[nodiscard]] std::string gelf_message(const LogSource& source, std::mt19937& random);

}  // namespace tocsin::traffic
