// A slow reader of collectd datagrams that only counts: what is surely refused, what may be refused
// for what it says, and how many events it gives otherwise. Written from docs/formats/collectd.md,
// without the decoder's code.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ingest/collectd/auth_file.hpp"
#include "ingest/collectd/options.hpp"
#include "ingest/collectd/seal.hpp"

namespace tocsin::collectd::testing {

struct NaiveCount {
  std::size_t rejects = 0;  // parts that are malformed or not believed
  std::size_t lists = 0;   // well-formed value lists and notifications: taken or refused as a whole
  std::size_t values = 0;  // their events, if all are taken
};

class NaiveReader {
 public:
  NaiveReader(SecurityLevel level, const Users& users) : level_(level), users_(users) {}

  // `trust`: 0 plain, 1 signed, 2 encrypted.
  void read(std::string_view bytes, int trust) {
    while (!bytes.empty()) {
      const std::size_t length = bytes.size() < 4 ? 0 : number(bytes.substr(2, 2));
      if (length < 4 || length > bytes.size()) {
        ++count.rejects;
        return;
      }
      const std::uint64_t type = number(bytes.substr(0, 2));
      const std::string_view payload = bytes.substr(4, length - 4);
      if (type == 0x0200) {
        if (trust > 0) {
          ++count.rejects;
        } else if (check_signature(bytes, payload)) {
          trust = 1;
        } else {
          return;
        }
      } else if (type == 0x0210) {
        read_encrypted(payload, trust);
      } else if (trust < static_cast<int>(level_)) {
        if (type == 0x0006 || type == 0x0100) ++count.rejects;
      } else {
        read_part(type, payload);
      }
      bytes = bytes.substr(length);
    }
  }

  NaiveCount count;

 private:
  static std::uint64_t number(std::string_view bytes) {
    std::uint64_t value = 0;
    for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
    return value;
  }

  void read_part(std::uint64_t type, std::string_view payload) {
    const bool is_text = !payload.empty() && payload.back() == '\0';
    switch (type) {
      case 0x0000:
      case 0x0002:
      case 0x0003:
      case 0x0004:
      case 0x0005:
        if (!is_text || payload.find('\0') > 1023) ++count.rejects;
        break;
      case 0x0001:
      case 0x0007:
        if (payload.size() != 8 || number(payload) >= 9223372036) ++count.rejects;
        break;
      case 0x0008:
      case 0x0009:
        if (payload.size() != 8 || number(payload) >> 30 >= 9223372036) ++count.rejects;
        break;
      case 0x0101:
        if (payload.size() != 8 ||
            (number(payload) != 1 && number(payload) != 2 && number(payload) != 4)) {
          ++count.rejects;
        }
        break;
      case 0x0100:
        if (is_text) {
          ++count.lists;
          ++count.values;
        } else {
          ++count.rejects;
        }
        break;
      case 0x0006:
        read_values(payload);
        break;
      default:
        break;
    }
  }

  void read_values(std::string_view payload) {
    const std::size_t size = payload.size() < 2 ? 0 : number(payload.substr(0, 2));
    if (size == 0 || payload.size() != 2 + 9 * size) {
      ++count.rejects;
      return;
    }
    for (const char type : payload.substr(2, size)) {
      if (static_cast<unsigned char>(type) > 3) {
        ++count.rejects;
        return;
      }
    }
    ++count.lists;
    count.values += size;
  }

  bool check_signature(std::string_view bytes, std::string_view payload) {
    if (payload.size() > 32) {
      const User* const user = users_.find(payload.substr(32));
      if (user != nullptr && seal_.is_signed(*user, payload.substr(0, 32), bytes.substr(36))) {
        return true;
      }
    }
    ++count.rejects;
    return false;
  }

  void read_encrypted(std::string_view payload, int trust) {
    const std::size_t size = payload.size() < 2 ? 0 : number(payload.substr(0, 2));
    if (trust < 2 && size != 0 && payload.size() >= 2 + size + 36) {
      const User* const user = users_.find(payload.substr(2, size));
      if (user != nullptr) {
        const auto clear =
            seal_.open(*user, payload.substr(2 + size, 16), payload.substr(18 + size));
        if (clear) return read(*clear, 2);
      }
    }
    ++count.rejects;
  }

  SecurityLevel level_;
  const Users& users_;
  Seal seal_;
};

inline NaiveCount count_parts(std::string_view datagram, SecurityLevel level, const Users& users) {
  NaiveReader reader(level, users);
  reader.read(datagram, 0);
  return reader.count;
}

}  // namespace tocsin::collectd::testing
