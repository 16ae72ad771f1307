#include "node/app/cli_story.h"

namespace hearth::node {
namespace {

std::string taken_of(const Json& one) {
  std::string out;
  if (yes(one, "whole")) return "all";
  for (const auto& part : one.value("taken", Json::array()))
    out += (out.empty() ? "" : ", ") + (part.is_string() ? part.get<std::string>() : "");
  return out;
}

std::string parts_of(const Json& one) {
  std::string out;
  for (const auto& part : one.value("parts", Json::array()))
    out += (out.empty() ? "" : ", ") + text(part, "list") + " " + text(part, "items") +
           (number(part, "for_sale") == 0 ? "" : " (" + text(part, "for_sale") + " for sale)");
  return out;
}

std::string offers_story(const Json& d) {
  std::vector<std::vector<std::string>> in{
      {"OFFER", "CHANNEL", "OF", "STATE", "NUMBER", "TAKEN", "LISTS"}};
  for (const auto& one : d.value("offered", Json::array()))
    in.push_back({short_text(one, "offer"), text(one, "name"), text(one, "contact"),
                  text(one, "state"), text(one, "number"), taken_of(one), parts_of(one)});
  std::string out = table(in,
                          "No channels of other homes; ask for one with hearth channel "
                          "subscribe.");
  std::vector<std::vector<std::string>> shared{{"YOUR CHANNEL", "SHARED WITH", "STATE", "REMARK"}};
  for (const auto& one : d.value("shared", Json::array())) {
    const std::string problem = text(one, "problem");
    shared.push_back({text(one, "number") + " " + text(one, "name"), text(one, "contact"),
                      text(one, "state"), problem.empty() ? text(one, "reason") : problem});
  }
  if (shared.size() > 1) out += "\n" + table(shared, "");
  std::vector<std::vector<std::string>> wishes{{"WISH", "WHO", "CHANNEL", "NOTE"}};
  for (const auto& one : d.value("wishes", Json::array()))
    wishes.push_back(
        {short_text(one, "wish"),
         yes(one, "outgoing") ? "you, of " + text(one, "contact") : text(one, "contact"),
         text(one, "channel"), text(one, "note")});
  if (wishes.size() > 1) out += "\n" + table(wishes, "");
  for (const auto& one : d.value("open", Json::array()))
    out += "\nContacts who ask for channel " + one.dump() + " get it at once.\n";
  return out;
}

std::string share_story(const Json& d) {
  const std::string channel = "Channel " + text(d, "number");
  std::string out;
  if (d.contains("shared"))
    out = channel + " is offered to " + text(d.at("shared"), "contact") +
          "; they get every change from now on, until hearth channel unshare.\n";
  if (d.contains("open"))
    out += yes(d, "open") ? "Contacts who ask for it get it at once.\n"
                          : "Contacts who ask for it wait for your word.\n";
  return out;
}

std::string unshare_story(const Json& d) {
  return "Channel " + text(d, "number") + " " + text(d, "name") + " is not shared any more (" +
         text(d, "ended") + ").\n";
}

std::string subscribe_story(const Json& d) {
  return "Asked " + text(d, "contact") + " for its channel " + text(d, "channel") +
         ". It is in the guide as soon as they say yes; nothing is bought for it without a "
         "budget.\n";
}

std::string decline_story(const Json& d) {
  return "Said no to " + text(d, "contact") + ".\n";
}

}  // namespace

void add_sharing_stories(Stories& stories) {
  stories.insert({{"channel-share", share_story},
                  {"channel-unshare", unshare_story},
                  {"channel-subscribe", subscribe_story},
                  {"channel-offers", offers_story},
                  {"channel-decline", decline_story}});
}

}  // namespace hearth::node
