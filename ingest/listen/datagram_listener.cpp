#include "ingest/listen/datagram_listener.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>

#include "ingest/listen/datagram_batch.hpp"
#include "ingest/listen/give_up.hpp"
#include "ingest/listen/loop_context.hpp"
#include "ingest/listen/socket.hpp"
#include "src/base/system_error.hpp"

namespace tocsin::listen {
namespace {

// Full batches read in one go before other handlers of the loop get their turn: about half a
// millisecond of work.
constexpr int kBatchesPerTurn = 8;

// A system call that fails again and again must not spin.
constexpr auto kPauseAfterError = std::chrono::milliseconds(10);

// The kernel charges no datagram with less than this, so a receive buffer of n bytes holds at most
// n / kLeastCharge of them.
constexpr std::uint64_t kLeastCharge = 256;

}  // namespace

// A turn reads batches; how the last one went decides what comes next:
//
//     full  -> another turn, posted      none  -> wait until readable
//     some  -> nap, then another turn    error -> pause, then another turn
class DatagramListener::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(asio::io_context& io, const DatagramOptions& options, BoundSocket bound,
       std::unique_ptr<DatagramBatch> batch, std::unique_ptr<Decoder> decoder, Intake& intake)
      : socket(std::move(bound)),
        port(socket.port()),
        receive_buffer(enlarge_receive_buffer(socket.fd(), options.receive_buffer_bytes)),
        nap_(options.nap),
        clock_(options.clock),
        readable_(io),
        timer_(io),
        batch_(std::move(batch)),
        decoder_(std::move(decoder)),
        intake_(intake) {
    if (std::holds_alternative<UnixEndpoint>(options.endpoint)) {
      origin_.peer.family = Peer::Family::kUnix;
    }
  }

  // Asio hears of the socket only while we wait. It would otherwise be woken by every datagram that
  // arrives during a nap, and the nap would save nothing.
  void wait() {
    refresh_kernel_drops();
    error_code error;
    readable_.assign(socket.fd(), error);
    if (error) {
      counters.receive_errors.add(1);
      return turn_after(kPauseAfterError);
    }
    readable_.async_wait(asio::posix::descriptor_base::wait_read,
                         [self = shared_from_this()](error_code) {
                           if (!self->socket.is_open()) return;
                           (void)self->readable_.release();
                           self->turn();
                         });
  }

  void close(bool drain) {
    if (!socket.is_open()) return;
    if (drain) {
      const auto most = static_cast<std::uint64_t>(receive_buffer) / kLeastCharge;
      const std::uint64_t last = counters.datagrams.get() + most;
      Outcome outcome = Outcome::kFull;
      while ((outcome == Outcome::kFull || outcome == Outcome::kSome) &&
             counters.datagrams.get() < last) {
        outcome = read_batch();
      }
    }
    refresh_kernel_drops();
    timer_.cancel();
    if (readable_.is_open()) (void)readable_.release();  // cancels the wait
    socket.close();
  }

  void refresh_kernel_drops() noexcept {
    if (socket.is_open()) note_kernel_drops(kernel_drops(socket.fd()));
  }

  BoundSocket socket;
  const std::uint16_t port;
  const int receive_buffer;
  DatagramCounters counters;

 private:
  enum class Outcome { kFull, kSome, kNone, kError };

  void turn() {
    for (int i = 0; i < kBatchesPerTurn; ++i) {
      switch (read_batch()) {
        case Outcome::kFull:
          continue;
        case Outcome::kSome:
          if (nap_ == nap_.zero()) return wait();
          counters.naps.add(1);
          return turn_after(nap_);
        case Outcome::kNone:
          return wait();
        case Outcome::kError:
          return turn_after(kPauseAfterError);
      }
    }
    asio::post(timer_.get_executor(), [self = shared_from_this()] {
      if (self->socket.is_open()) self->turn();
    });
  }

  void turn_after(std::chrono::nanoseconds pause) {
    timer_.expires_after(pause);
    timer_.async_wait([self = shared_from_this()](error_code) {
      if (self->socket.is_open()) self->turn();
    });
  }

  Outcome read_batch() {
    const int received = batch_->receive(socket.fd());
    if (received <= 0) {
      if (received == 0) return Outcome::kNone;
      counters.receive_errors.add(1);
      return Outcome::kError;
    }

    const auto count = static_cast<unsigned>(received);
    std::uint64_t bytes = 0;
    origin_.received = clock_();
    for (unsigned slot = 0; slot < count; ++slot) {
      const std::string_view datagram = batch_->bytes(slot);
      bytes += datagram.size();
      if (batch_->truncated(slot)) {
        reject_truncated(datagram);
        continue;
      }
      batch_->read_peer(slot, origin_.peer);
      if (decode_or_drop(*decoder_, datagram, origin_) != 0) give_up();
    }
    // Before the next receive: what the decoder buffered views this batch.
    if (!decoder_->flush()) decoder_->drop();

    counters.datagrams.add(count);
    counters.bytes.add(bytes);
    counters.batches.add(1);
    if (const auto drops = batch_->drops()) note_kernel_drops(*drops);
    return count == DatagramBatch::kSlots ? Outcome::kFull : Outcome::kSome;
  }

  void reject_truncated(std::string_view datagram) {
    counters.truncated.add(1);
    intake_.reject(RejectCause::kOversized, datagram, datagram.size(),
                   "datagram longer than max_datagram_bytes");
  }

  void give_up() {
    counters.undecoded.add(1);
    intake_.drop(1);
  }

  // The kernel counts modulo 2^32. An older reading (of a datagram that waited while we asked the
  // socket) is no news.
  void note_kernel_drops(std::uint32_t reading) noexcept {
    const std::uint64_t known = counters.kernel_drops.get();
    const std::uint32_t more = reading - static_cast<std::uint32_t>(known);
    if (more < 1u << 31) counters.kernel_drops.add(more);
  }

  const std::chrono::nanoseconds nap_;
  const base::Clock clock_;
  asio::posix::stream_descriptor readable_;  // holds the socket while waiting; never owns it
  asio::steady_timer timer_;
  std::unique_ptr<DatagramBatch> batch_;
  std::unique_ptr<Decoder> decoder_;
  Intake& intake_;
  Origin origin_;
};

Result<std::unique_ptr<DatagramListener>> DatagramListener::open(Loop& loop,
                                                                 const DatagramOptions& options,
                                                                 std::unique_ptr<Decoder> decoder,
                                                                 Intake& intake) {
  if (options.max_datagram_bytes == 0) {
    return Error{Errc::kRange, "", "max_datagram_bytes is 0; expected at least 1"};
  }
  auto bound = bind_socket(options.endpoint, SOCK_DGRAM);
  if (!bound) return bound.error();
  const int on = 1;
  if (::setsockopt(bound->fd(), SOL_SOCKET, SO_RXQ_OVFL, &on, sizeof on) != 0) {
    return base::system_error("", "cannot set SO_RXQ_OVFL", errno);
  }
  const bool with_peers =
      options.with_peers && std::holds_alternative<IpEndpoint>(options.endpoint);
  auto batch = DatagramBatch::create(options.max_datagram_bytes, with_peers);
  if (!batch) return batch.error();
  auto impl = std::make_shared<Impl>(loop.context().io, options, std::move(*bound),
                                     std::move(*batch), std::move(decoder), intake);
  impl->wait();
  return std::unique_ptr<DatagramListener>(new DatagramListener(std::move(impl)));
}

DatagramListener::DatagramListener(std::shared_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
DatagramListener::~DatagramListener() {
  impl_->close(false);
}

void DatagramListener::close() {
  impl_->close(true);
}
void DatagramListener::refresh_kernel_drops() {
  impl_->refresh_kernel_drops();
}
std::uint16_t DatagramListener::port() const noexcept {
  return impl_->port;
}
int DatagramListener::receive_buffer_bytes() const noexcept {
  return impl_->receive_buffer;
}
const DatagramCounters& DatagramListener::counters() const noexcept {
  return impl_->counters;
}

}  // namespace tocsin::listen
