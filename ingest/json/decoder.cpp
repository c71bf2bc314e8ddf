#include "ingest/json/decoder.hpp"

#include <algorithm>
#include <utility>

namespace tocsin::json_lines {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

constexpr bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

constexpr bool is_between(char c) noexcept {
  return is_blank(c) || c == ',' || c == '[' || c == ']';
}

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

// Behind the brace that closes the object at the front of `text`; 0: it is not closed.
std::size_t object_size(std::string_view text) noexcept {
  std::size_t depth = 0;
  bool in_text = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"') {
      in_text = !in_text;
    } else if (in_text) {
      if (c == '\\') ++at;
    } else if (c == '{') {
      ++depth;
    } else if (c == '}' && --depth == 0) {
      return at + 1;
    }
  }
  return 0;
}

// "[" and then an object, or nothing at all.
bool begins_array(std::string_view text) noexcept {
  if (!text.starts_with('[')) return false;
  const std::size_t next = text.find_first_not_of(kBlanks, 1);
  return next != std::string_view::npos && (text[next] == '{' || text[next] == ']');
}

// As text of a line such a thing is more likely a list of numbers or "[error] ...".
bool is_array_line(std::string_view line) noexcept {
  return begins_array(line) && line.ends_with(']');
}

}  // namespace

Decoder::Decoder(Options options, Intake& intake)
    : options_(std::move(options)),
      intake_(intake),
      object_(options_.limits, EventFields::kNames),
      writer_({"json", options_.default_host, options_.default_service}, intake) {}

std::size_t Decoder::decode(std::string_view bytes, const Origin& origin) {
  if (!is_open_) {
    in_array_ = false;
    in_body_ = options_.whole_bodies && is_of_values(bytes);
  }
  std::size_t at = 0;
  if (in_body_) {
    at = take_values(bytes, 0, origin);
  } else {
    while (at < bytes.size()) {
      const std::size_t size = std::min(bytes.find('\n', at), bytes.size() - 1) + 1 - at;
      const std::size_t taken = take_line(bytes.substr(at, size), at, origin);
      at += taken;
      if (taken < size) break;
    }
  }
  is_open_ = at < bytes.size();
  return at;
}

// Whether a body is one array or objects that run over several lines.
bool Decoder::is_of_values(std::string_view body) {
  if (body.starts_with(kByteOrderMark)) body.remove_prefix(kByteOrderMark.size());
  body.remove_prefix(std::min(body.find_first_not_of(kBlanks), body.size()));
  if (begins_array(body)) return true;
  if (!body.starts_with('{')) return false;
  const std::string_view object =
      body.substr(0, object_size(body.substr(0, options_.max_line_bytes)));
  return object.find('\n') != std::string_view::npos &&
         object_.read(object) != ObjectReader::Status::kNoObject;
}

std::size_t Decoder::take_line(std::string_view bytes, std::size_t offset, const Origin& origin) {
  std::string_view line = bytes;
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (!in_array_) {
    if (line.starts_with(kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
    if (!is_array_line(trimmed(line))) {
      const auto mark = static_cast<std::size_t>(line.data() - bytes.data());
      return take_text_line(line, offset + mark, origin) ? bytes.size() : 0;
    }
  }
  const std::size_t taken = take_values(bytes, offset, origin);
  in_array_ = taken < bytes.size();
  return taken;
}

bool Decoder::take_text_line(std::string_view line, std::size_t offset, const Origin& origin) {
  const std::string_view content = trimmed(line);
  if (content.empty()) return true;
  if (line.size() > options_.max_line_bytes) {
    intake_.reject(RejectCause::kOversized, line, offset, "the line is longer than the limit");
    return true;
  }
  const bool begins_object = content.front() == '{';
  if (begins_object) {
    const ObjectReader::Status status = object_.read(content);
    if (status == ObjectReader::Status::kObject) return write_object(origin);
    if (status != ObjectReader::Status::kNoObject) {
      refuse(status, line, offset);
      return true;
    }
  }
  writer_.clear();
  EventView event;
  event.time = origin.received;
  event.description = text_.of(line);
  if (begins_object) writer_.add("malformed", "json");
  return writer_.write(event, origin);
}

std::size_t Decoder::take_values(std::string_view bytes, std::size_t offset, const Origin& origin) {
  std::size_t at = bytes.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  while (at < bytes.size()) {
    if (is_between(bytes[at])) {
      ++at;
      continue;
    }
    std::string_view record = bytes.substr(at);
    if (record.front() != '{') {
      record = record.substr(0, record.find('{'));
      intake_.reject(RejectCause::kSyntax, record, offset + at,
                     "found another value, expected a JSON object");
    } else if (const std::size_t size = object_size(record); size == 0) {
      intake_.reject(RejectCause::kTruncated, record, offset + at,
                     "a JSON object that is not closed");
    } else {
      record = record.substr(0, size);
      if (!take_object(record, offset + at, origin)) break;
    }
    at += record.size();
  }
  return at;
}

bool Decoder::take_object(std::string_view object, std::size_t offset, const Origin& origin) {
  if (object.size() > options_.max_line_bytes) {
    intake_.reject(RejectCause::kOversized, object, offset, "an object longer than the limit");
    return true;
  }
  const ObjectReader::Status status = object_.read(object);
  if (status == ObjectReader::Status::kObject) return write_object(origin);
  refuse(status, object, offset);
  return true;
}

bool Decoder::write_object(const Origin& origin) {
  writer_.clear();
  EventView event;
  event.time = origin.received;
  event.tags = object_.list();
  fields_.fill(object_.fields(), event, writer_);
  return fields_.is_relayed() ? writer_.write_unchanged(event) : writer_.write(event, origin);
}

void Decoder::refuse(ObjectReader::Status status, std::string_view object, std::size_t offset) {
  switch (status) {
    case ObjectReader::Status::kTooManyMembers:
      intake_.reject(RejectCause::kOversized, object, offset, "more members than the limit");
      break;
    case ObjectReader::Status::kLongKey:
      intake_.reject(RejectCause::kOversized, object, offset,
                     "the name of a member is longer than the limit");
      break;
    default:
      intake_.reject(RejectCause::kSyntax, object, offset, object_.fault());
  }
}

}  // namespace tocsin::json_lines
