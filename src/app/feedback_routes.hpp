// What operators say over HTTP of the alarms of series, and what is said of it (feedback.hpp).
//   POST   /api/v1/feedback                gives some: feedback_request.hpp has the body
//   GET    /api/v1/feedback                what is in force; format=json (default) or text
//   DELETE /api/v1/feedback/ID?author=WHO  takes back what was given under that id
// /feedback is short for it.
// Errors:  400 what is wrong with the request     404 no series that is watched, or no such id
//          409 it would change nothing, or there is no room (detect.feedback.max)
//          415 an encoded body    500 the file did not take it    503 a shard does not answer
// Threads: the HTTP server's, which waits for the disk here and for the shards.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "src/api/http_server.hpp"
#include "src/app/feedback_book.hpp"
#include "src/app/feedback_request.hpp"
#include "src/app/shard_set.hpp"

namespace tocsin::app {

class FeedbackRoutes {
 public:
  // At once: more are hardly what one operator has looked at.
  static constexpr std::size_t kMaxSubjects = 1000;

  // What is borrowed must outlive this. `now`: the wall clock; what is said begins and ends by it.
  FeedbackRoutes(ShardSet& shards, FeedbackBook& book, std::function<TimePoint()> now)
      : shards_(shards), book_(book), now_(std::move(now)) {}

  [[nodiscard]] static bool serves(std::string_view path);
  // Precondition: serves(request.path).
  [[nodiscard]] api::Response operator()(const api::Request& request);

 private:
  [[nodiscard]] api::Response give(const api::Request& request);
  [[nodiscard]] api::Response list(const api::Request& request);
  [[nodiscard]] api::Response withdraw(std::string_view id, const api::Request& request);
  [[nodiscard]] std::string where_kept() const;

  ShardSet& shards_;
  FeedbackBook& book_;
  const std::function<TimePoint()> now_;
};

}  // namespace tocsin::app
