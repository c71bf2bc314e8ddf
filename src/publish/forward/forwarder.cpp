#include "src/publish/forward/forwarder.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <boost/asio/io_context.hpp>

#include "src/publish/forward/link.hpp"
#include "src/publish/graphite/encoder.hpp"

namespace tocsin::publish {
namespace {

namespace asio = boost::asio;

// Well below the frames that Riemann (1 MiB) and carbon (1 MiB) take.
constexpr std::size_t kParcelBytes = std::size_t{64} << 10;
constexpr std::size_t kParcelsAtLeast = 8;  // so that a small spool loses little at a time
constexpr std::uint32_t kEventsPerMessage = 100;
constexpr std::size_t kMessagesUnderWay = 16;

LinkOptions link_options(const ForwardOptions& options, const PeerAddress& peer, std::size_t place,
                         std::size_t peers) {
  LinkOptions link;
  link.peer = peer;
  link.limits.max_bytes = options.spool_bytes / peers;
  link.limits.parcel_bytes = std::min(kParcelBytes, link.limits.max_bytes / kParcelsAtLeast);
  link.connect_timeout = options.connect_timeout;
  link.progress_timeout = options.progress_timeout;
  link.backoff_first = options.backoff_first;
  link.backoff_longest = options.backoff_longest;
  link.jitter_seed = options.jitter_seed + place;
  link.log = [log = options.log, place](News news, std::string_view line) {
    if (log) log(place, news, line);
  };
  return link;
}

void append_lines(std::string_view lines, std::string& out) {
  out += lines;
}

void add_status(const Link& link, Link::Causes& causes, ForwardStatus& status) {
  status.counters.add(link.counters());
  status.peers.push_back({format_peer(link.options().peer), link.connected()});
  for (const auto& [name, count] : link.causes()) causes[name] += count;
}

class GraphiteForwarder final : public Forwarder {
 public:
  GraphiteForwarder(asio::io_context& context, const ForwardOptions& options,
                    const GraphiteTarget& target)
      : name_(options.name), prefix_(options.prefix), target_(target) {
    for (std::size_t i = 0; i < target_.peers.size(); ++i) {
      LinkOptions link = link_options(options, target_.peers[i], i, target_.peers.size());
      link.limits.parcel_items = graphite::PickleFrame::kMaxPoints;
      link.append_frame = target_.pickle ? graphite::append_pickle_frame : append_lines;
      links_.push_back(std::make_unique<Link>(context, std::move(link)));
    }
  }

  void put(const ForwardedPoint& point) override {
    full_name_.assign(prefix_).append(point.name);
    const graphite::Point written{full_name_, point.value, point.time};
    item_.clear();
    const bool good = target_.pickle ? graphite::append_pickle_point(written, item_)
                                     : graphite::append_line(written, item_);
    if (!good) {
      ++unwritable_;
      return;
    }
    target_.ring.nodes_of(full_name_, target_.replication, nodes_);
    for (const std::size_t node : nodes_) links_[node]->put(item_);
  }

  void put(const ForwardedEvent& /*event*/) override {}  // states and texts have no place there

  void pump() override {
    for (const auto& link : links_) link->pump();
  }

  ForwardStatus status() const override {
    ForwardStatus status;
    status.name = name_;
    Link::Causes causes;
    for (const auto& link : links_) add_status(*link, causes, status);
    status.counters.accepted += unwritable_;
    status.counters.refused += unwritable_;
    for (const auto& [name, count] : causes) status.causes.push_back({name, count});
    return status;
  }

 private:
  const std::string name_;
  const std::string prefix_;
  const GraphiteTarget target_;
  std::vector<std::unique_ptr<Link>> links_;  // by node of the ring
  std::uint64_t unwritable_ = 0;
  // Scratch.
  std::string full_name_;
  std::string item_;
  std::vector<std::size_t> nodes_;
};

class RiemannForwarder final : public Forwarder {
 public:
  RiemannForwarder(asio::io_context& context, const ForwardOptions& options,
                   const RiemannTarget& target)
      : name_(options.name),
        prefix_(options.prefix),
        append_event_(target.codec.append_event),
        link_(context, riemann_options(options, target)) {}

  void put(const ForwardedPoint& /*point*/) override {}  // comes as an event as well

  void put(const ForwardedEvent& forwarded) override {
    const Event& event = forwarded.event;
    service_.assign(prefix_).append(event.service);
    tags_.assign(event.tags.begin(), event.tags.end());
    attributes_.clear();
    for (const Attribute& attribute : event.attributes) {
      attributes_.push_back({attribute.key, attribute.value});
    }
    item_.clear();
    append_event_({event.time, event.host, service_, event.state, event.metric, event.description,
                   tags_, event.ttl, attributes_},
                  item_);
    link_.put(item_);
  }

  void pump() override { link_.pump(); }

  ForwardStatus status() const override {
    ForwardStatus status;
    status.name = name_;
    Link::Causes causes;
    add_status(link_, causes, status);
    for (const auto& [name, count] : causes) status.causes.push_back({name, count});
    return status;
  }

 private:
  static LinkOptions riemann_options(const ForwardOptions& options, const RiemannTarget& target) {
    LinkOptions link = link_options(options, target.peer, 0, 1);
    link.limits.parcel_items = kEventsPerMessage;
    link.append_frame = target.codec.append_frame;
    link.parse_answer = target.codec.parse_answer;
    link.max_under_way = kMessagesUnderWay;
    return link;
  }

  const std::string name_;
  const std::string prefix_;
  void (*const append_event_)(const EventView& event, std::string& msg);
  Link link_;
  // Scratch.
  std::string service_;
  std::string item_;
  std::vector<std::string_view> tags_;
  std::vector<AttributeView> attributes_;
};

}  // namespace

std::unique_ptr<Forwarder> make_forwarder(asio::io_context& context,
                                          const ForwardOptions& options) {
  if (const auto* riemann = std::get_if<RiemannTarget>(&options.target)) {
    return std::make_unique<RiemannForwarder>(context, options, *riemann);
  }
  return std::make_unique<GraphiteForwarder>(context, options,
                                             std::get<GraphiteTarget>(options.target));
}

}  // namespace tocsin::publish
