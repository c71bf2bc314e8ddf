// InputBuilder: turns the addresses that all listeners share into specs, one protocol after the
// other. A protocol says what decodes datagrams and what serves streams; the rest is the same.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "ingest/listen/framing.hpp"
#include "src/app/inputs/inputs.hpp"

namespace tocsin::app {

class InputBuilder {
 public:
  using MakeDecoder = std::function<std::unique_ptr<Decoder>(Intake&)>;
  using MakeSessions = std::function<listen::SessionFactory(Intake&)>;

  // All arguments outlive the builder.
  InputBuilder(const settings::Listener& listener, std::string setting, const InputContext& context,
               Specs& specs)
      : listener_(listener), setting_(std::move(setting)), context_(context), specs_(specs) {}

  // `udp` and `unix`, where they are set.
  InputBuilder& datagrams(const MakeDecoder& decoder);
  // `tcp`, `tls` and `unix_stream`, where they are set. `record_bytes`: what must fit the buffer.
  InputBuilder& streams(std::size_t record_bytes, const MakeSessions& sessions);
  // One of them by itself.
  InputBuilder& tls(std::size_t record_bytes, const MakeSessions& sessions);
  // One address by itself.
  InputBuilder& datagrams_at(const char* way, const settings::Address& address,
                             const MakeDecoder& decoder);
  InputBuilder& streams_at(const char* way, const settings::Address& address,
                           std::size_t record_bytes, const MakeSessions& sessions);

  // Whether datagrams say who sent them; from here on. Samples do not ask.
  InputBuilder& with_peers(bool wanted) {
    with_peers_ = wanted;
    return *this;
  }
  // Of a multicast group; from here on.
  InputBuilder& interface(std::string name) {
    interface_ = std::move(name);
    return *this;
  }
  // Of the specs added last.
  void every_second(std::function<void(TimePoint)> call);

  // What kept a spec from being made: files of `tls`.
  [[nodiscard]] Result<void> done() const { return done_; }

  // A complaint about a key of this listener.
  [[nodiscard]] Error about(const std::string& key, const Error& why,
                            const std::string& expected) const;

 private:
  InputSpec& add(const char* way, const std::string& address);
  [[nodiscard]] listen::Endpoint endpoint(const settings::Address& address) const;
  [[nodiscard]] listen::StreamOptions stream_options(listen::Endpoint endpoint,
                                                     std::size_t record_bytes) const;

  const settings::Listener& listener_;
  const std::string setting_;
  const InputContext& context_;
  Specs& specs_;
  bool with_peers_ = true;
  std::string interface_;
  std::size_t last_ = 0;  // specs_ before the last call that added some
  Result<void> done_;
};

// Sessions of streams that are cut into records and never answered.
[[nodiscard]] InputBuilder::MakeSessions framed(listen::FramingKind framing,
                                                std::size_t max_record_bytes,
                                                InputBuilder::MakeDecoder decoder);

}  // namespace tocsin::app
