#include "ingest/listen/datagram_batch.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "ingest/listen/socket.hpp"
#include "src/base/system_error.hpp"

namespace tocsin::listen {

Result<std::unique_ptr<DatagramBatch>> DatagramBatch::create(std::size_t max_datagram_bytes,
                                                             bool with_peers) {
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const std::size_t stride = (max_datagram_bytes + page - 1) / page * page;
  const std::size_t arena_bytes = stride * kSlots;
  void* arena = ::mmap(nullptr, arena_bytes, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (arena == MAP_FAILED) return base::system_error("", "cannot map receive buffers", errno);
  // With huge pages one datagram in each buffer would make the whole arena resident.
  (void)::madvise(arena, arena_bytes, MADV_NOHUGEPAGE);
  return std::unique_ptr<DatagramBatch>(new DatagramBatch(static_cast<char*>(arena), arena_bytes,
                                                          max_datagram_bytes, stride, with_peers));
}

DatagramBatch::DatagramBatch(char* arena, std::size_t arena_bytes, std::size_t max_datagram_bytes,
                             std::size_t stride, bool with_peers) noexcept
    : arena_(arena), arena_bytes_(arena_bytes), with_peers_(with_peers) {
  for (unsigned slot = 0; slot < kSlots; ++slot) {
    vectors_[slot] = {arena_ + slot * stride, max_datagram_bytes};
    msghdr& header = messages_[slot].msg_hdr;
    header.msg_iov = &vectors_[slot];
    header.msg_iovlen = 1;
    if (with_peers_) {
      header.msg_name = &peers_[slot];
      header.msg_namelen = sizeof peers_[slot];
    }
  }
  messages_[0].msg_hdr.msg_control = control_.data();
  messages_[0].msg_hdr.msg_controllen = control_.size();
}

DatagramBatch::~DatagramBatch() {
  ::munmap(arena_, arena_bytes_);
}

int DatagramBatch::receive(int fd) noexcept {
  // The kernel overwrote these lengths with what it used; only in the slots that it used.
  if (with_peers_) {
    for (unsigned slot = 0; slot < used_; ++slot) {
      messages_[slot].msg_hdr.msg_namelen = sizeof peers_[slot];
    }
  }
  messages_[0].msg_hdr.msg_controllen = control_.size();

  int received = 0;
  do {
    received = ::recvmmsg(fd, messages_.data(), kSlots, MSG_DONTWAIT, nullptr);
  } while (received < 0 && errno == EINTR);
  if (received < 0) {
    used_ = 0;
    return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : -1;
  }
  used_ = static_cast<unsigned>(received);
  return received;
}

void DatagramBatch::read_peer(unsigned slot, Peer& peer) const noexcept {
  if (with_peers_) listen::read_peer(reinterpret_cast<const sockaddr&>(peers_[slot]), peer);
}

std::optional<std::uint32_t> DatagramBatch::drops() const noexcept {
  const msghdr& header = messages_[0].msg_hdr;
  if (used_ == 0 || header.msg_controllen == 0) return std::nullopt;
  const cmsghdr* control = CMSG_FIRSTHDR(&header);
  if (control == nullptr || control->cmsg_level != SOL_SOCKET ||
      control->cmsg_type != SO_RXQ_OVFL) {
    return std::nullopt;
  }
  std::uint32_t drops = 0;
  std::memcpy(&drops, CMSG_DATA(control), sizeof drops);
  return drops;
}

}  // namespace tocsin::listen
