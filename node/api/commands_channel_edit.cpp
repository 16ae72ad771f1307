// Changes of a channel; what is added to one is commands_channel_items.cpp's. All of them end in
// finish_edit: tried first, compared with what is on, and kept only if nobody else was faster and,
// where money is meant, the PIN allows it.
#include "common/base/names.h"
#include "node/api/channel_documents.h"
#include "node/api/commands.h"
#include "node/television/words.h"

namespace hearth::node {
namespace {

constexpr std::size_t max_compared = 100;
constexpr std::int64_t latest_version = std::int64_t{1} << 40;

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
  wire::Json list = fields.array("changes", max_changes);
  if (!fields.ok()) co_return pass_on(fields.error());
  auto named = co_await named_items(std::move(list));
  if (!named) co_return pass_on(named.error());
  order->edit.offers = std::move(named->offers);
  auto changes = changes_from_json(named->changes, rooms_.television->media(order->edit.channel));
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

}  // namespace hearth::node
