#include "ingest/collectd/write_http_decoder.hpp"

#include <optional>
#include <utility>
#include <variant>

namespace tocsin::collectd {
namespace {

constexpr bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

constexpr bool is_between(char c) noexcept {
  return is_blank(c) || c == ',' || c == '[' || c == ']';
}

// Behind the bracket that closes the object at the front of `text`; 0: it is not closed.
std::size_t object_size(std::string_view text) noexcept {
  std::size_t depth = 0;
  bool in_text = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (in_text) {
      if (c == '\\') {
        ++at;
      } else if (c == '"') {
        in_text = false;
      }
    } else if (c == '"') {
      in_text = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      if (--depth == 0) return at + 1;
    }
  }
  return 0;
}

bool begins_json(std::string_view body) noexcept {
  for (const char c : body) {
    if (!is_blank(c)) return c == '[' || c == '{';
  }
  return false;
}

}  // namespace

WriteHttpDecoder::WriteHttpDecoder(Options options, RateTable& rates, Intake& intake)
    : options_(std::move(options)),
      intake_(intake),
      lines_(options_, rates, intake),
      object_(options_),
      writer_(options_, rates, intake) {}

std::size_t WriteHttpDecoder::decode(std::string_view bytes, const Origin& origin) {
  if (!is_open_) is_lines_ = !begins_json(bytes);
  if (is_lines_) {
    const std::size_t taken = lines_.decode(bytes, origin);
    is_open_ = taken < bytes.size();
    return taken;
  }
  std::size_t at = 0;
  while (at < bytes.size()) {
    if (is_between(bytes[at])) {
      ++at;
      continue;
    }
    std::string_view record = bytes.substr(at);
    if (record.front() != '{') {
      record = record.substr(0, record.find('{'));
      intake_.reject(RejectCause::kSyntax, record, at, "found other text, expected a JSON object");
    } else if (const std::size_t size = object_size(record); size == 0) {
      intake_.reject(RejectCause::kTruncated, record, at, "a JSON object that is not closed");
    } else {
      record = record.substr(0, size);
      if (!take_object(record, at, origin)) break;
    }
    at += record.size();
  }
  is_open_ = at < bytes.size();
  return at;
}

void WriteHttpDecoder::drop() {
  lines_.drop();
  writer_.give_up(writer_.waits());
}

// False: the intake is full. The object is then offered again.
bool WriteHttpDecoder::take_object(std::string_view object, std::size_t offset,
                                   const Origin& origin) {
  if (!writer_.waits()) {
    if (object.size() > options_.max_object_bytes) {
      intake_.reject(RejectCause::kOversized, object, offset, "an object longer than the limit");
      return true;
    }
    writer_.set_origin(origin);
    const auto read = object_.read(object);
    const Refusal* refusal = nullptr;
    if (const auto* const list = std::get_if<ValueList>(&read)) {
      refusal = writer_.begin(*list);
    } else if (const auto* const notification = std::get_if<Notification>(&read)) {
      refusal = writer_.begin(*notification);
    } else {
      refusal = &std::get<Refusal>(read);
    }
    if (refusal != nullptr) {
      intake_.reject(refusal->cause, object, offset, refusal->text);
      return true;
    }
  }
  if (!writer_.write()) return false;
  writer_.give_up(false);
  return true;
}

}  // namespace tocsin::collectd
