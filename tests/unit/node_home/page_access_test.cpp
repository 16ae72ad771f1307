// Each command × each role, and what a child's phone sees.
#include <algorithm>
#include <map>
#include <set>

#include <doctest/doctest.h>

#include "node/api/commands.h"
#include "node/web/access.h"

namespace hearth::node {

TEST_CASE("every command has a row, and every row a command") {
  std::set<std::string> commands = {"screenshot", "torrent"};
  for (const auto& name : Commands::names()) commands.insert(name);
  std::set<std::string> rows;
  for (const auto& row : access_table()) {
    CHECK_MESSAGE(rows.insert(std::string(row.command)).second, row.command, " is there twice");
  }
  for (const auto& name : commands) {
    CHECK_MESSAGE(rows.contains(name), "node/web/access.cpp has no row for ", name,
                  ": who may send it over the page?");
  }
  for (const auto& name : rows) {
    CHECK_MESSAGE(commands.contains(name), "there is no command ", name);
  }
}

TEST_CASE("who may send what") {
  const std::set<std::string> nobody = {"wallet-seed", "wallet-alarm-accept", "library-add"};
  const std::set<std::string> owners = {
      "rules-set",          "pin-set",           "pin-clear",        "profile-add",
      "profile-remove",     "contacts-block",    "contacts-unblock", "contacts-remove",
      "contacts-reception", "directory-publish", "directory-clear",  "pair-open",
      "pair-close",         "phones-list",       "phones-rename",    "phones-remove",
      "iptv-create",        "iptv-list",         "iptv-revoke"};
  const std::set<std::string> children = {
      "id",          "status",    "contacts-list", "profile-list", "library-list",
      "play",        "stop",      "remote",        "catalogue",    "gift-list",
      "gift-accept", "gift-show", "gift-thank",    "guide",        "tune"};
  for (const std::string& command : nobody) {
    for (const auto role : {PhoneRole::owner, PhoneRole::member, PhoneRole::child}) {
      CHECK_FALSE_MESSAGE(may_send(role, command), command);
    }
  }
  for (const std::string& command : owners) {
    CHECK_MESSAGE(may_send(PhoneRole::owner, command), command);
    CHECK_FALSE_MESSAGE(may_send(PhoneRole::member, command), command);
    CHECK_FALSE_MESSAGE(may_send(PhoneRole::child, command), command);
  }
  for (const std::string& command : children) {
    for (const auto role : {PhoneRole::owner, PhoneRole::member, PhoneRole::child}) {
      CHECK_MESSAGE(may_send(role, command), command);
    }
  }
  for (const char* command : {"buy", "wallet-transfer", "gift-send", "gift-decline", "publish",
                              "profile-use", "library-remove", "wallet-balance"}) {
    CHECK(may_send(PhoneRole::owner, command));
    CHECK(may_send(PhoneRole::member, command));
    CHECK_FALSE(may_send(PhoneRole::child, command));
  }
  for (const char* command : {"", "no-such-command", "init", "wallet-restore"}) {
    CHECK_FALSE(may_send(PhoneRole::owner, command));
  }
}

TEST_CASE("no argument of the page names a file of the machine") {
  const auto checked = [](const char* command, const wire::Json& arguments) {
    return check_access(PhoneRole::owner, command, arguments);
  };
  CHECK(checked("gift-send", {{"what", "9f2c"}, {"to", "B"}}).has_value());
  const auto refused = checked("gift-send", {{"what", "9f2c"}, {"picture", "/etc/passwd"}});
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == Code::not_allowed);
  CHECK_FALSE(checked("gift-grant", {{"id", "9f2c"}, {"picture", nullptr}}).has_value());
}

TEST_CASE("a child's phone sees the stricter one of its profile and the one in use") {
  HomeRules rules;
  rules.profiles = {{"Tim", 6}, {"Mia", 12}};
  CHECK(seen_under(rules, "").shown_age() == no_rating_limit);
  CHECK(seen_under(rules, "Mia").shown_age() == 12);
  rules.profile = "Tim";
  CHECK(seen_under(rules, "Mia").shown_age() == 6);
  CHECK(seen_under(rules, "Tim").shown_age() == 6);
  CHECK(seen_under(rules, "").shown_age() == 6);
  rules.profile.clear();
  CHECK(seen_under(rules, "a profile that is gone").shown_age() == 0);
}

}  // namespace hearth::node
