#include "src/app/ingest_thread.hpp"

#include <utility>
#include <variant>

#include "ingest/listen/socket.hpp"
#include "src/base/clock.hpp"
#include "src/event/event_access.hpp"
#include "src/settings/complaints.hpp"
#include "tocsin/event_viewer.hpp"

namespace tocsin::app {
namespace {

// How old a half-filled batch may get. Windows are seconds long, so this costs no accuracy; sending
// every few samples would cost a wake-up of the shard each.
constexpr auto kBeat = std::chrono::milliseconds(20);
constexpr auto kGrace = std::chrono::seconds(2);

// How many beats a body waits for a full pipeline before its client is told to come again.
constexpr int kBodyBeats = 100;

// What kind of place an input listens at.
enum class Place : std::uint8_t {
  kAddress,  // every thread can
  kGroup,    // every thread could, and each would get every datagram
  kPath,     // a unix socket
  kMachine,  // files, programs, bodies: one thread serves them
};

Place place_of(const InputSpec& spec) {
  const listen::Endpoint* endpoint = nullptr;
  if (const auto* datagrams = std::get_if<DatagramInput>(&spec.way)) {
    endpoint = &datagrams->options.endpoint;
  } else if (const auto* streams = std::get_if<StreamInput>(&spec.way)) {
    endpoint = &streams->options.endpoint;
  } else {
    return Place::kMachine;
  }
  const auto* ip = std::get_if<listen::IpEndpoint>(endpoint);
  if (ip == nullptr) return Place::kPath;
  return listen::is_multicast(*ip) ? Place::kGroup : Place::kAddress;
}

const char* expected_at(Place place) {
  switch (place) {
    case Place::kAddress:
    case Place::kGroup:
      return "an address of this machine that nobody uses";
    case Place::kPath:
      return "the path of a socket that can be made, and that nobody uses";
    case Place::kMachine:
      break;
  }
  return "something that this machine offers";
}

}  // namespace

IngestThread::IngestThread(const std::vector<pipeline::Lane*>& lanes, const IngestOptions& options)
    : options_(options), router_(lanes, options.router), rules_(router_, options.router.hash_seed) {
  router_.on_reject_sample([this](const pipeline::RejectSample& sample) { announce(sample); });
}

IngestThread::~IngestThread() {
  if (thread_.joinable()) {
    loop_.stop();
    thread_.join();
  }
}

Result<void> IngestThread::listen(Specs specs, const settings::Places& places,
                                  std::vector<Input>& inputs) {
  // The settings see to it that there are not more sockets than inputs.
  constexpr std::size_t kOthers = 5;  // checks, and the paths for bodies
  static_assert(settings::kMaxSockets + kOthers <= kDerivedInput);
  specs_ = std::move(specs);
  for (const InputSpec& spec : specs_) {
    Socket socket;
    std::string address = spec.address;
    const Place place = place_of(spec);
    // Every thread numbers the inputs alike, also those that only the first one opens.
    if (options_.first || place == Place::kAddress) {
      const auto input = static_cast<pipeline::InputId>(sockets_.size());
      rules_.name_input(input, spec.name);
      auto opened = open(spec, rules_.intake(input));
      if (!opened) {
        return settings::complaint_about(places, spec.setting, opened.error(), expected_at(place));
      }
      socket = std::move(*opened);
      // Port 0 was a question; this is the answer.
      const std::uint16_t port = socket.datagram ? socket.datagram->port()
                                 : socket.stream ? socket.stream->port()
                                                 : 0;
      if (port != 0) address = address.substr(0, address.rfind(':') + 1) + std::to_string(port);
    }
    if (inputs.size() == sockets_.size()) inputs.push_back({spec.name, std::move(address)});
    input_names_.push_back(spec.name);
    sockets_.push_back(std::move(socket));
  }
  return {};
}

Result<IngestThread::Socket> IngestThread::open(const InputSpec& spec, Intake& intake) {
  Socket socket;
  if (const auto* datagrams = std::get_if<DatagramInput>(&spec.way)) {
    auto opened = listen::DatagramListener::open(loop_, datagrams->options,
                                                 datagrams->decoder(intake), intake);
    if (!opened) return opened.error();
    socket.datagram = std::move(*opened);
  } else if (const auto* streams = std::get_if<StreamInput>(&spec.way)) {
    auto opened = listen::StreamListener::open(loop_, streams->options, streams->sessions(intake));
    if (!opened) return opened.error();
    socket.stream = std::move(*opened);
  } else if (const auto* files = std::get_if<FileInput>(&spec.way)) {
    auto opened =
        listen::FileListener::open(loop_, files->options, files->decoders(intake), intake);
    if (!opened) return opened.error();
    socket.files = std::move(*opened);
  } else if (const auto* checks = std::get_if<CheckInput>(&spec.way)) {
    auto opened = nagios::CheckRunner::start(loop_, checks->checks, checks->options, intake);
    if (!opened) return opened.error();
    socket.checks = std::move(*opened);
  }
  return socket;
}

// The input, or specs_.size().
std::size_t IngestThread::find_body(std::string_view path) const noexcept {
  std::size_t i = 0;
  while (i < specs_.size() &&
         (!std::holds_alternative<BodyInput>(specs_[i].way) || specs_[i].address != path)) {
    ++i;
  }
  return i;
}

bool IngestThread::takes_bodies(std::string_view path) const noexcept {
  return find_body(path) < specs_.size();
}

void IngestThread::take_body(std::string_view path, std::string body, const Peer& peer,
                             BodyJob::Done done) {
  const std::size_t input = find_body(path);
  loop_.post([this, input, body = std::move(body), peer, done = std::move(done)]() mutable {
    Origin origin;
    origin.received = base::wall_clock();
    origin.peer = peer;
    start_body(std::make_unique<BodyJob>(
        std::move(body), origin, std::get<BodyInput>(specs_.at(input).way).decoder,
        rules_.intake(static_cast<pipeline::InputId>(input)), std::move(done)));
  });
}

void IngestThread::start_body(std::unique_ptr<BodyJob> job) {
  if (finishing_) return job->give_up();
  if (!job->advance()) bodies_.push_back({std::move(job), kBodyBeats});
}

void IngestThread::try_bodies() {
  std::erase_if(bodies_, [](WaitingBody& body) {
    if (body.job->advance()) return true;
    if (--body.beats > 0) return false;
    body.job->give_up();
    return true;
  });
}

void IngestThread::start() {
  beat();  // the first tick goes ahead of the first sample
  loop_.every(kBeat, [this] { beat(); });
  thread_ = std::thread([this] { loop_.run(); });
}

void IngestThread::beat() {
  if (finishing_) return;
  try_bodies();
  // What rules made of earlier events comes before the tick.
  const bool settled = rules_.settle();
  router_.publish();
  const TimePoint now = std::chrono::floor<std::chrono::seconds>(base::wall_clock());
  // A clock that was set back does not tick until it has caught up; one set forward skips.
  if (now <= last_tick_ || !settled) return;
  rules_.tick(now);
  if (router_.tick(now)) last_tick_ = now;
  for (const InputSpec& spec : specs_) {
    if (spec.every_second) spec.every_second(now);
  }
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
  // A full pipeline has no room for remarks. They are not worth waiting for, but are counted.
  EventViewer viewer;
  Intake& own = router_.intake(kSelfInput);
  if (!own.event(viewer.view(event))) own.drop(1);
}

void IngestThread::stop() {
  if (!thread_.joinable()) return;
  loop_.post([this] { close_listeners(); });
  thread_.join();
}

void IngestThread::close_listeners() {
  closing_ = 1;  // this call itself, so that finish() comes last
  for (const Socket& socket : sockets_) {
    const auto closed = [this] {
      if (--closing_ == 0) finish();
    };
    if (socket.datagram) socket.datagram->close();
    if (socket.files) socket.files->close();
    if (socket.stream) {
      ++closing_;
      socket.stream->close(kGrace, closed);
    }
    if (socket.checks) {
      ++closing_;
      socket.checks->close(kGrace, closed);
    }
  }
  if (--closing_ == 0) finish();
}

void IngestThread::finish() {
  finishing_ = true;
  for (const WaitingBody& body : bodies_) body.job->give_up();
  bodies_.clear();
  rules_.tick(last_tick_);
  const auto ended = [this] { return rules_.settle() && router_.close(); };
  if (ended()) {
    loop_.stop();
  } else {
    // A lane is full: its shard is still working. Looked at again by the loop, not in a spin.
    loop_.every(kBeat, [this, ended] {
      if (ended()) loop_.stop();
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

const tail::Counters* IngestThread::files(std::size_t input) const noexcept {
  const auto& listener = sockets_[input].files;
  return listener ? &listener->counters() : nullptr;
}

const nagios::RunnerCounters* IngestThread::checks(std::size_t input) const noexcept {
  const auto& runner = sockets_[input].checks;
  return runner ? &runner->counters() : nullptr;
}

const collectd::Counters* IngestThread::collectd(std::size_t input) const noexcept {
  return specs_[input].collectd.get();
}

}  // namespace tocsin::app
