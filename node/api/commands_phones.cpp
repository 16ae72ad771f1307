// The phones that are paired with this home, and the pictures that they show.
#include "common/base/names.h"
#include "node/api/commands.h"
#include "node/gifts/gift_words.h"

namespace hearth::node {
namespace {

constexpr std::size_t max_argument = 1000;
constexpr int banner_seconds = 60;

wire::Json document(const Phone& phone) {
  wire::Json out = {{"phone", phone.id},
                    {"name", phone.name},
                    {"role", name_of(phone.role)},
                    {"paired_ms", phone.paired_ms},
                    {"used_ms", phone.used_ms}};
  if (!phone.profile.empty()) out["profile"] = phone.profile;
  return out;
}

/// Code::usage, also for what is no id: 64 hex digits.
Result<crypto::Sha256Digest> whole_id(const std::string& text) {
  crypto::Sha256Digest id{};
  const auto bytes = from_hex(text);
  if (!bytes || bytes->size() != id.size()) {
    return fail(Code::usage, "A poster is named by the whole id of its title or offer.");
  }
  std::copy(bytes->begin(), bytes->end(), id.begin());
  return id;
}

}  // namespace

Commands::Answer Commands::pair_open(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  const std::string as = fields.text("as", 16, "member");
  const std::string profile = fields.text("profile", max_argument);
  if (!fields.ok()) co_return pass_on(fields.error());
  const auto role = role_of(as);
  if (!role) {
    co_return fail(Code::usage, "A phone is paired as owner, member or child. Nothing was opened.");
  }
  if ((*role == PhoneRole::child) == profile.empty()) {
    co_return fail(Code::usage,
                   "A child's phone, and no other, is paired with a profile: hearth pair --as "
                   "child --profile NAME. Nothing was opened; hearth profile list shows them.");
  }
  const auto rules = rooms_.house_rules->rules();
  if (!rules) co_return pass_on(rules.error());
  if (!profile.empty() && rules->find_profile(profile) == nullptr) {
    co_return fail(Code::not_found, "There is no profile " + printable(profile) +
                                        ". Nothing was opened; see hearth profile list.");
  }
  const auto shown = rooms_.phones->open(*role, profile, now_ms());
  if (!shown) co_return pass_on(shown.error());
  rooms_.screen->notify("Pair a phone: " + shown->what.code,
                        shown->url.substr(0, shown->url.find('#')), banner_seconds);
  wire::Json out = {{"code", shown->what.code},
                    {"url", shown->url},
                    {"as", name_of(*role)},
                    {"left_ms", shown->left_ms}};
  if (!profile.empty()) out["profile"] = profile;
  co_return out;
}

Commands::Answer Commands::pair_close(wire::Json) {
  co_return wire::Json{{"closed", rooms_.phones->close()}};
}

Commands::Answer Commands::phones_list(wire::Json) {
  const auto phones = rooms_.phones->list(now_ms());
  if (!phones) co_return pass_on(phones.error());
  wire::Json list = wire::Json::array();
  for (const auto& phone : *phones) list.push_back(document(phone));
  co_return wire::Json{{"phones", std::move(list)}};
}

Commands::Answer Commands::phones_rename(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  const std::string phone = fields.required_text("phone", max_argument);
  const std::string as = fields.required_text("as", max_argument);
  if (!fields.ok()) co_return pass_on(fields.error());
  const auto renamed = rooms_.phones->rename(phone, as, now_ms());
  if (!renamed) co_return pass_on(renamed.error());
  co_return document(*renamed);
}

Commands::Answer Commands::phones_remove(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  const std::string phone = fields.required_text("phone", max_argument);
  if (!fields.ok()) co_return pass_on(fields.error());
  const auto removed = rooms_.phones->remove(phone, now_ms());
  if (!removed) co_return pass_on(removed.error());
  co_return document(*removed);
}

net::Task<Result<Bytes>> Commands::poster(std::string id) {
  const auto whole = whole_id(id);
  if (!whole) co_return pass_on(whole.error());
  const auto title = rooms_.titles->title(*whole);
  if (title) {
    const auto rating = rating_of(*title);
    if (!rating) co_return pass_on(rating.error());
    auto seen = may_see(*rating, title->manifest.name);
    if (!seen) co_return pass_on(seen.error());
    co_return title->manifest.poster;
  }
  // What was given is known here; the ledger is not to learn of it by being asked.
  const auto gifts = rooms_.gifts->store().received_of(to_hex(*whole));
  if (!gifts) co_return pass_on(gifts.error());
  for (const auto& gift : *gifts) {
    auto seen = may_accept(gift);
    if (!seen) co_return pass_on(seen.error());
    if (is_hidden(gift.words, now_ms())) co_return Bytes();
    const auto manifest = node::manifest_of(gift);
    if (manifest) co_return manifest->poster;
  }
  auto offer = rooms_.wallet->offer(*whole);
  if (!offer) {
    auto entry = co_await rooms_.ledger->offer(*whole);
    if (!entry) co_return pass_on(entry.error());
    offer = std::move(entry->offer);
  }
  auto seen = may_see(offer->terms.min_age, offer->manifest.name);
  if (!seen) co_return pass_on(seen.error());
  co_return offer->manifest.poster;
}

/// Of a surprise there is none before its day.
Result<Bytes> Commands::gift_picture(const std::string& gift) const {
  const auto received = rooms_.gifts->store().find_received(gift);
  std::string id;
  if (received) {
    for (const auto& part : *received) {
      auto seen = may_accept(part);
      if (!seen) return pass_on(seen.error());
      if (part.words.has_picture && !is_hidden(part.words, now_ms())) id = part.id;
    }
  } else {
    if (!viewer_.empty()) return pass_on(received.error());
    const auto sent = rooms_.gifts->store().find_sent(gift);
    if (!sent) return pass_on(sent.error());
    for (const auto& part : *sent) {
      if (part.words.has_picture) id = part.id;
    }
  }
  if (id.empty()) return Bytes();
  return rooms_.gifts->store().picture(id);
}

}  // namespace hearth::node
