// Changes of a channel. All of them end in finish_edit: tried first, compared with what is on,
// and kept only if nobody else was faster and, where money is meant, the PIN allows it.
#include <algorithm>

#include "common/base/names.h"
#include "node/api/channel_documents.h"
#include "node/api/commands.h"
#include "node/television/words.h"

namespace hearth::node {
namespace {

using channels::ItemKind;

constexpr std::size_t max_argument = 4096, max_what = 1000, max_compared = 100;
constexpr std::int64_t latest_version = std::int64_t{1} << 40;
constexpr std::int64_t usual_picture_ms = 10 * channels::second_ms;
constexpr std::int64_t usual_document_ms = channels::minute_ms;

}  // namespace

Result<Commands::ChannelEdit> Commands::begin_edit(wire::Fields& fields, std::string what) const {
  ChannelEdit out;
  out.edit.expected_version = fields.integer_or("version", 1, latest_version, 0);
  out.dry_run = fields.boolean_or("dry_run", false);
  out.pin = fields.text("pin", max_pin_text);
  const auto timeline = channel_argument(fields);
  if (!timeline) return pass_on(timeline.error());
  out.timeline = *timeline;
  out.edit.channel = (*timeline)->channel().id;
  out.edit.what = std::move(what);
  return out;
}

Commands::Answer Commands::finish_edit(ChannelEdit order) {
  Television& television = *rooms_.television;
  auto after = television.tried(order.edit);
  if (!after) co_return pass_on(after.error());
  const channels::Channel& before = television.by_id(order.edit.channel)->channel();
  if (!order.dry_run && raises(before.budget, after->budget)) {
    auto allowed = co_await rooms_.house_rules->check_pin(std::move(order.pin));
    if (!allowed) co_return pass_on(allowed.error());
  }
  const channels::DryRun compared = television.compared(*after);
  const channels::Timeline* old = television.by_id(order.edit.channel);
  const auto& media = television.media(order.edit.channel);
  wire::Json gone = wire::Json::array(), fresh = wire::Json::array();
  wire::Json warnings = wire::Json::array();
  for (const auto& one : compared.gone) {
    if (old != nullptr && gone.size() < max_compared)
      gone.push_back(document(old->channel(), media, one));
  }
  for (const auto& one : compared.fresh) {
    if (fresh.size() < max_compared) fresh.push_back(document(*after, media, one));
  }
  for (const auto& one : compared.warnings) warnings.push_back(document(one));
  wire::Json out = {{"channel", after->id},      {"number", after->number},
                    {"name", after->name},       {"version", after->version},
                    {"dry_run", order.dry_run},  {"gone", std::move(gone)},
                    {"fresh", std::move(fresh)}, {"warnings", std::move(warnings)}};
  if (order.dry_run) co_return out;
  auto kept = television.keep(order.edit, std::move(*after));
  if (!kept) co_return pass_on(kept.error());
  co_return out;
}

/// The words of one command as changes.
Commands::Answer Commands::edit_by_words(wire::Json arguments, std::string what, Words words) {
  wire::Fields fields(arguments, "arguments");
  auto order = begin_edit(fields, std::move(what));
  if (!order) co_return pass_on(order.error());
  const Scene scene{order->timeline->channel(), order->timeline->zone(), now_ms()};
  auto changes = words(scene, fields);
  if (!changes) co_return pass_on(changes.error());
  order->edit.changes = std::move(*changes);
  ChannelEdit whole = std::move(*order);
  co_return co_await finish_edit(std::move(whole));
}

Commands::Answer Commands::channel_schedule(wire::Json arguments) {
  return edit_by_words(std::move(arguments), "schedule", schedule_words);
}
Commands::Answer Commands::channel_fill(wire::Json arguments) {
  return edit_by_words(std::move(arguments), "fill", fill_words);
}
Commands::Answer Commands::channel_move(wire::Json arguments) {
  return edit_by_words(std::move(arguments), "move", move_words);
}
Commands::Answer Commands::channel_remove(wire::Json arguments) {
  return edit_by_words(std::move(arguments), "remove", remove_words);
}
Commands::Answer Commands::channel_repeat(wire::Json arguments) {
  return edit_by_words(std::move(arguments), "repeat", repeat_words);
}
Commands::Answer Commands::channel_skip(wire::Json arguments) {
  return edit_by_words(std::move(arguments), "skip", skip_words);
}

Commands::Answer Commands::channel_set(wire::Json arguments) {
  // Pictures are named as titles are.
  const std::string key = arguments.value("key", wire::Json()).is_string()
                              ? arguments.at("key").get<std::string>()
                              : std::string();
  const bool names_title = key == "logo" || key == "dead-air";
  if (names_title && arguments.value("value", wire::Json()).is_string()) {
    const std::string value = arguments.at("value").get<std::string>();
    if (value != "none") {
      const auto title = rooms_.titles->find(value);
      if (!title) co_return pass_on(title.error());
      arguments["value"] = to_hex(title->manifest.title);
    }
  }
  std::string what = "set " + printable(key, 40);
  co_return co_await edit_by_words(std::move(arguments), std::move(what), set_words);
}

Commands::Answer Commands::channel_edit(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  auto order = begin_edit(fields, "edit");
  if (!order) co_return pass_on(order.error());
  const wire::Json& list = fields.array("changes", max_changes);
  if (!fields.ok()) co_return pass_on(fields.error());
  auto changes = changes_from_json(list, rooms_.television->media(order->edit.channel));
  if (!changes) co_return pass_on(changes.error());
  order->edit.changes = std::move(*changes);
  ChannelEdit whole = std::move(*order);
  co_return co_await finish_edit(std::move(whole));
}

Commands::Answer Commands::channel_undo(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  const std::int64_t to = fields.integer_or("to", 1, latest_version, 0);
  auto order = begin_edit(fields, "undo");
  if (!order) co_return pass_on(order.error());
  const auto versions = rooms_.television->versions(order->edit.channel);
  if (!versions) co_return pass_on(versions.error());
  order->edit.restores = to != 0 ? to : undo_target(*versions);
  if (order->edit.restores == 0)
    co_return fail(Code::not_found,
                   "There is nothing to undo: no version before this one is kept. "
                   "Nothing was changed.");
  order->edit.what = "back to version " + std::to_string(order->edit.restores);
  ChannelEdit whole = std::move(*order);
  co_return co_await finish_edit(std::move(whole));
}

// Adding.

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
  out.kind = manifest.kind;
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
  std::vector<channels::Item> items;
  for (const auto& one : what) {
    if (!one.is_string()) co_return fail(Code::usage, "What is to be added is named by text.");
    std::string named = one.get<std::string>();
    if (items.empty()) order->edit.what += " " + printable(named, 100);
    auto found = co_await item_from_words(std::move(named), seconds);
    if (!found) co_return pass_on(found.error());
    if (!found->offer_jws.empty()) order->edit.offers.push_back(std::move(found->offer_jws));
    const bool joins = !album.empty() && !items.empty() && found->item.kind == ItemKind::album;
    if (!album.empty() && found->item.kind != ItemKind::album)
      co_return fail(Code::usage, found->item.name +
                                      " is no picture of this home, so it cannot be "
                                      "in an album. Nothing was changed.");
    if (joins) {
      items.front().pictures.push_back(found->item.pictures.front());
    } else {
      if (!album.empty()) found->item.name = album;
      items.push_back(std::move(found->item));
    }
  }
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
