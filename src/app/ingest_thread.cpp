#include "src/app/ingest_thread.hpp"

#include <algorithm>
#include <utility>

#include "ingest/listen/framing.hpp"
#include "ingest/statsd/decoder.hpp"
#include "src/base/clock.hpp"
#include "src/event/event_access.hpp"
#include "src/settings/address.hpp"
#include "tocsin/event_viewer.hpp"

namespace tocsin::app {
namespace {

// How old a half-filled batch may get. Windows are seconds long, so this costs no accuracy; sending
// every few samples would cost a wake-up of the shard each.
constexpr auto kBeat = std::chrono::milliseconds(20);
constexpr auto kGrace = std::chrono::seconds(2);

statsd::Options decoder_options(const settings::StatsdListener& listener) {
  statsd::Options options;
  switch (listener.dialect) {
    case settings::Dialect::kStatsd:
      options.dialect = statsd::Dialect::kStatsd;
      break;
    case settings::Dialect::kEtsyStrict:
      options.dialect = statsd::Dialect::kEtsyStrict;
      break;
    case settings::Dialect::kDogstatsd:
      options.dialect = statsd::Dialect::kDogstatsd;
      break;
  }
  options.gauge_sign = listener.gauge_sign == settings::GaugeSign::kDelta
                           ? statsd::GaugeSign::kDelta
                           : statsd::GaugeSign::kAbsolute;
  options.container = listener.container == settings::ContainerId::kIgnore
                          ? statsd::Container::kIgnore
                          : statsd::Container::kTag;
  options.max_record_bytes = listener.max_record_bytes;
  options.default_host = listener.host;
  return options;
}

}  // namespace

IngestThread::IngestThread(const std::vector<pipeline::Lane*>& lanes, const IngestOptions& options)
    : options_(options), router_(lanes, options.router) {
  router_.on_reject_sample([this](const pipeline::RejectSample& sample) { announce(sample); });
}

IngestThread::~IngestThread() {
  if (thread_.joinable()) {
    loop_.stop();
    thread_.join();
  }
}

Result<void> IngestThread::listen(const std::vector<settings::StatsdListener>& listeners,
                                  const settings::Places& places, std::vector<Input>& inputs) {
  for (std::size_t i = 0; i < listeners.size(); ++i) {
    const auto blame = [&](const std::string& way, const Error& why) {
      return settings::complaint_about(
          places, "listen.statsd[" + std::to_string(i) + "]." + way, why,
          way.starts_with("unix") ? "the path of a socket that can be made, and that nobody uses"
                                  : "an address of this machine that nobody uses");
    };
    if (auto opened = open(listeners[i], blame, inputs); !opened) return opened;
  }
  return {};
}

Result<void> IngestThread::open(const settings::StatsdListener& listener, const Blame& blame,
                                std::vector<Input>& inputs) {
  const statsd::Options decoding = decoder_options(listener);
  // The settings see to it that there are not more sockets than inputs.
  static_assert(settings::kMaxStatsdSockets <= kSelfInput);
  const auto next_intake = [&]() -> Intake& {
    return router_.intake(static_cast<pipeline::InputId>(sockets_.size()));
  };
  const auto added = [&](Socket socket, const std::string& way, std::string address) {
    // Port 0 was a question; this is the answer.
    const std::uint16_t port = socket.datagram ? socket.datagram->port()
                               : socket.stream ? socket.stream->port()
                                               : 0;
    if (port != 0) address = address.substr(0, address.rfind(':') + 1) + std::to_string(port);
    if (inputs.size() == sockets_.size()) {
      inputs.push_back({listener.name + "." + way, std::move(address)});
    }
    input_names_.push_back(listener.name + "." + way);
    sockets_.push_back(std::move(socket));
  };
  const auto ip = [&](const settings::Address& address) {
    return listen::IpEndpoint{address.host, address.port, options_.shared_ports};
  };
  const auto datagrams = [&](listen::Endpoint endpoint, const std::string& way,
                             const std::string& address) -> Result<void> {
    Intake& intake = next_intake();
    listen::DatagramOptions options;
    options.endpoint = std::move(endpoint);
    options.max_datagram_bytes = listener.max_datagram_bytes;
    options.receive_buffer_bytes = static_cast<int>(listener.receive_buffer_bytes);
    // Only DogStatsD's events and checks ask who sent them; for samples it would cost the kernel
    // 50 to 100 ns a datagram to say.
    options.with_peers = listener.dialect == settings::Dialect::kDogstatsd;
    auto opened = listen::DatagramListener::open(
        loop_, options, std::make_unique<statsd::Decoder>(decoding, intake), intake);
    if (!opened) return blame(way, opened.error());
    added({std::move(*opened), nullptr}, way, address);
    return {};
  };
  const auto streams = [&](listen::Endpoint endpoint, listen::FramingKind framing,
                           const std::string& way, const std::string& address) -> Result<void> {
    Intake& intake = next_intake();
    listen::StreamOptions options;
    options.endpoint = std::move(endpoint);
    options.framing = framing;
    options.limits.max_connections = listener.max_connections;
    options.limits.idle_timeout = listener.idle_timeout;
    // A frame may hold many lines; a line by itself is held to max_record by the decoder.
    options.max_record_bytes = framing == listen::FramingKind::kLines ? listener.max_record_bytes
                                                                      : listener.max_datagram_bytes;
    options.buffer_bytes =
        std::max(options.buffer_bytes, listen::least_buffer(options.max_record_bytes));
    auto opened = listen::StreamListener::open(
        loop_, options,
        [decoding, &intake] { return std::make_unique<statsd::Decoder>(decoding, intake); },
        intake);
    if (!opened) return blame(way, opened.error());
    added({nullptr, std::move(*opened)}, way, address);
    return {};
  };

  // Every thread numbers the inputs alike, also those that only the first one opens.
  if (listener.udp) {
    if (auto r = datagrams(ip(*listener.udp), "udp", settings::format_address(*listener.udp)); !r) {
      return r;
    }
  }
  if (listener.tcp) {
    if (auto r = streams(ip(*listener.tcp), listen::FramingKind::kLines, "tcp",
                         settings::format_address(*listener.tcp));
        !r) {
      return r;
    }
  }
  if (!listener.unix_datagram.empty()) {
    if (!options_.first) {
      added({}, "unix", listener.unix_datagram);
    } else if (auto r = datagrams(listen::UnixEndpoint{listener.unix_datagram}, "unix",
                                  listener.unix_datagram);
               !r) {
      return r;
    }
  }
  if (!listener.unix_stream.empty()) {
    if (!options_.first) {
      added({}, "unix_stream", listener.unix_stream);
    } else if (auto r =
                   streams(listen::UnixEndpoint{listener.unix_stream},
                           listen::FramingKind::kLength32, "unix_stream", listener.unix_stream);
               !r) {
      return r;
    }
  }
  return {};
}

void IngestThread::start() {
  beat();  // the first tick goes ahead of the first sample
  loop_.every(kBeat, [this] { beat(); });
  thread_ = std::thread([this] { loop_.run(); });
}

void IngestThread::beat() {
  if (finishing_) return;
  router_.publish();
  const TimePoint now = std::chrono::floor<std::chrono::seconds>(base::wall_clock());
  // A clock that was set back does not tick until it has caught up; one set forward skips.
  if (now <= last_tick_) return;
  if (router_.tick(now)) last_tick_ = now;
  for (const Socket& socket : sockets_) {
    if (socket.datagram) socket.datagram->refresh_kernel_drops();
  }
}

void IngestThread::announce(const pipeline::RejectSample& sample) {
  // The last one of each input and cause stays in the index: `tocsin query 'service =
  // "tocsin.reject"'` shows what is wrong with what comes in.
  Event event;
  event.time = base::wall_clock();
  event.service = "tocsin.reject";
  event.state = state::kWarning;
  event.description = sample.text;
  event.tags = {std::string(to_string(sample.cause)), input_names_.at(sample.input)};
  event.attributes = {{"offset", std::to_string(sample.offset)}, {"record", sample.record}};
  event::normalise(event);
  // A full pipeline has no room for remarks.
  EventViewer viewer;
  (void)router_.intake(kSelfInput).event(viewer.view(event));
}

void IngestThread::stop() {
  if (!thread_.joinable()) return;
  loop_.post([this] { close_listeners(); });
  thread_.join();
}

void IngestThread::close_listeners() {
  closing_ = 1;  // this call itself, so that finish() comes last
  for (const Socket& socket : sockets_) {
    if (socket.datagram) socket.datagram->close();
    if (socket.stream) {
      ++closing_;
      socket.stream->close(kGrace, [this] {
        if (--closing_ == 0) finish();
      });
    }
  }
  if (--closing_ == 0) finish();
}

void IngestThread::finish() {
  finishing_ = true;
  if (router_.close()) {
    loop_.stop();
  } else {
    // A lane is full: its shard is still working. Looked at again by the loop, not in a spin.
    loop_.every(kBeat, [this] {
      if (router_.close()) loop_.stop();
    });
  }
}

const listen::DatagramCounters* IngestThread::datagrams(std::size_t input) const noexcept {
  const auto& listener = sockets_[input].datagram;
  return listener ? &listener->counters() : nullptr;
}

const listen::ConnectionCounters* IngestThread::connections(std::size_t input) const noexcept {
  const auto& listener = sockets_[input].stream;
  return listener ? &listener->counters() : nullptr;
}

}  // namespace tocsin::app
