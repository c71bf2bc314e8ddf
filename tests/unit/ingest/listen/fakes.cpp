#include "tests/unit/ingest/listen/fakes.hpp"

#include <filesystem>

namespace tocsin::listen::testing {

TemporaryDirectory::TemporaryDirectory() {
  // A short path: unix socket paths have at most 107 bytes.
  std::string pattern = std::filesystem::temp_directory_path().string() + "/listen-XXXXXX";
  const char* made = ::mkdtemp(pattern.data());
  if (made != nullptr) path_ = made;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

}  // namespace tocsin::listen::testing
