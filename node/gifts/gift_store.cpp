#include "node/gifts/gift_store.h"

#include <algorithm>
#include <set>

#include "common/base/names.h"

namespace hearth::node {
namespace {

constexpr std::size_t least_prefix = 4;

std::string sent_key(const std::string& id) {
  return "gift/out/" + id;
}
std::string received_key(const std::string& id) {
  return "gift/in/" + id;
}
std::string picture_key(const std::string& id) {
  return "gift/picture/" + id;
}
std::string wish_key(bool outgoing, const std::string& id) {
  return (outgoing ? "wish/out/" : "wish/in/") + id;
}

constexpr std::string_view after_hours_prefix = "gift/after-hours/";

std::string brief_key(const std::string& id) {
  return "gift/brief/" + id;
}
constexpr std::string_view briefs_complete_key = "gift/briefs-complete";

template <class Gift>
Result<Gift> find_one(const std::vector<Gift>& all, const std::string& id) {
  const Gift* found = nullptr;
  for (const auto& gift : all) {
    if (id.size() < least_prefix || !gift.id.starts_with(id)) continue;
    if (found != nullptr) {
      return fail(Code::unknown_gift, "Several gifts begin with " + printable(id) +
                                          ". Nothing was changed; write more of the id.");
    }
    found = &gift;
  }
  if (found != nullptr) return *found;
  return fail(Code::unknown_gift, "There is no such gift: " + printable(id) +
                                      ". Nothing was changed; hearth gift list shows the ids "
                                      "(at least four digits of one are needed).");
}

std::vector<SentGift> parcel_in(const std::vector<SentGift>& all, const SentGift& gift) {
  std::vector<SentGift> parcel;
  for (const auto& other : all) {
    const bool fellow = !gift.words.parcel.empty() && other.words.parcel == gift.words.parcel;
    if (fellow || other.id == gift.id) parcel.push_back(other);
  }
  std::sort(parcel.begin(), parcel.end(),
            [](const auto& a, const auto& b) { return a.words.part < b.words.part; });
  return parcel;
}

}  // namespace

Result<std::vector<SentGift>> GiftStore::sent() const {
  auto all = all_of(records_, "gift/out/", decode_sent_gift);
  if (!all) return all;
  std::sort(all->begin(), all->end(), [](const auto& a, const auto& b) {
    return std::tie(a.sent_ms, a.words.part) < std::tie(b.sent_ms, b.words.part);
  });
  return all;
}

Result<std::vector<ReceivedGift>> GiftStore::received() const {
  auto all = all_of(records_, "gift/in/", decode_received_gift);
  if (!all) return all;
  std::sort(all->begin(), all->end(),
            [](const auto& a, const auto& b) { return a.received_ms < b.received_ms; });
  return all;
}

Result<std::vector<ReceivedBrief>> GiftStore::briefs() const {
  return all_of(records_, "gift/brief/", decode_received_brief);
}

Result<void> GiftStore::complete_briefs() {
  const auto complete = records_.get(briefs_complete_key);
  if (!complete || *complete) return complete ? Result<void>() : pass_on(complete.error());
  const auto all = received();
  if (!all) return pass_on(all.error());
  store::Batch batch;
  for (const auto& gift : *all) node::put(batch, brief_key(gift.id), encode(brief_of(gift)));
  node::put(batch, briefs_complete_key, Writer().u8(1).view());
  return records_.commit(batch);
}

Result<std::optional<SentGift>> GiftStore::sent_gift(const std::string& id) const {
  return one_of(records_, sent_key(id), decode_sent_gift);
}

Result<std::optional<ReceivedGift>> GiftStore::received_gift(const std::string& id) const {
  return one_of(records_, received_key(id), decode_received_gift);
}

Result<std::vector<ReceivedGift>> GiftStore::received_of(const std::string& title) const {
  const auto all = briefs();
  if (!all) return pass_on(all.error());
  std::vector<ReceivedGift> gifts;
  for (const auto& brief : *all) {
    if (brief.title != title) continue;
    auto gift = received_gift(brief.id);
    if (!gift) return pass_on(gift.error());
    if (*gift) gifts.push_back(std::move(**gift));
  }
  return gifts;
}

Result<std::vector<SentGift>> GiftStore::find_sent(const std::string& id) const {
  const auto all = sent();
  if (!all) return pass_on(all.error());
  const auto gift = find_one(*all, id);
  if (!gift) return pass_on(gift.error());
  return parcel_in(*all, *gift);
}

Result<std::vector<ReceivedGift>> GiftStore::find_received(const std::string& id) const {
  const auto all = briefs();
  if (!all) return pass_on(all.error());
  const auto brief = find_one(*all, id);
  if (!brief) return pass_on(brief.error());
  const auto gift = received_gift(brief->id);
  if (!gift) return pass_on(gift.error());
  if (!*gift) return damaged("gift");
  return parcel_of(**gift);
}

Result<std::vector<SentGift>> GiftStore::parcel_of(const SentGift& gift) const {
  if (gift.words.parcel.empty()) return std::vector<SentGift>{gift};
  const auto all = sent();
  if (!all) return pass_on(all.error());
  return parcel_in(*all, gift);
}

Result<std::vector<ReceivedGift>> GiftStore::parcel_of(const ReceivedGift& gift) const {
  std::vector<ReceivedGift> parcel{gift};
  if (gift.words.parcel.empty()) return parcel;
  const auto all = briefs();
  if (!all) return pass_on(all.error());
  for (const auto& brief : *all) {
    if (brief.id == gift.id || brief.parcel != gift.words.parcel || brief.from != gift.from)
      continue;
    auto fellow = received_gift(brief.id);
    if (!fellow) return pass_on(fellow.error());
    if (*fellow) parcel.push_back(std::move(**fellow));
  }
  std::sort(parcel.begin(), parcel.end(),
            [](const auto& a, const auto& b) { return a.words.part < b.words.part; });
  return parcel;
}

void GiftStore::put(store::Batch& batch, const SentGift& gift) const {
  node::put(batch, sent_key(gift.id), encode(gift));
}

void GiftStore::put(store::Batch& batch, const ReceivedGift& gift) const {
  node::put(batch, received_key(gift.id), encode(gift));
  node::put(batch, brief_key(gift.id), encode(brief_of(gift)));
}

void GiftStore::erase(store::Batch& batch, const SentGift& gift) const {
  node::erase(batch, sent_key(gift.id));
  erase_picture(batch, gift.id);
}

Result<Bytes> GiftStore::picture(const std::string& gift) const {
  auto stored = records_.get(picture_key(gift));
  if (!stored) return pass_on(stored.error());
  return *stored ? std::move(**stored) : Bytes();
}

void GiftStore::put_picture(store::Batch& batch, const std::string& gift, ByteView jpeg) const {
  node::put(batch, picture_key(gift), jpeg);
}

void GiftStore::erase_picture(store::Batch& batch, const std::string& gift) const {
  node::erase(batch, picture_key(gift));
}

Result<std::vector<std::string>> GiftStore::after_hours() const {
  std::vector<std::string> ids;
  auto scanned =
      records_.scan(after_hours_prefix, [&](std::string_view id, ByteView) -> Result<void> {
        ids.emplace_back(id);
        return {};
      });
  if (!scanned) return pass_on(scanned.error());
  return ids;
}

void GiftStore::put_after_hours(store::Batch& batch, const std::string& gift) const {
  node::put(batch, std::string(after_hours_prefix) + gift, Writer().u8(1).view());
}

void GiftStore::erase_after_hours(store::Batch& batch, const std::string& gift) const {
  node::erase(batch, std::string(after_hours_prefix) + gift);
}

Result<std::vector<Wish>> GiftStore::wishes() const {
  auto all = all_of(records_, "wish/", decode_wish);
  if (!all) return all;
  std::sort(all->begin(), all->end(),
            [](const auto& a, const auto& b) { return a.at_ms < b.at_ms; });
  return all;
}

Result<std::optional<Wish>> GiftStore::wish(bool outgoing, const std::string& id) const {
  return one_of(records_, wish_key(outgoing, id), decode_wish);
}

void GiftStore::put(store::Batch& batch, const Wish& wish) const {
  node::put(batch, wish_key(wish.outgoing, wish.id), encode(wish));
}

int count_waiting(const std::vector<ReceivedBrief>& gifts) {
  std::set<std::pair<identity::HomeAddress, std::string>> parcels;
  for (const auto& gift : gifts) {
    if (gift.state != ReceivedState::waiting) continue;
    parcels.emplace(gift.from, gift.parcel.empty() ? gift.id : gift.parcel);
  }
  return static_cast<int>(parcels.size());
}

}  // namespace hearth::node
