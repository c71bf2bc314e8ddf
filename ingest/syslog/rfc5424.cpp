#include "ingest/syslog/rfc5424.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "ingest/syslog/delimiter_scan.hpp"

namespace tocsin::syslog {
namespace {

using FieldScan = DelimiterScan<' '>;
using ValueScan = DelimiterScan<'"', '\\'>;

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string_view view(const char* begin, const char* end) noexcept {
  return {begin, static_cast<std::size_t>(end - begin)};
}

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

bool is_name(std::string_view name) noexcept {
  return !name.empty() && name.size() <= kMaxNameBytes;
}

// One field of the header and the blank behind it. False, and `at` unmoved, when there is none.
[[gnu::always_inline]] inline bool read_field(FieldScan& scan, const char*& at, const char* end,
                                              std::string_view& field) noexcept {
  const char* const blank = scan.next(at);
  const std::string_view found = view(at, blank);
  if (blank == end || !is_name(found)) return false;
  if (found.size() > 1 || *at != '-') field = found;
  at = blank + 1;
  return true;
}

// The time and the blank behind it. A time that is none is passed over.
bool read_time(const char*& at, const char* end, IsoTimeReader& times, Message& message) noexcept {
  const IsoTime time = times.read(view(at, end));
  const char* blank = at + time.size;
  if (!time.has_offset || blank == end || *blank != ' ') {
    blank = std::find(at, end, ' ');
    if (blank == at || blank == end) return false;
    if (view(at, blank) != "-") message.malformed = malformed::kTimestamp;
  } else {
    message.time = time.time;
  }
  at = blank + 1;
  return true;
}

// Host to message id.
bool read_names(const char*& at, const char* end, Message& message) noexcept {
  FieldScan fields(at, end);
  return read_field(fields, at, end, message.host) && read_field(fields, at, end, message.app) &&
         read_field(fields, at, end, message.procid) && read_field(fields, at, end, message.msgid);
}

// The value behind `name="`; `at` then stands behind the closing quote. False: there is none.
bool read_value(ValueScan& scan, const char*& at, const char* end, Parameter& parameter) noexcept {
  const char* const begin = at;
  for (;;) {
    at = scan.next(at);
    if (at == end) return false;
    if (*at == '"') break;
    parameter.escaped = true;
    at += end - at > 1 ? 2 : 1;
  }
  parameter.value = view(begin, at);
  ++at;
  return true;
}

// Where the name of an element or a parameter ends. A loop: one program's names are much the same
// in all of its messages, so that the branches of the loop are foreseen.
constexpr std::array<bool, 256> kEndsName = [] {
  std::array<bool, 256> table{};
  for (const char c : {'=', ' ', ']', '"'}) table[static_cast<unsigned char>(c)] = true;
  return table;
}();
const char* find_name_end(const char* at, const char* end) noexcept {
  while (at != end && !kEndsName[static_cast<unsigned char>(*at)]) ++at;
  return at;
}

// The next parameter, for its reader to fill: copies of whole parameters cost more than reading
// them. nullptr: there may be no more.
Parameter* next_parameter(std::vector<Parameter>& parameters, std::size_t max_parameters,
                          std::string_view id) {
  if (parameters.size() == max_parameters) return nullptr;
  Parameter& parameter = parameters.emplace_back();
  parameter.id = id;
  return &parameter;
}

// The elements from `at`, where a '[' stands, to the end of the last. nullptr: not well-formed, or
// too many parameters.
const char* read_elements(const char* at, const char* end, std::size_t max_parameters,
                          std::vector<Parameter>& parameters) {
  ValueScan values(at, end);
  while (at != end && *at == '[') {
    const char* const id_begin = at + 1;
    at = find_name_end(id_begin, end);
    const std::string_view id = view(id_begin, at);
    if (at == end || !is_name(id)) return nullptr;
    const std::size_t parameters_before = parameters.size();
    for (;;) {
      if (at == end || (*at != ' ' && *at != ']')) return nullptr;
      while (at != end && *at == ' ') ++at;
      if (at == end) return nullptr;
      if (*at == ']') break;
      const char* const name = at;
      at = find_name_end(name, end);
      if (end - at < 2 || at[0] != '=' || at[1] != '"' || !is_name(view(name, at))) return nullptr;
      Parameter* const parameter = next_parameter(parameters, max_parameters, id);
      if (parameter == nullptr) return nullptr;
      parameter->name = view(name, at);
      at += 2;
      if (!read_value(values, at, end, *parameter)) return nullptr;
    }
    if (parameters.size() == parameters_before &&
        next_parameter(parameters, max_parameters, id) == nullptr) {
      return nullptr;
    }
    ++at;
  }
  return at;
}

}  // namespace

bool begins_rfc5424(std::string_view text) noexcept {
  if (!text.starts_with("1 ")) return false;
  text.remove_prefix(2);
  if (text.starts_with("- ")) return true;
  return text.size() > 4 && is_digit(text[0]) && is_digit(text[1]) && is_digit(text[2]) &&
         is_digit(text[3]) && text[4] == '-';
}

std::string_view read_rfc5424_header(std::string_view text, IsoTimeReader& times,
                                     Message& message) noexcept {
  const char* at = text.data() + 2;
  const char* const end = text.data() + text.size();
  if (read_time(at, end, times, message) && read_names(at, end, message)) return view(at, end);
  message.malformed = malformed::kHeader;
  message.text = view(at, end);
  return {};
}

void read_rfc5424_data(std::string_view rest, std::size_t max_parameters, Message& message) {
  const char* const end = rest.data() + rest.size();
  const char* data_end = nullptr;
  if (rest.starts_with('-')) data_end = rest.data() + 1;
  if (rest.starts_with('[')) {
    data_end = read_elements(rest.data(), end, max_parameters, message.parameters);
  }
  if (data_end == nullptr || !read_rfc5424_text(view(data_end, end), message)) {
    message.parameters.clear();
    message.malformed = malformed::kStructuredData;
    message.text = rest;
  } else if (!message.parameters.empty()) {
    message.data = view(rest.data(), data_end);
  }
}

bool read_rfc5424_text(std::string_view rest, Message& message) noexcept {
  if (!rest.empty() && rest.front() != ' ') return false;
  message.text = rest.empty() ? rest : rest.substr(1);
  if (message.text.starts_with(kByteOrderMark)) message.text.remove_prefix(kByteOrderMark.size());
  return true;
}

char* unescape_value(std::string_view value, char* out) noexcept {
  const auto is_escaped = [](char c) { return c == '"' || c == '\\' || c == ']'; };
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] == '\\' && i + 1 < value.size() && is_escaped(value[i + 1])) ++i;
    *out++ = value[i];
  }
  return out;
}

}  // namespace tocsin::syslog
