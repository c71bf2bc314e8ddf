// sockets_bench: what an item costs each input, in nanoseconds of CPU time.
//   measure  three figures per case, taken in turn and repeated: the decoder (or session) fed from
//            memory; a bare receiver on a socket; the real listener, decoder and all, on a socket.
//            Of the receivers only the receiving thread counts. What arrives is compared with what
//            was sent; anything missing ends the run with a message and exit status 1.
//   send     one case to a port, for receivers in other processes (the daemon; run.py).
// Usage:   sockets_bench measure [--case NAME] [--repeat N] [--quick]
//          sockets_bench send --case NAME --port N [--items N] [--skip ROUNDS] [--rate N]
//          sockets_bench list
//          --skip: begin as if so many rounds had been sent (what is not newer is refused);
//          --rate: items per second; 0: as fast as they are taken
//          Between the repetitions a yardstick is timed, work that is always the same: on a machine
//          that is shared it says how much of a figure is the neighbours'.
// Output:  measure: a JSON object per case and line; send: one, with what was sent.
// How:     the sender is as fast as the receiver, at most 512 datagrams ahead, so that nothing is
//          dropped and batches are full; the receiver is alone on the first processor as far as we
//          have a say. Decoding from memory goes over the bytes of the sender, in pieces as large
//          as the receive buffer.
#include <time.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <variant>
#include <vector>

#include "bench/sockets/cases.hpp"
#include "bench/sockets/receiver.hpp"
#include "bench/sockets/sender.hpp"
#include "src/base/clock.hpp"

namespace tocsin::sockets {
namespace {

struct Arguments {
  std::string_view command;
  const Case* only = nullptr;
  std::size_t repeat = 7;
  bool quick = false;
  std::uint16_t port = 0;
  std::size_t items = 1'000'000;
  std::size_t skip = 0;
  double rate = 0;
};

[[noreturn]] void usage() {
  std::fputs(
      "sockets_bench measure [--case NAME] [--repeat N] [--quick]\n"
      "sockets_bench send --case NAME --port N [--items N] [--skip ROUNDS] [--rate N]\n"
      "sockets_bench list\n",
      stderr);
  std::exit(1);
}

Arguments parse(int argc, char** argv) {
  Arguments arguments;
  if (argc < 2) usage();
  arguments.command = argv[1];
  for (int i = 2; i < argc; ++i) {
    const std::string_view name = argv[i];
    if (name == "--quick") {
      arguments.quick = true;
      continue;
    }
    if (i + 1 == argc) usage();
    const char* const value = argv[++i];
    if (name == "--case") {
      arguments.only = find_case(value);
      if (arguments.only == nullptr) usage();
    } else if (name == "--repeat") {
      arguments.repeat = std::strtoull(value, nullptr, 10);
    } else if (name == "--port") {
      arguments.port = static_cast<std::uint16_t>(std::strtoul(value, nullptr, 10));
    } else if (name == "--items") {
      arguments.items = std::strtoull(value, nullptr, 10);
    } else if (name == "--skip") {
      arguments.skip = std::strtoull(value, nullptr, 10);
    } else if (name == "--rate") {
      arguments.rate = std::strtod(value, nullptr);
    } else {
      usage();
    }
  }
  return arguments;
}

std::uint64_t own_cpu_ns() {
  timespec now{};
  (void)::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 +
         static_cast<std::uint64_t>(now.tv_nsec);
}

// CPU nanoseconds per number of sorting the same numbers again.
double yardstick() {
  std::mt19937 random(1);
  std::vector<std::uint32_t> numbers(100'000);
  for (std::uint32_t& number : numbers) number = static_cast<std::uint32_t>(random());
  const std::uint64_t start = own_cpu_ns();
  std::sort(numbers.begin(), numbers.end());
  return static_cast<double>(own_cpu_ns() - start) / static_cast<double>(numbers.size());
}

bool is_datagrams(const app::InputSpec& spec) {
  return std::holds_alternative<app::DatagramInput>(spec.way);
}

// One input, decoding from memory on this thread.
class Memory {
 public:
  explicit Memory(const app::InputSpec& spec) {
    if (const auto* datagrams = std::get_if<app::DatagramInput>(&spec.way)) {
      decoder_ = datagrams->decoder(intake_);
    } else {
      const auto& streams = std::get<app::StreamInput>(spec.way);
      buffer_bytes_ = streams.options.buffer_bytes;
      session_ = streams.sessions(intake_)(counters_);
      session_->open([] {});
    }
    origin_.peer.family = Peer::Family::kIpv4;
    origin_.peer.address = {127, 0, 0, 1};
    origin_.peer.port = 40000;
  }

  // CPU nanoseconds of decoding `rounds` rounds.
  std::uint64_t run(Traffic& traffic, std::size_t rounds) {
    std::uint64_t spent = 0;
    for (std::size_t round = 0; round < rounds; ++round) {
      if (traffic.renew) traffic.renew(traffic);
      const std::uint64_t start = own_cpu_ns();
      if (decoder_) {
        decode(traffic);
      } else {
        step(traffic);
      }
      spent += own_cpu_ns() - start;
    }
    if (intake_.lost != 0) fail(std::to_string(intake_.lost) + " records were refused");
    return spent;
  }

  Sums take() { return std::exchange(intake_.sums, {}); }

 private:
  void decode(const Traffic& traffic) {
    for (std::size_t i = 0; i < traffic.ends.size(); ++i) {
      if (i % 64 == 0) {
        if (!decoder_->flush()) fail("the intake refused");
        origin_.received = base::wall_clock();
      }
      if (decoder_->decode(traffic.piece(i), origin_) != traffic.piece(i).size()) {
        fail("the decoder left something");
      }
    }
    if (!decoder_->flush()) fail("the intake refused");
  }

  void step(const Traffic& traffic) {
    std::string_view rest = traffic.bytes;
    while (!rest.empty()) {
      origin_.received = base::wall_clock();
      const auto step = session_->step(rest.substr(0, buffer_bytes_), origin_, listen::Tail::kOpen);
      if (step.consumed == 0) fail("the session takes nothing");
      rest.remove_prefix(step.consumed);
      session_->take_output(output_);
      output_.clear();
    }
  }

  CountingIntake intake_;
  listen::ConnectionCounters counters_;
  std::unique_ptr<Decoder> decoder_;
  std::unique_ptr<listen::Session> session_;
  std::size_t buffer_bytes_ = 0;
  Origin origin_;
  std::string output_;
};

// A receiver and its sender.
class Wire {
 public:
  Wire(std::unique_ptr<Receiver> receiver, bool datagrams, bool replies)
      : receiver_(std::move(receiver)),
        sender_(std::make_unique<Sender>(datagrams, receiver_->port())) {
    if (datagrams) sender_->received = [this] { return receiver_->received(); };
    sender_->reads_replies = replies;
  }
  ~Wire() { sender_.reset(); }  // first: the bare receiver reads to the end
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  // CPU nanoseconds of the receiving thread for `rounds` rounds.
  std::uint64_t run(Traffic& traffic, std::size_t rounds) {
    const std::uint64_t start = receiver_->cpu_ns();
    sender_->send(traffic, rounds);
    for (int waited_ms = 0; receiver_->received() < sender_->sent(); ++waited_ms) {
      if (waited_ms == 5000) {
        fail("lost: sent " + std::to_string(sender_->sent()) + ", received " +
             std::to_string(receiver_->received()));
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    taken = receiver_->take();
    return receiver_->cpu_ns() - start;
  }

  Sums taken;  // of the last run

 private:
  std::unique_ptr<Receiver> receiver_;
  std::unique_ptr<Sender> sender_;
};

void expect(const Case& input, const char* what, const Sums& found, const Sums& expected) {
  if (found == expected) return;
  fail(std::string(input.name) + ", " + what + ": found " + std::to_string(found.items) +
       " items with sums " + std::to_string(found.metrics) + " and " +
       std::to_string(found.text_bytes) + ", expected " + std::to_string(expected.items) + ", " +
       std::to_string(expected.metrics) + " and " + std::to_string(expected.text_bytes));
}

void print(const char* name, const std::vector<double>& figures) {
  std::printf(",\"%s\":[", name);
  for (std::size_t i = 0; i < figures.size(); ++i) {
    std::printf("%s%.2f", i == 0 ? "" : ",", figures[i]);
  }
  std::printf("]");
}

void measure(const Case& input, const Arguments& arguments) {
  Traffic traffic = input.traffic();
  const std::size_t rounds =
      arguments.quick ? 1 : std::max<std::size_t>(1, input.items_a_pass / traffic.sums.items);
  const std::size_t repeat = arguments.quick ? 1 : arguments.repeat;
  // Each has its own, so that neither sees the other's readings.
  const app::Specs of_memory = input.specs();
  const app::Specs of_socket = input.specs();
  const bool datagrams = is_datagrams(of_socket.front());
  Memory memory(of_memory.front());
  Wire bare(open_bare(of_socket.front()), datagrams, false);
  Wire real(open_real(of_socket.front()), datagrams, true);
  // Buffers grow and series become known.
  (void)memory.run(traffic, 1);
  (void)memory.take();
  (void)bare.run(traffic, 1);
  (void)real.run(traffic, 1);

  const Sums expected = traffic.sums * rounds;
  const auto per_item = [&](std::uint64_t ns) {
    return static_cast<double>(ns) / static_cast<double>(expected.items);
  };
  std::vector<double> pure_ns, bare_ns, socket_ns, yardstick_ns;
  for (std::size_t i = 0; i < repeat; ++i) {
    // Decoding from memory is timed where the receivers run.
    pin_this_thread(Side::kReceiver);
    pure_ns.push_back(per_item(memory.run(traffic, rounds)));
    expect(input, "from memory", memory.take(), expected);
    yardstick_ns.push_back(yardstick());
    pin_this_thread(Side::kSender);
    bare_ns.push_back(per_item(bare.run(traffic, rounds)));
    socket_ns.push_back(per_item(real.run(traffic, rounds)));
    expect(input, "over a socket", real.taken, expected);
  }
  std::printf("{\"case\":\"%s\",\"decoder\":\"%s\",\"item\":\"%s\",\"target\":%g,\"items\":%llu",
              input.name, input.decoder, input.item, input.target_ns,
              static_cast<unsigned long long>(expected.items));
  print("pure", pure_ns);
  print("bare", bare_ns);
  print("socket", socket_ns);
  print("yardstick", yardstick_ns);
  std::printf("}\n");
  std::fflush(stdout);
}

void send(const Arguments& arguments) {
  if (arguments.only == nullptr || arguments.port == 0) usage();
  Traffic traffic = arguments.only->traffic();
  const std::size_t rounds = std::max<std::size_t>(1, arguments.items / traffic.sums.items);
  Sender sender(is_datagrams(arguments.only->specs().front()), arguments.port);
  sender.rate = arguments.rate;
  for (std::size_t i = 0; i < arguments.skip && traffic.renew; ++i) traffic.renew(traffic);
  sender.send(traffic, rounds);
  std::printf("{\"items\":%llu,\"pieces\":%llu}\n",
              static_cast<unsigned long long>(traffic.sums.items * rounds),
              static_cast<unsigned long long>(traffic.ends.size() * rounds));
}

}  // namespace
}  // namespace tocsin::sockets

int main(int argc, char** argv) {
  using namespace tocsin::sockets;
  const Arguments arguments = parse(argc, argv);
  pin_this_thread(Side::kSender);
  if (arguments.command == "measure") {
    for (const Case& input : cases()) {
      if (arguments.only == nullptr || arguments.only == &input) measure(input, arguments);
    }
  } else if (arguments.command == "send") {
    send(arguments);
  } else if (arguments.command == "list") {
    for (const Case& input : cases()) std::puts(input.name);
  } else {
    usage();
  }
}
