// Nagios: passive results as external commands on streams, NSCA, and checks that are run here.
#include <openssl/rand.h>

#include <utility>

#include "ingest/nagios/nsca_session.hpp"
#include "ingest/nagios/passive_decoder.hpp"
#include "src/app/inputs/input_builder.hpp"
#include "src/base/clock.hpp"
#include "src/settings/read_file.hpp"

namespace tocsin::app {
namespace {

nagios::nsca::Method method_of(settings::NscaMethod method) noexcept {
  switch (method) {
    case settings::NscaMethod::kNone:
      return nagios::nsca::Method::kNone;
    case settings::NscaMethod::kXor:
      return nagios::nsca::Method::kXor;
    case settings::NscaMethod::kTripleDes:
      return nagios::nsca::Method::kTripleDes;
    case settings::NscaMethod::kAes256:
      break;
  }
  return nagios::nsca::Method::kAes256;
}

nagios::nsca::Iv random_iv() {
  nagios::nsca::Iv iv{};
  // OpenSSL's generator is seeded by the system and does not run dry.
  RAND_bytes(reinterpret_cast<unsigned char*>(iv.data()), static_cast<int>(iv.size()));
  return iv;
}

Result<void> add_nsca(const settings::NagiosListener& listener, const nagios::Options& options,
                      InputBuilder& builder) {
  std::string password;
  if (!listener.nsca_password_file.empty()) {
    auto secret = settings::read_secret(listener.nsca_password_file);
    if (!secret) {
      return builder.about("nsca_password_file", secret.error(), "a file that holds a password");
    }
    password = std::move(*secret);
  }
  auto key = nagios::nsca::Key::make(method_of(listener.nsca_method), std::move(password));
  if (!key) return builder.about("nsca_method", key.error(), "a method that this system offers");
  nagios::NscaOptions server;
  server.key = std::move(*key);
  server.max_age = std::chrono::floor<std::chrono::seconds>(listener.max_age);
  builder.streams_at("nsca", *listener.nsca, nagios::NscaServer::least_buffer(),
                     [server, options](Intake& intake) {
                       return [server, options, &intake](listen::ConnectionCounters&) {
                         return std::make_unique<nagios::NscaSession>(server, options, random_iv(),
                                                                      base::wall_clock(), intake);
                       };
                     });
  return {};
}

}  // namespace

Result<void> add_inputs(const settings::NagiosListener& listener, const std::string& setting,
                        const InputContext& context, Specs& specs) {
  nagios::Options options;
  options.max_line_bytes = listener.max_record_bytes;
  options.check_interval = listener.interval;
  InputBuilder builder(listener, setting, context, specs);
  builder.streams(
      listener.max_record_bytes,
      framed(listen::FramingKind::kLines, listener.max_record_bytes, [options](Intake& intake) {
        return std::make_unique<nagios::PassiveDecoder>(options, intake);
      }));
  if (listener.nsca) {
    if (auto added = add_nsca(listener, options, builder); !added) return added;
  }
  return builder.done();
}

void add_inputs(const settings::Checks& checks, Specs& specs) {
  if (checks.run.empty()) return;
  CheckInput input;
  input.options.max_concurrent = checks.max_concurrent;
  input.options.failure_state =
      checks.failure == settings::CheckFailure::kCritical ? state::kCritical : state::kUnknown;
  for (const settings::LocalCheck& check : checks.run) {
    input.checks.push_back({check.name, check.host.empty() ? own_host() : check.host, check.command,
                            check.interval, check.timeout});
  }
  InputSpec spec;
  spec.name = "checks";
  spec.setting = "checks.run";
  spec.address =
      std::to_string(checks.run.size()) + (checks.run.size() == 1 ? " check" : " checks");
  spec.way = std::move(input);
  specs.push_back(std::move(spec));
}

}  // namespace tocsin::app
