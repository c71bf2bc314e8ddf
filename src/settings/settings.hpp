// Settings: everything that can be chosen about a running Tocsin, as plain typed values.
// The members' initial values are the defaults; config/tocsin.yaml writes them out with comments
// (a test compares the two). docs/settings.md says what each one is for.
// Threads: a plain value; shared as const once loaded.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/settings/address.hpp"
#include "src/settings/excerpt.hpp"
#include "src/settings/listeners.hpp"
#include "src/settings/places.hpp"
#include "src/settings/units.hpp"

namespace tocsin::settings {

// A predicate as it was written; src/app parses it. The default has no file.
struct PredicateText {
  Excerpt excerpt;
  std::string file;

  PredicateText() = default;
  explicit PredicateText(std::string text) { excerpt.text = std::move(text); }

  [[nodiscard]] const std::string& text() const noexcept { return excerpt.text; }
  // "file:line:column" for a "line:column" within the text; empty for a default.
  [[nodiscard]] std::string where(std::string_view line_and_column) const {
    return file.empty() ? std::string() : place(file, excerpt.position(line_and_column));
  }
  friend bool operator==(const PredicateText& a, const PredicateText& b) {
    return a.text() == b.text();
  }
};

struct Pipeline {
  std::uint32_t ingest_threads = 1;
  std::uint32_t shard_threads = 1;
  std::uint32_t batches = 256;         // per ingest thread
  std::uint32_t batch_samples = 1024;  // samples in a batch

  friend bool operator==(const Pipeline&, const Pipeline&) = default;
};

// How long a series of each kind speaks for the present without being heard.
struct SeriesTtl {
  Duration counter = std::chrono::hours(1);
  Duration gauge = std::chrono::hours(24);
  Duration timer = std::chrono::hours(1);  // histograms and distributions too
  Duration set = std::chrono::hours(1);
  Duration event = std::chrono::hours(1);

  friend bool operator==(const SeriesTtl&, const SeriesTtl&) = default;
};

// History is compressed in blocks of so many points; it holds at least one block.
inline constexpr std::int64_t kMinHistoryPoints = 120;

struct Series {
  Duration interval = std::chrono::seconds(10);  // whole seconds
  Duration history = std::chrono::hours(24);     // a multiple of interval, see kMinHistoryPoints
  std::uint32_t max_series = 1'000'000;          // shared by the shards, as is max_bytes
  std::uint64_t max_bytes = std::uint64_t{8} << 30;  // at least 1 MiB for each shard
  SeriesTtl ttl;

  friend bool operator==(const Series&, const Series&) = default;
};

enum class FlushNames : std::uint8_t {
  kPlain,    // the name as received, statistics as suffixes
  kLegacy,   // Etsy's legacy name space: stats.x, stats_counts.x
  kCurrent,  // Etsy's name space: stats.counters.x.rate
};

// Bins for timers whose name contains `metric` (the first that does; "" fits all). A bin counts the
// values below its bound and not below the one before; the last bound may be infinity.
struct HistogramBins {
  std::string metric;
  std::vector<double> bounds;  // ascending

  friend bool operator==(const HistogramBins&, const HistogramBins&) = default;
};

struct Statsd {
  std::vector<double> percentiles{90};  // in (-100, 100], not 0; negative: of the slowest
  FlushNames names = FlushNames::kPlain;
  bool send_idle = true;  // a counter that was not heard is sent as 0, until its ttl ends
  std::vector<HistogramBins> histogram;

  friend bool operator==(const Statsd&, const Statsd&) = default;
};

enum class Consensus : std::uint8_t {
  kSkyline,        // anomalous when six of the nine detectors say so
  kSkylineCompat,  // as Skyline's code runs, its slip in the count included
};

// What operators say of alarms.
struct Feedback {
  // Starts from results.embedded.directory; empty: kept in memory only.
  std::filesystem::path file = "feedback.jsonl";
  std::uint32_t max = 10'000;  // in force at once; one for each watch of each series

  friend bool operator==(const Feedback&, const Feedback&) = default;
};

struct Detect {
  Consensus consensus = Consensus::kSkyline;
  // Of each shard thread's time, for votes and for teaching detectors: what is beyond it waits.
  double time_share = 0.7;
  // Of detectors that remember (consensus, deep), shared by the shards.
  std::uint64_t max_bytes = std::uint64_t{2} << 30;
  Feedback feedback;

  friend bool operator==(const Detect&, const Detect&) = default;
};

enum class StoreKind : std::uint8_t { kEmbedded, kRedis };

struct EmbeddedStore {
  std::filesystem::path directory = "var/tocsin";  // relative to the working directory
  PredicateText series{"false"};                   // which series' points are kept as results

  friend bool operator==(const EmbeddedStore&, const EmbeddedStore&) = default;
};

struct RedisStore {
  Address address{Address::Family::kIpv4, "127.0.0.1", 6379};
  std::string user;                     // empty: the default user
  std::string password;                 // empty: none; never shown
  std::filesystem::path password_file;  // instead of `password`; see read_secret
  std::uint32_t database = 0;
  std::string prefix = "tocsin:";
  Duration ttl = std::chrono::hours(7 * 24);
  PredicateText series{"true"};
  Duration connect_timeout = std::chrono::seconds(2);
  std::uint32_t pipeline = 512;  // commands in flight
  std::uint64_t spool_bytes = std::uint64_t{64} << 20;

  friend bool operator==(const RedisStore&, const RedisStore&) = default;
};

struct Results {
  StoreKind store = StoreKind::kEmbedded;
  EmbeddedStore embedded;
  RedisStore redis;

  friend bool operator==(const Results&, const Results&) = default;
};

enum class ForwardTo : std::uint8_t { kGraphite, kRiemann };
enum class GraphiteProtocol : std::uint8_t { kPlain, kPickle };
enum class Hashing : std::uint8_t { kCarbon, kFnv1a };

// A carbon, or a Riemann or Tocsin.
struct ForwardAddress {
  Address address;       // never a unix socket
  std::string instance;  // of a carbon, as in its DESTINATIONS; empty: none

  friend bool operator==(const ForwardAddress&, const ForwardAddress&) = default;
};
// "host:port" or "host:port:instance".
[[nodiscard]] std::string format_address(const ForwardAddress& address);

inline constexpr std::size_t kMaxForwards = 32;

// One destination that results go to besides the store.
struct Forward {
  std::string name;  // by default what `to` says
  ForwardTo to = ForwardTo::kGraphite;
  std::vector<ForwardAddress> addresses;
  GraphiteProtocol protocol = GraphiteProtocol::kPlain;  // this and the next three: graphite only
  Hashing hashing = Hashing::kCarbon;
  std::uint32_t replicas = 1;
  bool diverse_replicas = false;  // no two of them on the same host
  PredicateText where{"true"};    // which series' points and verdicts
  std::string prefix;             // in front of every name
  Duration connect_timeout = std::chrono::seconds(5);
  std::uint64_t spool_bytes = std::uint64_t{64} << 20;  // shared out among the addresses

  friend bool operator==(const Forward&, const Forward&) = default;
};

enum class LogLevel : std::uint8_t { kTrace, kDebug, kInfo, kWarning, kError };
enum class LogFormat : std::uint8_t { kText, kJson };

struct Log {
  LogLevel level = LogLevel::kInfo;
  LogFormat format = LogFormat::kText;

  friend bool operator==(const Log&, const Log&) = default;
};

struct Settings {
  Listen listen;
  Checks checks;
  Pipeline pipeline;
  Series series;
  Statsd statsd;
  Detect detect;
  Results results;
  std::vector<Forward> forward;
  // Files and directories; already joined to the settings file's directory when it named them
  // relative to itself.
  std::vector<std::filesystem::path> rules{"rules/"};
  Log log;
  Places places;  // where all of this was written

  friend bool operator==(const Settings&, const Settings&) = default;
};

}  // namespace tocsin::settings
