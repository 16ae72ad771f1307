#include "node/app/cli_words.h"

namespace hearth::node {

void declare_iptv(CLI::App& app, Order& order, std::string& problem) {
  CLI::App& iptv = group(app, "iptv", "let Kodi, Jellyfin, VLC and TVs watch the channels");
  Command create(iptv, order, "create", "iptv-create", "an address for one device or program");
  create.word("name", "name", "what you call it")
      .number("max_age", "--max-age", "titles rated above it are not shown")
      .flag("no_private", "--no-private", "nor titles that are offered to nobody")
      .word("address", "--address",
            "the device's network address: only from there, and there without the token", false);
  moment(create, order, problem, "until_ms", "--until", "the last day; a year from now", true);
  create.app()
      ->add_option_function<std::vector<std::string>>(
          "--channel",
          [&order](const std::vector<std::string>& channels) {
            order.arguments["channels"] = channels;
          },
          "only this channel (number, id or name); may be said several times")
      ->allow_extra_args(false);
  Command(iptv, order, "list", "iptv-list", "all of them");
  Command(iptv, order, "revoke", "iptv-revoke", "it ends at once, streams too")
      .word("token", "token", "its name, id, or the beginning of the id");
}

}  // namespace hearth::node
