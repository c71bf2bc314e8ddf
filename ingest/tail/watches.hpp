// Watches: asks the kernel (inotify) to say which files grew and in which directories names
// changed. A hint, never the truth: network file systems say nothing of what others write, and a
// full queue loses messages. Whoever uses it looks at everything now and then.
// Threads: one thread.
// Source:  inotify(7).
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "src/base/unique_fd.hpp"
#include "tocsin/result.hpp"

namespace tocsin::tail {

class Watches {
 public:
  // Errors: kIo, for instance when the user has as many inotify instances as allowed.
  [[nodiscard]] static Result<Watches> create();

  // Readable when there is something to read().
  [[nodiscard]] int fd() const noexcept { return inotify_.get(); }

  // Watches exactly these directories from now on. Ones that cannot be watched are left out.
  void set_folders(const std::vector<std::string>& folders);
  // Watches an open file, whatever its name becomes. Negative: it cannot be watched.
  [[nodiscard]] int add_file(int fd);
  void remove_file(int watch);

  struct News {
    std::set<int> files;         // that grew or shrank: what add_file() returned
    bool names_changed = false;  // in a directory
    bool lost = false;           // some: look at everything
  };
  // What happened since the last call. Does not wait.
  [[nodiscard]] News read();

 private:
  explicit Watches(base::UniqueFd inotify) noexcept : inotify_(std::move(inotify)) {}

  base::UniqueFd inotify_;
  std::map<std::string, int> folders_;
};

}  // namespace tocsin::tail
