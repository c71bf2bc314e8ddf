// Decodes datagrams of collectd's binary protocol.
//   datagram := part*
//   part     := type:u16 length:u16 payload     big-endian; length counts these four bytes too
//     0x0000 host, 0x0002 plugin, 0x0003 plugin instance, 0x0004 type, 0x0005 type instance,
//     0x0100 message               text, NUL                  a message ends a notification
//     0x0001 time, 0x0007 interval u64, seconds
//     0x0008 time, 0x0009 interval u64, 2^-30 seconds
//     0x0101 severity              u64: 1 failure, 2 warning, 4 okay
//     0x0006 values                n:u16, n types, n times 8 bytes; ends a value list
//     0x0200 signature             32 bytes of HMAC, user     speaks for all that follows
//     0x0210 encryption            user length:u16, user, 16 bytes of IV, ciphertext of
//                                  (20 bytes of SHA-1, parts)
//     others                       skipped
// A value list or notification is described by the last part of each kind before it. Nothing is
// carried into another datagram, nor into or out of a signed or encrypted stretch.
// Input:   one datagram. The caller may come back with what was left, and then nothing else.
// Output:  an event per value, and one per notification; EventWriter says which.
// Record:  a values part or a message part; an encrypted or a signed stretch that cannot be
//          believed; what is left of a datagram whose next length is impossible.
// Errors:  Intake::reject per record. A part that describes and is broken is a record too, and
//          spoils only the lists it would have described.
// Threads: one decoder per ingest thread.
// Cost:    one pass; lists that come as in the interval before are not parsed (ListCache). Nothing
//          is allocated once the buffers have grown and all lists are known. Decryption and
//          signatures cost what OpenSSL takes: about a microsecond, and 2 to 4 ns per byte.
// Source:  collectd 5.12, "Binary protocol" and network.c; docs/formats/collectd.md.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/collectd/auth_file.hpp"
#include "ingest/collectd/event_writer.hpp"
#include "ingest/collectd/list_cache.hpp"
#include "ingest/collectd/options.hpp"
#include "ingest/collectd/rate_table.hpp"
#include "ingest/collectd/repeat_writer.hpp"
#include "ingest/collectd/seal.hpp"
#include "tocsin/decoder.hpp"
#include "tocsin/intake.hpp"

namespace tocsin::collectd {

class NetworkDecoder final : public Decoder {
 public:
  // `rates` and `intake` must outlive the decoder. `users`: null when there are none.
  NetworkDecoder(Options options, std::shared_ptr<const Users> users, RateTable& rates,
                 Intake& intake);

  [[nodiscard]] std::size_t decode(std::string_view bytes, const Origin& origin) override;
  [[nodiscard]] bool flush() override { return true; }
  void drop() override;

  // From the next datagram on: what a changed AuthFile says. On the decoder's own thread.
  void set_users(std::shared_ptr<const Users> users);

 private:
  enum class Trust : std::uint8_t { kNone, kSigned, kEncrypted };  // growing

  // What the parts have said so far. The texts of the name view the datagram as long as it is
  // there.
  struct Description {
    ValueList list;  // without values
    Severity severity = Severity::kNone;
    unsigned broken = 0;               // a bit for each text whose part was broken, by its type
    std::array<std::string, 6> texts;  // by type of part: those that are not the datagram's

    void clear();
    // Before the datagram moves.
    void keep_texts();
  };

  // A stretch of parts under one protection.
  struct Stretch {
    std::string_view bytes;
    std::size_t at = 0;      // the next part
    std::size_t offset = 0;  // of bytes.front() in the datagram
    Trust trust = Trust::kNone;
    std::string user;
    Description said;
    // Where the description of the next list begins, and the list before; null: it is the first.
    // kNoList: between them stands what is not to be remembered.
    std::size_t list_at = 0;
    ListCache::List* list = nullptr;

    [[nodiscard]] std::string_view rest() const noexcept {
      return {bytes.data() + at, bytes.size() - at};
    }
  };
  static constexpr std::size_t kNoList = std::string_view::npos;

  void begin(std::string_view datagram, const Origin& origin);
  void resume(std::string_view rest);
  void begin_lists(Stretch& stretch, std::size_t at);
  [[nodiscard]] std::size_t consumed() const noexcept;
  [[nodiscard]] bool walk(Stretch& stretch, const Origin& origin);
  [[nodiscard]] bool take(Stretch& stretch, std::uint16_t type, std::string_view payload,
                          const Origin& origin);
  void take_unbelieved(Stretch& stretch, std::uint16_t type, std::string_view payload);
  [[nodiscard]] bool take_repeated(Stretch& stretch, const Origin& origin);
  void remember(Stretch& stretch, const Origin& origin);
  [[nodiscard]] bool take_values(Stretch& stretch, std::string_view payload, const Origin& origin);
  [[nodiscard]] bool take_message(Stretch& stretch, std::string_view payload);
  [[nodiscard]] bool finish_record();
  void take_signature(Stretch& stretch, std::string_view payload);
  void take_encryption(Stretch& stretch, std::string_view payload);
  void set_text(Stretch& stretch, std::string_view& text, std::uint16_t type,
                std::string_view payload);
  void set_unusual_text(Stretch& stretch, std::string_view& text, std::uint16_t type,
                        std::string_view payload);
  [[nodiscard]] bool read_number(Stretch& stretch, std::string_view payload, std::uint64_t& number);
  void set_time(Stretch& stretch, std::string_view payload, bool high_resolution);
  void set_interval(Stretch& stretch, std::string_view payload, bool high_resolution);
  void set_severity(Stretch& stretch, std::string_view payload);
  [[nodiscard]] bool is_believed(const Stretch& stretch) const noexcept;
  void reject(Stretch& stretch, RejectCause cause, std::string_view text);

  // Fixed after construction.
  const Options options_;
  Intake& intake_;
  const Trust least_trust_;  // that the security level demands

  std::shared_ptr<const Users> users_;
  RateTable& rates_;
  EventWriter writer_;
  RepeatWriter repeats_;
  ListCache lists_;
  Seal seal_;
  std::vector<Value> values_;
  std::string message_;
  Stretch outer_;                // the datagram, or what is left of it
  Stretch inner_;                // what an encryption part held
  std::size_t inner_end_ = 0;    // of that part in outer_.bytes; 0: not in one
  std::size_t part_length_ = 0;  // of the part at hand
  std::size_t left_ = 0;         // bytes that the last decode() did not take
};

}  // namespace tocsin::collectd
