// A bounded reader for bencoded data (BEP 3), as strict as the format allows: keys ascending and
// unique, integers without leading zeros, nothing after the value. Values are views into the
// input, which must outlive them. `raw` is the exact text of a value: info-hashes hash it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "common/base/bytes.h"
#include "common/base/error.h"

namespace hearth::ledger::bencode {

struct Member;

struct Value {
  enum class Type { integer, text, list, dictionary };
  Type type = Type::integer;
  std::int64_t integer = 0;
  ByteView text;
  std::vector<Value> items;
  std::vector<Member> members;
  ByteView raw;

  /// nullptr when this is no dictionary or has no such key.
  const Value* find(std::string_view key) const;
  /// Members of the wanted type only; nullopt otherwise.
  std::optional<std::int64_t> integer_at(std::string_view key) const;
  std::optional<ByteView> text_at(std::string_view key) const;
  const Value* dictionary_at(std::string_view key) const;
};

struct Member {
  std::string_view key;
  Value value;
};

inline constexpr std::size_t max_depth = 16;
inline constexpr std::size_t max_values = 10'000;

/// Code::bad_torrent with the offset and what is wrong there.
Result<Value> read(ByteView in);

}  // namespace hearth::ledger::bencode
