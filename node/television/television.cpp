#include "node/television/television.h"

#include <algorithm>

#include "common/base/crash_point.h"
#include "common/base/log.h"
#include "common/base/names.h"
#include "common/base/zone_files.h"
#include "common/crypto/hash.h"
#include "common/crypto/secret.h"
#include "node/channels/channel_json.h"

namespace hearth::node {
namespace {

using channels::Channel;
using channels::Timeline;

constexpr std::size_t older_kept = 24;
constexpr std::int64_t compared_ms = 2 * channels::day_ms;
constexpr std::int32_t last_number = 9999;

/// Where nothing is on, what was added begins now and not when the emptiness began.
void begin_at_once(const Timeline& before, const channels::Media& media, UtcMs now,
                   Channel& after) {
  const channels::Entry on = before.on_air(media, now);
  if (on.kind != channels::EntryKind::dead_air || on.instead_of.any()) return;
  after.since.at = std::max(after.since.at, now);
  after.since.handled = std::max(after.since.handled, after.since.at - 1);
}

/// Whether anything on the channel is of these media.
bool names(const Channel& channel, const std::string& media) {
  for (const auto& list : channel.lists) {
    for (const auto& item : list.items) {
      const auto& pictures = item.pictures;
      if (item.media == media || std::count(pictures.begin(), pictures.end(), media) != 0)
        return true;
    }
  }
  return false;
}

VersionRecord record_of(const Channel& channel, UtcMs from, const std::string& what,
                        std::int64_t restores) {
  VersionRecord record;
  record.document = channels::write_channel(channel);
  record.brief = {channel.version, from, restores, record.document.size(), what};
  return record;
}

}  // namespace

Television::Television(net::Loop& loop, Rooms rooms)
    : rooms_(std::move(rooms)),
      media_(rooms_.records, rooms_.look_up, rooms_.clock),
      changed_(loop) {}

Result<void> Television::load() {
  auto scanned = rooms_.records.scan(
      version_prefix, [&](std::string_view rest, ByteView value) -> Result<void> {
        auto record = decode_version(value);
        if (!record) return pass_on(record.error());
        channels_[std::string(rest.substr(0, rest.find('/')))].versions.push_back(record->brief);
        return {};
      });
  if (!scanned) return scanned;
  for (auto& [id, one] : channels_) {
    auto loaded = load_one(id, one);
    if (!loaded) return loaded;
  }
  auto troubles = load_troubles();
  return troubles ? media_.load() : troubles;
}

Result<void> Television::load_one(const std::string& channel, One& one) {
  auto newest = version(channel, one.versions.back().version);
  if (!newest) return pass_on(newest.error());
  auto timeline = make(std::move(*newest));
  if (!timeline) return pass_on(timeline.error());
  one.timeline = std::move(*timeline);
  return {};
}

Result<channels::Zone> Television::zone(const std::string& name) const {
  const auto known = zones_.find(name);
  if (known != zones_.end()) return known->second;
  const auto file = read_zone_file(name);
  if (!file) return pass_on(file.error());
  auto zone = channels::Zone::from_tzif(*file);
  if (!zone) return zone;
  zones_.emplace(name, *zone);
  return zone;
}

Result<std::unique_ptr<Timeline>> Television::make(Channel channel) const {
  auto where = zone(channel.zone);
  if (!where) return pass_on(where.error());
  auto made = Timeline::make(std::move(channel), std::move(*where));
  if (!made) return pass_on(made.error());
  return std::make_unique<Timeline>(std::move(*made));
}

// Lists.

std::vector<const Timeline*> Television::timelines() const {
  std::vector<const Timeline*> out;
  for (const auto& [id, one] : channels_) out.push_back(one.timeline.get());
  std::sort(out.begin(), out.end(), [](const Timeline* a, const Timeline* b) {
    return a->channel().number < b->channel().number;
  });
  return out;
}

const Timeline* Television::by_id(const std::string& channel) const {
  const auto found = channels_.find(channel);
  return found == channels_.end() ? nullptr : found->second.timeline.get();
}

Result<const Timeline*> Television::find(const std::string& what) const {
  if (const Timeline* by = by_id(what)) return by;
  const Timeline* named = nullptr;
  for (const Timeline* one : timelines()) {
    if (std::to_string(one->channel().number) == what) return one;
    if (one->channel().name == what) named = one;
  }
  if (named != nullptr) return named;
  return fail(Code::not_found, "This home has no channel " + printable(what) +
                                   ". Nothing was changed; hearth channel list shows which "
                                   "there are.");
}

const Timeline* Television::older(const std::string& channel, std::int64_t number) const {
  const std::string key = version_key(channel, number);
  const auto found =
      std::find_if(older_.begin(), older_.end(), [&](const Older& one) { return one.key == key; });
  if (found != older_.end()) {
    older_.splice(older_.begin(), older_, found);
    return older_.front().timeline.get();
  }
  auto document = version(channel, number);
  auto made = document ? make(std::move(*document))
                       : Result<std::unique_ptr<Timeline>>(pass_on(document.error()));
  if (!made) {
    spdlog::error("television: {}", made.error().sentence);
    return nullptr;
  }
  older_.push_front({key, std::move(*made)});
  return older_.front().timeline.get();
}

std::vector<Stretch> Television::stretches(const std::string& channel, UtcMs from) const {
  std::vector<Stretch> out;
  const auto found = channels_.find(channel);
  if (found == channels_.end()) return out;
  while (older_.size() > older_kept) older_.pop_back();
  const auto& versions = found->second.versions;
  std::size_t first = versions.size() - 1;
  while (first > 0 && versions[first].from_ms > from) --first;
  // One more: what is on at `from` may have begun under it.
  if (first > 0) --first;
  for (; first + 1 < versions.size(); ++first) {
    if (const Timeline* timeline = older(channel, versions[first].version))
      out.push_back({versions[first].from_ms, timeline});
  }
  out.push_back({versions.back().from_ms, found->second.timeline.get()});
  return out;
}

std::vector<ShownEntry> Television::entries(const std::string& channel, UtcMs from,
                                            UtcMs to) const {
  return shown_entries(stretches(channel, from), media(channel), from, to);
}

std::vector<ShownProgramme> Television::guide(const std::string& channel, UtcMs from,
                                              UtcMs to) const {
  return shown_guide(stretches(channel, from), media(channel), from, to);
}

// Versions.

Result<std::vector<VersionBrief>> Television::versions(const std::string& channel) const {
  const auto found = channels_.find(channel);
  if (found == channels_.end()) return fail(Code::not_found, "There is no such channel.");
  return found->second.versions;
}

Result<Channel> Television::version(const std::string& channel, std::int64_t number) const {
  const auto stored = one_of(rooms_.records, version_key(channel, number), decode_version);
  if (!stored) return pass_on(stored.error());
  if (!*stored)
    return fail(Code::not_found, "Version " + std::to_string(number) +
                                     " of the channel is not kept any more. Nothing was changed; "
                                     "hearth channel versions shows those that are.");
  return channels::read_channel((*stored)->document);
}

// Changes.

Result<void> Television::number_free(std::int32_t number, const std::string& for_channel) const {
  for (const auto& [id, one] : channels_) {
    if (id == for_channel || one.timeline->channel().number != number) continue;
    return fail(Code::usage, "There is a channel " + std::to_string(number) + " already: \"" +
                                 printable(one.timeline->channel().name) +
                                 "\". Nothing was changed; take another number.");
  }
  return {};
}

std::int32_t Television::free_number() const {
  std::int32_t number = 1;
  for (const Timeline* one : timelines()) {
    if (one->channel().number == number) ++number;
  }
  return number;
}

Result<Channel> Television::fresh(std::int32_t number, const std::string& name,
                                  const std::string& zone_name) const {
  if (number < 1 || number > last_number)
    return fail(Code::usage, "A channel's number is 1 to 9999. Nothing was changed.");
  auto possible = number_free(number, {});
  if (!possible) return pass_on(possible.error());
  auto where = zone(zone_name);
  if (!where) return pass_on(where.error());
  const auto chance = crypto::random_array<8>();
  std::uint64_t seed = 0;
  for (const std::uint8_t byte : chance) seed = seed << 8 | byte;
  return channels::new_channel(to_hex(crypto::random_array<16>()), number, name, zone_name,
                               seed >> 11, rooms_.clock());
}

Result<Channel> Television::tried(const Edit& edit) const {
  const Timeline* now = by_id(edit.channel);
  if (now == nullptr)
    return fail(Code::not_found, "The channel is not there any more. Nothing was changed.");
  const std::int64_t expected =
      edit.expected_version == 0 ? now->channel().version : edit.expected_version;
  Result<Channel> after = now->channel();
  if (edit.restores != 0) {
    const auto older_one = version(edit.channel, edit.restores);
    if (!older_one) return pass_on(older_one.error());
    after = channels::restored(*now, expected, rooms_.clock(), *older_one);
  } else {
    after = channels::edited(*now, expected, rooms_.clock(), edit.changes);
  }
  if (!after) return after;
  begin_at_once(*now, media(edit.channel), rooms_.clock(), *after);
  auto possible = number_free(after->number, edit.channel);
  if (!possible) return pass_on(possible.error());
  if (may_edit_) {
    auto allowed = may_edit_(now->channel(), *after);
    if (!allowed) return pass_on(allowed.error());
  }
  // Whether it is a list is known before anybody relies on it.
  auto made = make(*after);
  if (!made) return pass_on(made.error());
  return after;
}

channels::DryRun Television::compared(const Channel& after) const {
  const Timeline* before = by_id(after.id);
  auto made = make(after);
  const UtcMs now = rooms_.clock();
  if (before == nullptr || !made) return {};
  return channels::dry_run(*before, **made, media(after.id), now, now + compared_ms);
}

Result<void> Television::put_version(store::Batch& batch, const std::string& channel,
                                     const VersionRecord& record,
                                     std::vector<VersionBrief>& versions) {
  put(batch, version_key(channel, record.brief.version), encode(record));
  versions.push_back(record.brief);
  for (const std::int64_t dropped : to_drop(versions, rooms_.clock())) {
    erase(batch, version_key(channel, dropped));
    std::erase_if(versions, [&](const VersionBrief& one) { return one.version == dropped; });
  }
  crash_point("television.edit.before_commit");
  auto stored = rooms_.records.commit(batch);
  if (!stored) return stored;
  crash_point("television.edit.after_commit");
  return {};
}

Result<void> Television::keep(const Edit& edit, Channel after) {
  const auto found = channels_.find(edit.channel);
  if (found == channels_.end() || found->second.timeline->channel().version + 1 != after.version)
    return fail(Code::changed_meanwhile,
                "The channel was changed in the meantime. Nothing was changed; look at it again "
                "and repeat the change.");
  const VersionRecord record = record_of(after, rooms_.clock(), edit.what, edit.restores);
  auto made = make(std::move(after));
  if (!made) return pass_on(made.error());
  store::Batch batch;
  for (const std::string& jws : edit.offers) rooms_.remember_offer(batch, jws);
  if (edit.also) edit.also(batch);
  auto versions = found->second.versions;
  auto stored = put_version(batch, edit.channel, record, versions);
  if (!stored) return stored;
  found->second.versions = std::move(versions);
  found->second.timeline = std::move(*made);
  for (const ChannelTrouble& one : troubles(edit.channel)) {
    const bool over = !one.media.empty() && !names(found->second.timeline->channel(), one.media);
    if (over) settle(edit.channel, one.media);
  }
  media_.refresh();
  changed_.notify_all();
  return {};
}

Result<void> Television::begin(Channel channel, const std::string& what,
                               const std::vector<std::string>& offers, const Also& also) {
  if (channels_.size() >= max_own_channels)
    return fail(Code::too_large, "A home has at most 500 channels. Nothing was made.");
  auto possible = number_free(channel.number, {});
  if (!possible) return possible;
  // The only judge of what a channel is.
  auto whole = channels::channel_from_json(channels::to_json(channel));
  if (!whole) return pass_on(whole.error());
  const std::string id = channel.id;
  // One of another home may have begun long ago there.
  const UtcMs from = std::max(channel.since.at, rooms_.clock());
  const VersionRecord record = record_of(channel, from, what, 0);
  One one;
  auto made = make(std::move(channel));
  if (!made) return pass_on(made.error());
  one.timeline = std::move(*made);
  store::Batch batch;
  for (const std::string& jws : offers) rooms_.remember_offer(batch, jws);
  if (also) also(batch);
  auto stored = put_version(batch, id, record, one.versions);
  if (!stored) return stored;
  channels_.emplace(id, std::move(one));
  media_.refresh();
  changed_.notify_all();
  return {};
}

Result<void> Television::remove(const std::string& channel, std::int64_t expected_version,
                                const Also& also) {
  const auto found = channels_.find(channel);
  if (found == channels_.end()) return fail(Code::not_found, "There is no such channel.");
  const std::int64_t is = found->second.timeline->channel().version;
  if (expected_version != 0 && expected_version != is)
    return fail(Code::changed_meanwhile,
                "The channel was changed in the meantime: it is at version " + std::to_string(is) +
                    ". It was not deleted; look at it again.");
  store::Batch batch;
  for (const VersionBrief& one : found->second.versions)
    erase(batch, version_key(channel, one.version));
  for (const ChannelTrouble& one : troubles(channel)) erase(batch, trouble_key(one));
  if (also) also(batch);
  auto stored = rooms_.records.commit(batch);
  if (!stored) return stored;
  channels_.erase(found);
  std::erase_if(troubles_, [&](const ChannelTrouble& one) { return one.channel == channel; });
  changed_.notify_all();
  return {};
}

// Troubles.

Result<void> Television::load_troubles() {
  auto all = all_of(rooms_.records, trouble_prefix, decode_trouble);
  if (!all) return pass_on(all.error());
  troubles_ = std::move(*all);
  std::stable_sort(troubles_.begin(), troubles_.end(),
                   [](const auto& a, const auto& b) { return a.at_ms < b.at_ms; });
  return {};
}

/// What cannot be stored is known until the next start.
void Television::commit_troubles(const store::Batch& batch) {
  if (batch.empty()) return;
  const auto stored = rooms_.records.commit(batch);
  if (!stored) spdlog::error("television: {}", stored.error().sentence);
}

bool Television::note(ChannelTrouble trouble) {
  store::Batch batch;
  const auto known = std::find_if(troubles_.begin(), troubles_.end(), [&](const auto& one) {
    return one.channel == trouble.channel && one.media == trouble.media;
  });
  if (known != troubles_.end()) {
    const bool news = known->sentence != trouble.sentence;
    if (news) put(batch, trouble_key(trouble), encode(trouble));
    troubles_.erase(known);
    troubles_.push_back(std::move(trouble));
    commit_troubles(batch);
    return news;
  }
  if (troubles_.size() >= max_troubles) {
    erase(batch, trouble_key(troubles_.front()));
    troubles_.erase(troubles_.begin());
  }
  put(batch, trouble_key(trouble), encode(trouble));
  troubles_.push_back(std::move(trouble));
  commit_troubles(batch);
  return true;
}

void Television::settle(const std::string& channel, const std::string& media) {
  store::Batch batch;
  std::erase_if(troubles_, [&](const ChannelTrouble& one) {
    const bool over = one.channel == channel && one.media == media;
    if (over) erase(batch, trouble_key(one));
    return over;
  });
  commit_troubles(batch);
}

std::vector<ChannelTrouble> Television::troubles(const std::string& channel) const {
  std::vector<ChannelTrouble> out;
  for (const ChannelTrouble& one : troubles_) {
    if (one.channel == channel) out.push_back(one);
  }
  return out;
}

}  // namespace hearth::node
