#include "bench/grok/lines.hpp"

#include <array>
#include <cmath>
#include <random>
#include <string_view>

namespace tocsin::bench::grok {
namespace {

using Random = std::mt19937;

struct Weighted {
  std::string_view text;
  double weight;
};

template <std::size_t kSize>
std::string_view pick(const std::array<Weighted, kSize>& choices, Random& random) {
  double sum = 0;
  for (const Weighted& choice : choices) sum += choice.weight;
  double left = std::uniform_real_distribution<double>(0, sum)(random);
  for (const Weighted& choice : choices) {
    left -= choice.weight;
    if (left < 0) return choice.text;
  }
  return choices.back().text;
}

std::uint32_t below(std::uint32_t end, Random& random) {
  return static_cast<std::uint32_t>(random() % end);
}

std::string hexadecimal(std::size_t digits, Random& random) {
  std::string out;
  while (out.size() < digits) out += "0123456789abcdef"[below(16, random)];
  return out;
}

std::string two_digits(std::uint32_t number) {
  return {static_cast<char>('0' + number / 10 % 10), static_cast<char>('0' + number % 10)};
}

std::string clock_time(std::size_t second) {
  const auto s = static_cast<std::uint32_t>(second % 86'400);
  return two_digits(s / 3600) + ":" + two_digits(s / 60 % 60) + ":" + two_digits(s % 60);
}

std::string client(Random& random) {
  if (below(100, random) >= 93) {
    return "2001:db8:" + hexadecimal(4, random) + "::" + hexadecimal(3, random);
  }
  std::string address = std::to_string(1 + below(223, random));
  for (int i = 0; i < 3; ++i) address += "." + std::to_string(below(256, random));
  return address;
}

// '#' stands for a number, '@' for the digits of a hash.
constexpr std::array<Weighted, 13> kPaths = {{
    {"/", 14},
    {"/index.html", 13},
    {"/static/app.@.js", 12},
    {"/static/site.@.css", 11},
    {"/images/products/#/@.png", 10},
    {"/api/v1/orders/#", 9},
    {"/products?page=#&sort=price&per_page=48", 8},
    {"/search?q=blue+running+shoes&category=#&in_stock=true", 7},
    {"/favicon.ico", 6},
    {"/health", 5},
    {"/blog/2026/11/how-we-moved-#-services", 4},
    {"/wp-login.php", 2},
    {"/downloads/manual-#-en.pdf", 1},
}};
constexpr std::array<Weighted, 6> kMethods = {
    {{"GET", 86}, {"POST", 9}, {"HEAD", 2}, {"PUT", 1}, {"DELETE", 1}, {"OPTIONS", 1}}};
constexpr std::array<Weighted, 3> kVersions = {{{"1.1", 70}, {"2.0", 28}, {"1.0", 2}}};
constexpr std::array<Weighted, 10> kStatuses = {{{"200", 80},
                                                 {"304", 6},
                                                 {"404", 5},
                                                 {"301", 3},
                                                 {"302", 2},
                                                 {"403", 1},
                                                 {"206", 1},
                                                 {"400", 1},
                                                 {"500", .6},
                                                 {"502", .4}}};
constexpr std::array<Weighted, 4> kReferrers = {
    {{"-", 55},
     {"https://shop.example.com/products", 20},
     {"https://www.google.com/", 10},
     {"https://shop.example.com/search?q=blue+running+shoes&page=#", 15}}};
constexpr std::array<Weighted, 7> kAgents = {{
    {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
     "Chrome/126.0.0.0 Safari/537.36",
     30},
    {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
     "Version/17.5 Safari/605.1.15",
     15},
    {"Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", 15},
    {"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
     "Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
     16},
    {"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", 8},
    {"curl/8.5.0", 6},
    {"kube-probe/1.29", 10},
}};

std::string filled(std::string_view pattern, Random& random) {
  std::string out;
  for (const char c : pattern) {
    if (c == '#') {
      out += std::to_string(below(100'000, random));
    } else if (c == '@') {
      out += hexadecimal(12, random);
    } else {
      out += c;
    }
  }
  return out;
}

std::string access_line(std::size_t number, Random& random) {
  const std::string_view status = pick(kStatuses, random);
  std::string bytes = "-";
  if (status != "304") {
    const double size = std::lognormal_distribution<double>(8.2, 1.8)(random);
    bytes = std::to_string(static_cast<std::uint64_t>(size));
  }
  std::string line = client(random) + " - ";
  line += below(100, random) < 98 ? "-" : "user" + std::to_string(1 + below(500, random));
  line += " [" + two_digits(10 + static_cast<std::uint32_t>(number / 4'320'000 % 20));
  line += "/Nov/2026:" + clock_time(number / 50) + " +0000] \"";
  line += std::string(pick(kMethods, random)) + " " + filled(pick(kPaths, random), random);
  line += " HTTP/" + std::string(pick(kVersions, random)) + "\" " + std::string(status) + " ";
  line += bytes + " \"" + filled(pick(kReferrers, random), random) + "\" \"";
  return line + std::string(pick(kAgents, random)) + "\"";
}

constexpr std::array<std::string_view, 5> kHosts = {"combo", "web-07.example.com", "db-orders-3",
                                                    "10.20.30.41", "edge-fra2-114"};
constexpr std::array<std::string_view, 4> kPrograms = {"sshd(pam_unix)", "su(pam_unix)",
                                                       "postfix/smtpd", "kernel"};
constexpr std::array<std::string_view, 4> kTexts = {
    "authentication failure; logname= uid=0 euid=0 tty=NODEVssh ruser= rhost=218.188.2.#",
    "session opened for user cyrus by (uid=#)",
    "connect from unknown[203.0.113.7], # connections so far, all of them short",
    "check pass; user unknown, attempt # within the last hour of this day"};

std::string syslog_header(std::size_t number, Random& random) {
  constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::uint32_t day = 1 + below(28, random);
  std::string line = std::string(kMonths[below(12, random)]) + (day < 10 ? "  " : " ");
  line += std::to_string(day) + " " + clock_time(number) + " ";
  line += std::string(kHosts[below(kHosts.size(), random)]) + " ";
  const std::string_view program = kPrograms[below(kPrograms.size(), random)];
  line += program;
  if (program != "kernel") line += "[" + std::to_string(1 + below(32'768, random)) + "]";
  return line;
}

template <class Make>
Lines made(std::size_t count, std::uint32_t seed, Make make) {
  Random random(seed);
  Lines lines;
  for (std::size_t i = 0; i < count; ++i) lines.push_back(make(i, random));
  return lines;
}

std::string literal_of(std::size_t kind) {
  constexpr std::array<std::string_view, 10> kVerbs = {"Accepted", "Rejected", "Opened",  "Closed",
                                                       "Started",  "Stopped",  "Mounted", "Expired",
                                                       "Renewed",  "Dropped"};
  constexpr std::array<std::string_view, 10> kThings = {
      "publickey", "password", "session",     "volume", "lease",
      "worker",    "socket",   "certificate", "backup", "transaction"};
  return std::string(kVerbs[kind % 10]) + " " + std::string(kThings[kind / 10 % 10]);
}

}  // namespace

Lines access_lines(std::size_t count, std::uint32_t seed) {
  return made(count, seed, access_line);
}

Lines access_near_misses(std::size_t count, std::uint32_t seed) {
  return made(count, seed, [](std::size_t i, Random& random) {
    std::string line = access_line(i, random);
    if (i % 2 == 0) {
      line.pop_back();
    } else {
      line[line.find('"')] = '\'';
    }
    return line;
  });
}

Lines json_lines(std::size_t count, std::uint32_t seed) {
  return made(count, seed, [](std::size_t i, Random& random) {
    return filled(R"({"time":"2026-11-22T)", random) + clock_time(i) +
           filled(R"(Z","level":"info","logger":"orders.worker-#","message":"order # was paid",)"
                  R"("tags":["queue", "paid"],"took_ms":#,"trace":"@@"})",
                  random);
  });
}

Lines syslog_lines(std::size_t count, std::uint32_t seed) {
  return made(count, seed, [](std::size_t i, Random& random) {
    const std::string header = syslog_header(i, random);
    return header + ": " + filled(kTexts[below(kTexts.size(), random)], random);
  });
}

Lines syslog_near_misses(std::size_t count, std::uint32_t seed) {
  return made(count, seed, [](std::size_t i, Random& random) {
    std::string header = syslog_header(i, random);
    const std::string text = filled(kTexts[below(kTexts.size(), random)], random);
    if (i % 2 == 0) return header + " " + text;
    header.erase(header.find(':') + 3, 3);
    return header + ": " + text;
  });
}

std::vector<std::string> candidate_expressions(std::size_t kinds) {
  std::vector<std::string> expressions;
  for (std::size_t kind = 0; kind < kinds; ++kind) {
    expressions.push_back("%{SYSLOGBASE} " + literal_of(kind) +
                          " for %{USER:user} from %{IPORHOST:peer} port %{POSINT:port:int}");
  }
  return expressions;
}

Lines lines_of_last_candidate(std::size_t kinds, std::size_t count, std::uint32_t seed) {
  return made(count, seed, [&](std::size_t i, Random& random) {
    return syslog_header(i, random) + ": " + literal_of(kinds - 1) + " for user" +
           std::to_string(below(500, random)) + " from " + client(random) + " port " +
           std::to_string(1024 + below(60'000, random));
  });
}

}  // namespace tocsin::bench::grok
