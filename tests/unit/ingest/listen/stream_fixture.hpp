// A stream listener with its loop on a thread of its own, for the tests of listener and
// connections.
#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <utility>

#include "ingest/listen/stream_listener.hpp"
#include "tests/unit/ingest/listen/fakes.hpp"

namespace tocsin::listen::testing {

struct StreamFixture {
  explicit StreamFixture(StreamOptions options = {}) {
    auto opened = StreamListener::open(
        loop.loop, options, [this] { return std::make_unique<FakeDecoder>(intake); }, intake);
    REQUIRE(opened.has_value());
    listener = std::move(*opened);
    loop.start();
  }
  ~StreamFixture() { loop.stop(); }

  [[nodiscard]] Client connect() const { return Client::ip(SOCK_STREAM, listener->port()); }
  [[nodiscard]] const ConnectionCounters& counters() const { return listener->counters(); }

  FakeIntake intake;
  LoopThread loop;
  std::unique_ptr<StreamListener> listener;
};

}  // namespace tocsin::listen::testing
