#include "common/base/typed_text.h"
#include "node/app/cli_story.h"

namespace hearth::node {
namespace {

std::string count_of(const Json& d, const char* field, const char* one, const char* many) {
  const std::uint64_t count = number(d, field);
  return std::to_string(count) + (count == 1 ? one : many);
}

std::string seed_story(const Json& d) {
  const std::string line = d.value("line", "");
  return "Whoever has this line has this home: its money, its titles, its name. Write it on paper, "
         "keep it\nwhere you keep a passport, and show it to nobody.\n\n" +
         in_groups(line) + "\n\n" + qr_story(upper_case(line)) +
         "\nWith it and the ledger's card: hearth wallet restore, on an empty machine.\n";
}

std::string restored_story(const Json& d) {
  std::string out =
      "The home is back: " + count_of(d, "purchases", " purchase, ", " purchases, ") +
      count_of(d, "exchanges", " received gift or card, ", " received gifts or cards, ") +
      count_of(d, "titles", " title", " titles") +
      " to fetch again without paying\n(hearth library list, hearth library fetch).\n";
  if (number(d, "held") > 0) {
    out += count_of(d, "held", " voucher is", " vouchers are") +
           " unused. One that is in a gift not yet accepted, or on a gift card, is as good for who "
           "has it:\nthe first to use it owns it.\n";
  }
  if (number(d, "own_offers") > 0) {
    out +=
        count_of(d, "own_offers", " offer of this home is", " offers of this home are") +
        " still in the catalogue; the files are not here any more: add and publish\nthem again.\n";
  }
  if (d.contains("contacts")) {
    out += count_of(d, "contacts", " contact is", " contacts are") +
           " back, those that were blocked as blocked.\n";
  } else {
    out +=
        "The ledger kept no contacts of this home. For 30 days whoever had its card reaches it, "
        "also homes that\nit had blocked: block them again (hearth contacts block), which ends "
        "this at once, and add the others' cards.\n";
  }
  return out +
         "Not restored: private titles, channels, files.\nThe machine that was before may not buy "
         "any more. Start this one: "
         "hearthd.\n";
}

}  // namespace

void add_recovery_stories(Stories& stories) {
  stories.insert({{"wallet-seed", seed_story}, {"wallet-restore", restored_story}});
}

}  // namespace hearth::node
