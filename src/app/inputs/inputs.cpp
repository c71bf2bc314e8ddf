#include "src/app/inputs/inputs.hpp"

#include <unistd.h>

#include <climits>

namespace tocsin::app {
namespace {

template <class L>
Result<void> add_all(const std::vector<L>& listeners, const std::string& protocol,
                     const InputContext& context, Specs& specs) {
  for (std::size_t i = 0; i < listeners.size(); ++i) {
    const std::string setting = "listen." + protocol + "[" + std::to_string(i) + "]";
    if (auto added = add_inputs(listeners[i], setting, context, specs); !added) return added;
  }
  return {};
}

}  // namespace

std::string own_host() {
  char name[HOST_NAME_MAX + 1] = {};
  return ::gethostname(name, sizeof name - 1) == 0 ? name : "localhost";
}

Result<Specs> make_inputs(const settings::Listen& listen, const settings::Checks& checks,
                          const InputContext& context) {
  Specs specs;
  for (const auto& added :
       {add_all(listen.statsd, "statsd", context, specs),
        add_all(listen.collectd, "collectd", context, specs),
        add_all(listen.riemann, "riemann", context, specs),
        add_all(listen.graphite, "graphite", context, specs),
        add_all(listen.syslog, "syslog", context, specs),
        add_all(listen.json, "json", context, specs), add_all(listen.gelf, "gelf", context, specs),
        add_all(listen.nagios, "nagios", context, specs),
        add_all(listen.tail, "tail", context, specs)}) {
    if (!added) return added.error();
  }
  add_inputs(checks, specs);
  if (auto added = add_inputs(listen.http, context, specs); !added) return added.error();
  return specs;
}

}  // namespace tocsin::app
