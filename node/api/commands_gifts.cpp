#include <algorithm>
#include <filesystem>
#include <set>

#include "common/base/names.h"
#include "node/api/commands.h"
#include "node/api/documents.h"
#include "node/api/gift_documents.h"
#include "node/gifts/gift_picture.h"
#include "node/gifts/gift_words.h"

namespace hearth::node {
namespace {

constexpr std::size_t max_argument = 1000;
constexpr std::size_t max_note = 2000;
constexpr std::size_t max_path = 4096;
/// Of a picture from the page, which has made it small already.
constexpr std::size_t max_picture_bytes = 512 * 1024;
constexpr UtcMs latest_ms = UtcMs{1} << 53;
/// A little longer than one purchase waits, so that its own sentence is told.
constexpr std::int64_t patience_ms = 21'000;
constexpr std::int64_t wait_for_drop_ms = 5'000;

/// One title, or several.
Result<std::vector<std::string>> what_argument(wire::Fields& fields, const wire::Json& arguments) {
  const auto found = arguments.find("what");
  if (found == arguments.end() || !found->is_array()) {
    std::string one = fields.required_text("what", max_argument);
    if (!fields.ok()) return pass_on(fields.error());
    return std::vector<std::string>{std::move(one)};
  }
  std::vector<std::string> out;
  for (const auto& one : fields.array("what", wire::max_parcel_parts)) {
    if (!one.is_string()) return fail(Code::usage, "What is given is named by texts.");
    out.push_back(one.get<std::string>().substr(0, max_argument));
  }
  if (!fields.ok()) return pass_on(fields.error());
  if (out.empty()) return fail(Code::usage, "What is to be given?");
  return out;
}

/// One home: docs/decisions/0035 says why.
Result<std::string> receiver_argument(wire::Fields& fields, const wire::Json& arguments) {
  const auto found = arguments.find("to");
  if (found != arguments.end() && found->is_array()) {
    return fail(Code::usage,
                "A gift goes to one home, which makes its voucher its own before it uses it. Send "
                "one to each of them; or, where the seller lets several homes open one voucher, "
                "make a gift card of it, which each of them claims (hearth gift card). Nothing was "
                "sent or charged.");
  }
  std::string to = fields.required_text("to", max_argument);
  if (!fields.ok()) return pass_on(fields.error());
  return to;
}

GiftWords words_argument(wire::Fields& fields) {
  GiftWords words;
  words.note = fields.text("note", 4 * max_note);
  words.open_from_ms = fields.integer_or("open_from_ms", 0, latest_ms, 0);
  words.expires_ms = fields.integer_or("expires_ms", 0, latest_ms, 0);
  words.channel = fields.text("channel", max_argument);
  words.place_ms = fields.integer_or("place_ms", 0, latest_ms, 0);
  words.wish = to_hex(fields.has("wish") ? fields.hex("wish", 16) : Bytes());
  if (words.channel.empty() && words.place_ms != 0) {
    fields.refuse("A time belongs to a channel: add --channel.");
  }
  return words;
}

}  // namespace

/// An own private title, or an offer: of this home's library, else of the catalogue.
net::Task<Result<SentGifts::What>> Commands::find_gift(std::string what) {
  SentGifts::What found;
  const auto title = rooms_.titles->find(what);
  if (title && is_private(*title)) {
    found.title = *title;
    co_return found;
  }
  // Apart: g++ 12 tears a value that one branch of ?: awaits.
  if (title && !title->offer_jws.empty()) {
    auto own = wire::read_offer(title->offer_jws);
    if (!own) co_return pass_on(own.error());
    found.offer = std::move(*own);
    co_return found;
  }
  auto offer = co_await find_offer(std::move(what));
  if (!offer) co_return pass_on(offer.error());
  found.offer = std::move(*offer);
  co_return found;
}

Commands::Answer Commands::gift_send(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  const auto names = what_argument(fields, arguments);
  if (!names) co_return pass_on(names.error());
  auto to_name = receiver_argument(fields, arguments);
  if (!to_name) co_return pass_on(to_name.error());
  const std::string picture_file = fields.text("picture", max_path);
  Bytes picture;
  if (fields.has("picture_bytes")) picture = fields.base64url("picture_bytes", max_picture_bytes);
  if (!picture_file.empty() && !picture.empty()) fields.refuse("A gift has one picture.");
  GiftParcel parcel;
  parcel.words = words_argument(fields);
  parcel.pocket = pocket_argument(fields, "pocket");
  parcel.pin = fields.text("pin", max_pin_text);
  if (!fields.ok()) co_return pass_on(fields.error());
  auto to = co_await receiver(std::move(*to_name));
  if (!to) co_return pass_on(to.error());
  parcel.to = std::move(*to);
  auto possible = rooms_.gifts->given().can_give(parcel.to);
  if (!possible) co_return pass_on(possible.error());
  auto words = checked_words(std::move(parcel.words), now_ms());
  if (!words) co_return pass_on(words.error());
  parcel.words = std::move(*words);
  std::set<wire::TitleId> titles;
  for (const auto& name : *names) {
    std::string copy = name;
    auto what = co_await find_gift(std::move(copy));
    if (!what) co_return pass_on(what.error());
    possible = SentGifts::can_give(*what);
    if (!possible) co_return pass_on(possible.error());
    const wire::Manifest& manifest = what->offer ? what->offer->manifest : what->title->manifest;
    if (!titles.insert(manifest.title).second) {
      co_return fail(Code::usage, manifest.name + " is named twice. Nothing was sent or charged.");
    }
    parcel.what.push_back(std::move(*what));
  }
  if (!picture_file.empty() || !picture.empty()) {
    const std::filesystem::path path = picture_file;
    if (!picture_file.empty() && !path.is_absolute()) {
      co_return fail(Code::usage, "The path of a file is absolute here.");
    }
    auto make = [path, picture] {
      return path.empty() ? make_gift_picture(ByteView(picture)) : make_gift_picture(path);
    };
    auto made = co_await net::on_pool(rooms_.pool, std::move(make));
    if (!made) co_return pass_on(made.error());
    parcel.picture = std::move(*made);
  }
  co_return co_await send_parcel(std::move(parcel));
}

Commands::Answer Commands::send_parcel(GiftParcel parcel) {
  if (!is_under_way(parcel)) {
    auto prices = to_pay(parcel);
    if (!prices) co_return pass_on(prices.error());
    std::string pin = parcel.pin;
    const auto allowed = co_await may_pay(std::move(*prices), std::move(pin));
    if (!allowed) co_return pass_on(allowed.error());
  }
  const auto begun = rooms_.gifts->given().begin(parcel.to, parcel.what, parcel.words,
                                                 parcel.picture, parcel.pocket, now_ms());
  if (!begun) co_return pass_on(begun.error());
  std::string first = begun->front().id;
  std::string id = first;
  const auto sent = co_await rooms_.parcels->send(std::move(first), patience_ms);
  if (!sent) co_return pass_on(sent.error());
  co_return co_await sent_document(std::move(id));
}

/// Waits a little, so that the answer can say "sent"; else it is still on its way.
Commands::Answer Commands::sent_document(std::string id) {
  const UtcMs deadline = now_ms() + wait_for_drop_ms;
  auto parcel = rooms_.gifts->store().find_sent(id);
  const auto sending = [](const SentGift& gift) { return gift.state == SentState::sending; };
  while (parcel && std::any_of(parcel->begin(), parcel->end(), sending) && now_ms() < deadline) {
    co_await rooms_.outbox->changed().wait(deadline - now_ms());
    parcel = rooms_.gifts->store().find_sent(id);
  }
  if (!parcel) co_return pass_on(parcel.error());
  const auto purchases = rooms_.wallet->purchases();
  if (!purchases) co_return pass_on(purchases.error());
  wire::Json parts = wire::Json::array(), receipt;
  std::optional<money::Amount> paid;
  for (const auto& gift : *parcel) {
    wire::Json part = {
        {"gift", gift.id}, {"name", gift.title_name}, {"state", name_of(gift.state)}};
    for (const auto& purchase : *purchases) {
      if (purchase.intent.gift != gift.id || purchase.state != PurchaseState::finished) continue;
      auto added = add_receipt(part, purchase);
      if (!added) co_return pass_on(added.error());
      part.erase("request");
      receipt = part;
      const auto read = wire::read_receipt(purchase.receipt_jws, rooms_.files.ledger.key);
      if (!read) co_return pass_on(read.error());
      const bool same = !paid || paid->currency == read->paid.currency;
      if (same) paid = {(paid ? paid->minor : 0) + read->paid.minor, read->paid.currency};
    }
    parts.push_back(std::move(part));
  }
  const SentGift& first = parcel->front();
  wire::Json out = {{"gift", first.id},
                    {"name", first.title_name},
                    {"to", first.to_name},
                    {"state", name_of(first.state)}};
  if (paid) out["paid"] = document(*paid);
  if (paid) out["balance"] = receipt.at("balance");
  if (parcel->size() > 1) out["gifts"] = std::move(parts);
  co_return out;
}

Commands::Answer Commands::gift_take_back(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  const std::string id = fields.required_text("id", 64);
  if (!fields.ok()) co_return pass_on(fields.error());
  const auto called = rooms_.gifts->take_back(id, now_ms());
  if (!called) co_return pass_on(called.error());
  for (const auto& gift : *called) {
    std::string voucher = gift.voucher;
    // Refused means that the receiver was faster: the gift's state says so.
    const auto ended = co_await rooms_.exchanges->outcome(std::move(voucher), patience_ms);
    const auto now = rooms_.gifts->store().sent_gift(gift.id);
    if (!now) co_return pass_on(now.error());
    if (!ended && *now && (*now)->state == SentState::taking_back) {
      co_return pass_on(ended.error());
    }
  }
  const auto parcel = rooms_.gifts->store().find_sent(called->front().id);
  if (!parcel) co_return pass_on(parcel.error());
  wire::Json all = wire::Json::array();
  for (const auto& gift : *parcel) all.push_back(document(gift, rooms_));
  co_return wire::Json{{"gift", parcel->front().id},
                       {"state", name_of(parcel->front().state)},
                       {"name", parcel->front().title_name},
                       {"gifts", std::move(all)}};
}

Commands::Answer Commands::gift_wish(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  std::string what = fields.required_text("offer", max_argument);
  std::string to_name = fields.required_text("to", max_argument);
  const std::string note = fields.text("note", 4 * max_note);
  if (!fields.ok()) co_return pass_on(fields.error());
  const auto to = co_await receiver(std::move(to_name));
  if (!to) co_return pass_on(to.error());
  const auto offer = co_await find_offer(std::move(what));
  if (!offer) co_return pass_on(offer.error());
  store::Batch batch;
  rooms_.wallet->remember_offer(batch, offer->jws);
  auto stored = rooms_.records->commit(batch);
  if (!stored) co_return pass_on(stored.error());
  const auto wish = rooms_.gifts->wish(*to, offer->id, note, now_ms());
  if (!wish) co_return pass_on(wish.error());
  co_return document(*wish, rooms_);
}

/// Gives what a home wished for, with the words of this command.
Commands::Answer Commands::gift_grant(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  const std::string id = fields.required_text("id", 64);
  if (!fields.ok()) co_return pass_on(fields.error());
  const auto wish = rooms_.gifts->find_wish(id);
  if (!wish) co_return pass_on(wish.error());
  arguments["what"] = wish->offer;
  arguments["to"] = wish->home.text();
  arguments["wish"] = wish->id;
  co_return co_await gift_send(std::move(arguments));
}

}  // namespace hearth::node
