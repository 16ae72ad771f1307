// Which drop tokens this home gave to whom, and the words that carry them.
#include <algorithm>

#include "common/base/names.h"
#include "node/contacts/contacts.h"
#include "node/wallet/derivations.h"

namespace hearth::node {
namespace {

constexpr std::string_view next_key = "contacts/next";
constexpr std::string_view invitation_key = "contacts/invitation";
constexpr std::string_view before_key = "contacts/before";
constexpr std::string_view about_prefix = "hello/";
constexpr std::uint64_t numbers_of_before = 128;
constexpr UtcMs before_kept_ms = UtcMs{30} * 24 * 60 * 60 * 1000;
constexpr std::size_t max_tokens = 256;  // what the ledger takes, docs/protocol.md §8
constexpr std::uint8_t format = 1;
constexpr std::uint8_t format_of_numbers = 2;  // of "contacts/before": the numbers follow

struct Invitation {
  std::uint64_t token = 0;
  UtcMs shown_ms = 0;
};

Result<std::optional<Invitation>> stored_invitation(const Records& records) {
  const auto value = records.get(invitation_key);
  if (!value) return pass_on(value.error());
  if (!*value) return std::optional<Invitation>();
  hearth::Reader in(**value);
  const bool known = in.u8() == format;
  Invitation out;
  out.token = in.u64();
  out.shown_ms = in.i64();
  if (!known || !in.done()) return damaged("invitation");
  return std::optional(out);
}

bool is_open(const Invitation& invitation, UtcMs now) {
  return now - invitation.shown_ms < invitation_kept_ms;
}

/// Adds the numbers of before while they are taken, as far as there is room.
Result<void> add_before(const Records& records, UtcMs now, std::vector<std::uint64_t>& numbers) {
  const auto value = records.get(before_key);
  if (!value) return pass_on(value.error());
  if (!*value) return {};
  hearth::Reader in(**value);
  const std::uint8_t version = in.u8();
  const UtcMs until = in.i64();
  const bool listed = version == format_of_numbers;
  const std::uint64_t count = listed ? in.u32() : numbers_of_before;
  std::vector<std::uint64_t> before;
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) before.push_back(listed ? in.u64() : i);
  if ((!listed && version != format) || !in.done()) return damaged("end of the old drop tokens");
  for (const std::uint64_t n : before) {
    if (now >= until) break;
    const bool there = std::find(numbers.begin(), numbers.end(), n) != numbers.end();
    if (!there && numbers.size() < max_tokens) numbers.push_back(n);
  }
  return {};
}

}  // namespace

void put_tokens_of_before(store::Batch& batch, UtcMs now) {
  put(batch, before_key, Writer().u8(format).i64(now + before_kept_ms).view());
  put(batch, next_key, Writer().u8(format).u64(numbers_of_before).view());
}

void put_tokens_of_left_out(store::Batch& batch, const std::vector<std::uint64_t>& numbers,
                            UtcMs now) {
  Writer out;
  out.u8(format_of_numbers).i64(now + before_kept_ms);
  out.u32(static_cast<std::uint32_t>(numbers.size()));
  for (const std::uint64_t number : numbers) out.u64(number);
  put(batch, before_key, out.view());
}

std::string own_card(const identity::HomeKeys& home, const identity::LedgerCard& ledger,
                     const std::string& name, std::uint64_t token, UtcMs now) {
  const identity::ContactCard card{home.address(),
                                   home.encryption().public_key(),
                                   home.mailbox().public_key(),
                                   drop_token(home.seed(), token),
                                   name,
                                   ledger.url,
                                   ledger.key,
                                   now};
  return identity::write_contact_card(card, home.identity());
}

std::string Contacts::card_with(std::uint64_t token, UtcMs now) const {
  return own_card(own_.keys, own_.ledger, own_.name, token, now);
}

/// Number 0 was every contact's in homes of before; it is never given out again.
Result<std::uint64_t> Contacts::take_token(store::Batch& batch) const {
  const auto value = records_.get(next_key);
  if (!value) return pass_on(value.error());
  std::uint64_t next = 1;
  if (*value) {
    hearth::Reader in(**value);
    const bool known = in.u8() == format;
    next = in.u64();
    if (!known || !in.done() || next == 0) return damaged("number of drop tokens");
  }
  // Numbers that this batch has taken already are not on the disk yet: one batch takes one.
  put(batch, next_key, Writer().u8(format).u64(next + 1).view());
  return next;
}

Result<std::string> Contacts::invitation(bool fresh, UtcMs now) {
  const auto known = stored_invitation(records_);
  if (!known) return pass_on(known.error());
  store::Batch batch;
  Invitation shown;
  if (*known && is_open(**known, now) && !fresh) {
    shown = **known;
  } else {
    const auto token = take_token(batch);
    if (!token) return pass_on(token.error());
    shown.token = *token;
  }
  shown.shown_ms = now;
  put(batch, invitation_key, Writer().u8(format).u64(shown.token).i64(shown.shown_ms).view());
  auto committed = records_.commit(batch);
  if (!committed) return pass_on(committed.error());
  return card_with(shown.token, now);
}

std::string Contacts::card_for(const identity::HomeAddress& home) const {
  const UtcMs now = now_ms();
  const auto contact = stored(home);
  if (contact && *contact && (*contact)->known()) return card_with((*contact)->token, now);
  const auto invitation = stored_invitation(records_);
  return card_with(invitation && *invitation ? (*invitation)->token : 0, now);
}

Result<std::vector<identity::DropToken>> Contacts::tokens(UtcMs now) const {
  const auto all = list();
  if (!all) return pass_on(all.error());
  std::vector<std::uint64_t> numbers;
  for (const auto& contact : *all) {
    if (contact.known()) numbers.push_back(contact.token);
  }
  const auto invitation = stored_invitation(records_);
  if (!invitation) return pass_on(invitation.error());
  if (*invitation && is_open(**invitation, now)) numbers.push_back((*invitation)->token);
  const auto listed = records_.get("directory/token");
  if (!listed) return pass_on(listed.error());
  if (*listed) {
    hearth::Reader in(**listed);
    const bool known = in.u8() == format;
    numbers.push_back(in.u64());
    if (!known || !in.done()) return damaged("directory entry");
  }
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  if (auto before = add_before(records_, now, numbers); !before) return pass_on(before.error());
  std::vector<identity::DropToken> tokens;
  for (const std::uint64_t number : numbers) tokens.push_back(drop_token(own_.keys.seed(), number));
  return tokens;
}

Result<void> Contacts::say(store::Batch& batch, const Contact& to, wire::Hello::State state,
                           UtcMs now) const {
  wire::Hello hello;
  hello.to = to.card.home;
  hello.from_card = card_with(to.token, now);
  hello.state = state;
  if (state == wire::Hello::State::ask) hello.note = to.note;
  hello.at_ms = now;
  if (to.card.ledger_key != own_.ledger.key || !post_) return {};
  auto sealed = wire::seal_hello(hello, own_.keys.identity(), to.card.encryption);
  if (!sealed) return pass_on(sealed.error());
  post_(batch, to.card, std::move(*sealed), std::string(about_prefix) + to_hex(to.card.home.key));
  return {};
}

/// A home of before has the one token that all contacts had: the others get their own.
Result<void> Contacts::retire_common_token(store::Batch& batch, const Contact& blocked, UtcMs now) {
  if (blocked.token != 0 || !blocked.known()) return {};
  auto all = list();
  if (!all) return pass_on(all.error());
  auto next = take_token(batch);
  if (!next) return pass_on(next.error());
  for (Contact& contact : *all) {
    if (contact.token != 0 || !contact.known() || contact.card.home == blocked.card.home) continue;
    contact.token = (*next)++;
    put(batch, next_key, Writer().u8(format).u64(*next).view());
    put(batch, "contact/" + to_hex(contact.card.home.key), encode(contact));
    auto said = say(batch, contact, wire::Hello::State::accepted, now);
    if (!said) return said;
  }
  return {};
}

bool Contacts::is_hello(const std::string& about) {
  return about.starts_with(about_prefix);
}

Result<void> Contacts::hello_settled(store::Batch& batch, const std::string& about,
                                     const Error* why) {
  if (why == nullptr || !is_hello(about)) return {};
  auto all = list();
  if (!all) return pass_on(all.error());
  for (Contact& contact : *all) {
    if (about.substr(about_prefix.size()) != to_hex(contact.card.home.key)) continue;
    contact.problem = "The card of this home is not valid any more; ask for a new one.";
    put(batch, "contact/" + to_hex(contact.card.home.key), encode(contact));
  }
  return {};
}

}  // namespace hearth::node
