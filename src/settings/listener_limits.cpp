#include "src/settings/listener_limits.hpp"

#include <optional>
#include <string>
#include <vector>

#include "src/settings/listener_fields.hpp"

namespace tocsin::settings {
namespace {

// Sees the keys of one listener as ListenerReader reads them.
class LimitVisitor {
 public:
  explicit LimitVisitor(const SeeLimit& see) : see_(see) {}

  void name(const std::string& name) { name_ = name; }
  void socket(std::string_view, const std::optional<Address>&, const char*) {}
  void path(std::string_view, const std::string&) {}
  void file(std::string_view, const std::string&) {}
  void files(std::string_view, const std::vector<std::string>&) {}
  void texts(std::string_view, const std::vector<std::string>&) {}
  void text(std::string_view, const std::string&) {}
  void boolean(std::string_view, bool) {}
  template <class Enum, std::size_t N>
  void word(std::string_view, Enum, const Word<Enum> (&)[N]) {}
  void bytes(std::string_view key, std::uint64_t value, std::uint64_t, std::uint64_t) {
    see_(name_, key, value);
  }
  template <class Int>
  void integer(std::string_view key, Int value, Int, Int) {
    see_(name_, key, static_cast<std::uint64_t>(value));
  }
  void duration(std::string_view, Duration, Duration, Duration) {}
  void optional_duration(std::string_view, const std::optional<Duration>&, Duration, Duration) {}

 private:
  const SeeLimit& see_;
  std::string name_;
};

template <class L>
void see_listeners(std::vector<L> listeners, const SeeLimit& see) {
  for (L& listener : listeners) {
    LimitVisitor visitor(see);
    visit(listener, visitor);
  }
}

}  // namespace

void for_each_limit(const Listen& listen, const SeeLimit& see) {
  see_listeners(listen.statsd, see);
  see_listeners(listen.collectd, see);
  see_listeners(listen.riemann, see);
  see_listeners(listen.graphite, see);
  see_listeners(listen.syslog, see);
  see_listeners(listen.json, see);
  see_listeners(listen.gelf, see);
  see_listeners(listen.nagios, see);
  see_listeners(listen.tail, see);
}

}  // namespace tocsin::settings
