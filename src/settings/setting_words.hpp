// The words of the settings' enumerations: read by the loader, written by show_settings.
#pragma once

#include "src/settings/settings.hpp"
#include "src/settings/words.hpp"

namespace tocsin::settings {

inline constexpr Word<Dialect> kDialects[] = {{"statsd", Dialect::kStatsd},
                                              {"etsy-strict", Dialect::kEtsyStrict},
                                              {"dogstatsd", Dialect::kDogstatsd}};
inline constexpr Word<GaugeSign> kGaugeSigns[] = {{"delta", GaugeSign::kDelta},
                                                  {"absolute", GaugeSign::kAbsolute}};
inline constexpr Word<ContainerId> kContainerIds[] = {{"ignore", ContainerId::kIgnore},
                                                      {"tag", ContainerId::kTag}};
inline constexpr Word<Security> kSecurities[] = {
    {"none", Security::kNone}, {"sign", Security::kSign}, {"encrypt", Security::kEncrypt}};
// As send_nsca.cfg numbers them.
inline constexpr Word<NscaMethod> kNscaMethods[] = {{"0", NscaMethod::kNone},
                                                    {"1", NscaMethod::kXor},
                                                    {"3", NscaMethod::kTripleDes},
                                                    {"14", NscaMethod::kAes256}};
inline constexpr Word<LineFormat> kLineFormats[] = {
    {"plain", LineFormat::kPlain},       {"json", LineFormat::kJson},
    {"syslog", LineFormat::kSyslog},     {"statsd", LineFormat::kStatsd},
    {"graphite", LineFormat::kGraphite}, {"nagios", LineFormat::kNagios}};
inline constexpr Word<TailStart> kTailStarts[] = {{"end", TailStart::kEnd},
                                                  {"beginning", TailStart::kBeginning}};
inline constexpr Word<CheckFailure> kCheckFailures[] = {{"unknown", CheckFailure::kUnknown},
                                                        {"critical", CheckFailure::kCritical}};
inline constexpr Word<FlushNames> kFlushNames[] = {{"plain", FlushNames::kPlain},
                                                   {"legacy", FlushNames::kLegacy},
                                                   {"current", FlushNames::kCurrent}};
inline constexpr Word<Consensus> kConsensuses[] = {{"skyline", Consensus::kSkyline},
                                                   {"skyline-compat", Consensus::kSkylineCompat}};
inline constexpr Word<StoreKind> kStores[] = {{"embedded", StoreKind::kEmbedded},
                                              {"redis", StoreKind::kRedis}};
inline constexpr Word<ForwardTo> kForwardTos[] = {{"graphite", ForwardTo::kGraphite},
                                                  {"riemann", ForwardTo::kRiemann}};
inline constexpr Word<GraphiteProtocol> kGraphiteProtocols[] = {
    {"plain", GraphiteProtocol::kPlain}, {"pickle", GraphiteProtocol::kPickle}};
inline constexpr Word<Hashing> kHashings[] = {{"carbon_ch", Hashing::kCarbon},
                                              {"fnv1a_ch", Hashing::kFnv1a}};
inline constexpr Word<LogLevel> kLogLevels[] = {{"trace", LogLevel::kTrace},
                                                {"debug", LogLevel::kDebug},
                                                {"info", LogLevel::kInfo},
                                                {"warning", LogLevel::kWarning},
                                                {"error", LogLevel::kError}};
inline constexpr Word<LogFormat> kLogFormats[] = {{"text", LogFormat::kText},
                                                  {"json", LogFormat::kJson}};

}  // namespace tocsin::settings
