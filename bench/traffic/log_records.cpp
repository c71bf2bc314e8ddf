#include "bench/traffic/log_records.hpp"

#include <array>

namespace tocsin::traffic {
namespace {

std::string two_digits(std::size_t number) {
  return {static_cast<char>('0' + number / 10 % 10), static_cast<char>('0' + number % 10)};
}

std::string milliseconds(std::size_t i) {
  return std::to_string(100 + i * 7919 % 900);
}

}  // namespace

std::string log_text(std::size_t bytes, std::mt19937& random) {
  std::string out;
  while (out.size() < bytes) {
    for (auto left = 3 + random() % 7; left > 0; --left) {
      out += static_cast<char>('a' + random() % 26);
    }
    out += ' ';
  }
  out.resize(bytes);
  out.back() = '.';
  return out;
}

LogSource log_source(std::size_t number, std::mt19937& random) {
  constexpr std::array<std::string_view, 5> kHosts = {"web-api-12", "web-cart-3", "db-orders-07",
                                                      "cache-eu-1a", "edge-fra2-114"};
  constexpr std::array<std::string_view, 4> kPrograms = {"checkout", "postfix/smtpd", "sshd",
                                                         "nginx"};
  const std::string_view host = kHosts[random() % kHosts.size()];
  return {host, kPrograms[random() % kPrograms.size()], number};
}

std::string rfc5424_header(const LogSource& source) {
  const std::size_t i = source.number;
  return "<" + std::to_string(i * 7 % 192) + ">1 2026-11-21T02:" + two_digits(i % 60) + ":" +
         two_digits(i * 7 % 60) + "." + std::to_string(100000 + i * 7919 % 900000) + "+00:00 " +
         std::string(source.host) + " " + std::string(source.program) + " " +
         std::to_string(i * 31 % 32768) + " ID" + std::to_string(i % 100) + " ";
}

std::string rfc5424(const LogSource& source, std::mt19937& random) {
  return rfc5424_header(source) + "[request@32473 id=\"" + std::to_string(random()) +
         "\" user=\"u" + std::to_string(source.number) + "\" status=\"200\"] " +
         log_text(kSyslogTextBytes, random);
}

std::string json_line(const LogSource& source, std::mt19937& random) {
  constexpr std::array<std::string_view, 4> kLevels = {"info", "warn", "error", "debug"};
  return R"({"time":"2026-11-21T02:51:52.)" + milliseconds(source.number) + R"(Z","level":")" +
         std::string(kLevels[source.number % kLevels.size()]) + R"(","host":")" +
         std::string(source.host) + R"(","service":"checkout","msg":")" +
         log_text(kJsonTextBytes, random) + R"(","request_id":")" + std::to_string(random()) +
         R"(","status":200,"took":0.0)" + std::to_string(source.number) + "}\n";
}

std::string gelf_message(const LogSource& source, std::mt19937& random) {
  return R"({"version":"1.1","host":")" + std::string(source.host) + R"(","short_message":")" +
         log_text(kJsonTextBytes, random) + R"(","timestamp":1795229828.)" +
         milliseconds(source.number) + R"(,"level":6,"_facility":"billing","_request_id":")" +
         std::to_string(random()) + R"(","_status":200})";
}

}  // namespace tocsin::traffic
