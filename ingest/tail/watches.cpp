#include "ingest/tail/watches.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "src/base/system_error.hpp"

namespace tocsin::tail {
namespace {

constexpr std::uint32_t kNames = IN_CREATE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_ONLYDIR;
constexpr std::uint32_t kNameNews = IN_CREATE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE;
constexpr int kReadsPerCall = 32;

}  // namespace

Result<Watches> Watches::create() {
  base::UniqueFd inotify(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  if (!inotify) return base::system_error("", "cannot use inotify", errno);
  return Watches(std::move(inotify));
}

void Watches::set_folders(const std::vector<std::string>& folders) {
  std::map<std::string, int> wanted;
  std::set<int> still_used;
  for (const std::string& folder : folders) {
    // For a directory that is watched already this gives the same number; after it was deleted and
    // made again, a new one.
    const int watch = ::inotify_add_watch(inotify_.get(), folder.c_str(), kNames);
    if (watch < 0) continue;
    wanted.emplace(folder, watch);
    still_used.insert(watch);
  }
  for (const auto& [folder, watch] : folders_) {
    // Fails for a directory that is gone, and its watch with it.
    if (!still_used.contains(watch)) (void)::inotify_rm_watch(inotify_.get(), watch);
  }
  folders_ = std::move(wanted);
}

int Watches::add_file(int fd) {
  // The name of the descriptor, not of the file: that may lead elsewhere by now.
  const std::string path = "/proc/self/fd/" + std::to_string(fd);
  return ::inotify_add_watch(inotify_.get(), path.c_str(), IN_MODIFY);
}

void Watches::remove_file(int watch) {
  if (watch >= 0) (void)::inotify_rm_watch(inotify_.get(), watch);
}

Watches::News Watches::read() {
  News news;
  alignas(inotify_event) std::array<char, 16 * 1024> buffer;
  // What is still to be read keeps the descriptor readable.
  for (int reads = 0; reads < kReadsPerCall; ++reads) {
    const ssize_t size = ::read(inotify_.get(), buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) break;
    for (std::size_t at = 0; at < static_cast<std::size_t>(size);) {
      inotify_event event{};
      std::memcpy(&event, buffer.data() + at, sizeof event);
      at += sizeof event + event.len;
      news.lost |= (event.mask & IN_Q_OVERFLOW) != 0;
      news.names_changed |= (event.mask & kNameNews) != 0;
      if ((event.mask & IN_MODIFY) != 0) news.files.insert(event.wd);
    }
  }
  return news;
}

}  // namespace tocsin::tail
