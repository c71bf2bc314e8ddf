// flow_generator: sends a known statsd load over UDP and says exactly what a correct server must
// have counted. The same options and seed give the same bytes.
// How:     datagrams are rendered once into a pool that holds every key equally often, in shuffled
//          order; the pool is then sent round and round, 64 datagrams per system call.
// Load:    names of 27 to 54 bytes, 60 % counters, 30 % timers, 10 % gauges. --mix full turns 5 of
//          the 60 into sets, and adds tags (half of the keys), sample rates (a quarter of counters
//          and timers) and characters that need sanitising (an eighth of the names).
// Output:  one JSON object. Checksums are the sum over all keys, modulo 2^64, of FNV-1a-64 of the
//          key as sent ("name", or "name|#tags") times the key's expected value.
// Source:  FNV: Fowler, Noll, Vo (draft-eastlake-fnv). SplitMix64: Steele, Lea, Flood, OOPSLA 2014.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

constexpr const char* kUsage =
    "flow_generator --port N [options]\n"
    "  --keys N          distinct series (10000)\n"
    "  --lines-per N     lines per datagram (1)\n"
    "  --lines N         stop after exactly so many lines (1000000)\n"
    "  --seconds S       stop after so many seconds, if that is earlier\n"
    "  --rate N          datagrams per second; 0 sends as fast as it can (0)\n"
    "  --mix plain|full  full: with tags, sampling, sets, names to sanitise (plain)\n"
    "  --seed N          (1)\n"
    "  --expect FILE     write one line per key: type, name, tags, lines, weight, value\n"
    "                    (tab-separated; weight: sum of 1/rate; value: counter: sum of "
    "value/rate,\n"
    "                    timer: sum of values, gauge: last value, set: distinct members)\n";

constexpr unsigned kBatch = 64;
// Lines in the pool, at least: small enough that the kernel reads them from a cache near by.
constexpr std::size_t kPoolLines = 200'000;
constexpr std::uint32_t kSetMembers = 1000;

volatile std::sig_atomic_t g_stop = 0;

struct Options {
  std::uint16_t port = 0;
  std::uint32_t keys = 10'000;
  std::uint32_t lines_per_datagram = 1;
  std::uint64_t lines = 1'000'000;
  double seconds = 0;
  double rate = 0;
  bool full = false;
  std::uint64_t seed = 1;
  const char* expect = nullptr;
};

[[noreturn]] void fail(const char* what) {
  std::fprintf(stderr, "flow_generator: %s: %s\n", what, std::strerror(errno));
  std::exit(1);
}

[[noreturn]] void usage() {
  std::fputs(kUsage, stderr);
  std::exit(1);
}

Options parse(int argc, char** argv) {
  Options options;
  if (argc % 2 == 0) usage();
  for (int i = 1; i < argc; i += 2) {
    const std::string_view name = argv[i];
    const char* text = argv[i + 1];
    const auto number = std::strtoull(text, nullptr, 10);
    if (name == "--port") {
      options.port = static_cast<std::uint16_t>(number);
    } else if (name == "--keys") {
      options.keys = static_cast<std::uint32_t>(number);
    } else if (name == "--lines-per") {
      options.lines_per_datagram = static_cast<std::uint32_t>(number);
    } else if (name == "--lines") {
      options.lines = number;
    } else if (name == "--seconds") {
      options.seconds = std::strtod(text, nullptr);
    } else if (name == "--rate") {
      options.rate = std::strtod(text, nullptr);
    } else if (name == "--mix") {
      options.full = std::string_view(text) == "full";
    } else if (name == "--seed") {
      options.seed = number;
    } else if (name == "--expect") {
      options.expect = text;
    } else {
      usage();
    }
  }
  if (options.port == 0 || options.keys == 0 || options.lines_per_datagram == 0) usage();
  return options;
}

// SplitMix64: tiny, and the same everywhere, unlike the distributions of <random>.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  std::uint32_t below(std::uint32_t limit) {
    return static_cast<std::uint32_t>(((next() >> 32) * limit) >> 32);
  }

 private:
  std::uint64_t state_;
};

std::uint64_t fnv1a(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return hash;
}

enum class Type : std::uint8_t { kCounter, kTimer, kGauge, kSet };
constexpr std::array<const char*, 4> kTypeNames = {"counter", "timer", "gauge", "set"};
constexpr std::array<const char*, 4> kTypeMarks = {"|c", "|ms", "|g", "|s"};

struct Key {
  std::string name;
  std::string tags;            // without "|#"
  const char* rate_text = "";  // "|@0.5", ...
  std::uint32_t weight = 1;    // 1 / rate
  Type type = Type::kCounter;
  // What a server must have counted in the end.
  std::uint64_t lines = 0;
  std::uint64_t value = 0;
};

Type type_of(std::uint32_t key, bool full) {
  const std::uint32_t slot = key % 20;
  if (slot < 12) return full && slot == 11 ? Type::kSet : Type::kCounter;
  return slot < 18 ? Type::kTimer : Type::kGauge;
}

// Dotted words up to the wanted length, then the number that makes the name unique.
std::string make_name(std::uint32_t index, bool awkward, Random& random) {
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), index, 36).ptr;
  const std::string suffix = "_" + std::string(digits.data(), end);
  const std::size_t length = 27 + random.below(28);
  std::string name = "app";
  while (name.size() + suffix.size() < length) {
    const bool starts_word = name.size() % 8 == 3 && name.size() + suffix.size() + 1 < length;
    name += starts_word ? '.' : static_cast<char>('a' + random.below(26));
  }
  if (awkward) name[3] = index % 16 < 8 ? '/' : ' ';
  return name + suffix;
}

std::vector<Key> make_keys(const Options& options, Random& random) {
  static constexpr std::array<std::pair<const char*, std::uint32_t>, 3> kRates = {
      {{"|@0.5", 2}, {"|@0.25", 4}, {"|@0.1", 10}}};
  std::vector<Key> keys(options.keys);
  for (std::uint32_t i = 0; i < options.keys; ++i) {
    Key& key = keys[i];
    key.type = type_of(i, options.full);
    const std::uint32_t traits = options.full ? random.below(64) : 63;
    key.name = make_name(i, traits % 8 == 0, random);
    if (options.full && traits >= 32) {
      key.tags = "env:prod,region:eu-" + std::to_string(1 + random.below(4));
    }
    const bool sampled = options.full && (traits / 8) % 4 == 0;
    if (sampled && (key.type == Type::kCounter || key.type == Type::kTimer)) {
      const auto& [text, weight] = kRates[random.below(kRates.size())];
      key.rate_text = text;
      key.weight = weight;
    }
  }
  return keys;
}

struct Line {
  std::uint32_t key;
  std::uint32_t value;  // sets: the member's number
};

// Everything that is sent, once round. Datagram i is text[datagrams[i], datagrams[i + 1]).
struct Pool {
  std::string text;
  std::vector<std::size_t> datagrams{0};
  std::vector<Line> lines;

  [[nodiscard]] std::size_t datagram_count() const { return datagrams.size() - 1; }
};

std::uint32_t pick_value(Type type, Random& random) {
  switch (type) {
    case Type::kCounter:
      return 1 + random.below(20);
    case Type::kTimer:
      return 1 + random.below(999);
    case Type::kGauge:
      return random.below(10'000);
    case Type::kSet:
      return random.below(kSetMembers);
  }
  return 0;
}

Pool make_pool(const Options& options, const std::vector<Key>& keys, Random& random) {
  Pool pool;
  std::vector<std::uint32_t> order(keys.size());
  for (std::uint32_t i = 0; i < options.keys; ++i) order[i] = i;
  const std::size_t rounds = (kPoolLines + keys.size() - 1) / keys.size();
  for (std::size_t round = 0; round < rounds; ++round) {
    for (std::uint32_t i = options.keys; i > 1; --i)
      std::swap(order[i - 1], order[random.below(i)]);
    for (const std::uint32_t index : order) {
      const Key& key = keys[index];
      const std::uint32_t value = pick_value(key.type, random);
      if (pool.lines.size() % options.lines_per_datagram == 0) {
        if (!pool.lines.empty()) pool.datagrams.push_back(pool.text.size());
      } else {
        pool.text += '\n';
      }
      pool.text += key.name;
      pool.text += key.type == Type::kSet ? ":user" : ":";
      pool.text += std::to_string(value);
      pool.text += kTypeMarks[static_cast<std::size_t>(key.type)];
      pool.text += key.rate_text;
      if (!key.tags.empty()) pool.text += "|#" + key.tags;
      pool.lines.push_back({index, value});
    }
  }
  pool.datagrams.push_back(pool.text.size());
  return pool;
}

int connect_socket(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) fail("socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) fail("connect");
  return fd;
}

struct Sent {
  std::uint64_t datagrams = 0;
  std::uint64_t lines = 0;
  std::uint64_t bytes = 0;
  double seconds = 0;
};

// Sends datagrams of the pool in order, at most kBatch per system call.
class Sender {
 public:
  Sender(const Options& options, const Pool& pool)
      : options_(options), pool_(pool), fd_(connect_socket(options.port)) {
    for (unsigned i = 0; i < kBatch; ++i) {
      messages_[i].msg_hdr.msg_iov = &vectors_[i];
      messages_[i].msg_hdr.msg_iovlen = 1;
    }
  }
  ~Sender() { ::close(fd_); }
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;

  Sent run() {
    using SteadyClock = std::chrono::steady_clock;
    const auto start = SteadyClock::now();
    const auto elapsed = [start] {
      return std::chrono::duration<double>(SteadyClock::now() - start).count();
    };
    // Paced sending goes in portions of at most 50 us, so that low rates stay single datagrams.
    const double portion = std::clamp(options_.rate * 50e-6, 1.0, double{kBatch});
    while (g_stop == 0 && sent_.lines < options_.lines) {
      unsigned most = kBatch;
      if (options_.rate > 0) {
        const double now = elapsed();
        const double due = now * options_.rate - static_cast<double>(sent_.datagrams);
        if (due < portion) {
          sleep((portion - due) / options_.rate);
          continue;
        }
        most = static_cast<unsigned>(std::min(due, double{kBatch}));
      }
      if (options_.seconds > 0 && elapsed() >= options_.seconds) break;
      send(most);
    }
    sent_.seconds = elapsed();
    return sent_;
  }

 private:
  static void sleep(double seconds) {
    const timespec pause{.tv_sec = static_cast<time_t>(seconds),
                         .tv_nsec = static_cast<long>(
                             (seconds - static_cast<double>(static_cast<time_t>(seconds))) * 1e9)};
    (void)::nanosleep(&pause, nullptr);
  }

  void send(unsigned most) {
    std::uint64_t left = options_.lines - sent_.lines;
    unsigned prepared = 0;
    std::array<std::uint32_t, kBatch> lines{};
    for (std::size_t at = next_; prepared < most && left > 0; ++prepared) {
      lines[prepared] = prepare(at, left, vectors_[prepared]);
      left -= lines[prepared];
      at = at + 1 == pool_.datagram_count() ? 0 : at + 1;
    }
    const int count = ::sendmmsg(fd_, messages_.data(), prepared, 0);
    if (count < 0) {
      if (errno == EINTR || errno == ENOBUFS) return;
      fail("sendmmsg (does anything listen there?)");
    }
    for (unsigned i = 0; i < static_cast<unsigned>(count); ++i) {
      sent_.lines += lines[i];
      sent_.bytes += vectors_[i].iov_len;
    }
    sent_.datagrams += static_cast<std::uint64_t>(count);
    next_ = (next_ + static_cast<std::size_t>(count)) % pool_.datagram_count();
  }

  // Points at datagram `at`, cut down to `left` lines. Returns its number of lines.
  [[nodiscard]] std::uint32_t prepare(std::size_t at, std::uint64_t left, iovec& out) const {
    const std::size_t first = at * options_.lines_per_datagram;
    auto lines = static_cast<std::uint32_t>(
        std::min<std::size_t>(options_.lines_per_datagram, pool_.lines.size() - first));
    std::string_view text(pool_.text);
    text = text.substr(pool_.datagrams[at], pool_.datagrams[at + 1] - pool_.datagrams[at]);
    if (lines > left) {
      lines = static_cast<std::uint32_t>(left);
      std::size_t end = text.find('\n');
      for (std::uint32_t i = 1; i < lines; ++i) end = text.find('\n', end + 1);
      text = text.substr(0, end);
    }
    out = {const_cast<char*>(text.data()), text.size()};  // sendmmsg only reads it
    return lines;
  }

  const Options& options_;
  const Pool& pool_;
  const int fd_;
  Sent sent_;
  std::size_t next_ = 0;
  std::array<mmsghdr, kBatch> messages_{};
  std::array<iovec, kBatch> vectors_{};
};

// Fills in Key::lines and Key::value for the first `sent` lines of the endlessly repeated pool.
void expect(const Pool& pool, std::uint64_t sent, std::vector<Key>& keys) {
  const std::uint64_t rounds = sent / pool.lines.size();
  const std::uint64_t rest = sent % pool.lines.size();
  std::vector<std::set<std::uint32_t>> members(keys.size());
  const auto count = [&](std::size_t line, std::uint64_t times) {
    const auto [index, value] = pool.lines[line];
    Key& key = keys[index];
    key.lines += times;
    switch (key.type) {
      case Type::kCounter:
        key.value += times * value * key.weight;
        break;
      case Type::kTimer:
        key.value += times * value;
        break;
      case Type::kGauge:
        key.value = value;
        break;
      case Type::kSet:
        members[index].insert(value);
        key.value = members[index].size();
        break;
    }
  };
  // Whole rounds first, then the last one again as far as it got: so gauges end on the last value.
  if (rounds > 0) {
    for (std::size_t line = 0; line < pool.lines.size(); ++line) count(line, rounds);
  }
  for (std::size_t line = 0; line < rest; ++line) count(line, 1);
}

void write_expectations(const char* path, const std::vector<Key>& keys) {
  std::FILE* file = std::fopen(path, "w");
  if (file == nullptr) fail(path);
  for (const Key& key : keys) {
    if (key.lines == 0) continue;
    std::fprintf(file, "%s\t%s\t%s\t%llu\t%llu\t%llu\n",
                 kTypeNames[static_cast<std::size_t>(key.type)], key.name.c_str(), key.tags.c_str(),
                 static_cast<unsigned long long>(key.lines),
                 static_cast<unsigned long long>(key.lines * key.weight),
                 static_cast<unsigned long long>(key.value));
  }
  if (std::fclose(file) != 0) fail(path);
}

struct TypeTotals {
  unsigned long long keys = 0;
  unsigned long long lines = 0;
  unsigned long long weight = 0;
  unsigned long long value = 0;
  unsigned long long checksum = 0;
};

void report(const Sent& sent, const std::vector<Key>& keys) {
  std::array<TypeTotals, 4> totals;
  for (const Key& key : keys) {
    if (key.lines == 0) continue;
    TypeTotals& total = totals[static_cast<std::size_t>(key.type)];
    total.keys += 1;
    total.lines += key.lines;
    total.weight += key.lines * key.weight;
    total.value += key.value;
    total.checksum += fnv1a(key.tags.empty() ? key.name : key.name + "|#" + key.tags) * key.value;
  }
  std::printf("{\"sent_lines\":%llu,\"sent_datagrams\":%llu,\"sent_bytes\":%llu,\"seconds\":%.6f",
              static_cast<unsigned long long>(sent.lines),
              static_cast<unsigned long long>(sent.datagrams),
              static_cast<unsigned long long>(sent.bytes), sent.seconds);
  for (std::size_t i = 0; i < totals.size(); ++i) {
    const TypeTotals& total = totals[i];
    std::printf(
        ",\"%ss\":{\"keys\":%llu,\"lines\":%llu,\"weight\":%llu,\"value\":%llu,"
        "\"checksum\":\"%016llx\"}",
        kTypeNames[i], total.keys, total.lines, total.weight, total.value, total.checksum);
  }
  std::puts("}");
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = parse(argc, argv);
  struct sigaction action {};
  action.sa_handler = [](int) { g_stop = 1; };  // ends early, with a report of what was sent
  (void)::sigaction(SIGTERM, &action, nullptr);
  (void)::sigaction(SIGINT, &action, nullptr);
  (void)::prctl(PR_SET_TIMERSLACK, 1000UL);  // pacing wants finer sleeps than the usual 50 us

  Random random(options.seed);
  std::vector<Key> keys = make_keys(options, random);
  const Pool pool = make_pool(options, keys, random);
  if (pool.text.size() / pool.datagram_count() > 60'000) usage();  // would not fit a datagram

  const Sent sent = Sender(options, pool).run();
  expect(pool, sent.lines, keys);
  if (options.expect != nullptr) write_expectations(options.expect, keys);
  report(sent, keys);
}
