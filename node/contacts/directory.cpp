#include "node/contacts/directory.h"

#include "common/base/names.h"

namespace hearth::node {
namespace {

constexpr std::uint8_t format = 1;
constexpr std::string_view own_key = "directory/own";
constexpr std::string_view token_key = "directory/token";

std::string seen_key(const wire::DirectoryEntry& entry) {
  return "directory/seen/" + address_text(entry);
}

Result<wire::DirectoryEntry> entry_of(const std::string& address) {
  auto entry = wire::parse_directory_name(address);
  if (entry) return std::move(*entry);
  return fail(Code::usage, "An address of the directory is ip:…, mac:… or esn:…, and not " +
                               printable(address) + ". Nothing was changed.");
}

}  // namespace

bool Directory::is_address(const std::string& word) {
  return wire::parse_directory_name(word).has_value();
}

Result<std::vector<wire::DirectoryEntry>> Directory::own() const {
  const auto value = records_.get(own_key);
  if (!value) return pass_on(value.error());
  if (!*value) return std::vector<wire::DirectoryEntry>();
  auto entries = decode_entries(**value);
  if (!entries) return damaged("directory entry");
  return std::move(*entries);
}

/// The token of the card that strangers find; the mailbox takes it as long as it is stored.
Result<std::uint64_t> Directory::listed_token(store::Batch& batch) const {
  const auto value = records_.get(token_key);
  if (!value) return pass_on(value.error());
  if (*value) {
    hearth::Reader in(**value);
    const bool known = in.u8() == format;
    const std::uint64_t token = in.u64();
    if (!known || !in.done()) return damaged("directory entry");
    return token;
  }
  auto token = contacts_.take_token(batch);
  if (token) put(batch, token_key, Writer().u8(format).u64(*token).view());
  return token;
}

net::Task<Result<void>> Directory::replace(std::vector<wire::DirectoryEntry> entries,
                                           std::uint64_t token) {
  wire::DirectoryList list;
  list.home = keys_.address();
  list.issued_ms = now_ms();
  list.card = contacts_.card_with(token, list.issued_ms);
  list.entries = std::move(entries);
  std::string jws = wire::write_directory(list, keys_.identity());
  co_return co_await ledger_.publish_directory(std::move(jws));
}

net::Task<Result<void>> Directory::publish(std::vector<std::string> addresses) {
  std::vector<wire::DirectoryEntry> entries;
  for (const auto& address : addresses) {
    auto entry = entry_of(address);
    if (!entry) co_return pass_on(entry.error());
    entries.push_back(std::move(*entry));
  }
  if (entries.empty() || entries.size() > wire::max_directory_entries) {
    co_return fail(Code::usage, "A home has 1 to " + std::to_string(wire::max_directory_entries) +
                                    " addresses in the directory. Nothing was changed.");
  }
  store::Batch batch;
  const auto token = listed_token(batch);
  if (!token) co_return pass_on(token.error());
  auto reserved = records_.commit(batch);
  if (!reserved) co_return reserved;
  std::vector<wire::DirectoryEntry> sent = entries;
  auto published = co_await replace(std::move(sent), *token);
  if (!published) co_return published;
  store::Batch done;
  put(done, own_key, encode_entries(entries));
  co_return records_.commit(done);
}

net::Task<Result<void>> Directory::clear() {
  store::Batch reserving;
  const auto token = listed_token(reserving);
  if (!token) co_return pass_on(token.error());
  std::vector<wire::DirectoryEntry> none;
  auto published = co_await replace(std::move(none), *token);
  if (!published) co_return published;
  store::Batch batch;
  erase(batch, own_key);
  erase(batch, token_key);
  co_return records_.commit(batch);
}

net::Task<Result<void>> Directory::withdraw(std::vector<std::string> addresses) {
  auto left = own();
  if (!left) co_return pass_on(left.error());
  for (const auto& address : addresses) {
    const auto entry = entry_of(address);
    if (!entry) co_return pass_on(entry.error());
    if (std::erase(*left, *entry) == 0) {
      co_return fail(Code::not_found, "This home is not in the directory as " +
                                          address_text(*entry) +
                                          ". Nothing was changed; see hearth directory show.");
    }
  }
  if (left->empty()) co_return co_await clear();
  std::vector<std::string> texts;
  for (const auto& entry : *left) texts.push_back(address_text(entry));
  co_return co_await publish(std::move(texts));
}

Result<void> Directory::believe(const wire::DirectoryEntry& entry, const Found& found,
                                bool accept_change) {
  const auto seen = records_.get(seen_key(entry));
  if (!seen) return pass_on(seen.error());
  if (*seen) {
    hearth::Reader in(**seen);
    const bool known = in.u8() == format;
    const auto before = in.fixed<32>();
    if (!known || !in.done()) return damaged("address of another home");
    if (before == found.home.key) return {};
    if (!accept_change) {
      return fail(Code::directory_changed,
                  address_text(entry) +
                      " named another home when this home asked before. Nothing was sent or "
                      "charged; ask its people, and if it is right: hearth contacts add " +
                      address_text(entry) + " --accept-change.");
    }
  }
  store::Batch batch;
  put(batch, seen_key(entry), Writer().u8(format).raw(found.home.key).view());
  return records_.commit(batch);
}

net::Task<Result<std::string>> Directory::find(std::string address, bool accept_change) {
  const auto entry = entry_of(address);
  if (!entry) co_return pass_on(entry.error());
  wire::DirectoryEntry asked = *entry;
  auto found = co_await ledger_.find_home(std::move(asked));
  if (!found && found.error().code == Code::not_found) {
    co_return fail(Code::not_found, "The directory knows no home as " + address_text(*entry) +
                                        ". Nothing was sent or charged.");
  }
  if (!found) co_return pass_on(found.error());
  const auto card = identity::parse_contact_card(found->card);
  if (!card) co_return pass_on(card.error());
  if (card->home != found->home) {
    co_return fail(Code::bad_card, "The directory's answer for " + address_text(*entry) +
                                       " holds another home's card. Nothing was sent or charged.");
  }
  auto believed = believe(*entry, *found, accept_change);
  if (!believed) co_return pass_on(believed.error());
  co_return found->card;
}

}  // namespace hearth::node
