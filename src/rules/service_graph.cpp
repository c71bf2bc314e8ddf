#include "src/rules/service_graph.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "src/settings/nearest.hpp"

namespace tocsin::rules {
namespace {

struct Reference {
  std::size_t target;
  const Place* place;
};
using Graph = std::vector<std::vector<Reference>>;

std::unordered_map<std::string_view, std::size_t> index_of(const std::vector<Service>& services) {
  std::unordered_map<std::string_view, std::size_t> index;
  for (std::size_t i = 0; i < services.size(); ++i) index.emplace(services[i].name, i);
  return index;
}

Graph build_graph(const std::vector<Service>& services, const ComplaintsOf& complaints_of) {
  const auto index = index_of(services);
  std::vector<std::string> names;
  for (const Service& service : services) names.push_back(service.name);
  Graph graph(services.size());
  const auto refer = [&](std::size_t from, const std::string& name, const Place& place) {
    const auto target = index.find(name);
    if (target != index.end()) {
      graph[from].push_back({target->second, &place});
      return;
    }
    complaints_of(place.file)
        .add(Errc::kUnknownName, place.position,
             "found " + settings::in_quotes(name) + ", expected the name of a service" +
                 settings::did_you_mean(name, names));
  };
  for (std::size_t i = 0; i < services.size(); ++i) {
    for (const Child& child : services[i].children) refer(i, child.service, child.place);
    for (const Dependency& need : services[i].depends_on) refer(i, need.service, need.place);
  }
  return graph;
}

// Depth-first search without recursion, since chains of services may be long. `path` holds the
// services from the start to the one being looked at: an edge back into it closes a cycle.
class CycleFinder {
 public:
  CycleFinder(const std::vector<Service>& services, const Graph& graph,
              const ComplaintsOf& complaints_of)
      : services_(services), graph_(graph), complaints_of_(complaints_of), colour_(graph.size()) {}

  void run() {
    for (std::size_t start = 0; start < graph_.size(); ++start) {
      if (colour_[start] == Colour::kNew) search(start);
    }
  }

 private:
  enum class Colour : unsigned char { kNew, kOnPath, kDone };
  struct Step {
    std::size_t service;
    std::size_t next_edge;
  };

  void search(std::size_t start) {
    enter(start);
    while (!path_.empty()) {
      Step& step = path_.back();
      if (step.next_edge == graph_[step.service].size()) {
        colour_[step.service] = Colour::kDone;
        path_.pop_back();
        continue;
      }
      const Reference& edge = graph_[step.service][step.next_edge++];
      if (colour_[edge.target] == Colour::kNew) {
        enter(edge.target);
      } else if (colour_[edge.target] == Colour::kOnPath) {
        complain(edge);
      }
    }
  }

  void enter(std::size_t service) {
    colour_[service] = Colour::kOnPath;
    path_.push_back({service, 0});
  }

  void complain(const Reference& closing) const {
    const auto first = std::find_if(path_.begin(), path_.end(), [&](const Step& step) {
      return step.service == closing.target;
    });
    std::string text = "found a cycle of services (";
    for (auto step = first; step != path_.end(); ++step) {
      text += services_[step->service].name + " -> ";
    }
    text += services_[closing.target].name + "), expected members and dependencies without one";
    complaints_of_(closing.place->file)
        .add(Errc::kSyntax, closing.place->position, std::move(text));
  }

  const std::vector<Service>& services_;
  const Graph& graph_;
  const ComplaintsOf& complaints_of_;
  std::vector<Colour> colour_;
  std::vector<Step> path_;
};

}  // namespace

void check_service_names(const std::vector<Service>& services, const ComplaintsOf& complaints_of) {
  const auto index = index_of(services);
  for (std::size_t i = 0; i < services.size(); ++i) {
    const Service& first = services[index.at(services[i].name)];
    if (&first == &services[i]) continue;
    complaints_of(services[i].place.file)
        .add(Errc::kDuplicate, services[i].place.position,
             "found a second service named " + settings::in_quotes(first.name) +
                 ", expected a name of its own (first at " + first.place.to_string() + ")");
  }
}

void check_service_references(const std::vector<Service>& services,
                              const ComplaintsOf& complaints_of) {
  const Graph graph = build_graph(services, complaints_of);
  CycleFinder(services, graph, complaints_of).run();
}

}  // namespace tocsin::rules
