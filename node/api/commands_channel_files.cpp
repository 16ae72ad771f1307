// Channels as files: signed ones for other homes, and playouts of ErsatzTV.
#include <algorithm>

#include "common/base/names.h"
#include "node/api/channel_documents.h"
#include "node/api/commands.h"
#include "node/channels/ersatztv.h"
#include "node/television/channel_file.h"

namespace hearth::node {
namespace {

constexpr std::size_t max_file_name = 4096;
constexpr std::int64_t latest_hours = 14 * 24;

/// The library's file of a published title, which other programs can open.
std::optional<std::string> path_of(const Rooms& rooms, const std::string& media) {
  const auto id = digest_from_hex(media);
  const auto title = id ? rooms.titles->title(*id) : Result<Title>(fail(Code::not_found, ""));
  if (!title || title->origin != TitleOrigin::published) return std::nullopt;
  for (const Item& item : rooms.titles->items()) {
    if (item.name == title->manifest.name && item.size == title->manifest.size)
      return item.path.string();
  }
  return std::nullopt;
}

/// The title that was published from that file.
std::optional<channels::FoundTitle> title_of_path(const Rooms& rooms, const std::string& path) {
  for (const Item& item : rooms.titles->items()) {
    if (item.path != path) continue;
    for (const Title& title : rooms.titles->titles()) {
      if (title.manifest.name == item.name && title.manifest.size == item.size)
        return channels::FoundTitle{to_hex(title.manifest.title), title.manifest.name};
    }
  }
  return std::nullopt;
}

}  // namespace

Commands::Answer Commands::channel_export(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  const std::string format = fields.text("format", 16, "hearth");
  const std::int64_t hours = fields.integer_or("hours", 1, latest_hours, 24);
  const auto timeline = channel_argument(fields);
  if (!timeline) co_return pass_on(timeline.error());
  const auto& channel = (*timeline)->channel();
  wire::Json out = {{"channel", channel.id},
                    {"number", channel.number},
                    {"name", channel.name},
                    {"format", format}};
  if (format == "ersatztv") {
    const UtcMs from = now_ms(), to = from + hours * channels::hour_ms;
    out["text"] = channels::write_ersatztv(
        **timeline, rooms_.television->media(channel.id), from, to,
        [this](const std::string& media) { return path_of(rooms_, media); });
    out["file_name"] = channels::ersatztv_file_name(from, to);
    co_return out;
  }
  if (format != "hearth")
    co_return fail(Code::usage, "A channel is exported as hearth or ersatztv, not as " +
                                    printable(format) + ".");
  auto text = write_channel_file(
      channel, [this](const std::string& media) { return rooms_.shelf->offer_of(media); },
      rooms_.keys.identity(), now_ms());
  if (!text) co_return pass_on(text.error());
  out["text"] = std::move(*text);
  co_return out;
}

/// A playout of ErsatzTV, of files that this home has published.
Result<Commands::Imported> Commands::imported_playout(const std::string& text,
                                                      channels::Channel empty) const {
  auto playout = channels::read_ersatztv(text);
  if (!playout) return pass_on(playout.error());
  const auto zone = rooms_.television->zone(empty.zone);
  if (!zone) return pass_on(zone.error());
  auto channel = channels::channel_from_ersatztv(
      *playout, std::move(empty), *zone,
      [this](const std::string& path) { return title_of_path(rooms_, path); });
  if (!channel) return pass_on(channel.error());
  Imported out{std::move(*channel), {}, std::move(playout->left_out), {}};
  return out;
}

/// A signed file: its content in a channel of this home's own.
Result<Commands::Imported> Commands::imported_file(const std::string& text, channels::Channel empty,
                                                   bool named) const {
  auto file = read_channel_file(text);
  if (!file) return pass_on(file.error());
  Imported out{std::move(file->channel), {}, {}, file->from.text()};
  out.channel.id = empty.id;
  out.channel.number = empty.number;
  if (named) out.channel.name = empty.name;
  out.channel.version = 1;
  out.channel.since = empty.since;
  out.channel.budget = {};  // what is bought is this home's decision
  for (const auto& offer : file->offers) out.offers.push_back(offer.jws);
  return out;
}

Commands::Answer Commands::channel_import(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  const std::string text = fields.required_text("text", max_channel_file);
  const std::string name = fields.text("name", max_file_name);
  const std::int64_t number =
      fields.integer_or("number", 1, 9999, rooms_.television->free_number());
  const std::string zone = fields.text("zone", 64, "UTC");
  if (!fields.ok()) co_return pass_on(fields.error());
  const auto checked = checked_name(name.empty() ? "Imported" : name);
  if (!checked) co_return pass_on(checked.error());
  auto empty = rooms_.television->fresh(static_cast<std::int32_t>(number), *checked, zone);
  if (!empty) co_return pass_on(empty.error());
  const bool is_playout = text.find_first_not_of(" \t\r\n") != std::string::npos &&
                          text[text.find_first_not_of(" \t\r\n")] == '{';
  auto imported = is_playout ? imported_playout(text, std::move(*empty))
                             : imported_file(text, std::move(*empty), !name.empty());
  if (!imported) co_return pass_on(imported.error());
  const std::string id = imported->channel.id;
  auto begun = rooms_.television->begin(std::move(imported->channel), "import", imported->offers);
  if (!begun) co_return pass_on(begun.error());
  const channels::Timeline& timeline = *rooms_.television->by_id(id);
  wire::Json out = channel_document(*rooms_.television, timeline, now_ms());
  out["left_out"] = imported->left_out;
  if (!imported->from.empty()) out["home"] = imported->from;
  wire::Json warnings = wire::Json::array();
  for (const auto& one : channels::check(timeline, rooms_.television->media(id), now_ms()))
    warnings.push_back(document(one));
  out["warnings"] = std::move(warnings);
  co_return out;
}

}  // namespace hearth::node
