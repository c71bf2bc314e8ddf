#include "ingest/tail/plain_decoder.hpp"

#include <array>

#include "ingest/statsd/text.hpp"
#include "ingest/tail/file_search.hpp"

namespace tocsin::tail {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

// How much of the front of `text` is well-formed UTF-8.
std::size_t utf8_prefix(std::string_view text) noexcept {
  std::size_t at = 0;
  while (at < text.size()) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      ++at;
      continue;
    }
    const std::size_t length = statsd::utf8_length(text.substr(at));
    if (length == 0) break;
    at += length;
  }
  return at;
}

}  // namespace

PlainDecoder::PlainDecoder(const PlainOptions& options, std::string_view path, Intake& intake)
    : path_(statsd::to_utf8(path)),
      service_(options.service.empty() ? std::string(base_name_of(path_)) : options.service),
      host_(options.host),
      intake_(intake) {}

std::size_t PlainDecoder::decode(std::string_view bytes, const Origin& origin) {
  if (bytes.empty()) return 0;
  const std::array<AttributeView, 2> attributes{{{"ingest", "tail"}, {"file", path_}}};
  EventView event;
  event.time = origin.received;
  event.host = host_;
  event.service = service_;
  event.description = mended(bytes);
  event.attributes = attributes;
  if (!intake_.event(event)) {
    waits_ = !may_give_up_;
    if (waits_) return 0;
    intake_.drop(1);
  }
  waits_ = may_give_up_ = false;
  return bytes.size();
}

std::string_view PlainDecoder::mended(std::string_view text) {
  std::size_t good = utf8_prefix(text);
  if (good == text.size()) return text;
  mended_.clear();
  for (; !text.empty(); good = utf8_prefix(text)) {
    mended_.append(text.substr(0, good));
    text.remove_prefix(good);
    if (text.empty()) break;
    mended_.append(kReplacement);
    text.remove_prefix(1);
  }
  return mended_;
}

}  // namespace tocsin::tail
