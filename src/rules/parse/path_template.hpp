// PathTemplate: the path of a request with what differs from request to request taken out, so that
// paths can be counted.
//
//     /users/42/posts?page=2                     /users/:id/posts
//     /orders/3f2504e0-4f89-11d3-9a0c-0305e82c3301   /orders/:uuid
//     /assets/app-5f3a9c1b2d.js                  /assets/app-:hash.js
//
// Host and scheme in front, and what stands behind ? # or ; are left out. Routes are tried first,
// in order: a segment `:name` stands for any one, `*` at the end for all that follow. What no route
// describes is judged segment by segment:
//
//     :id     digits                         :email  with an @
//     :uuid   8-4-4-4-12 hexadecimal digits  :text   with %, + or bytes beyond ASCII; or over 40 bytes
//     :date   2026-11-21                     :token  16 or more, letters and digits mixed
//     :hash   8 or more hexadecimal digits, one of 0-9 at least
//
// Of a segment with points, - or _ in it, each part between them is judged as digits or a hash.
// Further segments than the limit become `*`. What is no path becomes ":other", but for "*".
// Words stay: addresses made of titles have as many templates as titles, until a route says
// otherwise; max_groups of derive rules is the bound for all cases.
// Cost:    one pass, no allocation.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "src/rules/parse/operation.hpp"
#include "tocsin/result.hpp"

namespace tocsin::rules::parse {

class PathTemplate {
 public:
  static constexpr std::size_t kMostSegments = 32;

  // Errors: kSyntax for a route that does not begin with '/', or with '*' before its end.
  [[nodiscard]] static Result<PathTemplate> make(const std::vector<std::string>& routes,
                                                 std::size_t most_segments);

  // Lives as long as this, `arena` and `path`.
  [[nodiscard]] std::string_view of(std::string_view path, TextArena& arena) const;

 private:
  struct Route {
    std::string text;
    std::vector<std::string> segments;  // ":": any one
    bool open = false;                  // ends in *
  };

  [[nodiscard]] const Route* find_route(std::string_view path) const noexcept;

  std::vector<Route> routes_;
  std::size_t most_segments_ = 0;
};

// An operation that puts the template of one field's path into another.
// kSkipped: the field is missing.
struct PathTemplateOptions {
  FieldName field;
  FieldName target;
  PathTemplate path_template;
};
[[nodiscard]] OperationPtr make_path_template(PathTemplateOptions options);

}  // namespace tocsin::rules::parse
