#include "ingest/riemann/reply.hpp"

#include <cstdint>

#include "ingest/riemann/wire_reader.hpp"
#include "ingest/riemann/wire_writer.hpp"

namespace tocsin::riemann {
namespace {

constexpr std::uint32_t kOk = 2;
constexpr std::uint32_t kError = 3;

}  // namespace

Result<Reply> parse_reply(std::string_view msg) {
  Reply reply;
  Refusal refusal;
  WireReader reader(msg, refusal);
  bool good = true;
  while (good && !reader.at_end()) {
    std::uint32_t tag = 0;
    std::uint64_t flag = 0;
    good = reader.read_tag(tag);
    if (!good) break;
    switch (tag) {
      case wire_tag(kOk, WireType::kVarint):
        good = reader.read_varint(flag);
        reply.ok = flag != 0;
        break;
      case wire_tag(kError, WireType::kBytes):
        good = reader.read_bytes(reply.error);
        break;
      default:
        good = reader.skip(tag);
    }
  }
  if (good) return reply;
  const auto offset = refusal.at - msg.data();
  return Error{Errc::kSyntax, "offset " + std::to_string(offset),
               "no answer of a Riemann server: " + std::string(refusal.text)};
}

void append_ok(std::string& msg) {
  append_varint_field(kOk, 1, msg);
}

void append_error(std::string_view text, std::string& msg) {
  append_varint_field(kOk, 0, msg);
  append_bytes_field(kError, text, msg);
}

}  // namespace tocsin::riemann
