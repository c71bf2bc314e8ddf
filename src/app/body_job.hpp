// BodyJob: one body that was posted over HTTP on its way through a decoder: tried again while the
// pipeline is full, for a while. Says at the end what became of its records.
// Threads: the ingest thread's.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "tocsin/decoder.hpp"
#include "tocsin/intake.hpp"

namespace tocsin::app {

struct BodyOutcome {
  std::size_t accepted = 0;  // records that the pipeline has
  std::size_t rejected = 0;
  std::size_t dropped = 0;       // the pipeline stayed full
  std::string first_fault;       // of the first rejected one
  std::size_t fault_offset = 0;  // in the body
};

class BodyJob {
 public:
  using Done = std::function<void(const BodyOutcome&)>;
  using MakeDecoder = std::function<std::unique_ptr<Decoder>(Intake&)>;

  // `intake` outlives the job.
  BodyJob(std::string body, const Origin& origin, const MakeDecoder& make, Intake& intake,
          Done done);

  // Takes what goes; true: it is done with, and `done` was called.
  [[nodiscard]] bool advance();
  // Counts what is left as dropped, and calls `done`.
  void give_up();

 private:
  // Passes everything on and counts it for this body.
  class Counted final : public Intake {
   public:
    Counted(Intake& intake, BodyOutcome& outcome) : intake_(intake), outcome_(outcome) {}
    std::size_t samples(std::span<const RawSample> samples,
                        const IdentityResolver& resolver) override;
    bool event(const EventView& event) override;
    void drop(std::size_t records) override;
    void reject(RejectCause cause, std::string_view record, std::size_t offset,
                std::string_view text) override;

   private:
    Intake& intake_;
    BodyOutcome& outcome_;
  };

  const std::string body_;
  const Origin origin_;
  const Done done_;

  BodyOutcome outcome_;
  Counted intake_;
  const std::unique_ptr<Decoder> decoder_;
  std::size_t taken_ = 0;
};

}  // namespace tocsin::app
