#include "bench/sockets/cases.hpp"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <random>
#include <string>
#include <utility>

#include "bench/traffic/collectd.hpp"
#include "bench/traffic/graphite.hpp"
#include "bench/traffic/log_records.hpp"
#include "bench/traffic/riemann.hpp"
#include "bench/traffic/statsd.hpp"
#include "ingest/riemann/event_writer.hpp"
#include "tocsin/event_viewer.hpp"

namespace tocsin::sockets {
namespace {

// What a client that is busy writes at once, and what a relay puts into a datagram.
constexpr std::size_t kWriteBytes = 16 * 1024;
constexpr std::size_t kRelayDatagramBytes = 1432;

constexpr std::size_t kHosts = 100;
constexpr std::size_t kPoints = 20'000;
constexpr std::size_t kMessages = 5'000;
constexpr std::size_t kEventsPerMsg = 100;
constexpr std::size_t kPointsPerPickle = 500;
constexpr std::size_t kStatsdLines = 20;

// Puts records together up to `most` bytes.
class Packer {
 public:
  Packer(Traffic& traffic, std::size_t most) : traffic_(traffic), most_(most) {}
  void add(std::string_view record) {
    if (!open_.empty() && open_.size() + record.size() > most_) finish();
    open_ += record;
  }
  void finish() {
    traffic_.append(open_);
    open_.clear();
  }

 private:
  Traffic& traffic_;
  const std::size_t most_;
  std::string open_;
};

Traffic collectd() {
  struct Fleet {
    std::vector<traffic::CollectdHost> hosts;
    std::uint64_t round = 0;
    std::uint64_t start_s = 0;
  };
  auto fleet = std::make_shared<Fleet>();
  // From now into the future: what a daemon takes for old, it would expire at once.
  fleet->start_s =
      static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(
                                     std::chrono::system_clock::now().time_since_epoch())
                                     .count());
  Traffic made;
  for (std::size_t i = 0; i < kHosts; ++i) {
    auto& host = fleet->hosts.emplace_back("web-" + std::to_string(i) + ".example.net");
    for (const auto& datagram : host.datagrams()) made.append(datagram.bytes);
    made.sums.items += host.values();
    made.sums.metrics += host.values() * std::bit_cast<std::uint64_t>(2.0);
  }
  made.renew = [fleet](Traffic& traffic) {
    ++fleet->round;
    std::size_t at = 0;
    for (traffic::CollectdHost& host : fleet->hosts) {
      host.set_round(fleet->round,
                     fleet->start_s + fleet->round * traffic::CollectdHost::kInterval);
      for (const auto& datagram : host.datagrams()) {
        datagram.bytes.copy(traffic.bytes.data() + at, datagram.bytes.size());
        at += datagram.bytes.size();
      }
    }
  };
  return made;
}

Traffic riemann() {
  std::mt19937 random(1);
  EventViewer viewer;
  Traffic made;
  for (std::size_t m = 0; m < 200; ++m) {
    std::string msg;
    for (std::size_t i = 0; i < kEventsPerMsg; ++i) {
      const Event event = traffic::vary(traffic::riemann_event(m * kEventsPerMsg + i), random);
      riemann::append_event(viewer.view(event), msg);
      ++made.sums.items;
      made.sums.add(event.metric);
      made.sums.text_bytes += event.description.size();
    }
    std::string frame;
    riemann::append_frame(msg, frame);
    made.append(frame);
    made.reply_bytes += 6;  // four of length, and ok
  }
  return made;
}

Traffic graphite_lines(std::size_t piece_bytes, std::string_view tags = "") {
  const auto points = traffic::graphite_points(kPoints, traffic::Digits::kThreeDecimals);
  Traffic made;
  Packer packer(made, piece_bytes);
  for (std::size_t i = 0; i < points.size(); ++i) {
    packer.add(traffic::graphite_line(points[i], tags, i));
    ++made.sums.items;
    made.sums.add(Metric(points[i].value));
  }
  packer.finish();
  return made;
}
Traffic graphite_stream() {
  return graphite_lines(kWriteBytes);
}
Traffic graphite_datagrams() {
  return graphite_lines(kRelayDatagramBytes);
}

Traffic graphite_pickles() {
  const auto points = traffic::graphite_points(kPoints, traffic::Digits::kSeventeen);
  Traffic made;
  for (std::size_t i = 0; i < points.size(); i += kPointsPerPickle) {
    const std::string pickle = traffic::graphite_pickle(&points[i], kPointsPerPickle);
    std::string frame;
    for (int shift = 24; shift >= 0; shift -= 8) frame += static_cast<char>(pickle.size() >> shift);
    made.append(frame + pickle);
  }
  for (const auto& point : points) made.sums.add(Metric(point.value));
  made.sums.items = points.size();
  return made;
}

Traffic syslog(bool octet_counted) {
  std::mt19937 random(1);
  Traffic made;
  Packer packer(made, octet_counted ? kWriteBytes : 1);
  for (std::size_t i = 0; i < kMessages; ++i) {
    const std::string message = traffic::rfc5424(traffic::log_source(i, random), random);
    packer.add(octet_counted ? std::to_string(message.size()) + " " + message : message);
  }
  packer.finish();
  made.sums.items = kMessages;
  made.sums.text_bytes = kMessages * traffic::kSyslogTextBytes;
  return made;
}
Traffic syslog_datagrams() {
  return syslog(false);
}
Traffic syslog_octets() {
  return syslog(true);
}

Traffic statsd() {
  std::mt19937 random(1);
  Traffic made;
  for (std::size_t d = 0; d < 2000; ++d) {
    std::string datagram;
    for (std::size_t i = 0; i < kStatsdLines; ++i) {
      const traffic::StatsdLine line = traffic::statsd_line(random);
      datagram += line.text + "\n";
      made.sums.add(Metric(static_cast<double>(line.value)));
    }
    datagram.pop_back();
    made.append(datagram);
    made.sums.items += kStatsdLines;
  }
  return made;
}

Traffic json_lines() {
  std::mt19937 random(1);
  Traffic made;
  Packer packer(made, kWriteBytes);
  for (std::size_t i = 0; i < kMessages; ++i) {
    packer.add(traffic::json_line(traffic::log_source(i, random), random));
  }
  packer.finish();
  made.sums.items = kMessages;
  made.sums.text_bytes = kMessages * traffic::kJsonTextBytes;
  return made;
}

Traffic gelf() {
  std::mt19937 random(1);
  Traffic made;
  for (std::size_t i = 0; i < kMessages; ++i) {
    made.append(traffic::gelf_message(traffic::log_source(i, random), random));
  }
  made.sums.items = kMessages;
  made.sums.text_bytes = kMessages * traffic::kJsonTextBytes;
  return made;
}

const settings::Address kAnyPort{settings::Address::Family::kIpv4, "127.0.0.1", 0};

// As the daemon makes it of its settings.
template <class Listener>
app::Specs specs_of(const Listener& listener) {
  app::InputContext context;
  context.hash_seed = 1;
  app::Specs specs;
  if (const auto added = app::add_inputs(listener, "listen", context, specs); !added) {
    std::fprintf(stderr, "sockets_bench: %s\n", added.error().message().c_str());
    std::exit(1);
  }
  return specs;
}

template <class Listener, auto kAddress>
app::Specs plain_specs() {
  Listener listener;
  listener.*kAddress = kAnyPort;
  return specs_of(listener);
}

// A types.db is a file.
app::Specs collectd_specs_with_types() {
  const std::string path = "sockets_bench." + std::to_string(std::random_device()()) + ".types.db";
  std::ofstream(path) << traffic::kCollectdTypes;
  settings::CollectdListener listener;
  listener.udp = kAnyPort;
  listener.types_db = {path};
  app::Specs specs = specs_of(listener);
  std::remove(path.c_str());
  return specs;
}

}  // namespace

const std::vector<Case>& cases() {
  using settings::CollectdListener;
  using settings::GelfListener;
  using settings::GraphiteListener;
  using settings::JsonListener;
  using settings::RiemannListener;
  using settings::StatsdListener;
  using settings::SyslogListener;
  static const std::vector<Case> kCases = {
      {"collectd.udp", "collectd, names by index", "value", 60, 1'000'000, collectd,
       plain_specs<CollectdListener, &CollectdListener::udp>},
      {"collectd_types.udp", "collectd, types.db", "value", 60, 1'000'000, collectd,
       collectd_specs_with_types},
      {"riemann.tcp", "Riemann, 100 events a Msg", "event", 150, 500'000, riemann,
       plain_specs<RiemannListener, &RiemannListener::tcp>},
      {"graphite.tcp", "Graphite lines", "line", 100, 1'000'000, graphite_stream,
       plain_specs<GraphiteListener, &GraphiteListener::tcp>},
      {"graphite.udp", "Graphite lines", "line", 100, 1'000'000, graphite_datagrams,
       plain_specs<GraphiteListener, &GraphiteListener::udp>},
      {"graphite.pickle", "Graphite pickles of 500", "point", 0, 400'000, graphite_pickles,
       plain_specs<GraphiteListener, &GraphiteListener::pickle>},
      {"syslog.udp", "RFC 5424, a datagram each", "message", 250, 200'000, syslog_datagrams,
       plain_specs<SyslogListener, &SyslogListener::udp>},
      {"syslog.tcp", "RFC 5424, octet-counted", "message", 250, 400'000, syslog_octets,
       plain_specs<SyslogListener, &SyslogListener::tcp>},
      {"statsd.udp", "statsd, 20 lines", "line", 0, 1'000'000, statsd,
       plain_specs<StatsdListener, &StatsdListener::udp>},
      {"json.tcp", "JSON lines", "record", 0, 200'000, json_lines,
       plain_specs<JsonListener, &JsonListener::tcp>},
      {"gelf.udp", "GELF, a datagram each", "message", 0, 100'000, gelf,
       plain_specs<GelfListener, &GelfListener::udp>},
  };
  return kCases;
}

const Case* find_case(std::string_view name) {
  const auto found = std::find_if(cases().begin(), cases().end(),
                                  [&](const Case& each) { return each.name == name; });
  return found == cases().end() ? nullptr : &*found;
}

}  // namespace tocsin::sockets
