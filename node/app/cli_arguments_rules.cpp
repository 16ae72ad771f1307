#include "node/app/cli_words.h"

namespace hearth::node {
namespace {

constexpr const char* pin_help = "the PIN; without it hearth asks at the terminal";

}  // namespace

void declare_rules(CLI::App& app, Order& order, std::string&) {
  CLI::App& rules = group(app, "rules", "what this home lets in and spends");
  Command(rules, order, "show", "rules-show", "all of them");
  Command(rules, order, "set", "rules-set", "change one of them")
      .word("key", "key",
            "push, reception, kinds, max-size, month-quota, max-age, hours, out-of-hours, "
            "share-played, spend-purchase, spend-day or spend-month")
      .word("value", "value", "for example contacts, \"4 GB\", 08:00-20:00, \"5.00 EUR\", none")
      .word("pin", "--pin", pin_help, false);
  CLI::App& profile = group(app, "profile", "who watches, and from which age titles are for them");
  Command(profile, order, "add", "profile-add", "make or change one")
      .word("name", "name", "for example a child's name")
      .number("max_age", "--max-age", "years, 0 to 21: titles rated above are hidden")
      .word("pin", "--pin", pin_help, false);
  Command(profile, order, "list", "profile-list", "all of them");
  Command(profile, order, "use", "profile-use", "from now on, on this home's screen")
      .word("name", "name", "without it: nobody's, everything is shown", false)
      .word("pin", "--pin", pin_help, false);
  Command(profile, order, "remove", "profile-remove", "take one away")
      .word("name", "name", "its name")
      .word("pin", "--pin", pin_help, false);
  CLI::App& pin = group(app, "pin", "the PIN that rules, profiles and spending ask for");
  Command set(pin, order, "set", "pin-set", "set or change it");
  set.word("fresh", "--new", "the new one, 4 to 12 digits; without it hearth asks", false)
      .word("pin", "--pin", "the one that is set now", false);
  Command(pin, order, "clear", "pin-clear", "no PIN from now on")
      .word("pin", "--pin", pin_help, false);
}

}  // namespace hearth::node
