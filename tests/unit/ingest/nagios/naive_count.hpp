// Counts what a passive line must give, written as plainly as possible: the lines, and behind a
// good head the items of the perfdata. How an item is judged is perfdata_test.cpp's business; that
// each is counted once is this one's.
#pragma once

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

namespace tocsin::nagios::testing {

inline bool is_number_up_to(const std::string& text, unsigned long long limit) {
  if (text.empty() || text.size() > 18) return false;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
  }
  return std::stoull(text) <= limit;
}

inline std::string plain_text(const std::string& escaped) {
  std::string text;
  for (std::size_t i = 0; i < escaped.size(); ++i) {
    const char next = i + 1 < escaped.size() ? escaped[i + 1] : ' ';
    if (escaped[i] == '\\' && (next == 'n' || next == '\\')) {
      text += next == 'n' ? '\n' : '\\';
      ++i;
    } else {
      text += escaped[i];
    }
  }
  return text;
}

inline bool is_perf_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// A word goes on over blanks while a quote at its front is open.
inline std::size_t naive_items(const std::string& perfdata) {
  std::size_t items = 0;
  std::size_t at = 0;
  for (;;) {
    while (at < perfdata.size() && is_perf_blank(perfdata[at])) ++at;
    if (at == perfdata.size()) return items;
    ++items;
    if (perfdata[at] == '\'') {
      std::size_t closing = at + 1;
      while (closing < perfdata.size()) {
        if (perfdata[closing] != '\'') {
          ++closing;
        } else if (closing + 1 < perfdata.size() && perfdata[closing + 1] == '\'') {
          closing += 2;
        } else {
          break;
        }
      }
      if (closing < perfdata.size()) at = closing + 1;
    }
    while (at < perfdata.size() && !is_perf_blank(perfdata[at])) ++at;
  }
}

inline std::size_t naive_count_line(std::string line) {
  if (!line.empty() && line.back() == '\r') line.pop_back();
  std::size_t at = line.find_first_not_of(" \t");
  if (at == std::string::npos) return 0;
  if (line[at] == '[') {
    const std::size_t end = line.find(']', at);
    if (end == std::string::npos) return 1;
    if (!is_number_up_to(line.substr(at + 1, end - at - 1), 9'223'372'035)) return 1;
    at = line.find_first_not_of(" \t", end + 1);
    if (at == std::string::npos) return 1;
  }
  // The head ends at the fourth or third semicolon; what is behind it is the output.
  const std::string body = line.substr(at);
  const bool service = body.starts_with("PROCESS_SERVICE_CHECK_RESULT;");
  if (!service && !body.starts_with("PROCESS_HOST_CHECK_RESULT;")) return 1;
  std::vector<std::string> head;
  std::size_t begin = 0;
  while (head.size() < (service ? 4U : 3U) && begin <= body.size()) {
    const std::size_t end = std::min(body.find(';', begin), body.size());
    head.push_back(body.substr(begin, end - begin));
    begin = end + 1;
  }
  if (head.size() < (service ? 4U : 3U) || !is_number_up_to(head.back(), 255)) return 1;
  for (const std::string& field : head) {
    if (field.empty()) return 1;
  }
  const std::string output = plain_text(begin < body.size() ? body.substr(begin) : "");
  const std::size_t line_end = std::min(output.find('\n'), output.size());
  std::size_t count = 1;
  for (const std::string& part :
       {output.substr(0, line_end), output.substr(std::min(line_end + 1, output.size()))}) {
    const std::size_t bar = part.find('|');
    if (bar != std::string::npos) count += naive_items(part.substr(bar + 1));
  }
  return count;
}

inline std::size_t naive_count(const std::string& text) {
  std::size_t count = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) count += naive_count_line(line);
  return count;
}

}  // namespace tocsin::nagios::testing
