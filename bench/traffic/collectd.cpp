#include "bench/traffic/collectd.hpp"

#include <array>
#include <cstring>
#include <utility>

namespace tocsin::traffic {
namespace {

constexpr std::size_t kDatagramBytes = 1346;

// As the derives of the capture: processor ticks, packets, octets, and errors that never happen.
constexpr std::array<std::uint64_t, 4> kDerives = {6471, 290220, 1357729034, 0};

void put_number(std::string& out, std::uint64_t number, int bytes) {
  while (bytes-- > 0) out += static_cast<char>(number >> 8 * bytes & 0xff);
}

void store(std::string& bytes, std::size_t at, std::uint64_t number) {
  number = __builtin_bswap64(number);
  std::memcpy(bytes.data() + at, &number, sizeof number);
}

}  // namespace

const std::string_view kCollectdTypes =
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

CollectdHost::CollectdHost(std::string host) : host_(std::move(host)) {
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
    for (const char* kind : {"free", "reserved", "used"}) add({"df", "root", type, kind}, 1, false);
  }
  add({"uptime", "", "uptime", ""}, 1, false);
  finish();
}

void CollectdHost::set_round(std::uint64_t round, std::uint64_t time_s) {
  for (Datagram& datagram : datagrams_) {
    for (const std::size_t at : datagram.times) store(datagram.bytes, at, time_s << 30);
    for (std::size_t i = 0; i < datagram.derives.size(); ++i) {
      store(datagram.bytes, datagram.derives[i], kDerives[i / 4 % kDerives.size()] + 20 * round);
    }
  }
}

std::size_t CollectdHost::derives() const noexcept {
  std::size_t derives = 0;
  for (const Datagram& datagram : datagrams_) derives += datagram.derives.size();
  return derives;
}

void CollectdHost::put_text(std::uint16_t type, const std::string& text) {
  put_number(open_.bytes, type, 2);
  put_number(open_.bytes, text.size() + 5, 2);
  open_.bytes += text + '\0';
}

void CollectdHost::put_changed(std::uint16_t type, const std::string& text, std::string& last) {
  if (text == last && !is_first_) return;
  if (text.empty() && last.empty()) return;
  put_text(type, text);
  last = text;
}

void CollectdHost::add(const Name& name, int count, bool is_derive) {
  if (open_.bytes.size() + 100 > kDatagramBytes) finish();
  if (is_first_) put_text(0, host_);
  put_number(open_.bytes, 0x0008'000c, 4);
  open_.times.push_back(open_.bytes.size());
  put_number(open_.bytes, 0, 8);
  if (is_first_) {
    put_number(open_.bytes, 0x0009'000c, 4);
    put_number(open_.bytes, kInterval << 30, 8);
  }
  put_changed(2, name.plugin, last_.plugin);
  put_changed(3, name.plugin_instance, last_.plugin_instance);
  put_changed(4, name.type, last_.type);
  put_changed(5, name.type_instance, last_.type_instance);
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

void CollectdHost::finish() {
  datagrams_.push_back(std::exchange(open_, {}));
  last_ = {};
  is_first_ = true;
}

}  // namespace tocsin::traffic
