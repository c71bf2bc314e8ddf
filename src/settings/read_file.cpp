#include "src/settings/read_file.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>

namespace tocsin::settings {

Result<std::string> read_file(const std::filesystem::path& path, std::size_t max_bytes) {
  const auto refuse = [&](Errc code, std::string text) {
    return Error{code, path.string(), std::move(text)};
  };
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    return refuse(Errc::kIo, std::string("cannot be read: ") + std::strerror(errno));
  }
  // A pipe or a device could keep us waiting for ever.
  if (!S_ISREG(status.st_mode)) return refuse(Errc::kIo, "found no regular file, expected one");
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"),
                                                             &std::fclose);
  if (!file) return refuse(Errc::kIo, std::string("cannot be read: ") + std::strerror(errno));
  std::string text(max_bytes + 1, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  if (std::ferror(file.get()) != 0) return refuse(Errc::kIo, "cannot be read to its end");
  if (text.size() > max_bytes) {
    return refuse(Errc::kLimit, "found a file of more than " + std::to_string(max_bytes) +
                                    " bytes, expected a smaller one");
  }
  return text;
}

Result<std::string> read_secret(const std::filesystem::path& path) {
  constexpr std::size_t kMaxSecret = 4096;
  Result<std::string> secret = read_file(path, kMaxSecret);
  if (!secret) return secret;
  if (!secret->empty() && secret->back() == '\n') secret->pop_back();
  if (!secret->empty() && secret->back() == '\r') secret->pop_back();
  if (secret->empty()) {
    return Error{Errc::kRange, path.string(), "found an empty file, expected a secret"};
  }
  if (secret->find('\n') != std::string::npos) {
    return Error{Errc::kSyntax, path.string(), "found several lines, expected a secret on one"};
  }
  return secret;
}

}  // namespace tocsin::settings
