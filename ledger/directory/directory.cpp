#include "ledger/directory/directory.h"

#include <algorithm>

#include "common/base/codec.h"

namespace hearth::ledger {
namespace {

using wire::DirectoryEntry;

constexpr std::uint8_t version = 1;
constexpr std::string_view list_prefix = "directory/list/";
constexpr std::string_view entry_prefix = "directory/entry/";
constexpr std::size_t max_card = 4 * 1024;
constexpr std::size_t max_value = 64;
constexpr std::uint8_t kinds = 3;

Bytes list_key(const identity::HomeAddress& home) {
  return Writer().raw(as_bytes(list_prefix)).raw(home.key).take();
}

Bytes entry_key(const DirectoryEntry& entry) {
  Writer out;
  out.raw(as_bytes(entry_prefix)).u8(static_cast<std::uint8_t>(entry.kind));
  return out.raw(as_bytes(entry.value)).take();
}

struct StoredList {
  UtcMs issued_ms = 0;
  std::string card;
  std::vector<DirectoryEntry> entries;
};

Bytes encode(const StoredList& list) {
  Writer out;
  out.u8(version).i64(list.issued_ms).text(list.card);
  out.u8(static_cast<std::uint8_t>(list.entries.size()));
  for (const DirectoryEntry& entry : list.entries)
    out.u8(static_cast<std::uint8_t>(entry.kind)).text(entry.value);
  return out.take();
}

tl::unexpected<Error> damaged() {
  return fail(Code::corrupt,
              "A row of the directory is damaged in the ledger's store. Restore the ledger's books "
              "from a backup.");
}

Result<std::optional<StoredList>> load_list(const store::View& view,
                                            const identity::HomeAddress& home) {
  const auto value = view.get(list_key(home));
  if (!value) return pass_on(value.error());
  if (!*value) return std::optional<StoredList>();
  Reader in(**value);
  const bool is_known = in.u8() == version;
  StoredList out{in.i64(), in.text(max_card), {}};
  const std::size_t count = in.u8();
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    const std::uint8_t kind = in.u8();
    if (kind >= kinds) return damaged();
    out.entries.push_back({static_cast<wire::DirectoryKind>(kind), in.text(max_value)});
  }
  if (!is_known || !in.done()) return damaged();
  return std::optional(std::move(out));
}

std::optional<identity::HomeAddress> decode_holder(ByteView value) {
  Reader in(value);
  const bool is_known = in.u8() == version;
  const identity::HomeAddress home{in.fixed<32>()};
  return is_known && in.done() ? std::optional(home) : std::nullopt;
}

Result<std::optional<identity::HomeAddress>> holder_of(const store::View& view,
                                                       const DirectoryEntry& entry) {
  const auto value = view.get(entry_key(entry));
  if (!value) return pass_on(value.error());
  if (!*value) return std::optional<identity::HomeAddress>();
  auto home = decode_holder(**value);
  if (!home) return damaged();
  return home;
}

bool contains(const std::vector<DirectoryEntry>& entries, const DirectoryEntry& entry) {
  return std::find(entries.begin(), entries.end(), entry) != entries.end();
}

}  // namespace

Result<store::Batch> prepare_list(const store::View& view, const wire::DirectoryList& list) {
  const auto before = load_list(view, list.home);
  if (!before) return pass_on(before.error());
  if (*before && list.issued_ms < (*before)->issued_ms) {
    return fail(Code::stale_request,
                "A newer list of this home is in the directory. Nothing was changed.");
  }
  store::Batch batch;
  if (*before) {
    for (const DirectoryEntry& entry : (*before)->entries) {
      const auto holder = holder_of(view, entry);
      if (!holder) return pass_on(holder.error());
      const bool is_mine = *holder && **holder == list.home;
      if (is_mine && !contains(list.entries, entry)) batch.erase(entry_key(entry));
    }
  }
  for (const DirectoryEntry& entry : list.entries) {
    const auto holder = holder_of(view, entry);
    if (!holder) return pass_on(holder.error());
    if (*holder && **holder != list.home) {
      return fail(Code::directory_taken,
                  "Another home holds " + std::string(wire::directory_kind_name(entry.kind)) + ":" +
                      entry.value +
                      " in the directory. Nothing was changed; the ledger's operator can give an "
                      "address free that is not that home's any more.");
    }
    batch.put(entry_key(entry), Writer().u8(version).raw(list.home.key).take());
  }
  batch.put(list_key(list.home), encode({list.issued_ms, list.card, list.entries}));
  return batch;
}

Result<std::optional<DirectoryHolder>> find_entry(const store::View& view,
                                                  const DirectoryEntry& entry) {
  const auto home = holder_of(view, entry);
  if (!home) return pass_on(home.error());
  if (!*home) return std::optional<DirectoryHolder>();
  auto list = load_list(view, **home);
  if (!list) return pass_on(list.error());
  if (!*list || !contains((*list)->entries, entry)) return damaged();
  return std::optional(DirectoryHolder{**home, std::move((*list)->card)});
}

Result<std::optional<store::Batch>> prepare_removal(const store::View& view,
                                                    const DirectoryEntry& entry) {
  const auto home = holder_of(view, entry);
  if (!home) return pass_on(home.error());
  if (!*home) return std::optional<store::Batch>();
  auto list = load_list(view, **home);
  if (!list) return pass_on(list.error());
  store::Batch batch;
  batch.erase(entry_key(entry));
  if (*list) {
    std::erase((*list)->entries, entry);
    batch.put(list_key(**home), encode(**list));
  }
  return std::optional(std::move(batch));
}

Result<void> each_entry(
    const store::View& view,
    const std::function<bool(const DirectoryEntry&, const identity::HomeAddress&)>& visit) {
  bool is_damaged = false;
  auto scanned = view.scan(as_bytes(entry_prefix), store::prefix_end(as_bytes(entry_prefix)),
                           [&](ByteView key, ByteView value) {
                             const ByteView rest = key.subspan(entry_prefix.size());
                             const auto home = decode_holder(value);
                             is_damaged = !home || rest.empty() || rest[0] >= kinds;
                             return !is_damaged && visit({static_cast<wire::DirectoryKind>(rest[0]),
                                                          std::string(as_text(rest.subspan(1)))},
                                                         *home);
                           });
  if (!scanned) return scanned;
  if (is_damaged) return damaged();
  return {};
}

}  // namespace hearth::ledger
