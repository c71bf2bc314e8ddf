#include "src/app/hash_seed.hpp"

#include <fcntl.h>
#include <sys/random.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <string>

#include "src/base/system_error.hpp"
#include "src/base/unique_fd.hpp"

namespace tocsin::app {
namespace {

constexpr int kHexDigits = 16;

Result<std::uint64_t> make_seed(const std::filesystem::path& file) {
  const auto failed = [&] {
    return Error{Errc::kIo, file.string(),
                 "cannot keep the seed of series ids: " + base::errno_text(errno)};
  };
  std::uint64_t seed = 0;
  if (::getrandom(&seed, sizeof seed, 0) != sizeof seed) return failed();
  std::array<char, kHexDigits + 2> text{};
  std::snprintf(text.data(), text.size(), "%016llx\n", static_cast<unsigned long long>(seed));
  // Readable by the owner only: whoever knows it can make names collide.
  const base::UniqueFd fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!fd) return failed();
  if (::write(fd.get(), text.data(), kHexDigits + 1) != kHexDigits + 1) return failed();
  if (::fsync(fd.get()) != 0) return failed();
  return seed;
}

}  // namespace

Result<std::uint64_t> load_hash_seed(const std::filesystem::path& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) {
    return Error{Errc::kIo, directory.string(), "cannot make the directory: " + error.message()};
  }
  const std::filesystem::path file = directory / "series_id_seed";
  if (!std::filesystem::exists(file, error)) return make_seed(file);
  std::ifstream in(file);
  std::string text;
  std::getline(in, text);
  std::uint64_t seed = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), seed, 16);
  if (status != std::errc() || end != text.data() + text.size() || text.size() != kHexDigits) {
    return Error{Errc::kSyntax, file.string() + ":1:1",
                 "found '" + text.substr(0, 32) + "', expected 16 hexadecimal digits"};
  }
  return seed;
}

}  // namespace tocsin::app
