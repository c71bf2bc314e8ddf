// Cost of decoding collectd datagrams, without what the pipeline does with them.
// The datagrams hold what the daemon of tests/data/collectd/plain.dgram sends each interval, in the
// same order and filled as the network plugin fills them (up to 1346 bytes): 52 lists with 70 values,
// 48 of them derives. Each iteration decodes one interval of one host of kHosts; the times in the datagrams move on
// before it, because a list that is not newer than the last one is refused. The intake adds up
// values, and the sum is checked. Read "items_per_second" as values per second.
#include <benchmark/benchmark.h>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ingest/collectd/network_decoder.hpp"
#include "ingest/collectd/seal.hpp"
#include "ingest/collectd/types_db.hpp"

namespace {

using tocsin::collectd::NetworkDecoder;
using tocsin::collectd::Options;
using tocsin::collectd::RateTable;
using tocsin::collectd::TypesDb;
using tocsin::collectd::Users;

constexpr std::size_t kDatagramBytes = 1346;
constexpr std::uint64_t kStart = 1'700'000'000;  // seconds
constexpr std::uint64_t kInterval = 10;

constexpr std::string_view kTypes =
    "cpu value:DERIVE:0:U\n"
    "df_complex value:GAUGE:0:U\n"
    "df_inodes value:GAUGE:0:U\n"
    "if_dropped rx:DERIVE:0:U, tx:DERIVE:0:U\n"
    "if_errors rx:DERIVE:0:U, tx:DERIVE:0:U\n"
    "if_octets rx:DERIVE:0:U, tx:DERIVE:0:U\n"
    "if_packets rx:DERIVE:0:U, tx:DERIVE:0:U\n"
    "load shortterm:GAUGE:0:5000, midterm:GAUGE:0:5000, longterm:GAUGE:0:5000\n"
    "memory value:GAUGE:0:281474976710656\n"
    "percent_bytes value:GAUGE:0:100.1\n"
    "percent_inodes value:GAUGE:0:100.1\n"
    "uptime value:GAUGE:0:4294967295\n";

class SummingIntake final : public tocsin::Intake {
 public:
  [[nodiscard]] std::size_t samples(std::span<const tocsin::RawSample> samples,
                                    const tocsin::IdentityResolver&) override {
    return samples.size();
  }
  [[nodiscard]] bool event(const tocsin::EventView& event) override {
    if (const double* const metric = std::get_if<double>(&event.metric)) sum += *metric;
    name_bytes += event.service.size() + event.attributes.size();
    ++count;
    return true;
  }
  void drop(std::size_t records) override { lost += records; }
  void reject(tocsin::RejectCause, std::string_view, std::size_t, std::string_view) override {
    ++lost;
  }

  double sum = 0;
  std::size_t count = 0;
  std::size_t name_bytes = 0;
  std::size_t lost = 0;
};

void put_number(std::string& out, std::uint64_t number, int bytes) {
  while (bytes-- > 0) out += static_cast<char>(number >> 8 * bytes & 0xff);
}

// One interval of one host, cut into datagrams as collectd cuts it: a part is written only when it
// is not what it was, and a datagram that would grow too long is sent before the list.
class Sender {
 public:
  struct Datagram {
    std::string bytes;
    std::vector<std::size_t> times;    // where the times stand
    std::vector<std::size_t> derives;  // where the derives stand
  };

  explicit Sender(std::string host) : host_(std::move(host)) {
    for (const char* state :
         {"user", "system", "wait", "nice", "interrupt", "softirq", "steal", "idle"}) {
      for (const char* cpu : {"0", "1"}) add({"cpu", cpu, "cpu", state}, 1, true);
    }
    add({"load", "", "load", ""}, 3, false);
    for (const char* kind : {"used", "buffered", "cached", "free", "slab_unrecl", "slab_recl"}) {
      add({"memory", "", "memory", kind}, 1, false);
    }
    for (const char* interface : {"lo", "ifb0", "ifb1", "eth0"}) {
      for (const char* type : {"if_packets", "if_octets", "if_errors", "if_dropped"}) {
        add({"interface", interface, type, ""}, 2, true);
      }
    }
    for (const char* type : {"df_complex", "percent_bytes", "percent_inodes", "df_inodes"}) {
      for (const char* kind : {"free", "reserved", "used"})
        add({"df", "root", type, kind}, 1, false);
    }
    add({"uptime", "", "uptime", ""}, 1, false);
    finish();
  }

  std::vector<Datagram>& datagrams() { return datagrams_; }
  std::size_t values() const { return values_; }

 private:
  struct Name {
    std::string plugin, plugin_instance, type, type_instance;
  };

  void text_part(std::uint16_t type, const std::string& text) {
    put_number(open_.bytes, type, 2);
    put_number(open_.bytes, text.size() + 5, 2);
    open_.bytes += text + '\0';
  }

  void changed(std::uint16_t type, const std::string& text, std::string& last) {
    if (text == last && !is_first_) return;
    if (text.empty() && last.empty()) return;
    text_part(type, text);
    last = text;
  }

  void add(const Name& name, int count, bool is_derive) {
    if (open_.bytes.size() + 100 > kDatagramBytes) finish();
    if (is_first_) text_part(0, host_);
    put_number(open_.bytes, 0x0008'000c, 4);
    open_.times.push_back(open_.bytes.size());
    put_number(open_.bytes, 0, 8);
    if (is_first_) {
      put_number(open_.bytes, 0x0009'000c, 4);
      put_number(open_.bytes, kInterval << 30, 8);
    }
    changed(2, name.plugin, last_.plugin);
    changed(3, name.plugin_instance, last_.plugin_instance);
    changed(4, name.type, last_.type);
    changed(5, name.type_instance, last_.type_instance);
    is_first_ = false;
    put_number(open_.bytes, 0x0006, 2);
    put_number(open_.bytes, static_cast<std::uint64_t>(6 + 9 * count), 2);
    put_number(open_.bytes, static_cast<std::uint64_t>(count), 2);
    for (int i = 0; i < count; ++i) put_number(open_.bytes, is_derive ? 2 : 1, 1);
    for (int i = 0; i < count; ++i) {
      if (is_derive) open_.derives.push_back(open_.bytes.size());
      // 2.0, little-endian; derives are set before they are sent
      put_number(open_.bytes, 0x40, 8);
    }
    values_ += static_cast<std::size_t>(count);
  }

  void finish() {
    datagrams_.push_back(std::exchange(open_, {}));
    last_ = {};
    is_first_ = true;
  }

  std::string host_;
  Datagram open_;
  Name last_;
  bool is_first_ = true;
  std::vector<Datagram> datagrams_;
  std::size_t values_ = 0;
};

void store(std::string& bytes, std::size_t at, std::uint64_t number) {
  number = __builtin_bswap64(number);
  std::memcpy(bytes.data() + at, &number, sizeof number);
}

// As the derives of the capture: processor ticks, packets, octets, and errors that never happen.
constexpr std::array<std::uint64_t, 4> kDerives = {6471, 290220, 1357729034, 0};

// Derives grow by 20 in each interval of 10 s: each is a rate of 2, and each gauge is 2.
void set_round(std::vector<Sender::Datagram>& datagrams, std::uint64_t round) {
  for (Sender::Datagram& datagram : datagrams) {
    for (const std::size_t at : datagram.times) {
      store(datagram.bytes, at, (kStart + kInterval * round) << 30);
    }
    for (std::size_t i = 0; i < datagram.derives.size(); ++i) {
      store(datagram.bytes, datagram.derives[i], kDerives[i / 4 % kDerives.size()] + 20 * round);
    }
  }
}

tocsin::Origin origin_of(std::uint64_t round) {
  tocsin::Origin origin;
  origin.received = tocsin::TimePoint(std::chrono::seconds(kStart + kInterval * round));
  origin.peer.family = tocsin::Peer::Family::kIpv4;
  origin.peer.address = {192, 0, 2, 7};
  return origin;
}

Options options_with_types() {
  Options options;
  options.types = std::make_shared<const TypesDb>(*TypesDb::parse(kTypes, "types"));
  return options;
}

void report(benchmark::State& state, std::size_t values, std::size_t bytes) {
  state.SetItemsProcessed(static_cast<std::int64_t>(values));
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
  state.counters["ns/value"] = benchmark::Counter(
      static_cast<double>(values) / 1e9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

// `hosts` intervals a round, each round 10 s later.
void plain(benchmark::State& state, std::size_t hosts, bool with_types) {
  std::vector<Sender> senders;
  for (std::size_t i = 0; i < hosts; ++i) {
    senders.emplace_back("web-" + std::to_string(i) + ".example.net");
  }
  SummingIntake intake;
  RateTable rates({}, 1);
  NetworkDecoder decoder(with_types ? options_with_types() : Options(), nullptr, rates, intake);
  const auto decode = [&](Sender& sender, std::uint64_t round) {
    const tocsin::Origin origin = origin_of(round);
    for (const Sender::Datagram& datagram : sender.datagrams()) {
      benchmark::DoNotOptimize(decoder.decode(datagram.bytes, origin));
    }
  };
  for (Sender& sender : senders) {
    set_round(sender.datagrams(), 0);
    decode(sender, 0);
  }
  intake.sum = 0;
  intake.count = 0;
  std::uint64_t round = 1;
  std::size_t next = 0;
  std::size_t bytes = 0;
  for (auto _ : state) {
    Sender& sender = senders[next];
    set_round(sender.datagrams(), round);
    decode(sender, round);
    for (const Sender::Datagram& datagram : sender.datagrams()) bytes += datagram.bytes.size();
    if (++next == senders.size()) {
      next = 0;
      ++round;
    }
  }
  const std::size_t values =
      static_cast<std::size_t>(state.iterations()) * senders.front().values();
  if (intake.count != values || intake.lost != 0) state.SkipWithError("not every value arrived");
  // A rate of 2 for each value, but for the last digits of the quotients.
  if (intake.sum < 1.999 * static_cast<double>(values) ||
      intake.sum > 2.001 * static_cast<double>(values)) {
    state.SkipWithError("the rates are wrong");
  }
  report(state, values, bytes);
}

BENCHMARK_CAPTURE(plain, one_host_index_names, 1, false);
BENCHMARK_CAPTURE(plain, one_host_types_db, 1, true);
BENCHMARK_CAPTURE(plain, hundred_hosts_types_db, 100, true);

}  // namespace
