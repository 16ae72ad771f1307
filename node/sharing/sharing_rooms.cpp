#include "node/sharing/sharing_rooms.h"

#include <algorithm>

#include "common/crypto/secret.h"

namespace hearth::node {

Result<void> can_share_with(const SharingRooms& rooms, const Contact& contact) {
  if (contact.state != ContactState::confirmed)
    return fail(Code::contact_pending,
                contact.name +
                    " has not said yes to being a contact yet, and hears nothing of channels "
                    "before. Nothing was sent.");
  if (contact.card.ledger_key != rooms.ledger_key)
    return fail(Code::unreachable, contact.name +
                                       " uses another ledger than this home, so it cannot be "
                                       "reached. Nothing was sent.");
  return {};
}

Result<void> forget_wishes(const SharingRooms& rooms) {
  const auto all = all_of(rooms.records, share_wish_prefix, decode_share_wish);
  if (!all) return pass_on(all.error());
  store::Batch batch;
  for (const ShareWish& one : *all) {
    if (is_long_ago(rooms, one.at_ms)) erase(batch, key_of(one));
  }
  return batch.empty() ? Result<void>() : rooms.records.commit(batch);
}

Result<bool> is_foreign(const SharingRooms& rooms, const std::string& channel) {
  const auto record = rooms.records.get(shared_in_key(channel));
  if (!record) return pass_on(record.error());
  return record->has_value();
}

Result<std::optional<Contact>> friend_of(const SharingRooms& rooms,
                                         const identity::HomeAddress& home) {
  auto contact = rooms.contacts.by_home(home);
  if (!contact || !*contact || (*contact)->state == ContactState::confirmed) return contact;
  return std::optional<Contact>();
}

void post(const SharingRooms& rooms, store::Batch& batch, const Contact& to, Bytes sealed,
          const std::string& about) {
  rooms.outbox.put_entry(batch, {to_hex(crypto::random_array<16>()), to.card.mailbox,
                                 to.card.drop_token, std::move(sealed), about, rooms.clock()});
}

Result<wire::GiftId> share_id(const std::string& hex) {
  wire::GiftId out{};
  const auto bytes = from_hex(hex);
  if (!bytes || bytes->size() != out.size()) return damaged("shared channel");
  std::copy(bytes->begin(), bytes->end(), out.begin());
  return out;
}

}  // namespace hearth::node
