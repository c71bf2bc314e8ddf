#include "ingest/gelf/decoder.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace tocsin::gelf {
namespace {

using json_lines::ObjectReader;

constexpr std::size_t kInflateStep = 16 * 1024;

// Framing on a stream, or what a client puts at the end of a datagram.
std::string_view without_end(std::string_view bytes) noexcept {
  const auto is_end = [](char c) { return c == '\n' || c == '\r' || c == '\0'; };
  while (!bytes.empty() && is_end(bytes.back())) bytes.remove_suffix(1);
  return bytes;
}

}  // namespace

Decoder::Decoder(Options options, Intake& intake)
    : options_(std::move(options)),
      intake_(intake),
      chunks_(options_.chunks,
              [this](std::string_view parts, std::string_view text) {
                intake_.reject(RejectCause::kTruncated, parts, 0, text);
              }),
      object_(options_.limits, {}),
      fields_(options_.default_level),
      writer_({"gelf", options_.default_host, options_.default_service}, intake) {}

std::size_t Decoder::decode(std::string_view bytes, const Origin& origin) {
  const bool taken = begins_chunk(bytes) ? take_chunk(bytes, origin) : take_message(bytes, origin);
  return taken ? bytes.size() : 0;
}

bool Decoder::take_chunk(std::string_view datagram, const Origin& origin) {
  using Kind = ChunkAssembler::Outcome::Kind;
  const ChunkAssembler::Outcome outcome = chunks_.add(datagram, origin);
  if (outcome.kind == Kind::kWaits) return true;
  if (outcome.kind == Kind::kRefused) {
    intake_.reject(outcome.cause, datagram, outcome.offset, outcome.text);
    return true;
  }
  if (!take_message(outcome.message, origin)) return false;
  chunks_.finish();
  return true;
}

bool Decoder::take_message(std::string_view message, const Origin& origin) {
  std::string_view text = message;
  if (wire::begins_gzip(message) || wire::begins_zlib(message)) {
    const std::optional<std::string_view> inflated = inflate(message);
    if (!inflated) return true;
    text = *inflated;
  }
  text = without_end(text);
  if (text.empty()) return true;
  if (text.size() > options_.max_message_bytes) {
    intake_.reject(RejectCause::kOversized, message, 0, "the message is longer than the limit");
    return true;
  }
  switch (object_.read(text)) {
    case ObjectReader::Status::kObject:
      break;
    case ObjectReader::Status::kNoObject:
      intake_.reject(
          RejectCause::kSyntax, text, 0,
          text.front() == '{'
              ? object_.fault()
              : "found another message, expected a JSON object, zlib or gzip data, or a chunk");
      return true;
    case ObjectReader::Status::kTooManyMembers:
      intake_.reject(RejectCause::kOversized, text, 0, "more members than the limit");
      return true;
    case ObjectReader::Status::kLongKey:
      intake_.reject(RejectCause::kOversized, text, 0,
                     "the name of a member is longer than the limit");
      return true;
  }
  writer_.clear();
  EventView event;
  event.time = origin.received;
  if (!fields_.fill(object_.fields(), event, writer_)) {
    intake_.reject(RejectCause::kValue, text, 0, "found no text, expected a short_message");
    return true;
  }
  return writer_.write(event, origin);
}

// The message, or nothing when it was refused.
std::optional<std::string_view> Decoder::inflate(std::string_view message) {
  using Status = wire::Inflater::Status;
  const std::size_t most = options_.max_message_bytes + 1;
  std::size_t used = 0;
  std::size_t written = 0;
  inflater_.restart();
  for (;;) {
    if (inflated_.size() == written) inflated_.resize(std::min(most, written + kInflateStep));
    const wire::Inflater::Step step =
        inflater_.step(message.substr(used), std::span(inflated_).subspan(written));
    used += step.used;
    written += step.written;
    if (step.status == Status::kBroken) {
      intake_.reject(RejectCause::kSyntax, message, used, "compressed message that is damaged");
      return std::nullopt;
    }
    if (written == most) {
      intake_.reject(RejectCause::kOversized, message, used,
                     "the message is longer than the limit when inflated");
      return std::nullopt;
    }
    if (step.status == Status::kEnd) return std::string_view(inflated_.data(), written);
    if (written < inflated_.size()) {
      intake_.reject(RejectCause::kTruncated, message, used,
                     "compressed message that ends too early");
      return std::nullopt;
    }
  }
}

}  // namespace tocsin::gelf
