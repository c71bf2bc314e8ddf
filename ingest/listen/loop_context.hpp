// The Asio half of Loop, for the sources of this folder: no header that others include shows Asio.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <utility>  // before Asio: Boost 1.74 forgets it in C++20
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "ingest/listen/loop.hpp"

namespace tocsin::listen {

namespace asio = boost::asio;
using boost::system::error_code;

struct Loop::Context {
  struct Beat {
    Beat(asio::io_context& io, std::chrono::nanoseconds every, std::function<void()> call)
        : timer(io), interval(every), fn(std::move(call)) {}
    void arm();

    asio::steady_timer timer;
    std::chrono::nanoseconds interval;
    std::function<void()> fn;
  };

  asio::io_context io{1};  // the hint: one thread runs it, others only post
  asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
  std::vector<std::unique_ptr<Beat>> beats;
};

}  // namespace tocsin::listen
