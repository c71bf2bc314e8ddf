// Why value lists and notifications are refused once they are read.
#pragma once

#include "ingest/collectd/value_list.hpp"

namespace tocsin::collectd {

inline constexpr Refusal kNoHost{RejectCause::kName, "a value list without a host"};
inline constexpr Refusal kNoPlugin{RejectCause::kName, "a value list without a plugin"};
inline constexpr Refusal kNoType{RejectCause::kName, "a value list without a type"};
inline constexpr Refusal kNoTime{RejectCause::kTimestamp, "a value list without a time"};
inline constexpr Refusal kOldList{RejectCause::kTimestamp, "a value list older than the limit"};
inline constexpr Refusal kNotNewer{
    RejectCause::kTimestamp,
    "found a time that is not after the last one of the series, expected a newer"};
inline constexpr Refusal kNoSeverity{RejectCause::kValue, "a notification without a severity"};
inline constexpr Refusal kNotificationWithoutTime{RejectCause::kTimestamp,
                                                  "a notification without a time"};
inline constexpr Refusal kNoMessage{RejectCause::kValue, "a notification without a message"};
inline constexpr Refusal kOldNotification{RejectCause::kTimestamp,
                                          "a notification older than the limit"};

}  // namespace tocsin::collectd
