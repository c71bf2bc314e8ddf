// Users and passwords of the binary protocol, as collectd's AuthFile tells them.
//   line := user ":" blank* password
// The line is split at its first colon; a password may hold colons and end in blanks. Lines that
// are empty or begin with '#' are skipped; so are users whose password is empty, as in collectd.
// Errors:  kSyntax: no colon, no user; kDuplicate. They never show what stands behind the user.
// Threads: immutable once parsed. Whoever owns the file reads it again when it changes and gives
//          the decoders a new object.
// Source:  collectd 5.12, collectd.conf(5) "AuthFile", utils_fbhash.c.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "tocsin/result.hpp"

namespace tocsin::collectd {

struct User {
  std::string password;                 // keys the signature
  std::array<unsigned char, 32> key{};  // SHA-256 of the password: keys the encryption
};

class Users {
 public:
  // `text`: a whole file. `file`: its name, for errors.
  [[nodiscard]] static Result<Users> parse(std::string_view text, std::string_view file);

  // Null: no such user. Valid as long as this object.
  [[nodiscard]] const User* find(std::string_view name) const;
  [[nodiscard]] std::size_t size() const noexcept { return users_.size(); }

 private:
  std::map<std::string, User, std::less<>> users_;
};

}  // namespace tocsin::collectd
