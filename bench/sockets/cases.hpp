// The cases: one way in each, as the settings would open it, and what its clients send.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "bench/sockets/traffic.hpp"
#include "src/app/inputs/inputs.hpp"

namespace tocsin::sockets {

struct Case {
  const char* name;          // "collectd.udp"
  const char* decoder;       // for people
  const char* item;          // what is counted
  double target_ns;          // of an item in memory; 0: none was set
  std::size_t items_a_pass;  // about as many: some 0.1 s of work
  Traffic (*traffic)();
  app::Specs (*specs)();  // one, listening on a free port of loopback
};

[[nodiscard]] const std::vector<Case>& cases();
[[nodiscard]] const Case* find_case(std::string_view name);

}  // namespace tocsin::sockets
