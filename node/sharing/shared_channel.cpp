#include "node/sharing/shared_channel.h"

#include <algorithm>

#include "common/base/names.h"

namespace hearth::node {
namespace {

using channels::Channel;
using channels::Item;
using channels::ItemKind;

void withhold(Item& item) {
  item.kind = ItemKind::title;
  item.media = withheld_media;
  item.name = withheld_name;
  item.pictures.clear();
  item.picture_ms = 0;
}

/// A picture is public when it is for sale; nobody can buy it from inside an album.
bool may_have_picture(const std::string& title, const MayHave& may) {
  return may.given(title) || may.offer_of(title).has_value();
}

/// As many as there were, so that each has its time. True: some of them go.
bool share_pictures(Item& item, const MayHave& may) {
  bool any = false;
  for (std::string& picture : item.pictures) {
    const bool goes = may_have_picture(picture, may);
    if (!goes) picture = withheld_media;
    any = any || goes;
  }
  return any;
}

void share_title(Item& item, const MayHave& may) {
  if (may.given(item.media)) {
    share_pictures(item, may);
    return;
  }
  const auto offer = may.offer_of(item.media);
  if (!offer) return withhold(item);
  item.kind = ItemKind::offer;
  item.media = to_hex(crypto::sha256(as_bytes(*offer)));
  item.pictures.clear();
  item.picture_ms = 0;
}

void share_item(Item& item, const MayHave& may) {
  switch (item.kind) {
    case ItemKind::title:
    case ItemKind::music:
      return share_title(item, may);
    case ItemKind::album:
      if (!share_pictures(item, may)) item.name = withheld_name;
      return;
    case ItemKind::offer:
    case ItemKind::page:
      return;
  }
}

/// As long as it was, and nothing that anybody has.
void leave_out(Item& item) {
  item.length_ms = channels::length_of(item);
  item.kind = ItemKind::title;
  item.media = untaken_media;
  item.pictures.clear();
  item.picture_ms = 0;
  item.text.clear();
}

std::string id_of_part(const Channel& channel, const std::string& word) {
  std::set<std::string> named;
  for (const auto& list : channel.lists) {
    if (list.id == word) return list.id;
    if (list.name == word) named.insert(list.id);
    for (const Item& item : list.items) {
      if (item.id == word) return item.id;
      if (item.name == word) named.insert(item.id);
    }
  }
  return named.size() == 1 ? *named.begin() : std::string();
}

}  // namespace

Channel for_other_home(const Channel& own, const std::string& share, const MayHave& may) {
  Channel out = own;
  out.id = share;
  out.version = 1;
  out.budget = {};
  for (std::string* picture : {&out.logo, &out.dead_air}) {
    if (!picture->empty() && !may_have_picture(*picture, may)) picture->clear();
  }
  for (auto& list : out.lists) {
    for (Item& item : list.items) share_item(item, may);
  }
  return out;
}

Result<std::vector<std::string>> parts_from_words(const Channel& channel,
                                                  const std::vector<std::string>& words) {
  std::vector<std::string> out;
  for (const std::string& word : words) {
    std::string id = id_of_part(channel, word);
    if (id.empty())
      return fail(Code::not_found, "The channel has no list or item \"" + printable(word) +
                                       "\", or several of that name. Nothing was changed; hearth "
                                       "channel offers has the lists.");
    if (std::find(out.begin(), out.end(), id) == out.end()) out.push_back(std::move(id));
  }
  return out;
}

Channel as_taken(Channel shared, const Taken& taken, std::int32_t number,
                 const channels::Budget& budget) {
  shared.number = number;
  shared.budget = budget;
  if (taken.whole) return shared;
  const std::set<std::string> parts(taken.parts.begin(), taken.parts.end());
  std::set<std::string> on_slots;
  for (const auto& slot : shared.slots) on_slots.insert(slot.list);
  for (auto& list : shared.lists) {
    if (parts.contains(list.id) || !on_slots.contains(list.id)) continue;
    for (Item& item : list.items) {
      if (!parts.contains(item.id)) leave_out(item);
    }
  }
  return shared;
}

bool same_but_own(const Channel& before, const Channel& after) {
  Channel same = after;
  same.number = before.number;
  same.budget = before.budget;
  same.version = before.version;
  same.since = before.since;
  return same == before;
}

std::vector<std::string> offers_in(const Channel& channel) {
  std::set<std::string> seen;
  std::vector<std::string> out;
  for (const auto& list : channel.lists) {
    for (const Item& item : list.items) {
      if (item.kind == ItemKind::offer && seen.insert(item.media).second) out.push_back(item.media);
    }
  }
  return out;
}

Result<std::vector<std::string>> in_parts(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size(); at += wire::max_share_part)
    out.push_back(text.substr(at, wire::max_share_part));
  if (out.empty() || out.size() > wire::max_share_parts)
    return fail(Code::too_large,
                "The channel is too large to be shared: as a signed file it may have 5 MiB. "
                "Nothing was sent; split it into two channels.");
  return out;
}

}  // namespace hearth::node
