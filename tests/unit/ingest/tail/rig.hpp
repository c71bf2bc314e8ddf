// What the tests of ingest/tail share: real files in a directory of their own, a decoder that keeps
// lines, and time that passes when the test says so.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/tail/follower.hpp"
#include "src/base/unique_fd.hpp"
#include "tests/unit/ingest/recording_intake.hpp"
#include "tocsin/decoder.hpp"

namespace tocsin::tail::testing {

using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

class Folder {
 public:
  Folder() {
    std::string pattern = std::filesystem::temp_directory_path().string() + "/tail-XXXXXX";
    const char* made = ::mkdtemp(pattern.data());
    if (made != nullptr) path_ = made;
  }
  ~Folder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string operator/(std::string_view name) const {
    return path_ + "/" + std::string(name);
  }

 private:
  std::string path_;
};

// As a program with a log does: one write at the end of the file.
inline void append(const std::string& path, std::string_view bytes) {
  std::ofstream(path, std::ios::app | std::ios::binary) << bytes;
}
inline void rename(const std::string& from, const std::string& to) {
  std::filesystem::rename(from, to);
}
inline void remove(const std::string& path) {
  std::filesystem::remove(path);
}
inline void truncate(const std::string& path, std::uint64_t size = 0) {
  std::filesystem::resize_file(path, size);
}
inline std::string read_all(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// A writer that keeps its file open, whatever happens to the name.
class Writer {
 public:
  explicit Writer(const std::string& path, int flags = O_APPEND)
      : fd_(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0644)) {}
  void write(std::string_view bytes) const {
    if (::write(fd_.get(), bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) {
      std::abort();
    }
  }

 private:
  base::UniqueFd fd_;
};

// Where the decoders of a test leave their records, in the order they came.
struct Inbox {
  struct Entry {
    std::string path;
    std::string text;
    TimePoint received;
  };
  std::vector<Entry> entries;
  std::size_t room = static_cast<std::size_t>(-1);  // records that are still taken
  std::size_t refusals = 0;

  [[nodiscard]] Lines lines() const {
    Lines lines;
    for (const Entry& entry : entries) lines.push_back(entry.text);
    return lines;
  }
  [[nodiscard]] Lines lines_of(const std::string& path) const {
    Lines lines;
    for (const Entry& entry : entries) {
      if (entry.path == path) lines.push_back(entry.text);
    }
    return lines;
  }
};

// Keeps a view of the record until flush(), as decoders may.
class LineDecoder final : public Decoder {
 public:
  LineDecoder(Inbox& inbox, std::string path) : inbox_(inbox), path_(std::move(path)) {}

  std::size_t decode(std::string_view bytes, const Origin& origin) override {
    if (held_.data() != nullptr) return 0;
    held_ = bytes;
    received_ = origin.received;
    return bytes.size();
  }
  bool flush() override {
    if (held_.data() == nullptr) return true;
    if (inbox_.room == 0) {
      ++inbox_.refusals;
      return false;
    }
    --inbox_.room;
    inbox_.entries.push_back({path_, std::string(held_), received_});
    held_ = {};
    return true;
  }
  void drop() override { held_ = {}; }

 private:
  Inbox& inbox_;
  const std::string path_;
  std::string_view held_;
  TimePoint received_;
};

// Begins an hour after the epoch of both clocks.
class Time {
 public:
  [[nodiscard]] const Now& now() const { return now_; }
  void pass(std::chrono::nanoseconds span) {
    now_.wall += span;
    now_.steady += std::chrono::duration_cast<std::chrono::steady_clock::duration>(span);
  }

 private:
  Now now_{TimePoint(1h), Now::Steady(1h)};
};

}  // namespace tocsin::tail::testing
