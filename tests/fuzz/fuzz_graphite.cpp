// Any bytes through Graphite's decoders. Properties: all bytes are taken; every line, point and
// frame is counted once, also when the intake refuses in between; offsets lie inside the input; a
// name and a value of a plain event lie inside the input or in the decoder's buffers, which the
// address sanitizer watches.
// Input:   the first byte chooses: lines or a pickle, with templates or without, a fickle intake or
//          not. The rest is one datagram or frame; with 0x10, the templates are in front of it, up
//          to a NUL, one on each line.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/graphite/line_decoder.hpp"
#include "ingest/graphite/pickle_decoder.hpp"
#include "tests/unit/ingest/graphite/naive_decoder.hpp"

namespace {

using tocsin::graphite::LineDecoder;
using tocsin::graphite::Options;
using tocsin::graphite::Pickle;
using tocsin::graphite::PickleDecoder;
using tocsin::graphite::Templates;

void require(bool holds) {
  if (!holds) std::abort();
}

class CountingIntake final : public tocsin::Intake {
 public:
  CountingIntake(std::string_view input, bool fickle) : input_(input), fickle_(fickle) {}

  [[nodiscard]] std::size_t samples(std::span<const tocsin::RawSample>,
                                    const tocsin::IdentityResolver&) override {
    std::abort();
  }
  [[nodiscard]] bool event(const tocsin::EventView& event) override {
    if (fickle_ && ++calls_ % 3 == 0) return false;
    require(!event.service.empty() && event.metric.index() != 0);
    require(event.time.time_since_epoch().count() >= 0);
    // Reads every byte of every text.
    std::size_t sum = 0;
    for (const std::string_view text : {event.host, event.service}) {
      for (const char c : text) sum += static_cast<unsigned char>(c);
    }
    for (const tocsin::AttributeView& attribute : event.attributes) {
      require(!attribute.key.empty() && !attribute.value.empty());
      sum += std::string(attribute.key).size() + std::string(attribute.value).size();
    }
    require(sum != 0 || event.service.front() == '\0');
    ++count;
    return true;
  }
  void drop(std::size_t records) override { count += records; }
  void reject(tocsin::RejectCause cause, std::string_view, std::size_t offset,
              std::string_view text) override {
    require(cause < tocsin::RejectCause::kCount_ && !text.empty() && offset <= input_.size());
    ++count;
  }

  std::size_t count = 0;

 private:
  std::string_view input_;
  bool fickle_;
  std::size_t calls_ = 0;
};

// Takes the templates off the front of `input`; those that do not compile are refused with a place.
std::shared_ptr<const Templates> take_templates(std::string_view& input) {
  const std::size_t end = std::min(input.find('\0'), input.size());
  std::vector<std::string> texts(1);
  for (const char c : input.substr(0, end)) {
    if (c == '\n') {
      texts.emplace_back();
    } else {
      texts.back() += c;
    }
  }
  input.remove_prefix(std::min(end + 1, input.size()));
  auto compiled = Templates::compile(texts);
  if (!compiled) {
    require(!compiled.error().where.empty() && !compiled.error().text.empty());
    return nullptr;
  }
  return std::make_shared<const Templates>(*std::move(compiled));
}

// `input` once more for everything that is left, giving up what is refused if `drops`.
void run(tocsin::Decoder& decoder, std::string_view input, bool drops) {
  while (!input.empty()) {
    const std::size_t taken = decoder.decode(input, {});
    require(taken <= input.size());
    input.remove_prefix(taken);
    if (!input.empty() && drops) decoder.drop();
  }
  require(decoder.flush());
}

std::size_t points_of(std::string_view frame, const Options& options) {
  if (frame.empty()) return 0;
  Pickle pickle(options.max_pickle_values);
  if (pickle.read(frame) || !pickle.root().has_items()) return 1;
  return pickle.size(pickle.root()) + (pickle.end() == frame.size() ? 0 : 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::uint8_t choice = bytes[0];
  std::string_view input(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  Options options;
  options.max_line_bytes = input.size();  // so that the oracle need not know of it
  options.max_pickle_values = 10'000;
  if ((choice & 0x10U) != 0) options.templates = take_templates(input);
  CountingIntake intake(input, (choice & 0x02U) != 0);
  if ((choice & 0x01U) == 0) {
    LineDecoder decoder(options, intake);
    run(decoder, input, (choice & 0x04U) != 0);
    require(intake.count == tocsin::graphite::testing::naive_lines(input).size());
  } else {
    PickleDecoder decoder(options, intake);
    run(decoder, input, (choice & 0x04U) != 0);
    require(intake.count == points_of(input, options));
  }
  return 0;
}
