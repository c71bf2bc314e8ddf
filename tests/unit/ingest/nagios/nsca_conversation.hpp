// A whole NSCA connection without a socket, as a stream session runs it.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "ingest/nagios/nsca_decoder.hpp"
#include "ingest/nagios/nsca_server.hpp"
#include "tests/unit/ingest/nagios/packets.hpp"
#include "tests/unit/ingest/nagios/results.hpp"

namespace tocsin::nagios::testing {

struct Conversation {
  using Kind = NscaServer::Step::Kind;

  explicit Conversation(nsca::Method method, std::string password = "throwaway-nsca",
                        const nsca::Iv& iv = iv_of_letters(), TimePoint greeted = kReceived)
      : server({*nsca::Key::make(method, std::move(password))}, iv, greeted) {}

  // The client's stream, received `portion` bytes at a time, and its end.
  void receive(std::string_view stream, std::size_t portion) {
    for (; !stream.empty() && !closed; stream.remove_prefix(std::min(portion, stream.size()))) {
      buffered += stream.substr(0, portion);
      while (!closed && advance()) {
      }
    }
    if (!closed) refuse(NscaServer::end(buffered));
  }

  // One step; false: more bytes are needed, or the intake is full.
  bool advance() {
    const NscaServer::Step step = server.step(buffered, now);
    REQUIRE(step.consumed <= buffered.size());
    if (step.kind == Kind::kNeedMore) {
      REQUIRE(buffered.size() < NscaServer::least_buffer());
      return false;
    }
    if (step.kind == Kind::kMessage) {
      if (decoder.decode(step.message, received_from_192_0_2_7()) == 0) return false;
      server.acknowledge();
    } else {
      refuse(step);
    }
    buffered.erase(0, step.consumed);
    return true;
  }

  void refuse(const NscaServer::Step& step) {
    if (step.kind == Kind::kNeedMore) return;
    intake.reject(step.cause, buffered, step.consumed, step.text);
    closed = step.kind == Kind::kFault;
  }

  NscaServer server;
  RecordingIntake intake;
  NscaDecoder decoder{{}, intake};
  TimePoint now = kReceived;
  std::string buffered;
  bool closed = false;
};

}  // namespace tocsin::nagios::testing
