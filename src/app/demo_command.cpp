#include "src/app/demo_command.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <atomic>
#include <cerrno>
#include <cmath>
#include <ostream>
#include <random>
#include <string_view>
#include <thread>

#include "src/base/system_error.hpp"
#include "src/base/unique_fd.hpp"

namespace tocsin::app {
namespace {

constexpr auto kStep = std::chrono::milliseconds(250);
constexpr int kStepsPerSecond = 4;
constexpr double kAttemptsPerStep = 12;

std::atomic<bool> stopped{false};  // written by a signal handler

// The lines of one quarter of a second.
class Shop {
 public:
  explicit Shop(std::uint64_t seed) : random_(seed) {}

  std::string lines(bool trouble) {
    std::string out;
    const int attempts = std::poisson_distribution<int>(kAttemptsPerStep)(random_);
    int completed = 0;
    for (int i = 0; i < attempts; ++i) {
      const double latency_ms =
          std::lognormal_distribution<double>(trouble ? 7.3 : 4.8, 0.25)(random_);
      if (!trouble && std::uniform_int_distribution<int>(0, 99)(random_) != 0) ++completed;
      line(out, "shop.checkout.latency", std::to_string(static_cast<int>(latency_ms)), "ms");
    }
    line(out, "shop.checkout.attempted", std::to_string(attempts), "c");
    line(out, "shop.checkout.completed", std::to_string(completed), "c");
    line(out, "shop.payments.authorised", std::to_string(trouble ? 0 : completed), "c");
    for (const char* host : {"app-1", "app-2", "app-3"}) {
      const std::string tag = std::string("g|#host:") + host;
      line(out, "app.up", "1", tag);
      line(out, "app.cpu", std::to_string(std::normal_distribution<double>(35, 4)(random_)), tag);
    }
    line(out, "db.connections",
         std::to_string(
             static_cast<int>(std::normal_distribution<double>(trouble ? 60 : 40, 3)(random_))),
         "g|#host:db-1");
    return out;
  }

 private:
  static void line(std::string& out, std::string_view name, std::string_view value,
                   std::string_view type) {
    out.append(name).append(":").append(value).append("|").append(type).append("\n");
  }

  std::mt19937_64 random_;
};

}  // namespace

void stop_demo() noexcept {
  stopped.store(true, std::memory_order_relaxed);
}

int run_demo(const DemoOptions& options, std::ostream& out, std::ostream& err) {
  const std::string where = options.host + ":" + std::to_string(options.port);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(options.port);
  if (::inet_pton(AF_INET, options.host.c_str(), &address.sin_addr) != 1) {
    err << "tocsin demo: " << where << ": found a host that is no IPv4 address\n";
    return 1;
  }
  const base::UniqueFd fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!fd || ::connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    err << "tocsin demo: " << base::system_error(where, "cannot send", errno).message() << "\n";
    return 1;
  }
  out << "demo: a shop's traffic goes to " << where << "; trouble begins in "
      << options.calm.count() << " s and lasts " << options.trouble.count() << " s\n"
      << "demo: watch with: tocsin status shop; tocsin query 'tagged \"verdict\"'" << std::endl;
  Shop shop(options.seed);
  const auto start = std::chrono::steady_clock::now();
  bool was_trouble = false;
  for (std::int64_t step = 0; !stopped.load(std::memory_order_relaxed); ++step) {
    const std::chrono::seconds elapsed(step / kStepsPerSecond);
    if (options.duration.count() > 0 && elapsed >= options.duration) break;
    // calm, trouble, calm, trouble, ...: calm is long, so that normal can be learned.
    const auto in_cycle = elapsed % (options.calm + options.trouble);
    const bool trouble = in_cycle >= options.calm;
    if (trouble != was_trouble) {
      out << (trouble ? "demo: customers cannot check out" : "demo: all is well again")
          << std::endl;
    }
    was_trouble = trouble;
    const std::string lines = shop.lines(trouble);
    // Nobody listens yet, or no longer: the next datagram may find somebody.
    (void)::send(fd.get(), lines.data(), lines.size(), MSG_NOSIGNAL);
    std::this_thread::sleep_until(start + kStep * (step + 1));
  }
  return 0;
}

}  // namespace tocsin::app
