// What is said of a verdict: the text, the event of the index, the record of the store.
// Threads: pure functions.
#pragma once

#include <string>
#include <string_view>

#include "src/app/memories.hpp"
#include "src/app/series_state.hpp"
#include "src/detect/ensemble.hpp"
#include "src/publish/records.hpp"
#include "tocsin/event.hpp"

namespace tocsin::app {

// A verdict on the newest value of a series.
struct VerdictReport {
  const SeriesState& state;
  const WatchState& watch;
  const detect::Ensemble& ensemble;
  const detect::Verdict& verdict;
  bool open;         // whether there is an anomaly
  std::string text;  // why

  // The last one of a series and watch stands in the index.
  [[nodiscard]] Event event() const;
  // Hands the store's records to put(Record).
  template <class Put>
  void records(const publish::RecordEncoder& encoder, Put&& put) const {
    publish::VerdictRecord record;
    const Identity identity = fill(record);
    record.identity = &identity;
    const std::vector<publish::DetectorVote> votes = votes_of_all();
    record.votes = votes;
    const std::string feedback = feedback_in_force();
    record.feedback = feedback;
    put(encoder.verdict(record));
    if (open) put(encoder.anomaly_listing(record));
  }

 private:
  // All but what is viewed; returns the identity.
  Identity fill(publish::VerdictRecord& record) const;
  [[nodiscard]] std::vector<publish::DetectorVote> votes_of_all() const;
  [[nodiscard]] std::string feedback_in_force() const;
};

// Why the votes came out so. One detector that remembers speaks for itself; a vote of several is
// told with what those had to say.
[[nodiscard]] std::string explanation(const detect::Ensemble& ensemble,
                                      const detect::Verdict& verdict, const Memories& memories);

}  // namespace tocsin::app
