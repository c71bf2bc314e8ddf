// collectd: the binary protocol in datagrams, the text protocol on streams. All of them share the
// readings from which rates are made.
#include <sys/stat.h>

#include <optional>

#include "ingest/collectd/auth_file.hpp"
#include "ingest/collectd/network_decoder.hpp"
#include "ingest/collectd/text_session.hpp"
#include "src/app/inputs/input_builder.hpp"
#include "src/app/inputs/types_db_files.hpp"
#include "src/settings/read_file.hpp"

namespace tocsin::app {
namespace {

constexpr std::size_t kMaxFileBytes = std::size_t{4} << 20;

Result<std::shared_ptr<const collectd::Users>> read_users(const std::string& file) {
  const auto text = settings::read_file(file, kMaxFileBytes);
  if (!text) return text.error();
  auto users = collectd::Users::parse(*text, file);
  if (!users) return users.error();
  return std::make_shared<const collectd::Users>(std::move(*users));
}

// When a file was last changed; nothing while there is none.
std::optional<std::pair<std::int64_t, std::int64_t>> changed_at(const std::string& file) {
  struct stat found {};
  if (::stat(file.c_str(), &found) != 0) return std::nullopt;
  return std::pair<std::int64_t, std::int64_t>{found.st_mtim.tv_sec, found.st_mtim.tv_nsec};
}

// What the sockets of one listener share.
struct Shared {
  Shared(std::size_t max_readings, std::uint64_t seed)
      : rates({.max_readings = max_readings}, seed) {}

  collectd::Options options;
  collectd::RateTable rates;
  std::string auth_file;
  std::optional<std::pair<std::int64_t, std::int64_t>> changed;
  std::shared_ptr<const collectd::Users> users;
  collectd::NetworkDecoder* decoder = nullptr;  // owned by the listener, which outlives its calls

  void look_at_users(const std::function<void(const std::string&)>& warn) {
    const auto now = changed_at(auth_file);
    if (now == changed) return;
    changed = now;
    auto read = read_users(auth_file);
    if (!read) return warn("the old users stay in force: " + read.error().message());
    users = std::move(*read);
    if (decoder != nullptr) decoder->set_users(users);
    warn(auth_file + " was read again: " + std::to_string(users->size()) + " users");
  }
};

collectd::SecurityLevel level(settings::Security security) noexcept {
  switch (security) {
    case settings::Security::kSign:
      return collectd::SecurityLevel::kSign;
    case settings::Security::kEncrypt:
      return collectd::SecurityLevel::kEncrypt;
    case settings::Security::kNone:
      break;
  }
  return collectd::SecurityLevel::kNone;
}

}  // namespace

Result<void> add_inputs(const settings::CollectdListener& listener, const std::string& setting,
                        const InputContext& context, Specs& specs) {
  const std::size_t first = specs.size();
  InputBuilder builder(listener, setting, context, specs);
  auto shared = std::make_shared<Shared>(listener.max_readings, context.hash_seed);
  collectd::Options& options = shared->options;
  options.security_level = level(listener.security);
  options.default_interval = listener.interval;
  options.max_age = listener.max_age;
  options.max_line_bytes = listener.max_record_bytes;
  options.max_object_bytes = listener.max_record_bytes;
  options.default_host = listener.host;
  options.max_remembered_bytes = listener.list_memory_bytes;
  if (!listener.types_db.empty()) {
    auto types = read_types_db(listener.types_db, setting, context);
    if (!types) return types.error();
    options.types = std::move(*types);
  }
  if (!listener.auth_file.empty()) {
    shared->auth_file = listener.auth_file;
    shared->changed = changed_at(listener.auth_file);
    auto users = read_users(listener.auth_file);
    if (!users && users.error().code != Errc::kIo) return users.error();
    if (!users) {
      return builder.about("auth_file", users.error(), "a file with users and passwords");
    }
    shared->users = std::move(*users);
  }
  builder.interface(listener.interface).datagrams([shared](Intake& intake) {
    auto decoder = std::make_unique<collectd::NetworkDecoder>(shared->options, shared->users,
                                                              shared->rates, intake);
    shared->decoder = decoder.get();
    return decoder;
  });
  if (!shared->auth_file.empty()) {
    builder.every_second([shared, warn = context.warn](TimePoint) { shared->look_at_users(warn); });
  }
  builder.streams(listener.max_record_bytes, [shared](Intake& intake) {
    return [shared, &intake](listen::ConnectionCounters& counters) {
      return std::make_unique<collectd::TextSession>(shared->options, shared->rates, intake,
                                                     counters);
    };
  });
  // Counted once, whatever the number of sockets that share it.
  if (specs.size() > first) specs[first].collectd = {shared, &shared->rates.counters()};
  return builder.done();
}

}  // namespace tocsin::app
