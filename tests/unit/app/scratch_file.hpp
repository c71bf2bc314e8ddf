// A file that exists for the length of a test.
#pragma once

#include <string>
#include <string_view>

namespace tocsin::app::test {

class ScratchFile {
 public:
  explicit ScratchFile(std::string_view bytes);
  ~ScratchFile();
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// `text` as a gzip file.
std::string gzip(std::string_view text);

}  // namespace tocsin::app::test
