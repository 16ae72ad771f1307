#include "node/television/home_media.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace hearth::node {
namespace {

using channels::Availability;
using channels::Item;

constexpr std::string_view late_prefix = "channel/late/";
constexpr std::int64_t remembered_ms = 8LL * 24 * 3600 * 1000;

std::string late_key(UtcMs start, const std::string& media) {
  char at[24];
  std::snprintf(at, sizeof at, "%015lld", static_cast<long long>(start));
  return std::string(late_prefix) + at + "/" + media;
}

}  // namespace

std::int64_t fetch_ms(std::uint64_t bytes, std::uint64_t bytes_per_second) {
  const std::uint64_t rate = bytes_per_second == 0 ? usual_bytes_per_second : bytes_per_second;
  return decided_ms + static_cast<std::int64_t>(bytes / rate * 1500 + 1);
}

Availability availability_of(const KnownMedia& media, UtcMs start, UtcMs now,
                             std::uint64_t bytes_per_second, bool refused) {
  switch (media.here) {
    case Here::whole:
    case Here::begun:
      return Availability::ready;
    case Here::no:
      return Availability::missing;
    case Here::for_sale:
      if (refused || start - now < fetch_ms(media.missing_bytes, bytes_per_second))
        return Availability::late;
      return Availability::known;
    case Here::coming:
      break;
  }
  return start - now < decided_ms ? Availability::late : Availability::known;
}

class HomeMedia::OfChannel final : public channels::Media {
 public:
  OfChannel(const HomeMedia& home, std::string channel)
      : home_(home), channel_(std::move(channel)) {}
  const channels::Facts* find(std::string_view media) const override {
    const KnownMedia* known = home_.find(media);
    return known == nullptr ? nullptr : &known->facts;
  }
  Availability at(const Item& item, UtcMs start) const override {
    return home_.at(channel_, item, start);
  }

 private:
  const HomeMedia& home_;
  const std::string channel_;
};

HomeMedia::HomeMedia(Records& records, LookUp look_up, std::function<UtcMs()> clock)
    : records_(records), look_up_(std::move(look_up)), clock_(std::move(clock)) {}

HomeMedia::~HomeMedia() = default;

Result<void> HomeMedia::load() {
  return records_.scan(late_prefix, [&](std::string_view rest, ByteView) -> Result<void> {
    const std::size_t slash = rest.find('/');
    if (slash == std::string_view::npos) return damaged("note of a late programme");
    late_.emplace(std::atoll(std::string(rest.substr(0, slash)).c_str()),
                  std::string(rest.substr(slash + 1)));
    return {};
  });
}

const KnownMedia* HomeMedia::find(std::string_view media) const {
  auto kept = kept_.find(media);
  if (kept != kept_.end() && kept->second.looked == looks_) return &kept->second.media;
  auto known = look_up_(std::string(media), kept == kept_.end() ? nullptr : &kept->second.media);
  if (!known && kept == kept_.end()) return nullptr;
  if (kept == kept_.end()) kept = kept_.emplace(std::string(media), Kept{}).first;
  // What was known once is remembered by name: the record of a title never goes.
  if (known) kept->second.media = std::move(*known);
  if (!known) kept->second.media.here = Here::no;
  kept->second.looked = looks_;
  return &kept->second.media;
}

std::int64_t HomeMedia::min_age(const Item& item) const {
  std::int64_t rating = 0;
  const auto rated = [&](const std::string& media) {
    const KnownMedia* known = find(media);
    if (known != nullptr) rating = std::max(rating, known->facts.min_age);
  };
  if (!item.media.empty()) rated(item.media);
  for (const std::string& picture : item.pictures) rated(picture);
  return rating;
}

const channels::Media& HomeMedia::of(const std::string& channel) const {
  auto& made = channels_[channel];
  if (!made) made = std::make_unique<OfChannel>(*this, channel);
  return *made;
}

void HomeMedia::refresh() {
  ++looks_;
}

void HomeMedia::set_refused(const std::string& channel, std::set<std::string> offers) {
  refused_[channel] = std::move(offers);
}

Result<bool> HomeMedia::note_late(const std::string& media, UtcMs start) {
  if (late_.contains({start, media})) return false;
  store::Batch batch;
  put(batch, late_key(start, media), Writer().u8(1).view());
  const bool full = late_.size() >= max_late;
  if (full) erase(batch, late_key(late_.begin()->first, late_.begin()->second));
  auto stored = records_.commit(batch);
  if (!stored) return pass_on(stored.error());
  if (full) late_.erase(late_.begin());
  late_.emplace(start, media);
  return true;
}

Result<void> HomeMedia::forget_old() {
  store::Batch batch;
  const UtcMs oldest = clock_() - remembered_ms;
  auto end = late_.begin();
  for (; end != late_.end() && end->first < oldest; ++end)
    erase(batch, late_key(end->first, end->second));
  if (batch.empty()) return {};
  auto stored = records_.commit(batch);
  if (stored) late_.erase(late_.begin(), end);
  return stored;
}

Availability HomeMedia::one_at(const std::string& channel, const std::string& media,
                               UtcMs start) const {
  if (late_.contains({start, media})) return Availability::late;
  const KnownMedia* known = find(media);
  if (known == nullptr) return Availability::missing;
  const auto refused = refused_.find(channel);
  return availability_of(*known, start, clock_(), rate_,
                         refused != refused_.end() && refused->second.contains(media));
}

Availability HomeMedia::at(const std::string& channel, const Item& item, UtcMs start) const {
  if (item.kind != channels::ItemKind::album) return one_at(channel, item.media, start);
  // One picture is enough; those that are missing are passed over.
  Availability best = Availability::missing;
  for (const std::string& picture : item.pictures) {
    best = std::min(best, one_at(channel, picture, start));
    if (best == Availability::ready) break;
  }
  return best;
}

}  // namespace hearth::node
