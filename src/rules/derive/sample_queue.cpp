#include "src/rules/derive/sample_queue.hpp"

#include <span>

namespace tocsin::rules::derive {

bool SampleQueue::flush() {
  const std::span<const RawSample> waiting = std::span(samples_).subspan(done_);
  if (!waiting.empty()) done_ += out_.samples(waiting, resolver_);
  if (done_ < samples_.size()) return false;
  samples_.clear();
  done_ = 0;
  groups_.reset();
  return true;
}

void SampleQueue::begin(std::size_t most) {
  begin_ = groups_.allocate(most);
  at_ = begin_;
}

void SampleQueue::end(RawSample sample) {
  sample.tags = group();
  groups_.shrink_to(begin_, sample.tags.size());
  samples_.push_back(sample);
}

}  // namespace tocsin::rules::derive
