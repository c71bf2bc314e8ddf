#include "src/settings/read_file.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <fstream>

namespace tocsin::settings {
namespace {

// A file of its own, gone with the object.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::string_view content)
      : path_(std::filesystem::temp_directory_path() /
              ("tocsin_read_file_test." + std::to_string(::getpid()))) {
    std::ofstream(path_, std::ios::binary) << content;
  }
  ~TemporaryFile() { std::filesystem::remove(path_); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

TEST_CASE("a file is read whole, up to the limit") {
  const TemporaryFile file("12345");
  CHECK(*read_file(file.path(), 5) == "12345");
  const auto refused = read_file(file.path(), 4);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Errc::kLimit);
}

TEST_CASE("what is no regular file is refused") {
  CHECK(read_file("/nonexistent/file", 10).error().code == Errc::kIo);
  CHECK(read_file("/", 10).error().code == Errc::kIo);
  CHECK(read_file("/dev/zero", 10).error().code == Errc::kIo);
}

TEST_CASE("a secret is the one line of its file") {
  CHECK(*read_secret(TemporaryFile("s3cret").path()) == "s3cret");
  CHECK(*read_secret(TemporaryFile("s3cret\n").path()) == "s3cret");
  CHECK(*read_secret(TemporaryFile(" s3cret \r\n").path()) == " s3cret ");
  for (const char* bad : {"", "\n", "one\ntwo\n"}) {
    const TemporaryFile file(bad);
    const auto refused = read_secret(file.path());
    REQUIRE_FALSE(refused);
  }
}

}  // namespace
}  // namespace tocsin::settings
