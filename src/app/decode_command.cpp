#include "src/app/decode_command.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>
#include <ostream>
#include <span>
#include <string_view>
#include <utility>
#include <variant>

#include "ingest/nagios/nsca_session.hpp"
#include "ingest/statsd/sample_event.hpp"
#include "src/api/json.hpp"
#include "src/app/inputs/inputs.hpp"
#include "src/app/timestamp.hpp"
#include "src/base/byte_order.hpp"
#include "src/base/clock.hpp"
#include "src/event/event_access.hpp"
#include "src/settings/read_file.hpp"
#include "src/settings/setting_words.hpp"
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

Result<std::string> read_all(const std::string& file) {
  if (file == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  std::ifstream in(file, std::ios::binary);
  if (!in) return Error{Errc::kIo, file, "cannot be opened"};
  return std::string(std::istreambuf_iterator<char>(in), {});
}

enum class Container : std::uint8_t { kDatagrams, kStream, kLines };
constexpr settings::Word<Container> kContainers[] = {
    {"dgram", Container::kDatagrams}, {"stream", Container::kStream}, {"lines", Container::kLines}};

Container container_of(const std::string& file) {
  if (file.ends_with(".dgram")) return Container::kDatagrams;
  return file.ends_with(".bin") ? Container::kStream : Container::kLines;
}

std::uint32_t big_endian(std::string_view bytes) {
  std::uint32_t value = 0;
  for (const char c : bytes.substr(0, 4)) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

// Hands each datagram of `bytes` to `decode`.
template <class Decode>
Result<void> split(Container container, std::string_view bytes, const std::string& file,
                   Decode&& decode) {
  if (container == Container::kStream) {
    decode(bytes);
  } else if (container == Container::kLines) {
    while (!bytes.empty()) {
      const std::string_view line = bytes.substr(0, bytes.find('\n'));
      decode(line);
      bytes.remove_prefix(std::min(line.size() + 1, bytes.size()));
    }
  } else {
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
  }
  return {};
}

// A word of an option to what it stands for.
template <class Enum, std::size_t N>
Result<Enum> choose(const char* option, const std::string& text,
                    const settings::Word<Enum> (&words)[N]) {
  for (const settings::Word<Enum>& word : words) {
    if (word.text == text) return word.value;
  }
  return Error{Errc::kUnknownName, option,
               "found '" + text + "', expected " +
                   settings::listed(std::span<const settings::Word<Enum>>(words))};
}

// A listener of the protocol at all addresses that it can have: where they are does not matter.
template <class L>
L everywhere(std::string host = {}) {
  L listener;
  const settings::Address any{settings::Address::Family::kIpv4, "127.0.0.1", 0};
  listener.udp = any;
  listener.tcp = any;
  listener.unix_datagram = "./unix";
  listener.unix_stream = "./unix_stream";
  if constexpr (requires { listener.host; }) listener.host = std::move(host);
  return listener;
}

template <class L>
Result<Specs> specs_of(const L& listener) {
  Specs specs;
  if (auto added = add_inputs(listener, "", {}, specs); !added) return added.error();
  return specs;
}

Result<Specs> statsd_specs(const DecodeOptions& options) {
  auto listener = everywhere<settings::StatsdListener>(options.host);
  const auto dialect = choose("--dialect", options.dialect, settings::kDialects);
  if (!dialect) return dialect.error();
  listener.dialect = *dialect;
  if (listener.dialect == settings::Dialect::kDogstatsd) {
    listener.gauge_sign = settings::GaugeSign::kAbsolute;
  }
  if (!options.gauge_sign.empty()) {
    const auto sign = choose("--gauge-sign", options.gauge_sign, settings::kGaugeSigns);
    if (!sign) return sign.error();
    listener.gauge_sign = *sign;
  }
  return specs_of(listener);
}

Result<Specs> collectd_specs(const DecodeOptions& options) {
  auto listener = everywhere<settings::CollectdListener>(options.host);
  const auto security = choose("--security", options.security, settings::kSecurities);
  if (!security) return security.error();
  listener.security = *security;
  listener.auth_file = options.auth_file;
  listener.types_db = options.types_db;
  auto specs = specs_of(listener);
  settings::HttpListener http;
  http.types_db = options.types_db;
  http.collectd_rates = options.collectd_rates;
  if (specs) {
    if (auto added = add_inputs(http, {}, *specs); !added) return added.error();
  }
  return specs;
}

Result<Specs> graphite_specs(const DecodeOptions& options) {
  auto listener = everywhere<settings::GraphiteListener>(options.host);
  listener.templates = options.templates;
  listener.pickle = listener.tcp;
  listener.msgpack = listener.udp;
  return specs_of(listener);
}

Result<Specs> syslog_specs(const DecodeOptions& options) {
  auto listener = everywhere<settings::SyslogListener>(options.host);
  listener.relp = listener.tcp;
  return specs_of(listener);
}

Result<Specs> json_specs(const DecodeOptions& options) {
  auto specs = specs_of(everywhere<settings::JsonListener>(options.host));
  if (specs) {
    if (auto added = add_inputs(settings::HttpListener{}, {}, *specs); !added) return added.error();
  }
  return specs;
}

// A connection of send_nsca can only be read with the greeting that it was sent.
Result<Specs> nsca_specs(const DecodeOptions& options) {
  const auto method = nagios::nsca::find_method(options.method);
  if (!method) {
    return Error{Errc::kRange, "--method",
                 "found " + std::to_string(options.method) + ", expected 0, 1, 3 or 14"};
  }
  if (options.greeting.empty()) {
    return Error{Errc::kSyntax, "--greeting",
                 "found none, expected the file with the server's greeting"};
  }
  const auto greeting = read_all(options.greeting);
  if (!greeting) return greeting.error();
  nagios::nsca::Iv iv{};
  if (greeting->size() != iv.size() + 4) {
    return Error{Errc::kSyntax, options.greeting,
                 "found " + std::to_string(greeting->size()) + " bytes, expected 132"};
  }
  std::copy_n(greeting->begin(), iv.size(), iv.begin());
  const TimePoint time{
      std::chrono::seconds(base::load_big_endian<std::uint32_t>(greeting->data() + iv.size()))};
  std::string password;
  if (!options.password_file.empty()) {
    auto read = settings::read_secret(options.password_file);
    if (!read) return read.error();
    password = std::move(*read);
  }
  auto key = nagios::nsca::Key::make(*method, std::move(password));
  if (!key) return key.error();
  nagios::NscaOptions server;
  server.key = std::move(*key);
  server.max_age = std::chrono::seconds(0);
  InputSpec spec;
  spec.name = "nagios.nsca";
  spec.way = StreamInput{{}, [server, iv, time](Intake& intake) {
                           return [server, iv, time, &intake](listen::ConnectionCounters&) {
                             return std::make_unique<nagios::NscaSession>(server, nagios::Options{},
                                                                          iv, time, intake);
                           };
                         }};
  Specs specs;
  specs.push_back(std::move(spec));
  return specs;
}

Result<Specs> all_specs(const DecodeOptions& options) {
  const std::string& protocol = options.protocol;
  if (protocol == "statsd") return statsd_specs(options);
  if (protocol == "collectd") return collectd_specs(options);
  if (protocol == "riemann") return specs_of(everywhere<settings::RiemannListener>());
  if (protocol == "graphite") return graphite_specs(options);
  if (protocol == "syslog") return syslog_specs(options);
  if (protocol == "json") return json_specs(options);
  if (protocol == "gelf") return specs_of(everywhere<settings::GelfListener>());
  if (protocol == "nagios") return specs_of(everywhere<settings::NagiosListener>());
  if (protocol == "nsca") return nsca_specs(options);
  return Error{Errc::kUnknownName, "",
               "found protocol '" + protocol +
                   "', expected statsd, collectd, riemann, graphite, syslog, json, gelf, nagios or "
                   "nsca"};
}

// All ways in of the protocol: of bodies only its own.
Result<Specs> specs_for(const DecodeOptions& options) {
  auto specs = all_specs(options);
  if (!specs) return specs;
  std::erase_if(*specs, [&](const InputSpec& spec) {
    return std::holds_alternative<BodyInput>(spec.way) && spec.name != "http." + options.protocol;
  });
  return specs;
}

// At which address bytes like these come in, when nobody says.
std::string way_of(const std::string& protocol, Container container, std::string_view bytes) {
  const auto begins_with = [&](std::string_view characters) {
    return !bytes.empty() && characters.find(bytes.front()) != std::string_view::npos;
  };
  if (protocol == "nsca") return "nsca";
  if (protocol == "nagios") return "tcp";
  if (protocol == "json") return container == Container::kDatagrams ? "udp" : "tcp";
  if (protocol == "collectd") {
    if (container == Container::kDatagrams) return "udp";
    return begins_with("[{") ? "http" : "unix_stream";
  }
  if (container != Container::kStream) {
    const bool is_array = !bytes.empty() && (static_cast<unsigned char>(bytes[0]) >> 4) == 9;
    return protocol == "graphite" && is_array ? "msgpack" : "udp";
  }
  // Lengths have zeros where texts have none.
  const bool big = bytes.size() > 4 && bytes[0] == '\0';
  const bool little = bytes.size() > 4 && bytes[2] == '\0' && bytes[3] == '\0';
  if (protocol == "graphite" && big) return "pickle";
  if (protocol == "statsd" && little) return "unix_stream";
  const std::string_view head = bytes.substr(0, std::min<std::size_t>(bytes.size(), 24));
  if (protocol == "syslog" && head.find(" open ") != std::string_view::npos) return "relp";
  return "tcp";
}

// Everything at once, and then the end.
void feed(Decoder& decoder, std::string_view bytes, const Origin& origin) {
  // The intake is never full, so one call takes everything.
  (void)decoder.decode(bytes, origin);
  (void)decoder.flush();
}

void feed(listen::Session& session, std::string_view bytes, const Origin& origin) {
  session.open([] {});
  std::string unheard;
  for (;;) {
    session.take_output(unheard);
    unheard.clear();
    const auto step = session.step(bytes, origin, listen::Tail::kEnded);
    bytes.remove_prefix(step.consumed);
    if (step.progress != listen::Session::Progress::kFull) return;
  }
}

// The bytes of one file, as they would have come in.
class Feeder {
 public:
  Feeder(InputSpec& spec, PrintingIntake& intake, const Origin& origin)
      : spec_(spec), intake_(intake), origin_(origin) {
    intake_.origin(origin);
    if (auto* datagrams = std::get_if<DatagramInput>(&spec.way)) {
      decoder_ = datagrams->decoder(intake);
    }
  }

  void operator()(std::string_view part) {
    if (decoder_) return feed(*decoder_, part, origin_);
    if (const auto* bodies = std::get_if<BodyInput>(&spec_.way)) {
      return feed(*bodies->decoder(intake_), part, origin_);
    }
    const auto session = std::get<StreamInput>(spec_.way).sessions(intake_)(counters_);
    feed(*session, part, origin_);
  }

  // What waits for more that will not come is told.
  void end() {
    constexpr auto kLongAfter = std::chrono::hours(1);
    if (spec_.every_second) spec_.every_second(origin_.received + kLongAfter);
  }

 private:
  InputSpec& spec_;
  PrintingIntake& intake_;
  const Origin origin_;
  listen::ConnectionCounters counters_;
  std::unique_ptr<Decoder> decoder_;  // of datagrams
};

Result<InputSpec*> find_way(Specs& specs, const std::string& way) {
  std::string ways;
  for (InputSpec& spec : specs) {
    const bool is_body = std::holds_alternative<BodyInput>(spec.way);
    const std::string name = is_body ? "http" : spec.name.substr(spec.name.rfind('.') + 1);
    if (name == way) return &spec;
    if (ways.find(name) == std::string::npos) ways += (ways.empty() ? "" : ", ") + name;
  }
  return Error{Errc::kUnknownName, "--way", "found '" + way + "', expected one of " + ways};
}

// What is named, and must be possible; empty: nothing is.
Result<std::optional<Container>> find_container(const std::string& name) {
  if (name.empty()) return std::optional<Container>();
  const auto container = choose("--container", name, kContainers);
  if (!container) return container.error();
  return std::optional(*container);
}

Result<void> decode_file(const DecodeOptions& options, const std::string& file, Container container,
                         Specs& specs, const Origin& origin, PrintingIntake& intake) {
  const auto bytes = read_all(file);
  if (!bytes) return bytes.error();
  const bool has_length = container == Container::kDatagrams && bytes->size() > 4;
  const std::string_view payload = std::string_view(*bytes).substr(has_length ? 4 : 0);
  const std::string way =
      options.way.empty() ? way_of(options.protocol, container, payload) : options.way;
  auto spec = find_way(specs, way);
  if (!spec) return spec.error();
  // What a stream takes is not cut into datagrams.
  if (container == Container::kLines && !std::holds_alternative<DatagramInput>((*spec)->way)) {
    container = Container::kStream;
  }
  Feeder feeder(**spec, intake, origin);
  auto done = split(container, *bytes, file, feeder);
  feeder.end();
  return done;
}

Result<void> decode_files(const DecodeOptions& options, const Origin& origin,
                          PrintingIntake& intake) {
  // Options are looked at before any file.
  auto specs = specs_for(options);
  if (!specs) return specs.error();
  const auto container = find_container(options.container);
  if (!container) return container.error();
  if (!options.way.empty()) {
    if (const auto spec = find_way(*specs, options.way); !spec) return spec.error();
  }
  for (const std::string& file : options.files) {
    // Of one file each: sessions and datagrams of another have nothing to do with these.
    if (&file != &options.files.front()) specs = specs_for(options);
    if (!specs) return specs.error();
    const Container of_file = container->value_or(container_of(file));
    if (auto done = decode_file(options, file, of_file, *specs, origin, intake); !done) return done;
  }
  return {};
}

}  // namespace

int run_decode(const DecodeOptions& options, std::ostream& out, std::ostream& err) {
  const auto complain = [&](const Error& error) {
    err << "tocsin decode: " << error.message() << "\n";
    return 1;
  };
  Origin origin;
  origin.received = base::wall_clock();
  if (!options.received.empty()) {
    const auto time = parse_timestamp(options.received);
    if (!time) return complain({time.error().code, "--received", time.error().text});
    origin.received = TimePoint(std::chrono::nanoseconds(std::llround(*time * 1e9)));
  }
  PrintingIntake intake(out);
  const auto done = decode_files(options, origin, intake);
  if (!done) return complain(done.error());
  return 0;
}

}  // namespace tocsin::app
