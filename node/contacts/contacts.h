// The homes that this home knows ("contact/…"), its invitation ("contacts/invitation"), and the
// drop tokens that it gave out: each contact has one of its own, so that one can be taken away
// without the others. docs/protocol.md §4, §7.3.
//
// Threads: loop thread only.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "node/contacts/contact_record.h"
#include "node/wallet/records.h"

namespace hearth::node {

inline constexpr std::size_t max_contacts = 250;
inline constexpr std::size_t max_asking = 50;  ///< of them, homes that wait for an answer
inline constexpr UtcMs invitation_kept_ms = UtcMs{30} * 24 * 60 * 60 * 1000;

class Contacts {
 public:
  struct Own {
    const identity::HomeKeys& keys;
    identity::LedgerCard ledger;
    std::string name;  ///< of this home, on its cards
  };
  /// Puts a sealed drop for that home on its way; `about` is "hello/<home, hex>".
  using Post = std::function<void(store::Batch&, const identity::ContactCard& to, Bytes sealed,
                                  const std::string& about)>;
  Contacts(Records& records, Own own) : records_(records), own_(std::move(own)) {}
  void on_post(Post post) { post_ = std::move(post); }

  // A person's decisions. Each is one commit; the outbox is to be kicked after it.
  /// Asks that home, or says yes to one that asks. A home that is known already: its newer card.
  /// `as` empty: the card's name. Code::bad_card (also this home's own), Code::name_refused
  /// (taken; also the note), Code::contact_pending (blocked: unblock it first), Code::too_large (no
  /// room for more).
  Result<Contact> add(const std::string& card_text, const std::string& as, UtcMs now,
                      const std::string& note = {});
  /// Code::contact_pending: it has not asked.
  Result<Contact> accept(const std::string& name, const std::string& as, UtcMs now);
  /// No, or no longer; the other home is told. Returns what was.
  Result<Contact> remove(const std::string& name, UtcMs now);
  Result<Contact> rename(const std::string& name, const std::string& as);
  Result<Contact> mute(const std::string& name, bool muted);
  Result<Contact> set_reception(const std::string& name, std::optional<Reception> reception);
  /// Its token, and the invitation that it may have kept, are worth nothing from now on.
  Result<Contact> block(const std::string& name, UtcMs now);
  Result<Contact> unblock(const std::string& name, UtcMs now);

  Result<std::vector<Contact>> list() const;
  /// Whoever can be sent something, by name or home address. Code::unknown_contact,
  /// Code::contact_pending.
  Result<Contact> find(const std::string& name_or_address) const;
  /// Only those that known() is said of.
  Result<std::optional<Contact>> by_home(const identity::HomeAddress& home) const;
  Result<std::optional<Contact>> stored(const identity::HomeAddress& home) const;
  /// Who it is, for the rules.
  Result<Offering> sender(const identity::HomeAddress& home) const;

  /// The card that anybody may be shown: one token, withdrawn 30 days after it was last asked for.
  Result<std::string> invitation(bool fresh, UtcMs now);
  /// This home's card for that contact, with its own token; for others a card whose token the
  /// invitation has.
  std::string card_for(const identity::HomeAddress& home) const;
  std::string card_with(std::uint64_t token, UtcMs now) const;
  Result<std::uint64_t> take_token(store::Batch& batch) const;
  /// What the mailbox is to take from now on.
  Result<std::vector<identity::DropToken>> tokens(UtcMs now) const;

  // What came from other homes.
  /// A home that asks now and did not before.
  Result<std::optional<Contact>> take_hello(store::Batch& batch, const identity::HomeAddress& from,
                                            const wire::Hello& hello, UtcMs now);
  static bool is_hello(const std::string& about);
  /// It has arrived, or never will.
  Result<void> hello_settled(store::Batch& batch, const std::string& about, const Error* why);

 private:
  Result<Contact> find_any(const std::string& name_or_address) const;
  Result<std::string> free_name(const std::string& wanted, const identity::HomeAddress& home,
                                bool may_number) const;
  Result<void> check_room(const identity::HomeAddress& home) const;
  Result<void> say(store::Batch& batch, const Contact& to, wire::Hello::State state,
                   UtcMs now) const;
  Result<Contact> step(Contact contact, ContactEvent event, const std::string& refusal, UtcMs now);
  Result<void> enter(store::Batch& batch, Contact& contact, const ContactStep& next, UtcMs now);
  Result<void> retire_common_token(store::Batch& batch, const Contact& blocked, UtcMs now);
  Result<Contact> store_changed(Contact contact);

  Records& records_;
  Own own_;
  Post post_;
};

/// For a home that came back from its seed, which does not know what it gave out: the first numbers
/// of before are taken for 30 days, so that its contacts still reach it and get cards of their own;
/// new ones begin above them. Blocking anybody ends it, for the blocked home may have an old one.
void put_tokens_of_before(store::Batch& batch, UtcMs now);
/// The same for a home that knows which numbers they were: of contacts that its notebook had no
/// room for.
void put_tokens_of_left_out(store::Batch& batch, const std::vector<std::uint64_t>& numbers,
                            UtcMs now);

/// This home's card with its drop token number `token`.
std::string own_card(const identity::HomeKeys& home, const identity::LedgerCard& ledger,
                     const std::string& name, std::uint64_t token, UtcMs now);

}  // namespace hearth::node
