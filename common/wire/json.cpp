#include "common/wire/json.h"

#include <algorithm>
#include <limits>

template class nlohmann::basic_json<>;

namespace hearth::wire {
namespace {

constexpr std::size_t max_depth = 16;

/// Builds the value while it is read, so that a hostile text is refused at its first bad byte
/// and never costs more memory than max_values allow.
class BoundedBuilder final : public nlohmann::json_sax<Json> {
 public:
  explicit BoundedBuilder(const JsonLimits& limits) : limits_(limits) {}
  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(value); }
  bool number_unsigned(number_unsigned_t value) override { return add(value); }
  bool number_float(number_float_t value, const string_t&) override {
    if (limits_.fractions) return add(value);
    return refuse("it holds a number that is not a whole number of 64 bits");
  }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t&) override { return refuse("it holds binary data"); }
  bool start_object(std::size_t) override { return open(Json::object()); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    const auto [member, fresh] = open_.back()->emplace(std::move(name), nullptr);
    if (!fresh) return refuse("it names a member twice");
    member_ = &*member;
    return true;
  }
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception&) override {
    return refuse("it is not JSON from byte " + std::to_string(position) + " on");
  }

  Json take() { return std::move(root_); }
  const std::string& why() const { return why_; }

 private:
  bool refuse(std::string why) {
    why_ = std::move(why);
    return false;
  }

  bool too_many() {
    return refuse("it holds more than " + std::to_string(limits_.max_values) + " values");
  }

  Json* place(Json value) {
    if (open_.empty()) {
      root_ = std::move(value);
      return &root_;
    }
    Json& parent = *open_.back();
    if (parent.is_object()) {
      *member_ = std::move(value);
      return member_;
    }
    return &parent.emplace_back(std::move(value));
  }

  bool add(Json value) {
    if (++values_ > limits_.max_values) return too_many();
    place(std::move(value));
    return true;
  }

  bool open(Json container) {
    if (++values_ > limits_.max_values) return too_many();
    if (open_.size() == max_depth) return refuse("it is nested more than 16 deep");
    open_.push_back(place(std::move(container)));
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  const JsonLimits& limits_;
  Json root_;
  std::vector<Json*> open_;
  Json* member_ = nullptr;  ///< that the next value belongs to, in an object
  std::string why_;
  std::size_t values_ = 0;
};

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
  BoundedBuilder builder(limits);
  const auto* begin = reinterpret_cast<const char*>(text.data());
  if (!Json::sax_parse(begin, begin + text.size(), &builder)) {
    return fail(Code::usage, "The JSON text was refused: " + builder.why() + ".");
  }
  return builder.take();
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
