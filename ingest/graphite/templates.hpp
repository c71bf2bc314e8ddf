// Templates: how a dotted path says host, service and attributes.
//   template := [filter blank] target ("." target)* [blank key "=" value ("," key "=" value)*]
//   filter   := pattern ("." pattern)*            e.g. servers.web-*.cpu
//   target   := "" | name | name "*"              "*" only in the last target
//   name     := "host" | "service" | key          "measurement" and "field" are "service" too
//   key      := one or more of A-Z a-z 0-9 "_" "-"; not "ingest", not "peer"
//
// A path is cut at its dots. A filter fits if its patterns, in which "*" stands for any bytes, fit
// the first components of the path. Each target then names the component at its own place: "host"
// and "service" say what they say, a key becomes an attribute, an empty target skips. The last one
// with a "*" takes all components from there on. Components with the same name are joined by dots.
//   servers.*  .host.resource.service*  dc=fra
//   servers.web-1.disk.sda.free   ->  host web-1, resource disk, service sda.free, dc fra
//
// A template without "*" does not fit a path that is longer than itself: what nobody named would
// be lost and different series would become one. A shorter path lacks the last targets.
// Of several templates that fit, the most specific filter wins: at the first component where two
// differ, a literal is before a pattern, a pattern with more literal bytes before one with fewer,
// "*" behind all of them, and the end of the filter last. A template without a filter is the last
// resort. Where no template fits, or it names no component of the path "service", the service is
// the whole path.
// Threads: immutable after compile().
// Errors:  kSyntax, kDuplicate, kLimit; `where` is "line:column" in the list, 1-based: the number
//          of the template and the byte in it.
// Cost:    compile once; find walks a tree of components and does not depend on how many templates
//          there are, only on how many of their patterns fit.
// Source:  the templates of InfluxDB's and Telegraf's Graphite input. Deviations: the rule about
//          longer paths above, ties between patterns, and joining by dots only.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tocsin/event.hpp"
#include "tocsin/result.hpp"

namespace tocsin::graphite {

// Where a path belongs.
struct Placement {
  std::string_view host;
  std::string_view service;
};

class Templates {
 public:
  static constexpr std::size_t kMaxTemplates = 1000;
  static constexpr std::size_t kMaxComponents = 64;  // of a filter, and of a template
  static constexpr std::size_t kMaxBytes = 1024;     // of one template with its filter and tags

  [[nodiscard]] static Result<Templates> compile(std::span<const std::string> texts);

  // Places the components of `path`: sets what its template names, leaves the rest as it is, and
  // appends attributes. The texts view the path, these templates and `joined`, whose old content is
  // lost. False: no template fits, nothing was changed.
  bool place(std::string_view path, std::string& joined, Placement& placement,
             std::vector<AttributeView>& attributes) const;

  // One text of a template. Public for the tests of what is compiled from it.
  struct Run {  // components that stand together
    std::size_t first = 0;
    std::size_t last = 0;  // included
    bool open = false;     // everything from `first` on
  };
  enum class Role : std::uint8_t { kHost, kService, kAttribute };
  struct Target {
    Role role = Role::kAttribute;
    std::string key;  // kAttribute
    std::vector<Run> runs;
  };
  struct Template {
    std::vector<Target> targets;
    std::vector<Attribute> constants;
    std::size_t length = 0;  // components that it names or skips
    bool open = false;       // the last one takes the rest
  };

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  // A component of filters, with what may follow it.
  struct Node {
    std::vector<std::pair<std::string, std::size_t>> literals;  // sorted
    std::vector<std::pair<std::string, std::size_t>> patterns;  // most literal bytes first
    std::size_t found = kNone;                                  // the template that ends here
  };

  // The path cut at its dots. What lies behind the last component that counts belongs to it.
  struct Components {
    std::string_view path;
    std::array<std::uint32_t, kMaxComponents + 1> ends;  // the first `count` are set
    std::size_t count = 0;

    [[nodiscard]] std::size_t begin(std::size_t index) const noexcept {
      return index == 0 ? 0 : ends[index - 1] + 1;
    }
    [[nodiscard]] std::string_view run(std::size_t first, std::size_t last) const noexcept {
      return path.substr(begin(first), ends[last] - begin(first));
    }
  };

  Templates() : nodes_(1) {}
  [[nodiscard]] std::size_t node_for(std::string_view filter);
  [[nodiscard]] std::size_t child_of(std::size_t node, std::string_view pattern);
  [[nodiscard]] const Template* find(const Components& path, std::size_t node,
                                     std::size_t depth) const;
  static void cut(std::string_view path, Components& components) noexcept;

  std::vector<Node> nodes_;  // the first is the root
  std::vector<Template> templates_;
};

}  // namespace tocsin::graphite
