// InputSpec: one way in, as the settings ask for it: where it listens, and what decodes it. The
// daemon opens it on a socket (IngestThread); `tocsin decode` feeds it from files.
// Threads: made for one ingest thread; what its functions share belongs to that thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "ingest/collectd/counters.hpp"
#include "ingest/listen/datagram_listener.hpp"
#include "ingest/listen/file_listener.hpp"
#include "ingest/listen/session.hpp"
#include "ingest/listen/stream_listener.hpp"
#include "ingest/nagios/check_runner.hpp"
#include "ingest/riemann/session.hpp"
#include "src/settings/listeners.hpp"
#include "src/settings/places.hpp"
#include "tocsin/decoder.hpp"
#include "tocsin/intake.hpp"
#include "tocsin/result.hpp"

namespace tocsin::app {

struct DatagramInput {
  listen::DatagramOptions options;
  std::function<std::unique_ptr<Decoder>(Intake&)> decoder;
};

struct StreamInput {
  listen::StreamOptions options;
  std::function<listen::SessionFactory(Intake&)> sessions;
};

struct FileInput {
  listen::FileListenerOptions options;
  std::function<tail::DecoderFactory(Intake&)> decoders;
};

// Programs that are run on this machine.
struct CheckInput {
  std::vector<nagios::Check> checks;
  nagios::RunnerOptions options;
};

// Bodies of requests; a decoder for each.
struct BodyInput {
  std::function<std::unique_ptr<Decoder>(Intake&)> decoder;
};

struct InputSpec {
  std::string name;     // in /metrics: "riemann.tcp"
  std::string setting;  // where it was asked for: "listen.riemann[0].tcp"
  std::string address;  // as it was written; of a body: the path it is posted to
  std::variant<DatagramInput, StreamInput, FileInput, CheckInput, BodyInput> way;
  // For what changes with time: files that are read again, records that never get whole. May be
  // empty.
  std::function<void(TimePoint now)> every_second;
  std::shared_ptr<const collectd::Counters> collectd;  // null: another protocol
};

// What the inputs of one ingest thread need of the rest of the daemon.
struct InputContext {
  std::uint64_t hash_seed = 0;
  bool shared_ports = false;    // other threads listen on the same ports
  std::string state_directory;  // where positions in files are kept; empty: nowhere
  riemann::Ask ask;             // empty: queries are refused
  std::function<void(const std::string&)> warn = [](const std::string&) {};
  settings::Places places;  // for complaints
};

// The specs of each listener, in a fixed order. Errors are complaints at the settings' places.
using Specs = std::vector<InputSpec>;
[[nodiscard]] Result<void> add_inputs(const settings::StatsdListener& listener,
                                      const std::string& setting, const InputContext& context,
                                      Specs& specs);
[[nodiscard]] Result<void> add_inputs(const settings::CollectdListener& listener,
                                      const std::string& setting, const InputContext& context,
                                      Specs& specs);
[[nodiscard]] Result<void> add_inputs(const settings::RiemannListener& listener,
                                      const std::string& setting, const InputContext& context,
                                      Specs& specs);
[[nodiscard]] Result<void> add_inputs(const settings::GraphiteListener& listener,
                                      const std::string& setting, const InputContext& context,
                                      Specs& specs);
[[nodiscard]] Result<void> add_inputs(const settings::SyslogListener& listener,
                                      const std::string& setting, const InputContext& context,
                                      Specs& specs);
[[nodiscard]] Result<void> add_inputs(const settings::JsonListener& listener,
                                      const std::string& setting, const InputContext& context,
                                      Specs& specs);
[[nodiscard]] Result<void> add_inputs(const settings::GelfListener& listener,
                                      const std::string& setting, const InputContext& context,
                                      Specs& specs);
[[nodiscard]] Result<void> add_inputs(const settings::NagiosListener& listener,
                                      const std::string& setting, const InputContext& context,
                                      Specs& specs);
[[nodiscard]] Result<void> add_inputs(const settings::TailInput& input, const std::string& setting,
                                      const InputContext& context, Specs& specs);
void add_inputs(const settings::Checks& checks, Specs& specs);
[[nodiscard]] Result<void> add_inputs(const settings::HttpListener& http,
                                      const InputContext& context, Specs& specs);

// All that the settings ask for.
[[nodiscard]] Result<Specs> make_inputs(const settings::Listen& listen,
                                        const settings::Checks& checks,
                                        const InputContext& context);

// The name of this machine, for what names no host.
[[nodiscard]] std::string own_host();

}  // namespace tocsin::app
