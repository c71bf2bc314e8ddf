#include "ingest/tail/with_file.hpp"

#include <string>
#include <vector>

#include "ingest/statsd/text.hpp"

namespace tocsin::tail {
namespace {

class FileIntake final : public Intake {
 public:
  FileIntake(std::string_view path, Intake& behind)
      : path_(statsd::to_utf8(path)), behind_(behind) {}

  std::size_t samples(std::span<const RawSample> samples,
                      const IdentityResolver& resolver) override {
    return behind_.samples(samples, resolver);
  }
  bool event(const EventView& event) override {
    // Last, so that no sender can say another file.
    attributes_.assign(event.attributes.begin(), event.attributes.end());
    attributes_.push_back({"file", path_});
    EventView with_file = event;
    with_file.attributes = attributes_;
    return behind_.event(with_file);
  }
  void drop(std::size_t records) override { behind_.drop(records); }
  void reject(RejectCause cause, std::string_view record, std::size_t offset,
              std::string_view text) override {
    behind_.reject(cause, record, offset, text);
  }

 private:
  const std::string path_;
  Intake& behind_;
  std::vector<AttributeView> attributes_;
};

class FileDecoder final : public Decoder {
 public:
  FileDecoder(std::string_view path, Intake& intake, const DecoderMaker& make)
      : intake_(path, intake), decoder_(make(intake_)) {}

  std::size_t decode(std::string_view bytes, const Origin& origin) override {
    return decoder_->decode(bytes, origin);
  }
  bool flush() override { return decoder_->flush(); }
  void drop() override { decoder_->drop(); }

 private:
  FileIntake intake_;
  const std::unique_ptr<Decoder> decoder_;  // uses intake_
};

}  // namespace

std::unique_ptr<Decoder> with_file(std::string_view path, Intake& intake,
                                   const DecoderMaker& make) {
  return std::make_unique<FileDecoder>(path, intake, make);
}

}  // namespace tocsin::tail
