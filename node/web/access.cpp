#include "node/web/access.h"

#include <algorithm>

namespace hearth::node {
namespace {

using enum Audience;

/// What a person at the page has no business to name: files of the machine that runs the node.
constexpr std::string_view path_arguments[] = {"picture", "files"};

constexpr AccessRow rows[] = {
    // the home
    {"id", everybody},
    {"status", everybody},
    {"transfers", grown_ups},  // names of everything, whatever its rating
    // other homes
    {"contacts-card", grown_ups},
    {"contacts-add", grown_ups},
    {"contacts-list", everybody},  // of whom a gift is
    {"contacts-accept", grown_ups},
    {"contacts-decline", grown_ups},
    {"contacts-remove", owners},
    {"contacts-rename", grown_ups},
    {"contacts-mute", grown_ups},
    {"contacts-unmute", grown_ups},
    {"contacts-reception", owners},  // a rule
    {"contacts-block", owners},
    {"contacts-unblock", owners},
    {"directory-publish", owners},
    {"directory-show", grown_ups},
    {"directory-clear", owners},
    // rules
    {"rules-show", grown_ups},
    {"rules-set", owners},
    {"profile-add", owners},
    {"profile-list", everybody},
    {"profile-use", grown_ups},
    {"profile-remove", owners},
    {"pin-set", owners},
    {"pin-clear", owners},
    // library and TV
    {"library-add", nobody},  // names files of the machine
    {"library-list", everybody},
    {"library-remove", grown_ups},
    {"library-fetch", grown_ups},
    {"publish", grown_ups},
    {"play", everybody},
    {"stop", everybody},
    {"remote", everybody},  // as the one on the sofa: the TV keeps to the profile in use
    {"screenshot", grown_ups},
    {"torrent", grown_ups},
    // channels
    {"channel-create", grown_ups},
    {"channel-list", grown_ups},
    {"channel-show", grown_ups},
    {"channel-set", grown_ups},
    {"channel-add", grown_ups},
    {"channel-schedule", grown_ups},
    {"channel-fill", grown_ups},
    {"channel-move", grown_ups},
    {"channel-remove", grown_ups},
    {"channel-repeat", grown_ups},
    {"channel-skip", grown_ups},
    {"channel-edit", grown_ups},
    {"channel-check", grown_ups},
    {"channel-undo", grown_ups},
    {"channel-versions", grown_ups},
    {"channel-delete", grown_ups},
    {"channel-export", grown_ups},
    {"channel-import", grown_ups},
    {"channel-share", grown_ups},
    {"channel-unshare", grown_ups},
    {"channel-subscribe", grown_ups},
    {"channel-offers", grown_ups},
    {"channel-accept", grown_ups},
    {"channel-decline", grown_ups},
    {"guide", everybody},  // of a child's phone: what is above its rating has no name
    {"tune", everybody},   // the TV asks for the PIN
    {"iptv-create", owners},
    {"iptv-list", owners},
    {"iptv-revoke", owners},
    // money
    {"catalogue", everybody},
    {"buy", grown_ups},
    {"wallet-balance", grown_ups},
    {"wallet-history", grown_ups},
    {"wallet-vouchers", grown_ups},
    {"wallet-verify", grown_ups},
    {"wallet-alarm", grown_ups},
    {"wallet-alarm-accept", nobody},  // to be decided where the evidence is kept
    {"wallet-refund", grown_ups},
    {"wallet-transfer", grown_ups},
    {"wallet-seed", nobody},  // is the whole home, and plain HTTP carries it
    // gifts
    {"gift-send", grown_ups},
    {"gift-list", everybody},
    {"gift-accept", everybody},
    {"gift-decline", grown_ups},
    {"gift-show", everybody},
    {"gift-thank", everybody},
    {"gift-take-back", grown_ups},
    {"gift-wish", grown_ups},
    {"gift-wishes", grown_ups},
    {"gift-grant", grown_ups},
    {"gift-card", grown_ups},
    {"gift-cards", grown_ups},
    {"gift-claim", grown_ups},
    // phones
    {"pair-open", owners},
    {"pair-close", owners},
    {"phones-list", owners},
    {"phones-rename", owners},
    {"phones-remove", owners},
};

bool is_for(PhoneRole role, Audience audience) {
  switch (audience) {
    case nobody:
      return false;
    case owners:
      return role == PhoneRole::owner;
    case grown_ups:
      return is_grown_up(role);
    case everybody:
      return true;
  }
  return false;
}

}  // namespace

bool is_grown_up(PhoneRole role) {
  return role == PhoneRole::owner || role == PhoneRole::member;
}

std::span<const AccessRow> access_table() {
  return rows;
}

bool may_send(PhoneRole role, std::string_view command) {
  const auto found = std::find_if(std::begin(rows), std::end(rows),
                                  [&](const AccessRow& row) { return row.command == command; });
  return found != std::end(rows) && is_for(role, found->audience);
}

Result<void> check_access(PhoneRole role, std::string_view command, const wire::Json& arguments) {
  if (!may_send(role, command)) {
    return fail(Code::not_allowed,
                "This phone may not do that: it is paired as " + std::string(name_of(role)) +
                    ". Nothing was done; an owner of the home, or its command line, can.");
  }
  for (const auto name : path_arguments) {
    if (!arguments.is_object() || !arguments.contains(name)) continue;
    return fail(Code::not_allowed, "The argument \"" + std::string(name) +
                                       "\" names a file of the machine that runs the home, so it "
                                       "is for the command line there alone. Nothing was done.");
  }
  return {};
}

}  // namespace hearth::node
