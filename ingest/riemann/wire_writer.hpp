// Writes the wire format that wire_reader.hpp reads: appends fields to the bytes of a message.
// Cost:    no allocation while the text has room.
// Source:  protobuf.dev, "Encoding".
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "ingest/riemann/wire_reader.hpp"

namespace tocsin::riemann {

inline void append_varint(std::uint64_t value, std::string& out) {
  std::array<char, 10> bytes;
  std::size_t size = 0;
  for (; value >= 0x80; value >>= 7) bytes[size++] = static_cast<char>(value | 0x80);
  bytes[size++] = static_cast<char>(value);
  out.append(bytes.data(), size);
}

inline void append_varint_field(std::uint32_t field, std::uint64_t value, std::string& out) {
  append_varint(wire_tag(field, WireType::kVarint), out);
  append_varint(value, out);
}

inline void append_bytes_field(std::uint32_t field, std::string_view bytes, std::string& out) {
  append_varint(wire_tag(field, WireType::kBytes), out);
  append_varint(bytes.size(), out);
  out += bytes;
}

// T: std::uint32_t or std::uint64_t, by bits.
template <class T>
inline void append_fixed_field(std::uint32_t field, T value, std::string& out) {
  constexpr auto kType = sizeof(T) == 8 ? WireType::kFixed64 : WireType::kFixed32;
  append_varint(wire_tag(field, kType), out);
  std::array<char, sizeof(T)> bytes;
  for (std::size_t i = 0; i < sizeof(T); ++i) bytes[i] = static_cast<char>(value >> 8 * i);
  out.append(bytes.data(), bytes.size());
}

// Makes what was appended since `begin` the value of a field: puts its tag and length in front.
inline void enclose_in_field(std::uint32_t field, std::size_t begin, std::string& out) {
  std::string head;  // a few bytes: lives on the stack
  append_varint(wire_tag(field, WireType::kBytes), head);
  append_varint(out.size() - begin, head);
  out.insert(begin, head);
}

}  // namespace tocsin::riemann
