#include "node/app/cli_words.h"

namespace hearth::node {

void declare_sharing(CLI::App& channel, Order& order) {
  Command(channel, order, "share", "channel-share", "let a contact see one of your channels")
      .word("channel", "channel", "its number, or its name")
      .word("to", "--to", "the contact; it is asked, and gets every change from then on", false)
      .word("note", "--note", "a few words", false)
      .flag("open", "--open", "contacts who ask for it with channel subscribe get it at once")
      .flag("closed", "--closed", "they wait for you again");
  Command(channel, order, "unshare", "channel-unshare", "take it back: it ends in their homes")
      .word("channel", "channel", "its number, or its name")
      .word("with", "--with", "from that contact alone; else from all", false);
  Command(channel, order, "subscribe", "channel-subscribe", "ask a contact for one of its channels")
      .word("from", "contact", "whose it is")
      .word("channel", "channel", "its number there, or its name")
      .word("note", "--note", "a few words", false);
  Command(channel, order, "offers", "channel-offers",
          "channels of other homes, yours that they see, and who asks for one");
  Command accept(channel, order, "accept", "channel-accept",
                 "see a channel of another home, all or some of it; also to take other parts");
  accept.word("offer", "offer", "its id, or the beginning of it, of channel offers")
      .number("number", "--number", "1 to 9999; else theirs, or the first that is free")
      .flag("whole", "--whole", "all of it")
      .word("budget_title", "--budget-title", "what may be paid for a title of it, as 3.50 EUR",
            false)
      .word("budget_month", "--budget-month", "and in a month", false)
      .word("pin", "--pin", "the PIN, for a budget", false);
  accept.app()->add_option_function<std::vector<std::string>>(
      "--only", [&order](const std::vector<std::string>& all) { order.arguments["only"] = all; },
      "only these lists or items of it; elsewhere fallback is shown");
  Command(channel, order, "decline", "channel-decline",
          "do not see a channel, or no longer; or a contact's wish for one of yours")
      .word("offer", "offer", "its id, or the beginning of it, of channel offers")
      .word("note", "--note", "a few words", false);
}

}  // namespace hearth::node
