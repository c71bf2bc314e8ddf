#include "src/app/daemon.hpp"

#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <mutex>
#include <thread>
#include <utility>

#include "ingest/listen/line_server.hpp"
#include "src/api/http_server.hpp"
#include "src/app/admin_view.hpp"
#include "src/app/feedback_book.hpp"
#include "src/app/feedback_routes.hpp"
#include "src/app/forwarding.hpp"
#include "src/app/hash_seed.hpp"
#include "src/app/http_routes.hpp"
#include "src/app/ingest_thread.hpp"
#include "src/app/log.hpp"
#include "src/app/metrics_text.hpp"
#include "src/app/posted_body.hpp"
#include "src/app/riemann_queries.hpp"
#include "src/app/roll_up_stage.hpp"
#include "src/app/rule_loading.hpp"
#include "src/app/shard_set.hpp"
#include "src/app/version.hpp"
#include "src/base/clock.hpp"
#include "src/publish/publisher.hpp"
#include "src/series/block_codec.hpp"
#include "src/settings/listener_limits.hpp"
#include "src/settings/load.hpp"
#include "src/settings/read_file.hpp"
#include "src/settings/show.hpp"

namespace tocsin::app {
namespace {

using std::chrono::seconds;

constexpr auto kStoreGrace = std::chrono::seconds(3);
constexpr auto kPublisherFullWait = std::chrono::milliseconds(1);
// Spellings fall out of the ingest threads after one to two rotations, and must do so before their
// series can end (pipeline/router.hpp).
constexpr std::chrono::nanoseconds kLongestRotation = std::chrono::minutes(10);

std::chrono::nanoseconds shortest_ttl(const settings::SeriesTtl& ttl) {
  return std::min({ttl.counter, ttl.gauge, ttl.timer, ttl.set, ttl.event});
}

series::TableOptions table_options(const settings::Settings& settings, std::uint64_t seed) {
  const settings::Series& series = settings.series;
  series::TableOptions options;
  options.step_s = static_cast<std::uint32_t>(std::chrono::floor<seconds>(series.interval).count());
  static_assert(settings::kMinHistoryPoints == series::kBlockSlots);
  options.history_points = static_cast<std::uint32_t>(series.history / series.interval);
  options.max_series = series.max_series;
  options.max_bytes = series.max_bytes;
  const auto windows = [&](settings::Duration ttl) {
    return static_cast<std::uint32_t>(ttl / series.interval);
  };
  options.ttl_windows = {windows(series.ttl.counter), windows(series.ttl.gauge),
                         windows(series.ttl.timer),   windows(series.ttl.timer),
                         windows(series.ttl.timer),   windows(series.ttl.set),
                         windows(series.ttl.event)};
  options.percentiles = settings.statsd.percentiles;
  options.report_idle = settings.statsd.send_idle;
  options.hash_seed = seed;
  return options;
}

statsd::NamingStyle naming_style(settings::FlushNames names) noexcept {
  switch (names) {
    case settings::FlushNames::kLegacy:
      return statsd::NamingStyle::kLegacy;
    case settings::FlushNames::kCurrent:
      return statsd::NamingStyle::kCurrent;
    case settings::FlushNames::kPlain:
      break;
  }
  return statsd::NamingStyle::kPlain;
}

// What the directory of results has against its use is said of the setting; what is wrong with a
// file in it has a place of its own.
Error about_directory(const settings::Settings& settings, const Error& error) {
  if (error.code != Errc::kIo && error.code != Errc::kUnavailable) return error;
  return settings::complaint_about(settings.places, "results.embedded.directory", error,
                                   "a directory that this daemon can write to and no other uses");
}

FeedbackBook::Options feedback_options(const settings::Settings& settings) {
  const settings::Feedback& feedback = settings.detect.feedback;
  if (feedback.file.empty()) return {{}, feedback.max};
  return {settings.results.embedded.directory / feedback.file, feedback.max};
}

// What the file of feedback has against its use is said of the setting.
Result<FeedbackBook> open_feedback(const settings::Settings& settings, TimePoint now) {
  auto book = FeedbackBook::open(feedback_options(settings), now, [](const Error& error) {
    spdlog::warn("feedback: {}", error.message());
  });
  if (book) return book;
  return settings::complaint_about(settings.places, "detect.feedback.file", book.error(),
                                   "a file that this daemon can write and no other uses");
}

Result<publish::StoreOptions> store_options(const settings::Settings& settings) {
  const settings::Results& results = settings.results;
  if (results.store == settings::StoreKind::kEmbedded) {
    publish::EmbeddedOptions options;
    options.directory = results.embedded.directory.string();
    return publish::StoreOptions(std::move(options));
  }
  publish::RedisOptions options;
  if (results.redis.address.family == settings::Address::Family::kUnix) {
    options.unix_path = results.redis.address.host;
  } else {
    options.host = results.redis.address.host;
    options.port = results.redis.address.port;
  }
  options.user = results.redis.user;
  options.password = results.redis.password;
  if (!results.redis.password_file.empty()) {
    auto secret = settings::read_secret(results.redis.password_file);
    if (!secret) {
      return settings::complaint_about(settings.places, "results.redis.password_file",
                                       secret.error(), "a file that holds a password");
    }
    options.password = std::move(*secret);
  }
  options.database = static_cast<int>(results.redis.database);
  options.connect_timeout =
      std::chrono::duration_cast<std::chrono::milliseconds>(results.redis.connect_timeout);
  options.max_outstanding = results.redis.pipeline;
  options.spool_bytes = results.redis.spool_bytes;
  options.jitter_seed = static_cast<std::uint64_t>(base::wall_clock().time_since_epoch().count());
  options.log = [places = settings.places](publish::News news, std::string_view line) {
    if (news == publish::News::kGood) {
      spdlog::info("results: {}", std::string(line));
    } else {
      const Error why{Errc::kUnavailable, "", std::string(line)};
      spdlog::warn("{}", settings::complaint_about(places, "results.redis.address", why,
                                                   "a Redis that takes results")
                             .message());
    }
  };
  return publish::StoreOptions(std::move(options));
}

publish::Retention retention(const settings::Results& results) {
  publish::Retention retention;
  if (results.store == settings::StoreKind::kRedis) {
    const auto ttl = std::chrono::duration_cast<std::chrono::milliseconds>(results.redis.ttl);
    retention.series = ttl;
    retention.verdict = ttl;
    retention.service = ttl;
    retention.transition = ttl;
  }
  return retention;
}

// Where results go, for people.
std::string store_place(const settings::Settings& settings) {
  const settings::Results& results = settings.results;
  return results.store == settings::StoreKind::kEmbedded
             ? "embedded, in " + results.embedded.directory.string()
             : "Redis, at " + settings::format_address(results.redis.address);
}

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

std::uint64_t resident_bytes() {
  unsigned long total = 0;
  unsigned long resident = 0;
  if (std::FILE* file = std::fopen("/proc/self/statm", "re")) {
    if (std::fscanf(file, "%lu %lu", &total, &resident) != 2) resident = 0;
    std::fclose(file);
  }
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace

class Daemon::Impl {
 public:
  explicit Impl(const settings::Settings& settings) : settings_(settings) {}
  ~Impl() { stop(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  std::vector<Error> open();
  std::vector<Error> reload();
  bool stop();
  [[nodiscard]] std::string welcome() const;

 private:
  Result<void> build(const CompiledRulesPtr& rules,
                     const std::vector<publish::ForwardOptions>& forwards);
  void adopt(const CompiledRulesPtr& rules);
  void adopt_events(const CompiledRulesPtr& rules);
  Result<void> open_ingest(std::uint64_t seed);
  void ask_index(IngestThread& thread, std::string query, riemann::Answer answer);
  Result<void> open_admin();
  Result<void> open_http();
  [[nodiscard]] Error about_address(const std::string& key, const Error& error) const;
  void publish_from(std::size_t producer, publish::BatchPtr batch);

  [[nodiscard]] pipeline::InputTotals totals(pipeline::InputId input) const;
  [[nodiscard]] std::vector<statsd::NamedNumber> admin_stats() const;
  [[nodiscard]] std::string metrics() const;
  void metrics_of_inputs(MetricsText& text) const;
  void metrics_of_sockets(MetricsText& text) const;
  void metrics_of_shards(MetricsText& text) const;
  void metrics_of_feedback(MetricsText& text) const;
  void metrics_of_services(MetricsText& text) const;
  void metrics_of_store(MetricsText& text) const;
  void metrics_of_process(MetricsText& text) const;

  const settings::Settings settings_;
  const TimePoint started_ = base::wall_clock();
  std::atomic<bool> healthy_{true};
  std::atomic<std::uint64_t> generation_{1};        // written by the main thread
  std::atomic<bool> last_reload_successful_{true};  // written by the main thread

  EventProgramPtr event_program_;  // in force on the ingest threads; the main thread's own

  mutable std::mutex rules_mutex_;
  CompiledRulesPtr rules_;              // in force, for their counts; guarded by rules_mutex_
  std::uint64_t earlier_give_ups_ = 0;  // of rules that are gone; guarded by rules_mutex_

  // In the order in which they are made; taken down in the reverse order.
  std::unique_ptr<publish::Publisher> publisher_;
  std::unique_ptr<RollUpStage> roll_up_;
  std::unique_ptr<ShardSet> shards_;
  std::unique_ptr<FeedbackBook> feedback_;  // the HTTP server's thread's, once that runs
  std::unique_ptr<FeedbackRoutes> feedback_routes_;
  std::vector<std::unique_ptr<IngestThread>> ingest_;
  std::vector<Input> inputs_;
  std::thread roll_up_thread_;
  std::unique_ptr<ShardAdminView> admin_view_;
  listen::Loop control_loop_;
  std::unique_ptr<listen::LineServer> admin_;
  std::thread control_thread_;
  std::unique_ptr<api::HttpServer> http_;
  bool running_ = false;
  bool all_stored_ = true;  // what stop() says
};

std::vector<Error> Daemon::Impl::open() {
  auto rules = load_compiled_rules(settings_, generation_);
  if (!rules) return rules.errors;
  const auto forwards = forward_options(settings_);
  if (!forwards) return forwards.errors;
  adopt(*rules.value);
  if (auto built = build(*rules.value, *forwards.value); !built) return {built.error()};
  return {};
}

Result<void> Daemon::Impl::build(const CompiledRulesPtr& rules,
                                 const std::vector<publish::ForwardOptions>& forwards) {
  const auto seed = load_hash_seed(settings_.results.embedded.directory);
  if (!seed) return about_directory(settings_, seed.error());
  auto store = store_options(settings_);
  if (!store) return store.error();
  const std::size_t shard_count = settings_.pipeline.shard_threads;
  // Producers: one per shard, and the roll-up thread.
  auto publisher = publish::Publisher::open(*store, forwards, shard_count + 1, base::wall_clock());
  if (!publisher) return about_directory(settings_, publisher.error());
  publisher_ = std::move(*publisher);
  // After the store, which says it better when the directory is another daemon's.
  auto feedback = open_feedback(settings_, base::wall_clock());
  if (!feedback) return feedback.error();
  feedback_ = std::make_unique<FeedbackBook>(std::move(*feedback));

  RollUpOptions roll_up;
  roll_up.shards = shard_count;
  roll_up.key_prefix = settings_.results.redis.prefix;
  roll_up.retention = retention(settings_.results);
  roll_up.forwarding = forwarding_options(settings_, naming_style(settings_.statsd.names));
  roll_up.on_transition = [](const service::Transition& change) {
    spdlog::info("service {} is {}, was {}{}{}", change.service, to_string(change.to),
                 to_string(change.from), change.because.empty() ? "" : ": ", change.because);
  };
  auto made = RollUpStage::make(roll_up, rules, [this, shard_count](publish::BatchPtr batch) {
    publish_from(shard_count, std::move(batch));
  });
  if (!made) return made.error();
  roll_up_ = std::move(*made);

  ShardSet::Options options;
  options.shards = shard_count;
  options.ingest_threads = settings_.pipeline.ingest_threads;
  options.batches = settings_.pipeline.batches;
  options.batch_samples = settings_.pipeline.batch_samples;
  options.stage.started = started_;
  options.stage.table = table_options(settings_, *seed);
  options.stage.vote_time = std::chrono::duration_cast<std::chrono::nanoseconds>(
      settings_.detect.time_share * IngestThread::kTick);
  options.stage.detector_bytes = settings_.detect.max_bytes / shard_count;
  options.stage.key_prefix = settings_.results.redis.prefix;
  options.stage.names = naming_style(settings_.statsd.names);
  options.stage.histogram = settings_.statsd.histogram;
  options.stage.retention = retention(settings_.results);
  options.stage.forwarding = roll_up.forwarding;
  options.stage.feedback = feedback_->by_series();
  shards_ = std::make_unique<ShardSet>(options, rules, [this](std::size_t shard) {
    return ShardOutputs{
        [this, shard](ShardReportPtr report) { roll_up_->report(shard, std::move(report)); },
        [this, shard](publish::BatchPtr batch) { publish_from(shard, std::move(batch)); }};
  });
  if (auto opened = open_ingest(*seed); !opened) return opened;
  if (auto opened = open_admin(); !opened) return opened;
  if (auto opened = open_http(); !opened) return opened;

  running_ = true;
  roll_up_thread_ = std::thread([this] { roll_up_->run(); });
  shards_->start();
  control_thread_ = std::thread([this] { control_loop_.run(); });
  http_->start();
  adopt_events(rules);
  for (const auto& thread : ingest_) thread->start();
  return {};
}

Result<void> Daemon::Impl::open_ingest(std::uint64_t seed) {
  const std::size_t threads = settings_.pipeline.ingest_threads;
  for (std::size_t i = 0; i < threads; ++i) {
    IngestOptions options;
    options.router.hash_seed = seed;
    options.router.max_spellings = std::size_t{2} * settings_.series.max_series;
    options.router.batch_samples = settings_.pipeline.batch_samples;
    options.router.rotation = std::min(kLongestRotation, shortest_ttl(settings_.series.ttl) / 3);
    options.router.max_ahead = settings_.listen.max_ahead;
    options.first = i == 0;
    ingest_.push_back(std::make_unique<IngestThread>(shards_->lanes_of(i), options));
    IngestThread& thread = *ingest_.back();
    InputContext context;
    context.hash_seed = seed;
    context.shared_ports = threads > 1;
    context.places = settings_.places;
    context.state_directory = settings_.results.embedded.directory.string();
    context.warn = [](const std::string& text) { spdlog::warn("{}", text); };
    context.ask = [this, &thread](std::string query, riemann::Answer answer) {
      ask_index(thread, std::move(query), std::move(answer));
    };
    auto specs = make_inputs(settings_.listen, settings_.checks, context);
    if (!specs) return specs.error();
    if (auto opened = thread.listen(std::move(*specs), settings_.places, inputs_); !opened) {
      return opened;
    }
  }
  return {};
}

// The shards are asked on the control thread: an ingest thread that waited for them could be what
// they wait for.
void Daemon::Impl::ask_index(IngestThread& thread, std::string query, riemann::Answer answer) {
  control_loop_.post([this, &thread, query = std::move(query), answer = std::move(answer)] {
    thread.post([events = answer_riemann_query(*shards_, query), answer] { answer(events); });
  });
}

Result<void> Daemon::Impl::open_admin() {
  if (!settings_.listen.statsd_admin) return {};
  const settings::StatsdAdmin& admin = *settings_.listen.statsd_admin;
  admin_view_ = std::make_unique<ShardAdminView>(
      *shards_, [this] { return admin_stats(); },
      [this] { return settings::show_settings(settings_); }, healthy_);
  listen::LineServerOptions options;
  if (admin.address.family == settings::Address::Family::kUnix) {
    options.endpoint = listen::UnixEndpoint{admin.address.host};
  } else {
    options.endpoint = listen::IpEndpoint{admin.address.host, admin.address.port};
  }
  auto server = listen::LineServer::open(control_loop_, options, [this, &admin] {
    auto session = std::make_shared<statsd::AdminSession>(*admin_view_, admin.deletes);
    return [session](std::string_view line) {
      std::string text = session->answer(line);
      return listen::LineReply{std::move(text), session->closed()};
    };
  });
  if (!server) return about_address("listen.statsd_admin.address", server.error());
  admin_ = std::move(*server);
  return {};
}

Result<void> Daemon::Impl::open_http() {
  api::HttpOptions options;
  options.address = settings_.listen.http.address.host;
  options.port = settings_.listen.http.address.port;
  options.max_connections = settings_.listen.http.max_connections;
  options.max_body_bytes = settings_.listen.http.max_body_bytes;
  options.header_timeout =
      std::chrono::duration_cast<std::chrono::milliseconds>(settings_.listen.http.header_timeout);
  options.hosts = settings_.listen.http.hosts;
  feedback_routes_ = std::make_unique<FeedbackRoutes>(*shards_, *feedback_, base::wall_clock);
  auto server =
      api::HttpServer::open(options,
                            HttpRoutes({shards_.get(), roll_up_.get(), publisher_.get(), &healthy_,
                                        [this] { return metrics(); }, feedback_routes_.get()}),
                            [this](api::Request& request, const api::HttpServer::Reply& reply) {
                              return take_posted_body(*ingest_.front(), request, reply);
                            });
  if (!server) return about_address("listen.http.address", server.error());
  http_ = std::move(*server);
  return {};
}

Error Daemon::Impl::about_address(const std::string& key, const Error& error) const {
  return settings::complaint_about(settings_.places, key, error,
                                   "an address of this machine that nobody uses");
}

void Daemon::Impl::publish_from(std::size_t producer, publish::BatchPtr batch) {
  // The publisher never waits for its store, so a full ring empties soon.
  while (!publisher_->put(producer, batch)) std::this_thread::sleep_for(kPublisherFullWait);
}

std::vector<Error> Daemon::Impl::reload() {
  auto rules = load_compiled_rules(settings_, generation_ + 1);
  if (!rules) {
    last_reload_successful_ = false;
    return rules.errors;
  }
  if (auto adopted = roll_up_->adopt(*rules.value); !adopted) {
    last_reload_successful_ = false;
    return {adopted.error()};
  }
  shards_->adopt(*rules.value);
  adopt_events(*rules.value);
  adopt(*rules.value);
  ++generation_;
  last_reload_successful_ = true;
  return {};
}

void Daemon::Impl::adopt(const CompiledRulesPtr& rules) {
  const std::lock_guard lock(rules_mutex_);
  if (rules_) earlier_give_ups_ += rules_->give_ups();
  rules_ = rules;
}

void Daemon::Impl::adopt_events(const CompiledRulesPtr& rules) {
  // Groups are counters or timers: they count for as long as the longer of these lives.
  const auto ttl = std::max(settings_.series.ttl.counter, settings_.series.ttl.timer);
  event_program_ = std::make_shared<const EventProgram>(rules, ttl, event_program_.get());
  for (const auto& thread : ingest_) {
    thread->post([&ingest = *thread, program = event_program_] { ingest.adopt(program); });
  }
}

bool Daemon::Impl::stop() {
  if (!running_) return all_stored_;
  running_ = false;
  for (const auto& thread : ingest_) thread->stop();
  shards_->join();
  roll_up_thread_.join();
  http_->stop();
  if (control_thread_.joinable()) {
    control_loop_.stop();
    control_thread_.join();
  }
  admin_.reset();
  const publish::Unstored unstored = publisher_->close(kStoreGrace);
  all_stored_ = unstored.records == 0 && unstored.why.empty() && unstored.forwards.empty();
  if (unstored.records > 0) {
    spdlog::warn("{} results were not stored within {} s and are lost; they were for {} ({})",
                 unstored.records, kStoreGrace.count(), store_place(settings_), unstored.why);
  } else if (!unstored.why.empty()) {
    spdlog::warn("results will not be there after a restart; they are for {} ({})",
                 store_place(settings_), unstored.why);
  }
  for (const publish::Unforwarded& left : unstored.forwards) {
    spdlog::warn("{} items were not forwarded to {} within {} s and are lost", left.items,
                 left.destination, kStoreGrace.count());
  }
  return all_stored_;
}

std::string Daemon::Impl::welcome() const {
  std::string listening;
  std::string udp;  // port of the first statsd listener
  for (const Input& input : inputs_) {
    if (input.name.starts_with("http.")) continue;  // said with the HTTP port
    listening += (listening.empty() ? "" : ", ") + input.name + " " + input.address;
    const bool is_statsd =
        std::any_of(settings_.listen.statsd.begin(), settings_.listen.statsd.end(),
                    [&](const auto& listener) { return input.name == listener.name + ".udp"; });
    if (udp.empty() && is_statsd) udp = input.address.substr(input.address.rfind(':') + 1);
  }
  if (listening.empty()) listening = "to nobody but HTTP";
  const std::string http = settings_.listen.http.address.host + ":" + std::to_string(http_->port());
  std::string admin;
  if (admin_) {
    settings::Address address = settings_.listen.statsd_admin->address;
    address.port = admin_->port();  // the answer, when the settings said 0
    admin = ", statsd admin " + settings::format_address(address);
  }
  std::string text = "tocsin " + std::string(kVersion) + " listens: " + listening + "\n";
  text += "http " + http + " (/metrics, /health, /ready, /api/v1" +
          (settings_.listen.http.ingest ? ", /ingest" : "") + ")" + admin + "\n";
  text += "results: " + store_place(settings_) + "\n";
  if (udp.empty()) {
    text += "try: curl -d '{\"service\":\"hello.world\"}' http://" + http + "/ingest/json\n";
  } else {
    text += "try: echo 'hello.world:1|c' | nc -u -w1 127.0.0.1 " + udp + "\n";
  }
  text += "then, after " + settings::format_duration(settings_.series.interval) +
          ": tocsin query 'service = \"hello.world\"'\n";
  return text;
}

// Metrics.

pipeline::InputTotals Daemon::Impl::totals(pipeline::InputId input) const {
  pipeline::InputTotals totals;
  // What is further along is read first: in_flight() then never misses a record.
  for (std::size_t i = 0; i < shards_->size(); ++i) totals.add(shards_->stage(i).counters(input));
  for (const auto& thread : ingest_) totals.add(thread->router().counters(input));
  return totals;
}

std::vector<statsd::NamedNumber> Daemon::Impl::admin_stats() const {
  std::uint64_t bad = 0;
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    for (const std::uint64_t n : totals(static_cast<pipeline::InputId>(i)).rejected) bad += n;
  }
  const auto uptime = std::chrono::floor<seconds>(base::wall_clock() - started_).count();
  return {{"uptime", static_cast<double>(uptime)},
          {"messages.bad_lines_seen", static_cast<double>(bad)}};
}

void Daemon::Impl::metrics_of_inputs(MetricsText& text) const {
  // received = processed + rejected + dropped + in_flight, for every input.
  std::vector<std::pair<std::string, pipeline::InputTotals>> inputs;
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    inputs.emplace_back(inputs_[i].name, totals(static_cast<pipeline::InputId>(i)));
  }
  inputs.emplace_back("derive", totals(kDerivedInput));
  inputs.emplace_back("tocsin", totals(kSelfInput));
  text.metric("tocsin_records_received_total", "counter", "Records that arrived, good or bad.");
  for (const auto& [name, t] : inputs) text.sample({{"input", name}}, t.received);
  text.metric("tocsin_records_processed_total", "counter", "Records that reached their series.");
  for (const auto& [name, t] : inputs) text.sample({{"input", name}}, t.processed);
  text.metric("tocsin_records_rejected_total", "counter", "Records that were refused, by cause.");
  for (const auto& [name, t] : inputs) {
    for (std::size_t c = 0; c < t.rejected.size(); ++c) {
      text.sample({{"input", name}, {"cause", to_string(static_cast<RejectCause>(c))}},
                  t.rejected[c]);
    }
  }
  text.metric("tocsin_records_dropped_total", "counter", "Good records that were lost, by cause.");
  for (const auto& [name, t] : inputs) {
    for (std::size_t c = 0; c < t.dropped.size(); ++c) {
      text.sample({{"input", name}, {"cause", to_string(static_cast<pipeline::DropCause>(c))}},
                  t.dropped[c]);
    }
  }
  text.metric("tocsin_records_ahead_total", "counter",
              "Events whose time was further ahead than listen.max_ahead; taken all the same.");
  for (const auto& [name, t] : inputs) text.sample({{"input", name}}, t.ahead);
  text.metric("tocsin_records_in_flight", "gauge", "Records between arrival and their series.");
  for (const auto& [name, t] : inputs) text.sample({{"input", name}}, t.in_flight());
}

void Daemon::Impl::metrics_of_sockets(MetricsText& text) const {
  // One sample for each input that has counters of this kind, over all threads.
  const auto each = [&](std::string_view name, std::string_view type, std::string_view help,
                        auto of, auto counter) {
    text.metric(name, type, help);
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      std::uint64_t sum = 0;
      bool any = false;
      for (const auto& thread : ingest_) {
        const auto* counters = (*thread.*of)(i);
        if (counters == nullptr) continue;
        any = true;
        sum += (counters->*counter).get();
      }
      if (any) text.sample({{"input", inputs_[i].name}}, sum);
    }
  };
  const auto datagrams = [&](std::string_view name, std::string_view help,
                             base::Counter listen::DatagramCounters::*counter) {
    each(name, "counter", help, &IngestThread::datagrams, counter);
  };
  using Datagrams = listen::DatagramCounters;
  datagrams("tocsin_datagrams_received_total", "Datagrams read.", &Datagrams::datagrams);
  datagrams("tocsin_datagram_bytes_total", "Bytes of their payload.", &Datagrams::bytes);
  datagrams("tocsin_datagrams_kernel_dropped_total",
            "Datagrams the kernel dropped: the receive buffer was full.", &Datagrams::kernel_drops);
  datagrams("tocsin_datagrams_truncated_total", "Datagrams over max_datagram.",
            &Datagrams::truncated);
  datagrams("tocsin_datagrams_undecoded_total",
            "Datagrams given up: nothing of them was taken although nothing waited.",
            &Datagrams::undecoded);
  datagrams("tocsin_datagram_receive_errors_total", "System calls that failed.",
            &Datagrams::receive_errors);
  datagrams("tocsin_datagram_batches_total", "System calls that brought datagrams.",
            &Datagrams::batches);
  datagrams("tocsin_datagram_naps_total", "Pauses between two looks at a socket.",
            &Datagrams::naps);
  const auto connections = [&](std::string_view name, std::string_view type, std::string_view help,
                               base::Counter listen::ConnectionCounters::*counter) {
    each(name, type, help, &IngestThread::connections, counter);
  };
  using Connections = listen::ConnectionCounters;
  connections("tocsin_connections_accepted_total", "counter", "Connections accepted.",
              &Connections::accepted);
  connections("tocsin_connections_refused_total", "counter", "Connections over max_connections.",
              &Connections::refused);
  connections("tocsin_connections_idle_closed_total", "counter", "Connections silent too long.",
              &Connections::idle_closed);
  connections("tocsin_connection_accept_errors_total", "counter",
              "Failed system calls, mostly a lack of file descriptors.",
              &Connections::accept_errors);
  connections("tocsin_connection_bytes_total", "counter", "Bytes received.", &Connections::bytes);
  connections("tocsin_connection_overlong_total", "counter",
              "Records or lines longer than their limit.", &Connections::overlong);
  connections("tocsin_connections_open", "gauge", "Connections now open.", &Connections::open);
  connections("tocsin_connection_stalls_total", "counter",
              "Times that reading paused because the pipeline was full.", &Connections::stalls);
  connections("tocsin_tls_handshake_failures_total", "counter",
              "Connections that did not agree on TLS, or had no acceptable certificate.",
              &Connections::handshake_failures);
  const auto files = [&](std::string_view name, std::string_view type, std::string_view help,
                         base::Counter tail::Counters::*counter) {
    each(name, type, help, &IngestThread::files, counter);
  };
  using Files = tail::Counters;
  files("tocsin_files_open", "gauge", "Files that are followed.", &Files::open_files);
  files("tocsin_files_waiting", "gauge", "Files over max_files.", &Files::waiting);
  files("tocsin_file_bytes_total", "counter", "Bytes read.", &Files::bytes);
  files("tocsin_file_rotations_total", "counter", "Paths that led to another file.",
        &Files::rotations);
  files("tocsin_file_truncations_total", "counter", "Files that began anew.", &Files::truncations);
  files("tocsin_file_lost_bytes_total", "counter",
        "Bytes that were gone before they were read: at least so many.", &Files::lost_bytes);
  files("tocsin_file_overlong_total", "counter", "Lines over max_record.", &Files::overlong);
  files("tocsin_file_stalls_total", "counter",
        "Times that reading paused because the pipeline was full.", &Files::stalls);
  files("tocsin_file_give_ups_total", "counter",
        "Lines at which record_start ran into its limit of steps.", &Files::give_ups);
  files("tocsin_file_errors_total", "counter", "Files not opened or read, positions not written.",
        &Files::errors);
  const auto checks = [&](std::string_view name, std::string_view type, std::string_view help,
                          base::Counter nagios::RunnerCounters::*counter) {
    each(name, type, help, &IngestThread::checks, counter);
  };
  using Checks = nagios::RunnerCounters;
  checks("tocsin_checks_running", "gauge", "Checks that run now.", &Checks::running);
  checks("tocsin_checks_started_total", "counter", "Checks begun.", &Checks::started);
  checks("tocsin_checks_skipped_total", "counter",
         "Beats that passed while a check ran or waited for its turn.", &Checks::skipped);
  checks("tocsin_checks_failed_total", "counter", "Checks that could not say a state.",
         &Checks::failed);
  checks("tocsin_checks_timed_out_total", "counter", "Of those, the ones that took too long.",
         &Checks::timed_out);
  checks("tocsin_checks_stalls_total", "counter", "Results that waited for the pipeline.",
         &Checks::stalls);
  const auto collectd = [&](std::string_view name, std::string_view type, std::string_view help,
                            base::Counter collectd::Counters::*counter) {
    each(name, type, help, &IngestThread::collectd, counter);
  };
  using Collectd = collectd::Counters;
  collectd("tocsin_collectd_readings", "gauge", "Last readings kept, for rates.",
           &Collectd::readings);
  collectd("tocsin_collectd_readings_refused_total", "counter",
           "Readings without a rate: max_readings are kept.", &Collectd::readings_refused);
  collectd("tocsin_collectd_remembered_lists", "gauge",
           "Value lists that are not parsed when they come again.", &Collectd::remembered_lists);
  collectd("tocsin_collectd_odd_lists_total", "counter",
           "Value lists of another length than types.db says.", &Collectd::odd_lists);
}

void Daemon::Impl::metrics_of_shards(MetricsText& text) const {
  const auto each = [&](std::string_view name, std::string_view type, std::string_view help,
                        base::Counter ShardWork::*counter) {
    text.metric(name, type, help);
    for (std::size_t i = 0; i < shards_->size(); ++i) {
      text.sample({{"shard", std::to_string(i)}}, (shards_->stage(i).progress().*counter).get());
    }
  };
  each("tocsin_series", "gauge", "Series that live.", &ShardWork::series);
  each("tocsin_series_memory_bytes", "gauge", "Memory of series.", &ShardWork::memory_bytes);
  each("tocsin_series_refused_total", "counter", "Series turned away by max_series or max_bytes.",
       &ShardWork::series_refused);
  each("tocsin_series_expired_total", "counter", "Series that ended by their ttl.",
       &ShardWork::series_expired);
  each("tocsin_series_planned", "gauge", "Series that a rule concerns.", &ShardWork::plans);
  each("tocsin_windows_closed_total", "counter", "Windows of series.", &ShardWork::windows_closed);
  each("tocsin_evaluations_total", "counter", "Votes held on the newest point of a series.",
       &ShardWork::evaluations);
  each("tocsin_evaluations_late_total", "counter",
       "Of these, votes in a later window than the point that asked: detect.time_share.",
       &ShardWork::evaluations_late);
  each("tocsin_evaluations_skipped_total", "counter",
       "Points whose series still waited for an earlier vote, or ended before its turn.",
       &ShardWork::evaluations_skipped);
  each("tocsin_evaluations_waiting", "gauge", "Series that wait for a vote.",
       &ShardWork::evaluations_waiting);
  each("tocsin_evaluations_longest_wait_seconds", "gauge",
       "The longest wait for a vote of this window.", &ShardWork::longest_wait_s);
  const auto seconds = [&](std::string_view name, std::string_view help,
                           base::Counter ShardWork::*counter_ns) {
    text.metric(name, "gauge", help);
    for (std::size_t i = 0; i < shards_->size(); ++i) {
      const std::uint64_t ns = (shards_->stage(i).progress().*counter_ns).get();
      text.sample({{"shard", std::to_string(i)}}, static_cast<double>(ns) * 1e-9);
    }
  };
  seconds("tocsin_tick_seconds", "The longest tick of this window.", &ShardWork::tick_ns);
  seconds("tocsin_tick_longest_seconds", "The longest of all ticks.", &ShardWork::longest_tick_ns);
  each("tocsin_lessons_waiting", "gauge",
       "Series whose detectors are still to be taught their past.", &ShardWork::lessons_waiting);
  each("tocsin_detectors", "gauge", "Detectors that remember a series.", &ShardWork::detectors);
  each("tocsin_detector_memory_bytes", "gauge", "Memory of these.", &ShardWork::detector_bytes);
  each("tocsin_detectors_refused_total", "counter",
       "Detectors that were wanted and turned away by detect.max_bytes.",
       &ShardWork::detectors_refused);
  each("tocsin_anomalies_total", "counter", "Anomalies that began.", &ShardWork::anomalies);
  each("tocsin_anomalies_open", "gauge", "Anomalies that last.", &ShardWork::anomalies_open);
  each("tocsin_verdicts_withheld_total", "counter",
       "Alarming verdicts on values that feedback expects.", &ShardWork::verdicts_withheld);
  each("tocsin_results_total", "counter", "Records given to the result store.",
       &ShardWork::results);
  text.metric("tocsin_lane_batches", "gauge", "Batches on the way from ingest thread to shard.");
  for (std::size_t i = 0; i < ingest_.size(); ++i) {
    for (std::size_t s = 0; s < shards_->size(); ++s) {
      text.sample({{"ingest", std::to_string(i)}, {"shard", std::to_string(s)}},
                  std::uint64_t{shards_->lane(i, s).depth_guess()});
    }
  }
  text.metric("tocsin_limit", "gauge", "Limits in force.");
  text.sample({{"name", "max_series"}}, std::uint64_t{settings_.series.max_series});
  text.sample({{"name", "max_series_bytes"}}, settings_.series.max_bytes);
  text.sample({{"name", "lane_batches"}}, std::uint64_t{shards_->lane(0, 0).capacity()});
  text.sample({{"name", "detect_time_share"}}, settings_.detect.time_share);
  text.sample({{"name", "max_detector_bytes"}}, settings_.detect.max_bytes);
  text.sample({{"name", "max_feedback"}}, std::uint64_t{settings_.detect.feedback.max});
  text.sample({{"name", "http_connections"}}, std::uint64_t{settings_.listen.http.max_connections});
  settings::for_each_limit(
      settings_.listen, [&](std::string_view listener, std::string_view key, std::uint64_t value) {
        text.sample({{"name", key}, {"listener", listener}}, value);
      });
}

void Daemon::Impl::metrics_of_feedback(MetricsText& text) const {
  const auto by_kind = [&](std::string_view name, std::string_view type, std::string_view help,
                           const std::array<std::uint64_t, kFeedbackKinds>& values) {
    text.metric(name, type, help);
    for (std::size_t kind = 0; kind < values.size(); ++kind) {
      text.sample({{"kind", to_string(static_cast<FeedbackKind>(kind))}}, values[kind]);
    }
  };
  by_kind("tocsin_feedback", "gauge", "Feedback in force: one for each watch of each series.",
          feedback_->levels(base::wall_clock()));
  const FeedbackCounts& counts = feedback_->counts();
  by_kind("tocsin_feedback_given_total", "counter", "Feedback given.", counts.given);
  by_kind("tocsin_feedback_withdrawn_total", "counter", "Feedback taken back.", counts.withdrawn);
  by_kind("tocsin_feedback_ended_total", "counter", "Feedback whose end has come.", counts.ended);
  text.metric("tocsin_feedback_refused_total", "counter",
              "Feedback turned away by detect.feedback.max.");
  text.sample({}, counts.refused);
  text.metric("tocsin_feedback_damaged_lines_total", "counter",
              "Lines of detect.feedback.file that could not be read.");
  text.sample({}, counts.damaged);
}

void Daemon::Impl::metrics_of_services(MetricsText& text) const {
  const auto snapshot = roll_up_->snapshot();
  text.metric("tocsin_service_health", "gauge",
              "0 passing, 1 degraded, 2 failing, 3 unknown, by service and view.");
  for (const service::ServiceView& view : snapshot->services) {
    const auto say = [&](std::string_view which, service::Health health) {
      text.sample({{"service", view.name}, {"view", which}}, static_cast<std::uint64_t>(health));
    };
    say("own", view.own);
    say("rolled", view.rolled);
    say("strict", view.strict);
  }
  text.metric("tocsin_service_transitions_total", "counter", "Changes of rolled health.");
  text.sample({}, roll_up_->transitions());
  text.metric("tocsin_service_signals_total", "counter",
              "Words of series on the health of a service or member.");
  text.sample({}, roll_up_->signals());
  text.metric("tocsin_service_signals_refused_total", "counter",
              "Such words turned away: too many members in a group, or series of one member.");
  text.sample({}, roll_up_->signals_refused());
  text.metric("tocsin_rules_regex_give_ups_total", "counter",
              "Searches by regular expressions of rules that gave up: taken as no match.");
  {
    const std::lock_guard lock(rules_mutex_);
    text.sample({}, earlier_give_ups_ + rules_->give_ups());
  }
  text.metric("tocsin_rules_generation", "gauge", "Grows with each reload that succeeded.");
  text.sample({}, generation_.load());
  text.metric("tocsin_rules_last_reload_successful", "gauge", "1 unless the last reload failed.");
  text.sample({}, std::uint64_t{last_reload_successful_.load()});
}

void Daemon::Impl::metrics_of_store(MetricsText& text) const {
  const publish::PublisherStatus status = publisher_->status();
  text.metric("tocsin_store_ready", "gauge", "1 while the result store takes results.");
  text.sample({}, std::uint64_t{status.store.state == StoreState::kReady});
  text.metric("tocsin_store_records_total", "counter",
              "accepted = stored + superseded + dropped + refused + pending.");
  text.sample({{"outcome", "accepted"}}, status.counters.accepted);
  text.sample({{"outcome", "stored"}}, status.counters.stored);
  text.sample({{"outcome", "superseded"}}, status.counters.superseded);
  text.sample({{"outcome", "dropped"}}, status.counters.dropped);
  text.sample({{"outcome", "refused"}}, status.counters.refused);
  text.metric("tocsin_store_pending", "gauge", "Records that wait for the store.");
  text.sample({}, status.counters.pending);
  text.metric("tocsin_store_bytes", "gauge", "Memory held for them, or by the embedded store.");
  text.sample({}, status.counters.bytes);
  text.metric("tocsin_store_events_total", "counter", "Faults and events of the store, by cause.");
  for (const StoreCause& cause : status.causes) text.sample({{"cause", cause.name}}, cause.count);
  metrics_of_forwards(status.forwards, text);
}

void Daemon::Impl::metrics_of_process(MetricsText& text) const {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  text.metric("tocsin_build_info", "gauge", "Always 1.");
  text.sample({{"version", kVersion}}, std::uint64_t{1});
  text.metric("tocsin_process_cpu_seconds_total", "counter", "CPU time of all threads.");
  text.sample({{"mode", "user"}}, seconds_of(usage.ru_utime));
  text.sample({{"mode", "system"}}, seconds_of(usage.ru_stime));
  text.metric("tocsin_process_resident_bytes", "gauge", "Memory that is resident.");
  text.sample({}, resident_bytes());
  text.metric("tocsin_log_lines_dropped_total", "counter", "Log lines that could not be kept.");
  text.sample({}, log_overruns());
  const api::HttpCounters& http = http_->counters();
  text.metric("tocsin_http_requests_total", "counter", "HTTP requests answered.");
  text.sample({}, http.requests.get());
  text.metric("tocsin_http_errors_total", "counter", "Answered with 4xx or 5xx.");
  text.sample({}, http.errors.get());
  text.metric("tocsin_http_refused_total", "counter", "Connections over max_connections.");
  text.sample({}, http.refused.get());
}

std::string Daemon::Impl::metrics() const {
  MetricsText text;
  metrics_of_process(text);
  metrics_of_inputs(text);
  metrics_of_sockets(text);
  metrics_of_shards(text);
  metrics_of_feedback(text);
  metrics_of_services(text);
  metrics_of_store(text);
  return text.take();
}

Daemon::Daemon(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
Daemon::~Daemon() = default;

settings::Loaded<std::unique_ptr<Daemon>> Daemon::open(const settings::Settings& settings) {
  settings::Loaded<std::unique_ptr<Daemon>> opened;
  auto impl = std::make_unique<Impl>(settings);
  opened.errors = impl->open();
  if (opened.errors.empty()) {
    opened.value = std::unique_ptr<Daemon>(new Daemon(std::move(impl)));
  }
  return opened;
}

std::vector<Error> Daemon::reload() {
  return impl_->reload();
}
bool Daemon::stop() {
  return impl_->stop();
}
std::string Daemon::welcome() const {
  return impl_->welcome();
}

}  // namespace tocsin::app
