// What one host's collectd sends each interval: the lists of the capture
// tests/data/collectd/plain.dgram, in the same order and cut into datagrams as the network plugin
// cuts them (up to 1346 bytes): 52 lists with 70 values, 48 of them derives. A part is written only
// when it is not what it was, and a datagram that would grow too long is sent before the list.
// Answer: each gauge is 2, and each derive grows by 20 in each interval of 10 s: a rate of 2.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::traffic {

// The lines of types.db for what is sent.
extern const std::string_view kCollectdTypes;

class CollectdHost {
 public:
  static constexpr std::uint64_t kInterval = 10;  // seconds

  struct Datagram {
    std::string bytes;
    std::vector<std::size_t> times;    // where the times stand
    std::vector<std::size_t> derives;  // where the derives stand
  };

  explicit CollectdHost(std::string host);

  // Makes the datagrams those of interval `round`, which is the one at `time`. A list that is not
  // newer than the last one is refused, so rounds go up.
  void set_round(std::uint64_t round, std::uint64_t time_s);

  [[nodiscard]] const std::vector<Datagram>& datagrams() const noexcept { return datagrams_; }
  [[nodiscard]] std::size_t values() const noexcept { return values_; }
  [[nodiscard]] std::size_t derives() const noexcept;

 private:
  struct Name {
    std::string plugin, plugin_instance, type, type_instance;
  };

  void put_text(std::uint16_t type, const std::string& text);
  void put_changed(std::uint16_t type, const std::string& text, std::string& last);
  void add(const Name& name, int count, bool is_derive);
  void finish();

  std::string host_;
  Datagram open_;
  Name last_;
  bool is_first_ = true;  // of the list within its datagram
  std::vector<Datagram> datagrams_;
  std::size_t values_ = 0;
};

}  // namespace tocsin::traffic
