#include <unistd.h>

#include "common/base/typed_text.h"
#include "node/app/cli_story.h"
#include "node/print/qr.h"

namespace hearth::node {

std::string qr_story(const std::string& content) {
  const auto code = make_qr(content);
  return code ? half_blocks(*code, ::isatty(STDOUT_FILENO) != 0) : std::string();
}

namespace {

std::string card_story(const Json& d) {
  if (text(d, "state") == "voided") {
    const std::string fresh = text(d, "voucher");
    return "The card for " + text(d, "name") + " is void." +
           (fresh.empty() ? "" : " Its voucher, a fresh one, is in the wallet (" + fresh + ").") +
           "\n";
  }
  if (text(d, "state") == "used") return text(d, "sentence") + "\n";
  std::string out = "A gift card for " + text(d, "name") + ".";
  if (d.contains("paid")) out += " " + text(d, "paid") + " paid, " + text(d, "balance") + " left.";
  out += "\n";
  if (d.contains("file")) return out + "Saved " + text(d, "file") + ". Keep it like money.\n";
  out += "\n" + qr_story(d.value("uri", "")) + "\n" + in_groups(d.value("text", "")) + "\n\n";
  return out + "It is claimed with: hearth gift claim. Whoever has this text has the gift.\n";
}

std::string cards_story(const Json& d) {
  std::vector<std::vector<std::string>> rows{{"CARD", "FOR", "STATE", "MADE"}};
  for (const auto& one : d.value("cards", Json::array())) {
    rows.push_back(
        {text(one, "card"), text(one, "name"), text(one, "state"), day_and_time(one, "made_ms")});
  }
  return table(rows, "No gift cards were made here.");
}

std::string claim_story(const Json& d) {
  if (!yes(d, "claimed")) return text(d, "name") + ": " + text(d, "sentence") + "\n";
  std::string out = "Claimed: " + text(d, "name") + ". ";
  if (!text(d, "sentence").empty()) return out + text(d, "sentence") + "\n";
  return out + (yes(d, "delivery")
                    ? "It is on its way; hearth transfers shows how far.\n"
                    : "The voucher is in the wallet (" + text(d, "voucher") + ").\n");
}

}  // namespace

void add_card_stories(Stories& stories) {
  stories.insert(
      {{"gift-card", card_story}, {"gift-cards", cards_story}, {"gift-claim", claim_story}});
}

}  // namespace hearth::node
