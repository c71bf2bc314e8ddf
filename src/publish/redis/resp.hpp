// Redis' wire protocol, by hiredis' formatter and reader: bytes of commands out, replies in.
// Input:   replies of any peer; `max_reply_bytes` bounds what one reply may hold in memory.
// Errors:  a fault in the byte stream is final: drop the connection and the reader with it.
// Source:  RESP2 (redis.io, "Redis serialization protocol specification"); RESP3 is not asked for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tocsin/result.hpp"

struct redisReader;

namespace tocsin::publish {

// Appends one command.
void append_command(std::span<const std::string_view> words, std::string& out);

struct Reply {
  enum class Kind : std::uint8_t { kNil, kStatus, kError, kInteger, kText, kArray };

  Kind kind = Kind::kNil;
  std::int64_t integer = 0;
  std::string text;  // kStatus, kError, kText
  std::vector<Reply> elements;
};

// The name that an error reply starts with: "LOADING", "WRONGTYPE", ...; "ERR" for plain errors.
[[nodiscard]] std::string_view error_name(const Reply& reply) noexcept;

class ReplyReader {
 public:
  explicit ReplyReader(std::size_t max_reply_bytes);
  ~ReplyReader();
  ReplyReader(const ReplyReader&) = delete;
  ReplyReader& operator=(const ReplyReader&) = delete;

  [[nodiscard]] Result<void> feed(std::string_view bytes);
  // The next whole reply; empty until more bytes come.
  [[nodiscard]] Result<std::optional<Reply>> next();

 private:
  struct Budget;

  const std::unique_ptr<Budget> budget_;  // seen by hiredis' callbacks
  redisReader* const reader_;             // owned
};

}  // namespace tocsin::publish
