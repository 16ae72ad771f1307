#include "ledger/catalogue/bencode.h"

#include <charconv>

namespace hearth::ledger::bencode {
namespace {

class Parser {
 public:
  explicit Parser(ByteView in) : in_(as_text(in)), bytes_(in) {}

  Result<Value> whole() {
    auto value = parse(0);
    if (value && at_ != in_.size()) return wrong("more bytes after the end");
    return value;
  }

 private:
  tl::unexpected<Error> wrong(std::string_view what) const {
    return fail(Code::bad_torrent, "The torrent file is not well-formed at byte " +
                                       std::to_string(at_) + ": " + std::string(what) +
                                       ". Nothing was stored; publish the file again.");
  }
  bool peek(char c) const { return at_ < in_.size() && in_[at_] == c; }

  /// Digits up to `end`, without a leading zero; `negative` allows "-".
  Result<std::int64_t> number(char end, bool negative) {
    const std::size_t stop = in_.substr(at_, 21).find(end);
    if (stop == std::string_view::npos) return wrong("a number without an end");
    const std::string_view digits = in_.substr(at_, stop);
    std::int64_t value = 0;
    const auto [rest, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc() || rest != digits.data() + digits.size()) return wrong("not a number");
    const bool minus = digits.front() == '-';
    const std::string_view bare = digits.substr(minus ? 1 : 0);
    if ((minus && (!negative || value == 0)) || (bare.size() > 1 && bare.front() == '0')) {
      return wrong("not a number in its one form");
    }
    at_ += stop + 1;
    return value;
  }

  Result<ByteView> text() {
    const auto size = number(':', false);
    if (!size) return pass_on(size.error());
    if (static_cast<std::uint64_t>(*size) > in_.size() - at_) return wrong("a text past the end");
    const ByteView out = bytes_.subspan(at_, static_cast<std::size_t>(*size));
    at_ += out.size();
    return out;
  }

  Result<void> list(Value& value, std::size_t depth) {
    value.type = Value::Type::list;
    while (!peek('e')) {
      auto item = parse(depth + 1);
      if (!item) return pass_on(std::move(item.error()));
      value.items.push_back(std::move(*item));
    }
    ++at_;
    return {};
  }

  Result<void> dictionary(Value& value, std::size_t depth) {
    value.type = Value::Type::dictionary;
    while (!peek('e')) {
      const auto key = text();
      if (!key) return pass_on(key.error());
      if (!value.members.empty() && as_text(*key) <= value.members.back().key) {
        return wrong("keys out of order");
      }
      auto member = parse(depth + 1);
      if (!member) return pass_on(std::move(member.error()));
      value.members.push_back({as_text(*key), std::move(*member)});
    }
    ++at_;
    return {};
  }

  Result<Value> parse(std::size_t depth) {
    if (at_ >= in_.size()) return wrong("it ends too early");
    if (depth > max_depth) return wrong("nested too deeply");
    if (++count_ > max_values) return wrong("too many values");
    const std::size_t start = at_;
    Value value;
    Result<void> done;
    const char first = in_[at_];
    if (first == 'i') {
      ++at_;
      const auto integer = number('e', true);
      if (!integer) return pass_on(integer.error());
      value.integer = *integer;
    } else if (first == 'l' || first == 'd') {
      ++at_;
      done = first == 'l' ? list(value, depth) : dictionary(value, depth);
    } else {
      const auto bytes = text();
      if (!bytes) return pass_on(bytes.error());
      value.type = Value::Type::text;
      value.text = *bytes;
    }
    if (!done) return pass_on(std::move(done.error()));
    value.raw = bytes_.subspan(start, at_ - start);
    return value;
  }

  std::string_view in_;
  ByteView bytes_;
  std::size_t at_ = 0;
  std::size_t count_ = 0;
};

}  // namespace

const Value* Value::find(std::string_view key) const {
  for (const Member& member : members) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

std::optional<std::int64_t> Value::integer_at(std::string_view key) const {
  const Value* value = find(key);
  if (value == nullptr || value->type != Type::integer) return std::nullopt;
  return value->integer;
}

std::optional<ByteView> Value::text_at(std::string_view key) const {
  const Value* value = find(key);
  if (value == nullptr || value->type != Type::text) return std::nullopt;
  return value->text;
}

const Value* Value::dictionary_at(std::string_view key) const {
  const Value* value = find(key);
  return value != nullptr && value->type == Type::dictionary ? value : nullptr;
}

Result<Value> read(ByteView in) {
  return Parser(in).whole();
}

}  // namespace hearth::ledger::bencode
