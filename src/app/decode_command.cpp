#include "src/app/decode_command.hpp"

#include <cstdint>
#include <fstream>
#include <iostream>
#include <iterator>
#include <ostream>
#include <string_view>

#include "ingest/statsd/decoder.hpp"
#include "ingest/statsd/sample_event.hpp"
#include "src/api/json.hpp"
#include "src/event/event_access.hpp"
#include "tocsin/result.hpp"

namespace tocsin::app {
namespace {

// Writes everything it is given as NDJSON; is never full.
class PrintingIntake final : public Intake {
 public:
  explicit PrintingIntake(std::ostream& out) : out_(out) {}

  void origin(const Origin& origin) { origin_ = origin; }

  std::size_t samples(std::span<const RawSample> samples,
                      const IdentityResolver& resolver) override {
    for (const RawSample& sample : samples) {
      const auto identity = resolver.resolve(sample);
      if (!identity) {
        reject(RejectCause::kName, sample.name, 0, identity.error().text);
      } else {
        print(statsd::sample_event(sample, *identity, origin_));
      }
    }
    return samples.size();
  }
  bool event(const EventView& event) override {
    print(event::to_event(event));
    return true;
  }
  void drop(std::size_t) override {}
  void reject(RejectCause cause, std::string_view record, std::size_t offset,
              std::string_view text) override {
    line_ = "{\"error\":";
    api::append_json(text, line_);
    line_ += ",\"cause\":";
    api::append_json(to_string(cause), line_);
    line_ += ",\"offset\":" + std::to_string(offset) + ",\"record\":";
    api::append_json(record, line_);
    out_ << line_ << "}\n";
  }

 private:
  void print(const Event& event) {
    line_.clear();
    api::append_json(event, line_);
    out_ << line_ << "\n";
  }

  std::ostream& out_;
  Origin origin_;
  std::string line_;
};

Result<statsd::Options> statsd_options(const DecodeOptions& options) {
  statsd::Options decoding;
  if (options.dialect == "statsd") {
    decoding.dialect = statsd::Dialect::kStatsd;
  } else if (options.dialect == "etsy-strict") {
    decoding.dialect = statsd::Dialect::kEtsyStrict;
  } else if (options.dialect == "dogstatsd") {
    decoding.dialect = statsd::Dialect::kDogstatsd;
  } else {
    return Error{Errc::kUnknownName, "--dialect",
                 "found '" + options.dialect + "', expected statsd, etsy-strict or dogstatsd"};
  }
  if (options.gauge_sign == "delta") {
    decoding.gauge_sign = statsd::GaugeSign::kDelta;
  } else if (options.gauge_sign == "absolute") {
    decoding.gauge_sign = statsd::GaugeSign::kAbsolute;
  } else if (!options.gauge_sign.empty()) {
    return Error{Errc::kUnknownName, "--gauge-sign",
                 "found '" + options.gauge_sign + "', expected delta or absolute"};
  }
  return decoding;
}

Result<std::string> read_all(const std::string& file) {
  if (file == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  std::ifstream in(file, std::ios::binary);
  if (!in) return Error{Errc::kIo, file, "cannot be opened"};
  return std::string(std::istreambuf_iterator<char>(in), {});
}

std::string container_of(const DecodeOptions& options, const std::string& file) {
  if (!options.container.empty()) return options.container;
  if (file.ends_with(".dgram")) return "dgram";
  return file.ends_with(".bin") ? "stream" : "lines";
}

std::uint32_t big_endian(std::string_view bytes) {
  std::uint32_t value = 0;
  for (const char c : bytes.substr(0, 4)) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

// Hands each datagram of `bytes` to `decode`.
template <class Decode>
Result<void> split(const std::string& container, std::string_view bytes, const std::string& file,
                   Decode&& decode) {
  if (container == "stream") {
    decode(bytes);
  } else if (container == "lines") {
    while (!bytes.empty()) {
      const std::string_view line = bytes.substr(0, bytes.find('\n'));
      decode(line);
      bytes.remove_prefix(std::min(line.size() + 1, bytes.size()));
    }
  } else if (container == "dgram") {
    const std::size_t size = bytes.size();
    while (!bytes.empty()) {
      const std::string where = file + ": offset " + std::to_string(size - bytes.size());
      if (bytes.size() < 4) return Error{Errc::kSyntax, where, "a length of 4 bytes is cut short"};
      const std::uint32_t length = big_endian(bytes);
      bytes.remove_prefix(4);
      if (length > bytes.size()) {
        return Error{Errc::kSyntax, where,
                     "found a datagram of " + std::to_string(length) + " bytes, but only " +
                         std::to_string(bytes.size()) + " follow"};
      }
      decode(bytes.substr(0, length));
      bytes.remove_prefix(length);
    }
  } else {
    return Error{Errc::kUnknownName, "--container",
                 "found '" + container + "', expected dgram, stream or lines"};
  }
  return {};
}

}  // namespace

int run_decode(const DecodeOptions& options, std::ostream& out, std::ostream& err) {
  const auto complain = [&](const Error& error) {
    err << "tocsin decode: " << error.message() << "\n";
    return 1;
  };
  if (options.protocol != "statsd") {
    return complain(
        {Errc::kUnsupported, "", "found protocol '" + options.protocol + "', expected statsd"});
  }
  const auto decoding = statsd_options(options);
  if (!decoding) return complain(decoding.error());
  PrintingIntake intake(out);
  for (const std::string& file : options.files) {
    const auto bytes = read_all(file);
    if (!bytes) return complain(bytes.error());
    statsd::Decoder decoder(*decoding, intake);
    const auto done = split(container_of(options, file), *bytes, file, [&](std::string_view part) {
      // The intake is never full, so one call takes everything.
      (void)decoder.decode(part, Origin{});
      (void)decoder.flush();
    });
    if (!done) return complain(done.error());
  }
  return 0;
}

}  // namespace tocsin::app
