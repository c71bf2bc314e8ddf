#include "ingest/collectd/auth_file.hpp"

#include <utility>

#include "ingest/collectd/seal.hpp"

namespace tocsin::collectd {
namespace {

constexpr std::string_view kBlanks = " \t";

std::string_view skip_blanks(std::string_view text) noexcept {
  const std::size_t first = text.find_first_not_of(kBlanks);
  return first == std::string_view::npos ? std::string_view() : text.substr(first);
}

}  // namespace

Result<Users> Users::parse(std::string_view text, std::string_view file) {
  Users users;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    while (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    const std::string_view entry = skip_blanks(line);
    if (entry.empty() || entry.front() == '#') continue;

    const auto fail = [&](Errc code, std::string what) {
      const auto column = static_cast<std::size_t>(entry.data() - line.data()) + 1;
      return Error{code,
                   std::string(file) + ":" + std::to_string(number) + ":" + std::to_string(column),
                   std::move(what)};
    };
    const std::size_t colon = entry.find(':');
    if (colon == std::string_view::npos) {
      return fail(Errc::kSyntax, "found a line without ':', expected user: password");
    }
    if (colon == 0) {
      return fail(Errc::kSyntax, "found ':' at the front, expected user: password");
    }
    const std::string_view password = skip_blanks(entry.substr(colon + 1));
    if (password.empty()) continue;
    const std::string name(entry.substr(0, colon));
    const User user{std::string(password), encryption_key(password)};
    if (!users.users_.emplace(name, user).second) {
      return fail(Errc::kDuplicate, "found user '" + name + "' again, expected each once");
    }
  }
  return users;
}

const User* Users::find(std::string_view name) const {
  const auto found = users_.find(name);
  return found == users_.end() ? nullptr : &found->second;
}

}  // namespace tocsin::collectd
