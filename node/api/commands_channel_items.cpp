// What is put into a channel: titles of this home and offers of others, named as people name them,
// as items.
#include <algorithm>

#include "common/base/names.h"
#include "node/api/commands.h"
#include "node/channels/channel_json.h"
#include "node/television/words.h"

namespace hearth::node {
namespace {

using channels::ItemKind;

constexpr std::size_t max_argument = 4096, max_what = 1000;
constexpr std::int64_t usual_picture_ms = 10 * channels::second_ms;
constexpr std::int64_t usual_document_ms = channels::minute_ms;

/// Pictures of this home as one item.
Result<std::vector<channels::Item>> one_album(std::vector<channels::Item> items,
                                              const std::string& name) {
  for (const channels::Item& one : items) {
    if (one.kind == ItemKind::album) continue;
    return fail(Code::usage, one.name +
                                 " is no picture of this home, so it cannot be "
                                 "in an album. Nothing was changed.");
  }
  for (std::size_t i = 1; i < items.size(); ++i)
    items.front().pictures.push_back(items[i].pictures.front());
  if (items.size() > 1) items.resize(1);
  if (!items.empty()) items.front().name = name;
  return items;
}

}  // namespace

/// One title of this home, or an offer, as an item; its id is given when it is added.
net::Task<Result<Commands::FoundItem>> Commands::item_from_words(std::string what,
                                                                 std::int64_t seconds) {
  FoundItem out;
  const auto title = rooms_.titles->find(what);
  wire::Manifest manifest;
  if (title) {
    manifest = title->manifest;
    out.item.media = to_hex(manifest.title);
  } else {
    if (rooms_.titles && rooms_.titles->item(what))
      co_return fail(Code::not_found, printable(what) +
                                          " is in the library and not published yet. Nothing was "
                                          "changed; publish it first: hearth publish " +
                                          printable(what) + " --private.");
    auto offer = co_await find_offer(what);
    if (!offer) co_return pass_on(offer.error());
    manifest = offer->manifest;
    out.item.kind = ItemKind::offer;
    out.item.media = to_hex(offer->id);
    out.offer_jws = offer->jws;
  }
  out.item.name = manifest.name;
  const bool is_own = out.item.kind == ItemKind::title;
  const std::int64_t wanted_ms = seconds * channels::second_ms;
  if (manifest.kind == wire::Kind::image && is_own) {
    out.item.kind = ItemKind::album;
    out.item.pictures = {out.item.media};
    out.item.media.clear();
    out.item.picture_ms = wanted_ms == 0 ? usual_picture_ms : wanted_ms;
    co_return out;
  }
  if (manifest.kind == wire::Kind::audio && is_own) out.item.kind = ItemKind::music;
  out.item.length_ms = wanted_ms != 0 ? wanted_ms : manifest.duration_ms;
  if (out.item.length_ms < channels::min_length_ms)
    out.item.length_ms = manifest.kind == wire::Kind::image ? usual_picture_ms : usual_document_ms;
  out.item.length_ms = std::min(out.item.length_ms, channels::max_length_ms);
  co_return out;
}

/// Those of `what`, in order.
net::Task<Result<Commands::FoundItems>> Commands::items_from_words(wire::Json what,
                                                                   std::int64_t seconds) {
  FoundItems out;
  for (const auto& one : what) {
    if (!one.is_string()) co_return fail(Code::usage, "What is to be added is named by text.");
    std::string named = one.get<std::string>();
    auto found = co_await item_from_words(std::move(named), seconds);
    if (!found) co_return pass_on(found.error());
    if (!found->offer_jws.empty()) out.offers.push_back(std::move(found->offer_jws));
    out.items.push_back(std::move(found->item));
  }
  co_return out;
}

/// Items of add_items that say "what" (a title, an offer) get what `channel add` would make of it;
/// their other members go before that.
net::Task<Result<Commands::NamedItems>> Commands::named_items(wire::Json changes) {
  NamedItems out;
  std::size_t count = 0;
  for (auto& change : changes) {
    const bool adds = change.is_object() && change.contains("items") && change["items"].is_array();
    if (!adds) continue;
    for (auto& item : change["items"]) {
      if (!item.is_object() || !item.contains("what")) continue;
      if (!item["what"].is_string() || ++count > max_what)
        co_return fail(Code::usage,
                       "Items are named by text, at most 1,000 at once. Nothing was changed.");
      std::string what = item["what"].get<std::string>();
      auto found = co_await item_from_words(std::move(what), 0);
      if (!found) co_return pass_on(found.error());
      if (!found->offer_jws.empty()) out.offers.push_back(std::move(found->offer_jws));
      wire::Json whole = channels::to_json(found->item);
      whole.erase("id");
      item.erase("what");
      for (auto& [name, value] : item.items()) whole[name] = std::move(value);
      item = std::move(whole);
    }
  }
  out.changes = std::move(changes);
  co_return out;
}

Commands::Answer Commands::channel_add(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  auto order = begin_edit(fields, "add");
  if (!order) co_return pass_on(order.error());
  const wire::Json& what = fields.array("what", max_what);
  const std::string list = fields.text("list", max_argument);
  const std::string before = fields.text("before", max_argument);
  const std::string album = fields.text("album", max_argument);
  const std::string page = fields.text("page", channels::max_page_text);
  const std::int64_t seconds = fields.integer_or("seconds", 1, 24 * 3600, 0);
  if (!fields.ok()) co_return pass_on(fields.error());
  if (!what.empty() && what.front().is_string())
    order->edit.what += " " + printable(what.front().get<std::string>(), 100);
  auto found_items = co_await items_from_words(what, seconds);
  if (!found_items) co_return pass_on(found_items.error());
  order->edit.offers = std::move(found_items->offers);
  auto joined = album.empty() ? Result<std::vector<channels::Item>>(std::move(found_items->items))
                              : one_album(std::move(found_items->items), album);
  if (!joined) co_return pass_on(joined.error());
  std::vector<channels::Item> items = std::move(*joined);
  if (!page.empty()) {
    channels::Item text;
    text.kind = ItemKind::page;
    text.text = page;
    text.length_ms = seconds == 0 ? usual_document_ms : seconds * channels::second_ms;
    items.push_back(std::move(text));
  }
  if (items.empty())
    co_return fail(Code::usage, "What is to be added? Name titles or offers, or say --page TEXT.");
  // The channel may have been changed or deleted while the catalogue was asked.
  const auto* now = rooms_.television->by_id(order->edit.channel);
  if (now == nullptr) co_return fail(Code::not_found, "The channel is not there any more.");
  const auto& channel = now->channel();
  std::string into = list;
  if (into.empty()) into = channel.lists.empty() ? "main" : channel.lists.front().id;
  auto found = list_from_words(channel, into);
  if (!found) co_return pass_on(found.error());
  if (found->added) order->edit.changes.push_back(std::move(*found->added));
  order->edit.changes.push_back(channels::add_items(found->id, std::move(items), before,
                                                    rooms_.television->media(channel.id)));
  ChannelEdit whole = std::move(*order);
  co_return co_await finish_edit(std::move(whole));
}

}  // namespace hearth::node
