#include "src/publish/forward/link.hpp"

#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "src/base/byte_order.hpp"

namespace tocsin::publish {
namespace {

// An answer is a few bytes, or the text of an error.
constexpr std::size_t kMaxAnswerBytes = std::size_t{1} << 20;
// A connection that lasted so long was good: the next one may be tried soon.
constexpr auto kGoodFor = std::chrono::seconds(5);

}  // namespace

class Link::RetryTimer {
 public:
  explicit RetryTimer(boost::asio::io_context& context) : timer_(context) {}

  // The handler is dropped with the timer; one that is on its way already is told by `alive_`.
  void start(std::chrono::milliseconds wait, std::function<void()> then) {
    timer_.expires_after(wait);
    timer_.async_wait([then = std::move(then), alive = std::weak_ptr<bool>(alive_)](
                          const boost::system::error_code& error) {
      if (!error && !alive.expired()) then();
    });
  }

 private:
  boost::asio::steady_timer timer_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

Link::Link(boost::asio::io_context& context, LinkOptions options)
    : context_(context),
      options_(std::move(options)),
      spool_(options_.limits),
      backoff_(options_.backoff_first, options_.backoff_longest, options_.jitter_seed),
      retry_timer_(std::make_unique<RetryTimer>(context)) {
  connect();
}

Link::~Link() = default;

void Link::connect() {
  ++causes_["connect_attempt"];
  connection_ = std::make_unique<PeerConnection>(context_, options_.peer, options_.connect_timeout,
                                                 static_cast<PeerListener&>(*this));
}

void Link::on_connected() {
  ++causes_["connected"];
  connected_ = true;
  connected_since_ = std::chrono::steady_clock::now();
  last_bad_.clear();
  options_.log(News::kGood, "connected to " + format_peer(options_.peer));
  pump();
}

void Link::pump() {
  if (!connected_ || connection_->writing() || spool_.under_way() >= options_.max_under_way) return;
  const Parcel* const parcel = spool_.take_next();
  if (parcel == nullptr) return;
  output_.clear();
  options_.append_frame(parcel->body, output_);
  if (spool_.under_way() == 1) connection_->expect_progress(options_.progress_timeout);
  connection_->write(output_);
}

void Link::on_written() {
  if (options_.parse_answer == nullptr) {
    spool_.settle_sent();
    note_progress();
  }
  pump();
}

void Link::note_progress() {
  if (spool_.under_way() > 0) {
    connection_->expect_progress(options_.progress_timeout);
  } else {
    connection_->expect_nothing();
  }
}

void Link::on_bytes(std::string_view bytes) {
  if (options_.parse_answer == nullptr) return;  // a carbon has nothing to say
  input_ += bytes;
  if (const auto fault = take_answers()) return lose("protocol", *fault);
  pump();
}

std::optional<std::string> Link::take_answers() {
  constexpr std::size_t kLength = sizeof(std::uint32_t);
  std::size_t at = 0;
  // All answers before `at` are taken.
  while (input_.size() - at >= kLength) {
    const auto length = base::load_big_endian<std::uint32_t>(input_.data() + at);
    if (length > kMaxAnswerBytes) return "an answer of " + std::to_string(length) + " bytes";
    if (input_.size() - at - kLength < length) break;
    const auto answer =
        options_.parse_answer(std::string_view(input_).substr(at + kLength, length));
    if (!answer) return answer.error().message();
    if (spool_.under_way() == 0) return "an answer that nothing asked for";
    take_answer(*answer);
    at += kLength + length;
  }
  input_.erase(0, at);
  if (at > 0) note_progress();
  return std::nullopt;
}

void Link::take_answer(const RiemannCodec::Answer& answer) {
  if (answer.ok) return spool_.settle_sent();
  spool_.settle_refused();
  ++causes_["refused"];
  say_bad("events were refused: " + std::string(answer.error));
}

void Link::on_ended(std::string_view cause, std::string text) {
  lose(cause, text);
}

void Link::lose(std::string_view cause, const std::string& text) {
  ++causes_[cause];
  if (connected_ && std::chrono::steady_clock::now() - connected_since_ >= kGoodFor) {
    backoff_.reset();
  }
  connected_ = false;
  connection_.reset();
  input_.clear();
  spool_.return_all();
  say_bad(text);
  retry_timer_->start(backoff_.next(), [this] { connect(); });
}

// The same fault again and again is said once.
void Link::say_bad(const std::string& text) {
  if (text == last_bad_) return;
  last_bad_ = text;
  options_.log(News::kBad, format_peer(options_.peer) + ": " + text);
}

}  // namespace tocsin::publish
