#include "node/app/cli_story.h"

namespace hearth::node {
namespace {

std::string sent_story(const Json& d) {
  std::string out = text(d, "name") + " for " + text(d, "to") + ": " + text(d, "state") + ".";
  if (d.contains("paid")) out += " " + text(d, "paid") + " paid, " + text(d, "balance") + " left.";
  return out + "\n";
}

std::string gifts_story(const Json& d) {
  std::string out;
  for (const auto& gift : d.value("gifts", Json::array())) {
    const bool received = text(gift, "direction") == "received";
    out += short_text(gift, "gift") + "  " + text(gift, "name") + (received ? "  from " : "  to ") +
           text(gift, "contact");
    if (!yes(gift, "known")) out += " (not in your contacts)";
    out += "  " + text(gift, "state") + "\n";
    if (!text(gift, "note").empty()) out += "          \"" + text(gift, "note") + "\"\n";
    if (!text(gift, "reason").empty()) out += "          " + text(gift, "reason") + "\n";
  }
  return out.empty() ? "No gifts.\n" : out;
}

std::string gift_story(const Json& d) {
  return text(d, "name") + " is " + text(d, "state") + ".\n";
}

}  // namespace

void add_gift_stories(Stories& stories) {
  stories.insert({
      {"gift-send", sent_story},
      {"gift-list", gifts_story},
      {"gift-accept", gift_story},
      {"gift-decline", gift_story},
  });
}

}  // namespace hearth::node
