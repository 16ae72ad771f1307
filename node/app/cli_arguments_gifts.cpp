#include <cstdio>
#include <ctime>
#include <filesystem>

#include "node/app/cli_words.h"

namespace hearth::node {
namespace {

/// A day or a moment of this machine's time zone, "2026-12-24" or "2026-12-24 18:00:00" (seconds
/// may be left out); a day alone begins, or `ends`. -1: it is none.
std::int64_t local_ms(const std::string& text, bool ends) {
  std::tm parts{};
  int year = 0, month = 0, used = 0;
  const bool is_day =
      std::sscanf(text.c_str(), "%4d-%2d-%2d%n", &year, &month, &parts.tm_mday, &used) == 3;
  parts.tm_year = year - 1900;
  parts.tm_mon = month - 1;
  parts.tm_isdst = -1;
  if (!is_day) return -1;
  std::int64_t more_ms = 0;
  if (text.size() == static_cast<std::size_t>(used)) {
    if (ends) parts.tm_hour = 23, parts.tm_min = 59, parts.tm_sec = 59, more_ms = 999;
  } else {
    int end = 0;
    const char* rest = text.c_str() + used;
    const int read = std::sscanf(rest, " %2d:%2d%n:%2d%n", &parts.tm_hour, &parts.tm_min, &end,
                                 &parts.tm_sec, &end);
    if (read < 2 || static_cast<std::size_t>(used + end) != text.size()) return -1;
  }
  const std::tm wanted = parts;
  const std::time_t at = std::mktime(&parts);
  // mktime turns the 31st of April into a day of May: such a date is none.
  if (at < 0 || parts.tm_mday != wanted.tm_mday || parts.tm_min != wanted.tm_min) return -1;
  return std::int64_t{at} * 1000 + more_ms;
}

}  // namespace

void moment(Command& command, Order& order, std::string& problem, const char* field,
            const std::string& shown, const std::string& help, bool ends) {
  command.app()->add_option_function<std::string>(
      shown,
      [&order, &problem, field, shown, ends](const std::string& text) {
        const std::int64_t at = local_ms(text, ends);
        if (at < 0)
          problem = shown + " is a day or a time, written 2026-12-24 or \"2026-12-24 18:00\".";
        order.arguments[field] = at;
      },
      help);
}

namespace {

/// What can be said with a gift.
void add_words(Command& command, Order& order, std::string& problem) {
  command.word("note", "--note", "a few words", false);
  command.app()->add_option_function<std::string>(
      "--picture",
      [&order](const std::string& file) {
        order.arguments["picture"] = std::filesystem::absolute(file).lexically_normal().string();
      },
      "an image that is shown with the gift");
  moment(command, order, problem, "open_from_ms", "--open-from",
         "a surprise: not shown or opened before that day", false);
  moment(command, order, problem, "expires_ms", "--expires",
         "the last day on which it can be accepted; then it comes back", true);
  command.word("channel", "--channel", "the channel on which you would like it to be shown", false);
  moment(command, order, problem, "place_ms", "--at", "and when", false);
  command.number("pocket", "--pocket", "the pocket that pays, 1 to 99; else the main wallet");
  command.word("pin", "--pin", "the PIN, for what is above a spending limit", false);
}

void add_id(Command& command, const std::string& what) {
  command.word("id", "id", "the " + what + "'s id, or the beginning of it");
}

}  // namespace

void declare_gifts(CLI::App& app, Order& order, std::string& problem) {
  CLI::App& gift = group(app, "gift", "give and receive");
  Command send(gift, order, "send", "gift-send",
               "give titles; buys what the wallet has no voucher for");
  send.app()
      ->add_option_function<std::vector<std::string>>(
          "what",
          [&order](const std::vector<std::string>& what) {
            order.arguments["what"] =
                what.size() == 1 ? wire::Json(what.front()) : wire::Json(what);
          },
          "offers or own private titles: ids, beginnings of them, or names; several are one gift")
      ->required();
  send.app()
      ->add_option_function<std::vector<std::string>>(
          "--to",
          [&order](const std::vector<std::string>& to) {
            order.arguments["to"] = to.size() == 1 ? wire::Json(to.front()) : wire::Json(to);
          },
          "a contact's name, or ip:… mac:… esn:… of the directory")
      ->required()
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  add_words(send, order, problem);
  Command(gift, order, "list", "gift-list", "sent and received gifts");
  Command show(gift, order, "show", "gift-show", "everything about one gift");
  add_id(show, "gift");
  Command accept(gift, order, "accept", "gift-accept", "accept a gift and fetch it");
  add_id(accept, "gift");
  Command decline(gift, order, "decline", "gift-decline", "decline a gift; its voucher goes back");
  add_id(decline, "gift");
  decline.word("reason", "--reason", "a few words for the giver", false);
  Command thank(gift, order, "thank", "gift-thank", "thank for a gift");
  add_id(thank, "gift");
  thank.word("text", "text", "a few words for the giver");
  Command back(gift, order, "take-back", "gift-take-back",
               "take a gift back that nobody accepted yet");
  add_id(back, "gift");
  Command(gift, order, "wish", "gift-wish", "ask another home for a title")
      .word("offer", "offer", "id, beginning of it, or exact name")
      .word("to", "--to", "a contact's name")
      .word("note", "--note", "a few words", false);
  Command(gift, order, "wishes", "gift-wishes", "what was wished for");
  Command grant(gift, order, "grant", "gift-grant", "give what a home wished for");
  add_id(grant, "wish");
  add_words(grant, order, problem);
}

}  // namespace hearth::node
