#include "src/publish/redis/redis_store.hpp"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "src/publish/backoff.hpp"
#include "src/publish/redis/connection.hpp"
#include "src/publish/redis/error_replies.hpp"
#include "src/publish/redis/key_scan.hpp"
#include "src/publish/redis/resp.hpp"
#include "src/publish/spool.hpp"

namespace tocsin::publish {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

constexpr std::chrono::seconds kTrimInterval{60};
constexpr std::size_t kMaxTrimmedIndexes = 4096;

std::int64_t unix_milliseconds(TimePoint time) {
  return std::chrono::floor<milliseconds>(time.time_since_epoch()).count();
}

class RedisStore final : public ResultStore, private ConnectionListener {
 public:
  RedisStore(asio::io_context& context, RedisOptions options, TimePoint now)
      : options_(std::move(options)),
        context_(context),
        retry_timer_(context),
        backoff_(options_.backoff_first, options_.backoff_longest, options_.jitter_seed),
        spool_(options_.spool_bytes),
        status_{StoreState::kDown, "connecting to " + address_of(options_)},
        now_(now),
        last_trim_(now) {
    connect();
  }
  ~RedisStore() override { close(); }

  void put(std::span<const Record> records) override;
  void tick(TimePoint now) override;
  [[nodiscard]] StoreStatus status() const override { return status_; }
  [[nodiscard]] StoreCounters counters() const override { return spool_.counters(); }
  [[nodiscard]] std::vector<StoreCause> causes() const override;
  void get(std::string key, GetHandler handler) override;
  void list(std::string index, ListHandler handler) override;
  void scan(std::string prefix, std::size_t limit, ScanHandler handler) override;
  void close() override;

 private:
  using ReplyHandler = std::function<void(Result<Reply>)>;
  // What the replies under way answer, in order.
  struct Expected {
    enum class Kind : std::uint8_t { kHandshake, kRecord, kTrim, kRead };
    Kind kind = Kind::kRecord;
    ReplyHandler handler = nullptr;  // kRead
  };

  void on_connected() override;
  void on_reply(Reply reply) override;
  void on_replies_end() override { pump(); }
  void on_ended(std::string_view cause, std::string text) override;

  void connect();
  void schedule_retry();
  void command(Expected expected, std::initializer_list<std::string_view> words);
  void handshake_reply(const Reply& reply);
  void record_reply(const Reply& reply);
  void pump();
  void write_record(const Record& record);
  void trim_indexes();
  void read(std::vector<std::string> words, ReplyHandler handler);
  [[nodiscard]] std::int64_t end_of_life(milliseconds ttl) const;
  // Counts `name`; a temporary error also ends the connection.
  void note_error(const Reply& reply);
  void disconnected(std::string_view cause, const std::string& text);
  void drop_connection();
  void count(std::string_view cause) { ++causes_[cause]; }
  void say(News news, const std::string& line) const;

  const RedisOptions options_;
  asio::io_context& context_;
  asio::steady_timer retry_timer_;
  Backoff backoff_;
  Spool spool_;
  StoreStatus status_;
  std::unique_ptr<Connection> connection_;  // null: between attempts, or closed
  std::deque<Expected> expected_;
  std::size_t handshake_left_ = 0;  // replies until the connection is ready
  std::size_t reads_ = 0;           // reads under way
  std::size_t unsent_commands_ = 0;
  std::map<std::string_view, std::uint64_t> causes_;  // names are constants
  std::set<std::string, std::less<>> indexes_;        // to be trimmed
  TimePoint now_;
  TimePoint last_trim_;
  // Tells a timer handler that outlives the store that it is gone.
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

// ---- connecting

void RedisStore::connect() {
  count("connect_attempt");
  connection_ =
      std::make_unique<Connection>(context_, options_, static_cast<ConnectionListener&>(*this));
}

void RedisStore::on_connected() {
  handshake_left_ = 0;
  const auto ask = [this](std::initializer_list<std::string_view> words) {
    ++handshake_left_;
    command({Expected::Kind::kHandshake}, words);
  };
  if (!options_.password.empty()) {
    if (options_.user.empty()) {
      ask({"AUTH", options_.password});
    } else {
      ask({"AUTH", options_.user, options_.password});
    }
  }
  if (options_.database != 0) ask({"SELECT", std::to_string(options_.database)});
  ask({"PING"});
  connection_->send(std::exchange(unsent_commands_, 0));
}

void RedisStore::handshake_reply(const Reply& reply) {
  if (reply.kind == Reply::Kind::kError) {
    note_error(reply);
    // Without what was asked for, nothing may be written: not even when the error is none we know.
    if (connection_ != nullptr) disconnected("handshake", reply.text);
    return;
  }
  if (--handshake_left_ > 0) return;
  connection_->established();
  count("connected");
  status_ = {StoreState::kReady, address_of(options_)};
  say(News::kGood, "connected to Redis at " + address_of(options_));
  if (!spool_.waiting()) backoff_.reset();  // else the first stored record says that all is well
}

void RedisStore::on_ended(std::string_view cause, std::string text) {
  disconnected(cause, text);
}

void RedisStore::disconnected(std::string_view cause, const std::string& text) {
  count(cause);
  status_ = {StoreState::kDown, address_of(options_) + ": " + text};
  say(News::kBad, status_.text);
  schedule_retry();
  drop_connection();
}

void RedisStore::drop_connection() {
  connection_.reset();
  unsent_commands_ = 0;
  spool_.return_all();
  // Last: handlers may call this store.
  std::deque<Expected> unanswered;
  unanswered.swap(expected_);
  for (Expected& expected : unanswered) {
    if (expected.kind != Expected::Kind::kRead) continue;
    --reads_;
    expected.handler(Error{Errc::kUnavailable, address_of(options_), status_.text});
  }
}

void RedisStore::schedule_retry() {
  retry_timer_.expires_after(backoff_.next());
  retry_timer_.async_wait(
      [this, alive = std::weak_ptr<bool>(alive_)](const boost::system::error_code& error) {
        if (error || alive.expired() || status_.state == StoreState::kClosed) return;
        connect();
      });
}

// ---- writing

void RedisStore::put(std::span<const Record> records) {
  for (const Record& record : records) spool_.put(record);
  pump();
}

void RedisStore::pump() {
  if (status_.state != StoreState::kReady) return;
  while (connection_->outstanding() + unsent_commands_ < options_.max_outstanding &&
         connection_->unsent_bytes() < options_.max_batch_bytes) {
    const Record* record = spool_.take_next();
    if (record == nullptr) break;
    write_record(*record);
  }
  if (unsent_commands_ > 0) connection_->send(std::exchange(unsent_commands_, 0));
}

void RedisStore::write_record(const Record& record) {
  if (record.kind == Record::Kind::kMember) {
    if (indexes_.size() < kMaxTrimmedIndexes) indexes_.insert(record.key);
    command({}, {"ZADD", record.key, std::to_string(end_of_life(record.ttl)), record.member});
  } else if (record.ttl.count() > 0) {
    command({}, {"SET", record.key, record.value, "PX", std::to_string(record.ttl.count())});
  } else {
    command({}, {"SET", record.key, record.value});
  }
}

void RedisStore::command(Expected expected, std::initializer_list<std::string_view> words) {
  append_command(std::span(words.begin(), words.size()), connection_->output());
  expected_.push_back(std::move(expected));
  ++unsent_commands_;
}

std::int64_t RedisStore::end_of_life(milliseconds ttl) const {
  // Scores are doubles: whole milliseconds are exact up to 2^53. "Never" is the largest of those.
  constexpr std::int64_t kNever = std::int64_t{1} << 53;
  if (ttl.count() <= 0 || ttl.count() >= kNever) return kNever;
  return std::min(unix_milliseconds(now_) + ttl.count(), kNever);
}

void RedisStore::tick(TimePoint now) {
  now_ = std::max(now_, now);
  if (status_.state != StoreState::kReady || now_ - last_trim_ < kTrimInterval) return;
  last_trim_ = now_;
  trim_indexes();
}

void RedisStore::trim_indexes() {
  const std::string now = std::to_string(unix_milliseconds(now_));
  for (const std::string& index : indexes_) {
    command({Expected::Kind::kTrim}, {"ZREMRANGEBYSCORE", index, "-inf", now});
  }
  indexes_.clear();  // those still written to come back
  if (unsent_commands_ > 0) connection_->send(std::exchange(unsent_commands_, 0));
}

// ---- replies

void RedisStore::on_reply(Reply reply) {
  // One entry per command, in order: the connection refuses a reply that nothing asked for.
  Expected expected = std::move(expected_.front());
  expected_.pop_front();
  switch (expected.kind) {
    case Expected::Kind::kHandshake:
      return handshake_reply(reply);
    case Expected::Kind::kRecord:
      return record_reply(reply);
    case Expected::Kind::kTrim:
      if (reply.kind == Reply::Kind::kError) note_error(reply);
      return;
    case Expected::Kind::kRead:
      --reads_;
      return expected.handler(std::move(reply));
  }
}

void RedisStore::record_reply(const Reply& reply) {
  if (reply.kind != Reply::Kind::kError) {
    backoff_.reset();
    return spool_.settle_stored();
  }
  if (!meaning_of_error(error_name(reply)).temporary) spool_.settle_refused();
  note_error(reply);
}

void RedisStore::note_error(const Reply& reply) {
  const ErrorMeaning meaning = meaning_of_error(error_name(reply));
  const std::string advice = meaning.advice.empty() ? "" : " (" + std::string(meaning.advice) + ")";
  if (meaning.temporary) return disconnected(meaning.name, reply.text + advice);
  count(meaning.name);
  say(News::kBad, address_of(options_) + ": " + reply.text + advice);
}

// ---- reading

void RedisStore::read(std::vector<std::string> words, ReplyHandler handler) {
  if (status_.state != StoreState::kReady) {
    return handler(Error{Errc::kUnavailable, address_of(options_), status_.text});
  }
  if (reads_ >= options_.max_reads) {
    return handler(Error{Errc::kLimit, address_of(options_), "too many reads under way"});
  }
  ++reads_;
  const std::vector<std::string_view> views(words.begin(), words.end());
  append_command(views, connection_->output());
  expected_.push_back({Expected::Kind::kRead, [handler = std::move(handler)](Result<Reply> reply) {
                         if (reply && reply->kind == Reply::Kind::kError) {
                           return handler(Error{Errc::kIo, "", reply->text});
                         }
                         handler(std::move(reply));
                       }});
  connection_->send(std::exchange(unsent_commands_, 0) + 1);
}

void RedisStore::get(std::string key, GetHandler handler) {
  read({"GET", std::move(key)}, [handler = std::move(handler)](Result<Reply> reply) {
    if (!reply) return handler(std::move(reply).error());
    if (reply->kind == Reply::Kind::kNil) return handler(std::optional<std::string>());
    handler(std::optional<std::string>(std::move(reply->text)));
  });
}

void RedisStore::list(std::string index, ListHandler handler) {
  const std::string alive = '(' + std::to_string(unix_milliseconds(now_));
  read({"ZRANGEBYSCORE", std::move(index), alive, "+inf"},
       [handler = std::move(handler)](Result<Reply> reply) {
         if (!reply) return handler(std::move(reply).error());
         std::vector<std::string> names;
         for (Reply& name : reply->elements) names.push_back(std::move(name.text));
         std::sort(names.begin(), names.end());
         handler(std::move(names));
       });
}

void RedisStore::scan(std::string prefix, std::size_t limit, ScanHandler handler) {
  start_key_scan([this](std::vector<std::string> words,
                        ReplyHandler then) { read(std::move(words), std::move(then)); },
                 std::move(prefix), limit, std::move(handler));
}

// ---- the rest

std::vector<StoreCause> RedisStore::causes() const {
  std::vector<StoreCause> causes;
  causes.reserve(causes_.size());
  for (const auto& [name, times] : causes_) causes.push_back({name, times});
  return causes;
}

void RedisStore::say(News news, const std::string& line) const {
  if (options_.log) options_.log(news, line);
}

void RedisStore::close() {
  if (status_.state == StoreState::kClosed) return;
  status_ = {StoreState::kClosed, "closed"};
  retry_timer_.cancel();
  drop_connection();
}

}  // namespace

std::unique_ptr<ResultStore> make_redis_store(asio::io_context& context, RedisOptions options,
                                              TimePoint now) {
  return std::make_unique<RedisStore>(context, std::move(options), now);
}

}  // namespace tocsin::publish
