// What the daemon answers over HTTP. Each route reads published snapshots and counters, or asks the
// shards and waits; none touches a stage's state.
//   GET /metrics                        Prometheus text
//   GET /health, /healthz               the process lives
//   GET /ready, /readyz                 it listens and its store takes results
//   GET /api/v1/index?where=&limit=     events of the index; format=json (default), ndjson or text
//   GET /api/v1/services                all services, flat, in rule order
//   GET /api/v1/services/NAME           one, with members
//   GET /api/v1/services/NAME/status    ?view=own|rolled|strict: an answer for deployments
//   .../api/v1/feedback                 feedback_routes.hpp: the only one that changes something
// Threads: the HTTP server's.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "src/api/http_server.hpp"
#include "src/app/feedback_routes.hpp"
#include "src/app/roll_up_stage.hpp"
#include "src/app/shard_set.hpp"
#include "src/publish/publisher.hpp"

namespace tocsin::app {

struct RouteSources {
  ShardSet* shards;
  const RollUpStage* roll_up;
  const publish::Publisher* publisher;
  const std::atomic<bool>* healthy;      // what an operator set on the admin port
  std::function<std::string()> metrics;  // the whole page
  FeedbackRoutes* feedback;
};

class HttpRoutes {
 public:
  explicit HttpRoutes(RouteSources sources) : sources_(std::move(sources)) {}

  [[nodiscard]] api::Response operator()(const api::Request& request) const;

 private:
  [[nodiscard]] api::Response health() const;
  [[nodiscard]] api::Response ready() const;
  [[nodiscard]] api::Response index(const api::Request& request) const;
  [[nodiscard]] api::Response services() const;
  [[nodiscard]] api::Response service(const std::string& path, const api::Request& request) const;

  RouteSources sources_;
};

}  // namespace tocsin::app
