#include "src/app/body_job.hpp"

#include <string_view>
#include <utility>

#include "ingest/listen/give_up.hpp"

namespace tocsin::app {

std::size_t BodyJob::Counted::samples(std::span<const RawSample> samples,
                                      const IdentityResolver& resolver) {
  const std::size_t taken = intake_.samples(samples, resolver);
  outcome_.accepted += taken;
  return taken;
}

bool BodyJob::Counted::event(const EventView& event) {
  const bool taken = intake_.event(event);
  outcome_.accepted += taken ? 1 : 0;
  return taken;
}

void BodyJob::Counted::drop(std::size_t records) {
  outcome_.dropped += records;
  intake_.drop(records);
}

void BodyJob::Counted::reject(RejectCause cause, std::string_view record, std::size_t offset,
                              std::string_view text) {
  if (outcome_.rejected++ == 0) {
    outcome_.first_fault = text;
    outcome_.fault_offset = offset;
  }
  intake_.reject(cause, record, offset, text);
}

BodyJob::BodyJob(std::string body, const Origin& origin, const MakeDecoder& make, Intake& intake,
                 Done done)
    : body_(std::move(body)),
      origin_(origin),
      done_(std::move(done)),
      intake_(intake, outcome_),
      decoder_(make(intake_)) {}

bool BodyJob::advance() {
  const std::string_view rest = std::string_view(body_).substr(taken_);
  if (!rest.empty()) taken_ += decoder_->decode(rest, origin_);
  if (taken_ < body_.size() || !decoder_->flush()) return false;
  done_(outcome_);
  return true;
}

void BodyJob::give_up() {
  decoder_->drop();
  if (listen::decode_or_drop(*decoder_, std::string_view(body_).substr(taken_), origin_) != 0) {
    intake_.drop(1);
  }
  if (!decoder_->flush()) decoder_->drop();
  done_(outcome_);
}

}  // namespace tocsin::app
