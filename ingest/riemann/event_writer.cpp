#include "ingest/riemann/event_writer.hpp"

#include <bit>
#include <cassert>
#include <chrono>
#include <cstdint>
#include <variant>

#include "ingest/riemann/wire_writer.hpp"

namespace tocsin::riemann {
namespace {

constexpr std::uint32_t kEvents = 6;  // field of a Msg

void append_text(std::uint32_t field, std::string_view text, std::string& out) {
  if (!text.empty()) append_bytes_field(field, text, out);
}

void append_attribute(const AttributeView& attribute, std::string& out) {
  const std::size_t begin = out.size();
  append_bytes_field(1, attribute.key, out);
  append_bytes_field(2, attribute.value, out);
  enclose_in_field(9, begin, out);
}

constexpr std::uint64_t zigzag(std::int64_t value) noexcept {
  return static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63);
}

void append_metric(const Metric& metric, std::string& out) {
  if (const auto* integer = std::get_if<std::int64_t>(&metric)) {
    append_varint_field(13, zigzag(*integer), out);
  } else if (const auto* real = std::get_if<double>(&metric)) {
    append_fixed_field(14, std::bit_cast<std::uint64_t>(*real), out);
  }
}

}  // namespace

void append_event(const EventView& event, std::string& msg) {
  using std::chrono::floor;
  const std::size_t begin = msg.size();
  const auto time = event.time.time_since_epoch();
  const auto seconds = floor<std::chrono::seconds>(time).count();
  append_varint_field(1, static_cast<std::uint64_t>(seconds), msg);
  append_text(2, event.state, msg);
  append_text(3, event.service, msg);
  append_text(4, event.host, msg);
  append_text(5, event.description, msg);
  for (const std::string_view tag : event.tags) append_bytes_field(7, tag, msg);
  if (event.ttl) {
    const std::chrono::duration<float> ttl = std::chrono::duration<double>(*event.ttl);
    append_fixed_field(8, std::bit_cast<std::uint32_t>(ttl.count()), msg);
  }
  for (const AttributeView& attribute : event.attributes) append_attribute(attribute, msg);
  const auto micros = floor<std::chrono::microseconds>(time).count();
  append_varint_field(10, static_cast<std::uint64_t>(micros), msg);
  append_metric(event.metric, msg);
  enclose_in_field(kEvents, begin, msg);
}

void append_frame(std::string_view msg, std::string& out) {
  assert(msg.size() <= UINT32_MAX);
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(msg.size() >> shift);
  out += msg;
}

}  // namespace tocsin::riemann
