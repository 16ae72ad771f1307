#include <filesystem>

#include "node/app/cli_words.h"

namespace hearth::node {
namespace {

constexpr const char* channel_help = "its number, or its name";

/// One command about one channel.
class OfChannel : public Command {
 public:
  OfChannel(CLI::App& parent, Order& order, const std::string& name, const std::string& help)
      : Command(parent, order, name, "channel-" + name, help) {
    word("channel", "channel", channel_help);
  }
  /// What every change takes.
  OfChannel& changes() {
    flag("dry_run", "--dry-run", "only show what would change");
    number("version", "--version", "the version that you looked at; refused if it is another now");
    return *this;
  }
};

void texts(Command& command, Order& order, const char* field, const std::string& shown,
           const std::string& help) {
  command.app()->add_option_function<std::vector<std::string>>(
      shown, [&order, field](const std::vector<std::string>& all) { order.arguments[field] = all; },
      help);
}

void declare_files(CLI::App& channel, Order& order) {
  OfChannel exports(channel, order, "export", "save it as a signed file for other homes");
  exports.word("format", "--format", "hearth, or ersatztv: a playout of ErsatzTV next", false)
      .number("hours", "--hours", "of a playout, from now on; 24");
  exports.app()->add_option("--out", order.file, "the file to write; else it is printed");
  Command imports(channel, order, "import", "channel-import",
                  "make a channel of such a file, with this home's own number");
  imports.app()
      ->add_option_function<std::string>(
          "file",
          [&order](const std::string& file) {
            order.arguments["file"] = std::filesystem::absolute(file).lexically_normal().string();
          },
          "the file")
      ->required();
  imports.number("number", "--number", "1 to 9999; else the first that is free")
      .word("name", "--name", "another name than the file says", false)
      .word("zone", "--zone", "time zone of a playout, for example Europe/Berlin", false);
}

void declare_schedule(CLI::App& channel, Order& order) {
  OfChannel schedule(channel, order, "schedule", "show a list at a time, or in turn with others");
  schedule.changes()
      .word("list", "--list", "what is shown: a list; one of that name is made", false)
      .word("at", "--at", "the time, as 20:15; without it, whenever nothing else is on", false)
      .word("day", "--day", "the first day, as 2026-12-24; else the next", false)
      .word("repeat", "--repeat",
            "daily, weekdays, weekends, weekly, days as mo,we,fr, or a rule of RFC 5545", false)
      .word("take", "--take", "how much of the list: one, a number, a length as 90m, or all", false)
      .word("name", "--name", "what people call it", false)
      .number("rank", "--rank", "0 to 9: the higher one stays when two meet")
      .word("follows", "--follows", "go on where that slot stopped", false)
      .word("reruns", "--reruns", "show again what that slot showed last", false)
      .word("before", "--before", "the slot that it stands before", false);
  schedule.app()->add_flag_callback(
      "--daily", [&order] { order.arguments["repeat"] = "daily"; }, "the same as --repeat daily");
  OfChannel fill(channel, order, "fill", "what is shown around and between programmes");
  fill.changes()
      .word("place", "place", "pre, mid, post, tail (up to the next programme) or fallback")
      .word("list", "--list", "what is shown")
      .number("count", "--count", "so many at a time")
      .word("duration", "--duration", "so long, as 90s", false)
      .number("pad", "--pad", "up to the next full 5, 10, 15, 30 or 60 minutes")
      .word("every", "--every", "mid: after so long, as 30m", false)
      .word("slot", "--slot", "only for that slot", false);
}

void declare_parts(CLI::App& channel, Order& order) {
  OfChannel add(channel, order, "add", "add titles, offers or a page of text to a list");
  add.changes()
      .word("list", "--list", "to that list, else the first; one of that name is made", false)
      .word("before", "--before", "the item that it stands before", false)
      .word("album", "--album", "the pictures as one album of that name", false)
      .word("page", "--page", "a text to show", false)
      .number("seconds", "--seconds", "how long: of each picture, of a document or a page");
  texts(add, order, "what", "what", "titles of this home or offers: id, beginning of it, or name");
  OfChannel(channel, order, "move", "move an item or a slot")
      .changes()
      .word("what", "what", "its id or name")
      .word("list", "--list", "an item: to that list", false)
      .word("before", "--before", "what it stands before; else the end", false);
  OfChannel(channel, order, "remove", "take away an item, a slot, a filler or a list")
      .changes()
      .word("what", "what", "its id or name");
  OfChannel(channel, order, "repeat", "how often a slot returns")
      .changes()
      .word("slot", "slot", "its id or name")
      .word("repeat", "rule", "daily, weekdays, mo,we,fr, a rule of RFC 5545, or no");
  OfChannel(channel, order, "skip", "leave a slot out on one day")
      .changes()
      .word("slot", "slot", "its id or name")
      .word("day", "day", "for example 2026-12-24");
  OfChannel(channel, order, "set", "change the channel itself, or one of its parts")
      .changes()
      .word("key", "key",
            "name, number, logo, colour, zone, dead-air, max-lateness, watermark, budget-title, "
            "budget-month; of a part, a member of it")
      .word("value", "value", "for example \"5.00 EUR\", #3366cc, top-right, none")
      .word("slot", "--slot", "of that slot", false)
      .word("list", "--list", "of that list", false)
      .word("item", "--item", "of that item", false)
      .word("filler", "--filler", "of that filler", false)
      .word("pin", "--pin", "the PIN, for a larger budget", false);
}

}  // namespace

void declare_channels(CLI::App& app, Order& order, std::string& problem) {
  CLI::App& channel = group(app, "channel", "channels of this home's own, as on television");
  Command create(channel, order, "create", "channel-create", "make one");
  create.number("number", "number", "1 to 9999")
      .word("name", "name", "what people call it")
      .word("zone", "--zone", "time zone, for example Europe/Berlin; else this machine's", false);
  create.app()->get_option("number")->required();
  Command(channel, order, "list", "channel-list", "all of them, and what is on");
  OfChannel(channel, order, "show", "one, with its lists and its schedule")
      .number("version", "--version", "as it was at that version");
  declare_parts(channel, order);
  declare_schedule(channel, order);
  OfChannel(channel, order, "check", "what you should know about it");
  OfChannel(channel, order, "undo", "back to the version before")
      .changes()
      .number("to", "--to", "back to that version")
      .word("pin", "--pin", "the PIN, for a larger budget", false);
  OfChannel(channel, order, "versions", "the versions that are kept");
  OfChannel(channel, order, "delete", "take the channel off the air, with all its versions")
      .number("version", "--version", "the version that you looked at");
  declare_files(channel, order);
  declare_sharing(channel, order);
  Command guide(app, order, "guide", "guide", "what the channels show when");
  guide.word("channel", "--channel", channel_help, false);
  moment(guide, order, problem, "from_ms", "--from", "from then on; now", false);
  moment(guide, order, problem, "to_ms", "--to", "until then; six hours", true);
  Command(app, order, "tune", "tune", "show a channel on the TV")
      .word("channel", "channel", channel_help);
}

}  // namespace hearth::node
