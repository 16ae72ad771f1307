// JSON from strangers: parsed in one place, bounded in bytes, depth and members, duplicate
// members refused. Field access that fails with a sentence naming the field.
#pragma once

#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "common/base/bytes.h"
#include "common/base/error.h"

// Instantiated once, in json.cpp: saves every other file the time.
extern template class nlohmann::basic_json<>;

namespace hearth::wire {

using Json = nlohmann::json;

/// At most `max_bytes`, depth 16, 10,000 values; no duplicate keys, no trailing bytes, valid
/// UTF-8, no floating-point numbers (RFC 8259, RFC 7493). While it is read, a text takes up to
/// sixteen times its bytes. Code::usage or Code::too_large. Any thread.
Result<Json> parse_json(ByteView text, std::size_t max_bytes);

/// For texts that need more than the usual.
struct JsonLimits {
  std::size_t max_bytes = 0;
  std::size_t max_values = 10'000;
  bool fractions = false;  ///< floating-point numbers are kept as they are
};
Result<Json> parse_json(ByteView text, const JsonLimits& limits);

/// Reads members of one object; after the first failure every read returns a default and
/// error() holds the sentence, so that a decoder reads straight down and checks once.
/// Unless said otherwise a missing member is a failure; null counts as missing.
class Fields {
 public:
  /// `what` is a noun for the sentence: "offer", "purchase request".
  Fields(const Json& object, std::string_view what);
  /// `fallback` when it is missing.
  std::string text(const char* name, std::size_t max_bytes, std::string_view fallback = {});
  std::string required_text(const char* name, std::size_t max_bytes);
  std::int64_t integer(const char* name, std::int64_t min, std::int64_t max);
  std::int64_t integer_or(const char* name, std::int64_t min, std::int64_t max,
                          std::int64_t fallback);
  bool boolean_or(const char* name, bool fallback);
  Bytes base64url(const char* name, std::size_t max_bytes);
  template <std::size_t N>
  std::array<std::uint8_t, N> fixed_base64url(const char* name) {
    std::array<std::uint8_t, N> out{};
    copy_exact(base64url(name, N), out.data(), N, name);
    return out;
  }
  template <std::size_t N>
  std::array<std::uint8_t, N> fixed_hex(const char* name) {
    std::array<std::uint8_t, N> out{};
    copy_exact(hex(name, N), out.data(), N, name);
    return out;
  }
  /// Lower case only.
  Bytes hex(const char* name, std::size_t max_bytes);
  /// An array or object member; null Json when it is missing, which is no failure.
  const Json& array(const char* name, std::size_t max_items);
  const Json& object(const char* name);
  bool has(const char* name) const;
  void refuse(std::string sentence, Code code = Code::usage);
  bool ok() const { return !failed_; }
  const Error& error() const { return error_; }

 private:
  const Json* find(const char* name, bool required);
  void copy_exact(const Bytes& from, std::uint8_t* to, std::size_t size, const char* name);
  const Json* object_;
  std::string what_;
  bool failed_ = false;
  Error error_{Code::usage, ""};
};

}  // namespace hearth::wire
