#include "ledger/operators/operator_rows.h"

#include <algorithm>

#include "common/base/codec.h"

namespace hearth::ledger {
namespace {

constexpr std::string_view operators_prefix = "op/k";
constexpr std::string_view orders_prefix = "op/r";
constexpr std::uint8_t format_version = 1;
constexpr std::size_t max_name = 40;
constexpr std::size_t max_answer = 1024 * 1024;

Bytes key_of(std::string_view prefix, ByteView id, ByteView more = {}) {
  Bytes key = to_bytes(as_bytes(prefix));
  append(key, id);
  append(key, more);
  return key;
}

tl::unexpected<Error> damaged(std::string_view what) {
  return fail(Code::corrupt, "The ledger's list of " + std::string(what) +
                                 " is damaged. Nothing was changed; restore the last backup, or "
                                 "work at the ledger itself with --data.");
}

std::optional<Operator> decode_operator(ByteView key, ByteView value) {
  Operator who;
  if (key.size() != who.key.size()) return std::nullopt;
  std::copy(key.begin(), key.end(), who.key.begin());
  Reader in(value);
  if (in.u8() != format_version) return std::nullopt;
  who.name = in.text(max_name);
  const std::uint8_t role = in.u8();
  who.role = static_cast<Role>(role);
  who.added_ms = in.i64();
  if (!in.done() || role < 1 || role > 3) return std::nullopt;
  return who;
}

std::optional<OrderRow> decode_order(ByteView value) {
  Reader in(value);
  if (in.u8() != format_version) return std::nullopt;
  OrderRow row;
  row.hash = in.fixed<32>();
  row.at_ms = in.i64();
  row.refused = in.u8() == 1;
  row.answer = in.text(max_answer);
  return in.done() ? std::optional(std::move(row)) : std::nullopt;
}

}  // namespace

Result<std::string> checked_operator_name(std::string_view text) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  };
  const bool fits = !text.empty() && text.size() <= max_name && text[0] >= 'a' && text[0] <= 'z' &&
                    std::all_of(text.begin(), text.end(), allowed);
  if (!fits)
    return fail(Code::name_refused,
                "An operator's name has 1 to 40 characters, a letter first, of a-z, 0-9, '.', '_' "
                "and '-'. Nothing was changed.");
  if (text == "owner")
    return fail(Code::name_refused,
                "'owner' in the records means the command line at the ledger itself; choose "
                "another name. Nothing was changed.");
  return std::string(text);
}

Result<std::optional<Operator>> find_operator(const store::View& view,
                                              const crypto::SignPublicKey& key) {
  const auto value = view.get(key_of(operators_prefix, key));
  if (!value) return pass_on(value.error());
  if (!*value) return std::nullopt;
  auto who = decode_operator(key, **value);
  if (!who) return damaged("operators");
  return who;
}

Result<std::vector<Operator>> list_operators(const store::View& view) {
  std::vector<Operator> out;
  bool readable = true;
  const Bytes from = key_of(operators_prefix, {});
  const auto scanned = view.scan(from, store::prefix_end(from), [&](ByteView key, ByteView value) {
    auto who = decode_operator(key.subspan(operators_prefix.size()), value);
    readable = who.has_value();
    if (who) out.push_back(std::move(*who));
    return readable;
  });
  if (!scanned) return pass_on(scanned.error());
  if (!readable) return damaged("operators");
  std::sort(out.begin(), out.end(),
            [](const Operator& a, const Operator& b) { return a.name < b.name; });
  return out;
}

void put_operator(store::Batch& batch, const Operator& who) {
  const Bytes value = Writer()
                          .u8(format_version)
                          .text(who.name)
                          .u8(static_cast<std::uint8_t>(who.role))
                          .i64(who.added_ms)
                          .take();
  batch.put(key_of(operators_prefix, who.key), value);
}

void erase_operator(store::Batch& batch, const crypto::SignPublicKey& key) {
  batch.erase(key_of(operators_prefix, key));
}

Result<std::optional<OrderRow>> find_order(const store::View& view,
                                           const crypto::SignPublicKey& key, const OrderId& id) {
  const auto value = view.get(key_of(orders_prefix, key, id));
  if (!value) return pass_on(value.error());
  if (!*value) return std::nullopt;
  auto row = decode_order(**value);
  if (!row) return damaged("orders");
  return row;
}

void put_order(store::Batch& batch, const crypto::SignPublicKey& key, const OrderId& id,
               const OrderRow& row) {
  const Bytes value = Writer()
                          .u8(format_version)
                          .raw(row.hash)
                          .i64(row.at_ms)
                          .u8(row.refused ? 1 : 0)
                          .text(row.answer)
                          .take();
  batch.put(key_of(orders_prefix, key, id), value);
}

void erase_order(store::Batch& batch, const crypto::SignPublicKey& key, const OrderId& id) {
  batch.erase(key_of(orders_prefix, key, id));
}

Result<void> erase_old_orders(const store::View& view, store::Batch& batch, UtcMs until) {
  const Bytes from = key_of(orders_prefix, {});
  return view.scan(from, store::prefix_end(from), [&](ByteView key, ByteView value) {
    const auto row = decode_order(value);
    if (!row || row->at_ms < until) batch.erase(key);
    return true;
  });
}

}  // namespace hearth::ledger
