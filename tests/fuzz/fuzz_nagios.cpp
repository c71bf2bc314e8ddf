// Any bytes through Nagios' decoders. Properties: all bytes are taken; every result, measurement
// and refusal is counted once, also when the intake refuses in between; offsets lie inside the
// input; what a perfdata item views lies inside the perfdata.
// Input:   the first byte chooses: 0x01 a fickle intake, 0x02 which drops; the two bits 0x0c one of
//          command lines, a packet in the clear, an NSCA stream, perfdata alone. Of an NSCA stream
//          the bits 0x30 choose the method, and each packet's CRC is made right with 0x40.
#include <zlib.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "ingest/nagios/nsca_decoder.hpp"
#include "ingest/nagios/nsca_server.hpp"
#include "ingest/nagios/passive_decoder.hpp"
#include "tests/unit/ingest/nagios/naive_count.hpp"

namespace {

using namespace tocsin::nagios;

void require(bool holds) {
  if (!holds) std::abort();
}

class CountingIntake final : public tocsin::Intake {
 public:
  CountingIntake(std::size_t input_bytes, bool fickle)
      : input_bytes_(input_bytes), fickle_(fickle) {}

  [[nodiscard]] std::size_t samples(std::span<const tocsin::RawSample>,
                                    const tocsin::IdentityResolver&) override {
    std::abort();
  }
  [[nodiscard]] bool event(const tocsin::EventView& event) override {
    if (fickle_ && ++calls_ % 3 == 0) return false;
    require(!event.service.empty() && !event.host.empty());
    // Reads every byte of every text, which the address sanitizer watches.
    std::size_t sum = 0;
    for (const std::string_view text :
         {event.host, event.service, event.state, event.description}) {
      for (const char c : text) sum += static_cast<unsigned char>(c);
    }
    for (const tocsin::AttributeView& attribute : event.attributes) {
      require(!attribute.key.empty() && !attribute.value.empty());
      for (const char c : attribute.value) sum += static_cast<unsigned char>(c);
    }
    bytes_ += sum;
    ++count;
    return true;
  }
  void drop(std::size_t records) override { count += records; }
  void reject(tocsin::RejectCause cause, std::string_view, std::size_t offset,
              std::string_view text) override {
    require(cause < tocsin::RejectCause::kCount_ && !text.empty() && offset <= input_bytes_);
    ++count;
  }

  std::size_t count = 0;

 private:
  std::size_t input_bytes_;
  bool fickle_;
  std::size_t calls_ = 0;
  std::size_t bytes_ = 0;
};

void run(tocsin::Decoder& decoder, std::string_view input, bool drops) {
  while (!input.empty()) {
    const std::size_t taken = decoder.decode(input, {});
    require(taken <= input.size());
    input.remove_prefix(taken);
    if (!input.empty() && drops) decoder.drop();
  }
  require(decoder.flush());
}

// A packet of the bytes there are, zeros behind them.
std::string packet_of(std::string_view input, bool old) {
  std::string packet(old ? nsca::kOldPacketBytes : nsca::kPacketBytes, '\0');
  input.substr(0, packet.size()).copy(packet.data(), packet.size());
  return packet;
}

void make_good(std::string& stream, std::uint32_t time) {
  const auto put = [&](std::size_t at, std::uint32_t value) {
    for (std::size_t i = 0; i < 4; ++i) stream[at + i] = static_cast<char>(value >> 8 * (3 - i));
  };
  for (std::size_t at = 0; at + nsca::kPacketBytes <= stream.size(); at += nsca::kPacketBytes) {
    stream[at] = 0;
    stream[at + 1] = 3;
    put(at + nsca::kCrcOffset, 0);
    put(at + nsca::kTimeOffset, time);
    put(at + nsca::kCrcOffset,
        static_cast<std::uint32_t>(
            ::crc32(0, reinterpret_cast<const Bytef*>(stream.data() + at), nsca::kPacketBytes)));
  }
}

void run_stream(std::string stream, std::uint8_t choice, CountingIntake& intake) {
  constexpr std::array<nsca::Method, 4> kMethods = {
      nsca::Method::kNone, nsca::Method::kXor, nsca::Method::kTripleDes, nsca::Method::kAes256};
  const nsca::Method method = kMethods[choice >> 4U & 3U];
  const bool good = (choice & 0x40U) != 0 && method == nsca::Method::kNone;
  if (good) {
    stream.resize((stream.size() + nsca::kPacketBytes - 1) / nsca::kPacketBytes *
                  nsca::kPacketBytes);
    make_good(stream, 7);
  }
  const tocsin::TimePoint now{std::chrono::seconds(7)};
  NscaServer server({*nsca::Key::make(method, "fuzz")}, nsca::Iv{}, now);
  NscaDecoder decoder({}, intake);
  std::string_view rest = stream;
  std::size_t packets = 0;
  for (;;) {
    const NscaServer::Step step = server.step(rest, now);
    require(step.consumed <= rest.size());
    if (step.kind == NscaServer::Step::Kind::kNeedMore) break;
    if (step.kind == NscaServer::Step::Kind::kFault) {
      require(!good && !step.text.empty());
      return;
    }
    if (step.kind == NscaServer::Step::Kind::kMessage) {
      if (decoder.decode(step.message, {}) == 0) {
        if ((choice & 0x02U) != 0) decoder.drop();
        continue;
      }
      server.acknowledge();
      ++packets;
    }
    rest.remove_prefix(step.consumed);
  }
  require(rest.size() < nsca::kPacketBytes);
  if (good) require(packets == stream.size() / nsca::kPacketBytes && intake.count >= packets);
}

void read_items(std::string_view perfdata) {
  PerfReader reader(perfdata);
  PerfItem item;
  std::optional<Refusal> refusal;
  const char* last = perfdata.data();
  std::size_t items = 0;
  while (reader.next(item, refusal)) {
    require(!item.text.empty() && item.text.data() >= last);
    last = item.text.data() + item.text.size();
    require(last <= perfdata.data() + perfdata.size());
    if (refusal) {
      require(refusal->offset <= perfdata.size() && !refusal->text.empty());
    } else {
      require(!item.label.empty() && !item.value.empty());
      require(item.metric.index() != 0 || item.value == "U");
      std::string label;
      unquote(item.label, label);
      require(item.has_quotes || label == item.label || item.text.front() != '\'');
    }
    ++items;
  }
  require(items == tocsin::nagios::testing::naive_items(std::string(perfdata)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::uint8_t choice = bytes[0];
  const std::string_view input(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  const bool drops = (choice & 0x02U) != 0;
  Options options;
  options.max_perfdata = input.size() + 1;  // so that the oracle need not know of them
  options.max_line_bytes = input.size() + 1;
  CountingIntake intake(input.size() + nsca::kPacketBytes, (choice & 0x01U) != 0);
  switch (choice >> 2U & 3U) {
    case 0: {
      PassiveDecoder decoder(options, intake);
      run(decoder, input, drops);
      require(intake.count == tocsin::nagios::testing::naive_count(std::string(input)));
      break;
    }
    case 1: {
      NscaDecoder decoder(options, intake);
      run(decoder, packet_of(input, (choice & 0x40U) != 0), drops);
      require(intake.count >= 1);
      break;
    }
    case 2:
      run_stream(std::string(input), choice, intake);
      break;
    default:
      read_items(input);
  }
  return 0;
}
