// NscaSession: one connection of send_nsca: a greeting, then packets, which nobody answers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "ingest/listen/session.hpp"
#include "ingest/nagios/nsca_decoder.hpp"
#include "ingest/nagios/nsca_server.hpp"
#include "ingest/nagios/options.hpp"
#include "tocsin/intake.hpp"

namespace tocsin::nagios {

class NscaSession final : public listen::Session {
 public:
  // `iv`: fresh random bytes. `intake` outlives the session.
  NscaSession(const NscaOptions& server, const Options& options, const nsca::Iv& iv, TimePoint now,
              Intake& intake)
      : intake_(intake), server_(server, iv, now), decoder_(options, intake) {
    server_.greeting(unsent_);
  }

  [[nodiscard]] Step step(std::string_view buffered, const Origin& origin,
                          listen::Tail tail) override;
  void abort(std::string_view buffered, const Origin& origin) override;
  void take_output(std::string& out) override { out.swap(unsent_); }

 private:
  void refuse(const NscaServer::Step& step, std::string_view record);

  Intake& intake_;
  NscaServer server_;
  NscaDecoder decoder_;
  std::string unsent_;
  std::uint64_t consumed_ = 0;  // of the stream
};

}  // namespace tocsin::nagios
