// ZlibSession: a stream that may be one zlib stream from its first byte on, as rsyslog sends it
// with compression.mode="stream:always"; what is inside goes to another session. A stream that does
// not begin as one passes unchanged.
// Memory:  one buffer of a fixed size, and zlib's own, once a stream turns out to be compressed.
//          Nothing is inflated that does not fit: a bomb only keeps its own connection busy.
// Errors:  data that is not zlib's ends the connection, and is one kSyntax record.
// Source:  RFC 1950; rsyslog 8 omfwd.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "ingest/listen/session.hpp"
#include "ingest/wire/inflate.hpp"
#include "tocsin/intake.hpp"

namespace tocsin::syslog {

class ZlibSession final : public listen::Session {
 public:
  // `buffer_bytes`: what `inner` needs to see in one piece, or more. `intake` outlives the session.
  ZlibSession(std::unique_ptr<listen::Session> inner, std::size_t buffer_bytes, Intake& intake)
      : inner_(std::move(inner)), buffer_bytes_(buffer_bytes), intake_(intake) {}

  void open(std::function<void()> wake) override { inner_->open(std::move(wake)); }
  [[nodiscard]] Step step(std::string_view buffered, const Origin& origin,
                          listen::Tail tail) override;
  void abort(std::string_view buffered, const Origin& origin) override;
  void take_output(std::string& out) override { inner_->take_output(out); }
  [[nodiscard]] bool owes_output() const override { return inner_->owes_output(); }

 private:
  enum class Form : std::uint8_t { kUnknown, kPlain, kZlib };

  [[nodiscard]] Step inflate(std::string_view buffered, const Origin& origin, listen::Tail tail);
  [[nodiscard]] Progress pass_on(const Origin& origin, listen::Tail tail);
  [[nodiscard]] std::string_view inflated() const noexcept {
    return {buffer_.get() + begin_, end_ - begin_};
  }

  const std::unique_ptr<listen::Session> inner_;
  const std::size_t buffer_bytes_;
  Intake& intake_;

  Form form_ = Form::kUnknown;
  wire::Inflater inflater_;
  std::unique_ptr<char[]> buffer_;
  std::size_t begin_ = 0;  // [begin_, end_) of the buffer is inflated and not yet consumed
  std::size_t end_ = 0;
  bool is_whole_ = false;       // the zlib stream has ended
  std::uint64_t consumed_ = 0;  // of the compressed stream
};

}  // namespace tocsin::syslog
