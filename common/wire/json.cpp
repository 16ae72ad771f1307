#include "common/wire/json.h"

#include <algorithm>
#include <limits>
#include <optional>

#include <simdjson.h>

template class nlohmann::basic_json<>;

namespace hearth::wire {
namespace {

constexpr std::size_t max_depth = 16;
constexpr const char* too_deep = "it is nested more than 16 deep";
constexpr const char* not_whole = "it holds a number that is not a whole number of 64 bits";

/// What is read of texts this long is kept by each thread for the next one.
constexpr std::size_t usual_bytes = 64 * 1024;

using Element = simdjson::dom::element;

/// Copies what was read within the limits; recursion ends at max_depth.
class BoundedBuilder {
 public:
  explicit BoundedBuilder(const JsonLimits& limits) : limits_(limits) {}

  /// False: refused, see why().
  bool build(Element from, Json& to, std::size_t depth = 0) {
    if (++values_ > limits_.max_values)
      return refuse("it holds more than " + std::to_string(limits_.max_values) + " values");
    switch (from.type()) {
      case simdjson::dom::element_type::OBJECT:
        return members(from.get_object().value_unsafe(), to, depth + 1);
      case simdjson::dom::element_type::ARRAY:
        return items(from.get_array().value_unsafe(), to, depth + 1);
      case simdjson::dom::element_type::STRING:
        to = std::string(from.get_string().value_unsafe());
        return true;
      case simdjson::dom::element_type::INT64:
        return whole(from.get_int64().value_unsafe(), to);
      case simdjson::dom::element_type::UINT64:
        to = from.get_uint64().value_unsafe();
        return true;
      case simdjson::dom::element_type::DOUBLE:
        if (!limits_.fractions) return refuse(not_whole);
        to = from.get_double().value_unsafe();
        return true;
      case simdjson::dom::element_type::BOOL:
        to = from.get_bool().value_unsafe();
        return true;
      case simdjson::dom::element_type::NULL_VALUE:
        return true;
    }
    return false;
  }
  const std::string& why() const { return why_; }

 private:
  bool members(simdjson::dom::object from, Json& to, std::size_t depth) {
    if (depth > max_depth) return refuse(too_deep);
    to = Json::object();
    auto& known = to.get_ref<Json::object_t&>();
    for (const auto& [name, value] : from) {
      const std::size_t before = known.size();
      // Our own documents come with their members in order.
      const auto member = known.emplace_hint(known.end(), name, nullptr);
      if (known.size() == before) return refuse("it names a member twice");
      if (!build(value, member->second, depth)) return false;
    }
    return true;
  }
  bool items(simdjson::dom::array from, Json& to, std::size_t depth) {
    if (depth > max_depth) return refuse(too_deep);
    to = Json::array();
    for (const Element value : from)
      if (!build(value, to.emplace_back(), depth)) return false;
    return true;
  }
  /// As nlohmann's own reader has it: what is not negative is unsigned.
  static bool whole(std::int64_t value, Json& to) {
    if (value < 0)
      to = value;
    else
      to = static_cast<std::uint64_t>(value);
    return true;
  }
  bool refuse(std::string why) {
    why_ = std::move(why);
    return false;
  }

  const JsonLimits& limits_;
  std::string why_;
  std::size_t values_ = 0;
};

/// Where a text ceases to be JSON; 0 where it does not. Slow: for a text that is refused.
class BreakingPoint : public nlohmann::detail::json_sax_acceptor<Json> {
 public:
  static std::size_t of(std::string_view text) {
    BreakingPoint out;
    Json::sax_parse(text, &out);
    return out.position_;
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) {
    position_ = position;
    return false;
  }

 private:
  std::size_t position_ = 0;
};

std::string why_not_json(simdjson::error_code error, std::string_view text) {
  if (error == simdjson::DEPTH_ERROR) return too_deep;
  if (const std::size_t position = BreakingPoint::of(text); position != 0)
    return "it is not JSON from byte " + std::to_string(position) + " on";
  return not_whole;
}

const Json& nothing() {
  static const Json null;
  return null;
}

std::string quoted(const char* name) {
  return "\"" + std::string(name) + "\"";
}

}  // namespace

Result<Json> parse_json(ByteView text, std::size_t max_bytes) {
  JsonLimits limits;
  limits.max_bytes = max_bytes;
  return parse_json(text, limits);
}

Result<Json> parse_json(ByteView text, const JsonLimits& limits) {
  if (text.size() > limits.max_bytes) {
    return fail(Code::too_large, "The JSON text is larger than the " +
                                     std::to_string(limits.max_bytes) + " bytes allowed.");
  }
  if (as_text(text).starts_with("\xef\xbb\xbf")) {
    return fail(Code::usage, "The JSON text was refused: it begins with a byte order mark.");
  }
  thread_local simdjson::dom::parser usual(usual_bytes);
  std::optional<simdjson::dom::parser> once;
  if (text.size() > usual_bytes) once.emplace();
  Element root;
  if (const auto error = (once ? *once : usual).parse(text.data(), text.size()).get(root)) {
    return fail(Code::usage,
                "The JSON text was refused: " + why_not_json(error, as_text(text)) + ".");
  }
  BoundedBuilder builder(limits);
  Json out;
  if (builder.build(root, out)) return out;
  return fail(Code::usage, "The JSON text was refused: " + builder.why() + ".");
}

Fields::Fields(const Json& object, std::string_view what) : object_(&object), what_(what) {
  if (!object.is_object()) refuse("The " + what_ + " is not a JSON object.");
}

void Fields::refuse(std::string sentence, Code code) {
  if (failed_) return;
  failed_ = true;
  error_ = Error{code, std::move(sentence)};
}

bool Fields::has(const char* name) const {
  if (!object_->is_object()) return false;
  const auto found = object_->find(name);
  return found != object_->end() && !found->is_null();
}

const Json* Fields::find(const char* name, bool required) {
  if (failed_) return nullptr;
  const auto found = object_->find(name);
  if (found != object_->end() && !found->is_null()) return &*found;
  if (required) refuse("The " + what_ + " has no " + quoted(name) + ".");
  return nullptr;
}

std::string Fields::text(const char* name, std::size_t max_bytes, std::string_view fallback) {
  if (find(name, false) == nullptr) return std::string(fallback);
  return required_text(name, max_bytes);
}

std::string Fields::required_text(const char* name, std::size_t max_bytes) {
  const Json* value = find(name, true);
  if (value == nullptr) return {};
  if (!value->is_string()) {
    refuse("In the " + what_ + ", " + quoted(name) + " is not a text.");
    return {};
  }
  const auto& text = value->get_ref<const std::string&>();
  if (text.size() > max_bytes) {
    refuse("In the " + what_ + ", " + quoted(name) + " is longer than " +
               std::to_string(max_bytes) + " bytes.",
           Code::too_large);
    return {};
  }
  return text;
}

std::int64_t Fields::integer(const char* name, std::int64_t min, std::int64_t max) {
  const Json* value = find(name, true);
  if (value == nullptr) return min;
  // Above the range of int64 the value is kept unsigned; get() would wrap it round.
  const bool fits = value->is_number_integer() &&
                    (!value->is_number_unsigned() ||
                     value->get<std::uint64_t>() <=
                         static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()));
  const std::int64_t number = fits ? value->get<std::int64_t>() : 0;
  if (!fits || number < min || number > max) {
    refuse("In the " + what_ + ", " + quoted(name) + " is not a whole number from " +
           std::to_string(min) + " to " + std::to_string(max) + ".");
    return min;
  }
  return number;
}

std::int64_t Fields::integer_or(const char* name, std::int64_t min, std::int64_t max,
                                std::int64_t fallback) {
  return find(name, false) == nullptr ? fallback : integer(name, min, max);
}

bool Fields::boolean_or(const char* name, bool fallback) {
  const Json* value = find(name, false);
  if (value == nullptr) return fallback;
  if (!value->is_boolean()) {
    refuse("In the " + what_ + ", " + quoted(name) + " is neither true nor false.");
    return fallback;
  }
  return value->get<bool>();
}

Bytes Fields::base64url(const char* name, std::size_t max_bytes) {
  const std::string text = required_text(name, (max_bytes * 4 + 2) / 3);
  if (failed_) return {};
  auto bytes = from_base64url(text);
  if (!bytes) {
    refuse("In the " + what_ + ", " + quoted(name) + " is not base64url without padding.");
    return {};
  }
  return std::move(*bytes);
}

Bytes Fields::hex(const char* name, std::size_t max_bytes) {
  const std::string text = required_text(name, max_bytes * 2);
  if (failed_) return {};
  auto bytes = from_hex(text);
  const bool upper =
      std::any_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'F'; });
  if (!bytes || upper) {
    refuse("In the " + what_ + ", " + quoted(name) + " is not lower-case hex.");
    return {};
  }
  return std::move(*bytes);
}

const Json& Fields::array(const char* name, std::size_t max_items) {
  const Json* value = find(name, false);
  if (value == nullptr) return nothing();
  if (!value->is_array() || value->size() > max_items) {
    refuse("In the " + what_ + ", " + quoted(name) + " is not a list of at most " +
           std::to_string(max_items) + ".");
    return nothing();
  }
  return *value;
}

const Json& Fields::object(const char* name) {
  const Json* value = find(name, false);
  if (value == nullptr) return nothing();
  if (!value->is_object()) {
    refuse("In the " + what_ + ", " + quoted(name) + " is not an object.");
    return nothing();
  }
  return *value;
}

void Fields::copy_exact(const Bytes& from, std::uint8_t* to, std::size_t size, const char* name) {
  if (failed_) return;
  if (from.size() != size) {
    refuse("In the " + what_ + ", " + quoted(name) + " does not hold " + std::to_string(size) +
           " bytes.");
    return;
  }
  std::copy(from.begin(), from.end(), to);
}

}  // namespace hearth::wire
